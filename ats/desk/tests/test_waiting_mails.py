"""A recruiter sees the mails that wait, changes their words, and decides when and whether they leave."""

import html
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse

from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan
from candidates.models import Message, Stage
from candidates.people.actors import Actor
from candidates.post import delivery, mail
from candidates.screening import actions as screening

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LIST = "/admin/candidates/message/"


def make_message(application=None, template="candidates/rejected", key="test", **fields):
    application = application or make_application(candidate=make_candidate("Cara Candidate"))
    return mail.queue(application, template, key=key, at=LATER, **{"solemn": True, "wait": HOUR} | fields)


def page_of(answer):
    return html.unescape(answer.content.decode())


def page(client, message):
    return page_of(client.get(reverse("admin:candidates_message_change", args=[message.pk])))


def press(client, message, action, **fields):
    return client.post(reverse("desk:mail", args=[message.pk]), {"action": action} | fields)


def state():
    message = Message.objects.get()
    return message.status, message.error


def test_the_page_of_a_mail_that_waits_shows_its_words_and_until_when(desk):
    shown = page(desk, make_message())
    assert "We are sorry: we will not go on with it." in shown
    assert "until Mon 7 Jan 2030, 11:00" in shown
    assert "[their personal link]" in shown


def test_its_words_are_changed_for_it_alone(desk):
    message = make_message()
    press(desk, message, "reword", subject="From Rita", text="Dear Cara,\n\nno.\n\n{link}")
    assert "Dear Cara,\n\nno.\n\n[their personal link]" in page(desk, message)
    delivery.deliver(message.pk, at=LATER + HOUR)
    assert outbox.outbox[0].subject == "From Rita"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"subject": "A", "text": "Lost"}, "Write {link} somewhere"),
        ({"subject": "", "text": "Kept words {link}"}, "This field is required."),
        ({"subject": "A\nBcc: x@example.org", "text": "Kept words {link}"}, "one line"),
        ({"subject": "A", "text": "Kept \0 {link}"}, "Null characters"),
        ({"subject": "A", "text": "Kept" * 3000}, "at most 10000 characters"),
        ({}, "This field is required."),
    ],
)
def test_words_that_cannot_be_sent_are_told_and_kept(desk, typed, told):
    answer = press(desk, make_message(), "reword", **typed)
    shown = page_of(answer)
    assert (answer.status_code, told in shown) == (200, True)
    assert typed.get("text", "")[:4] in shown
    assert Message.objects.get().own_words is None


def test_a_mail_is_held_released_and_sent_at_once(desk):
    message = make_message()
    press(desk, message, "hold", reason="I ask Max first")
    assert state() == ("held", "Held back by Rita Recruiter. I ask Max first")
    assert "I ask Max first" in page(desk, message)
    press(desk, message, "release")
    press(desk, message, "send_now")
    assert delivery.deliver(message.pk, at=LATER + HOUR / 60) == "sent"


def test_a_rejection_is_cancelled_only_by_who_says_that_they_know(desk):
    message = make_message()
    assert "not told what was decided" in page_of(press(desk, message, "cancel", reason="Called her"))
    press(desk, message, "cancel", reason="Called her", is_untold="on")
    assert state() == ("cancelled", "Cancelled by Rita Recruiter: Called her")


def test_who_does_not_recruit_for_the_job_decides_nothing(desk, stranger, manager):
    message = make_message()
    for who in (stranger, manager):
        assert press(signed_in(who), message, "send_now").status_code in (403, 404)
        assert signed_in(who).get(reverse("desk:mail_html", args=[message.pk])).status_code in (403, 404)
    assert state()[0] == "queued"


@pytest.mark.parametrize("action", ["", "nonsense", "__class__"])
def test_a_button_that_is_not_there_does_nothing(desk, action):
    assert press(desk, make_message(), action).status_code == 404


@pytest.mark.parametrize("key", ["x", "1", "00000000-0000-0000-0000-000000000000"])
def test_a_mail_that_is_not_there_is_not_found(desk, key):
    assert desk.get(f"{LIST}{key}/change/").status_code == 404


def test_the_html_of_a_mail_shows_alone_and_leads_nowhere(desk):
    answer = desk.get(reverse("desk:mail_html", args=[make_message().pk]))
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert ("href=" in answer.content.decode(), "link.invalid" in answer.content.decode()) == (False, False)


def test_only_html_that_we_signed_is_shown(desk):
    assert desk.post(reverse("desk:mail_look"), {"look": "<script>alert(1)</script>"}).status_code == 404


def test_the_application_lists_its_mails_that_wait(desk):
    message = make_message()
    shown = page_of(desk.get(reverse("admin:candidates_application_change", args=[message.application_id])))
    assert "Mails that wait" in shown
    assert "until Mon 7 Jan 2030, 11:00" in shown


def test_the_list_says_how_each_stands_and_narrows_to_those_that_wait(desk):
    make_message()
    make_message(key="gone")
    Message.objects.filter(key="gone").update(status="failed", error="No such user.")
    assert "No such user." in page_of(desk.get(LIST))
    waiting = page_of(desk.get(LIST + "?waits=yes"))
    assert ("until Mon 7 Jan 2030, 11:00" in waiting, "No such user." in waiting) == (True, False)


def test_mails_that_wait_are_settled_in_the_list(desk):
    message = make_message()
    desk.post(LIST, {"action": "hold", "_selected_action": [str(message.pk)]})
    assert state() == ("held", "Held back by Rita Recruiter.")


def test_the_list_asks_the_database_no_more_for_more_mails(desk, django_assert_max_num_queries):
    for number in range(3):
        make_message(key=f"a{number}")
    with django_assert_max_num_queries(100) as few:
        desk.get(LIST)
    for number in range(8):
        make_message(key=f"b{number}")
    with django_assert_max_num_queries(len(few)):
        desk.get(LIST)


def test_who_reads_blind_finds_no_mail_and_changes_none(desk, rita):
    job = make_job(plan=make_plan(hides_identity=True), recruiters=[rita])
    application = make_application(Stage.APPLIED, job=job)
    screening.begin(application, reader=rita, caller=rita, at=NOW, by=Actor.person(rita))
    message = make_message(application)
    assert desk.get(reverse("admin:candidates_message_change", args=[message.pk])).status_code == 404
    assert desk.get(reverse("desk:mail_html", args=[message.pk])).status_code == 404
    assert press(desk, message, "send_now").status_code == 404


# The words of a mail on the page that shows what will happen.


def moving(desk, application, **typed):
    address = f"/admin/candidates/application/{application.pk}/move/withdrawn/"
    seen = desk.get(address).context["seen"]
    return desk.post(address, {"seen": seen, "reason": ""} | typed)


def rewording(letter, text, subject="From Rita"):
    name = f"mail-{letter.handle}"
    return {f"{name}-subject": subject, f"{name}-text": text, f"{name}-was": letter.was, f"{name}-link": "1"}


def test_a_mail_is_reworded_before_the_act_is_done(desk):
    application = make_application(Stage.SCREENING)
    (letter,) = moving(desk, application, action="preview").context["preview"].letters
    typed = rewording(letter, "As you wished.\r\n\r\n{link}")
    (again,) = moving(desk, application, action="preview", **typed).context["preview"].letters
    assert (again.subject, again.text) == ("From Rita", "As you wished.\n\n[their personal link]\n")
    assert again.was == letter.was
    moving(desk, application, action="confirm", **typed)
    delivery.deliver(Message.objects.get(template="candidates/withdrawn").pk, at=LATER + HOUR)
    assert (outbox.outbox[0].subject, outbox.outbox[0].body[:14]) == ("From Rita", "As you wished.")


def test_words_that_nobody_changed_stay_the_usual_ones(desk):
    application = make_application(Stage.SCREENING)
    (letter,) = moving(desk, application, action="preview").context["preview"].letters
    typed = rewording(letter, letter.words.text.replace("\n", "\r\n"), letter.words.subject)
    moving(desk, application, action="confirm", **typed)
    assert Message.objects.get(template="candidates/withdrawn").own_words is None
    assert not application.events.filter(name="mail.reworded").exists()


@pytest.mark.parametrize("text", ["The link is lost", "", "x{link}" * 3000, "\0{link}"])
def test_words_that_cannot_be_sent_do_nothing_and_stay_on_the_page(desk, text):
    application = make_application(Stage.SCREENING)
    (letter,) = moving(desk, application, action="preview").context["preview"].letters
    for action in ("preview", "confirm"):
        answer = moving(desk, application, action=action, **rewording(letter, text))
        (again,) = answer.context["preview"].letters
        assert (action, again.words.text, bool(again.error)) == (action, text, True)
    application.refresh_from_db()
    assert application.stage == Stage.SCREENING


def test_the_preview_shows_its_html(desk):
    (letter,) = moving(desk, make_application(Stage.SCREENING), action="preview").context["preview"].letters
    answer = desk.post(reverse("desk:mail_look"), {"look": letter.look})
    assert "as you wished" in answer.content.decode()


def test_a_solemn_mail_waits_as_long_as_was_set(desk, settings):
    settings.SOLEMN_MINUTES = 10
    application = make_application(Stage.SCREENING)
    address = f"/admin/candidates/application/{application.pk}/move/rejected/"
    seen = desk.get(address).context["seen"]
    typed = {"seen": seen, "reason": "skills", "when": "now"}
    (letter,) = desk.post(address, typed | {"action": "preview"}).context["preview"].letters
    desk.post(address, typed | {"action": "confirm"})
    leaves_at = Message.objects.get(template="candidates/rejected").next_try_at
    assert [round((one - LATER) / HOUR * 60) for one in (letter.leaves_at, leaves_at)] == [10, 10]
