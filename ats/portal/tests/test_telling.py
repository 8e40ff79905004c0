"""What the page tells and what not yet: automatic moves, merged applications, lost links."""

from datetime import timedelta

import pytest
from django.test import Client

from ats.portal.tests.test_portal import home, path_of, visitor, words
from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Candidate, Message, Stage
from candidates.people.actors import Actor
from candidates.post import rendering
from references import actions as references

pytestmark = pytest.mark.django_db
RULE = Actor.rule("A rule", rule="references_by_itself", event=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def moved_by_a_rule():
    application = make_application(Stage.INTERVIEWS, at=NOW - timedelta(days=2))
    wait = timedelta(minutes=application.plan.undo_minutes)
    references.request_referees(application, at=NOW, by=RULE, wait=wait)
    return application, wait


def present_step(page):
    return page.partition('aria-current="step"')[2].partition("</strong>")[0].rpartition(">")[2]


def test_an_automatic_move_is_not_told_while_it_can_be_undone(clock):
    application, wait = moved_by_a_rule()
    clock.move_to(NOW + wait - timedelta(seconds=1), tick=False)
    page = words(application)
    assert present_step(page) == "Interviews"
    assert "You hear from us by Sat 12 Jan." in page


def test_an_automatic_move_is_told_when_its_mails_leave(clock):
    application, wait = moved_by_a_rule()
    clock.move_to(NOW + wait, tick=False)
    page = words(application)
    assert (present_step(page), "It is your turn" in page) == ("References", True)


def test_an_undone_automatic_move_was_never_seen(clock):
    application, wait = moved_by_a_rule()
    pipeline.move(application, Stage.INTERVIEWS, at=NOW + wait / 2, by=Actor.person(make_user()))
    for moment in (wait / 2, wait, wait * 2):
        clock.move_to(NOW + moment, tick=False)
        assert present_step(words(application)) == "Interviews"


def test_a_persons_move_is_told_at_once():
    application = make_application(Stage.INTERVIEWS)
    pipeline.move(application, Stage.REFERENCES, at=NOW, by=Actor.person(make_user()))
    assert present_step(words(application)) == "References"


def put_together():
    """Two applications for one job by two addresses of a person, after a merge."""
    job = make_job()
    kept, folded = make_candidate("Cara"), make_candidate("Cara C.")
    first, second = make_application(job=job, candidate=kept), make_application(job=job, candidate=folded)
    second.candidate, second.duplicate_of = kept, first
    second.save(update_fields=["candidate", "duplicate_of"])
    Candidate.objects.filter(pk=folded.pk).update(merged_into=kept)
    return first, second, folded


def test_after_a_merge_the_links_of_both_applications_work():
    first, second, _folded = put_together()
    assert "Where your application stands" in words(first)
    assert "You applied twice for this job" in words(second)


def test_the_folded_page_leads_to_the_other_only_by_a_mail_to_the_person():
    first, second, _folded = put_together()
    client = visitor(second)
    assert f"/my/{first.pk}/" not in home(second, client).content.decode()
    assert client.get(f"/my/{first.pk}/").status_code == 404
    client.post(f"/my/{second.pk}/other/")
    message = Message.objects.get()
    assert (message.template, message.application_id, rendering.address(message)) == (
        "portal/link", first.pk, first.candidate.email,
    )  # fmt: skip


def test_the_folded_page_withdraws_nothing_and_takes_no_document():
    first, second, _folded = put_together()
    client = visitor(second)
    for page in ("withdraw", "documents"):
        assert client.post(f"/my/{second.pk}/{page}/").status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.stage, second.documents.count()) == (Stage.APPLIED, Stage.APPLIED, 0)


def ask_for_link(email):
    return Client().post("/my/link/", {"email": email})


def test_a_lost_link_comes_by_mail_and_opens_the_page():
    application = make_application(candidate=make_candidate(email="cara@example.org"))
    ask_for_link("Cara@Example.org")
    message = Message.objects.get()
    assert message.application_id == application.pk
    assert rendering.LINK in rendering.render(message).text
    assert Client().get(path_of(application), follow=True).status_code == 200


def test_the_answer_does_not_tell_who_has_applied():  # V30
    make_application(candidate=make_candidate(email="cara@example.org"))
    known, unknown = ask_for_link("cara@example.org"), ask_for_link("nobody@example.org")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert set(known.cookies) == set(unknown.cookies)


def test_pressing_five_times_sends_one_mail_and_a_later_one_sends_another(clock):
    make_application(candidate=make_candidate(email="cara@example.org"))
    for _number in range(5):
        ask_for_link("cara@example.org")
    assert Message.objects.count() == 1
    clock.move_to(NOW + timedelta(minutes=11), tick=False)
    ask_for_link("cara@example.org")
    assert Message.objects.count() == 2


def test_a_folded_address_gets_the_link_of_what_goes_on():
    first, _second, folded = put_together()
    ask_for_link(folded.email)
    assert [message.application_id for message in Message.objects.all()] == [first.pk]


@pytest.mark.parametrize("email", ["", "x", "a\nb@example.org", "\0@example.org", "a" * 300 + "@example.org"])
def test_what_is_no_address_is_told_beside_the_box(email):
    answer = ask_for_link(email)
    assert (answer.status_code, "field-error" in answer.content.decode()) == (200, True)


def test_an_unknown_link_offers_a_new_one():
    assert 'href="/my/link/"' in Client().get("/my/rubbish/").content.decode()


def test_a_flood_of_requests_from_one_place_is_told_to_wait(settings):
    settings.APPLY_LIMIT_IP = 2
    answers = [Client().post("/my/link/", {"email": "x@example.org"}, REMOTE_ADDR="198.51.100.7") for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Send it again after" in answers[-1].content.decode()


def test_a_german_candidate_reads_what_they_are_asked_in_german():
    application = make_application(Stage.INTERVIEWS, candidate=make_candidate(language="de"))
    references.request_referees(application, at=NOW, by=Actor.person(make_user()))
    page = words(application)
    assert ("Sie sind am Zug" in page, "Nennen Sie Ihre Referenzen" in page) == (True, True)
