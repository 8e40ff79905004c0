"""A trial on the application's page: how it stands, each button with its preview, and what cannot be."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers
from candidates.models import Application, Ask, Message, Stage
from candidates.people.actors import Actor
from trials import actions
from trials.builders import FIRST_DAY, decide, make_offer, make_trial
from trials.models import Pause, Trial
from trials.planning.builders import make_trial_plan, plan_weeks

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BEGUN = datetime(2030, 1, 23, 10, tzinfo=UTC)  # in the second week
WHY = "A cold."


@pytest.fixture
def trial(rita, manager):
    plan = make_plan()
    make_trial_plan(plan)
    plan_weeks(plan, "Learn the product", "Answer easy tickets")
    return make_trial(make_application(Stage.REFERENCES, job=make_job(plan=plan)))


def page_of(client, application):
    return client.get(reverse("admin:candidates_application_change", args=[application.pk]))


def text_of(client, application):
    return page_of(client, application).content.decode()


def url(trial, what):
    return reverse("desk:trial_act", args=[trial.pk, what])


def do(client, address, **typed):
    """Open the page, see the preview, confirm; returns the preview and the answer."""
    seen = client.get(address).context["act"].seen
    shown = client.post(address, {"seen": seen, "action": "preview", **typed})
    return shown, client.post(address, {"seen": seen, "action": "confirm", **typed})


def mails():
    return Message.objects.filter(created_at__gt=NOW)


def test_an_offer_tells_since_when_it_waits(desk):
    page = text_of(desk, make_offer().application)
    assert "offered, waiting for an answer" in page
    assert "since Mon 7 Jan, answer due Sat 12 Jan, 09:00" in page
    assert "Offer again" in page
    assert "Move the start" not in page


def test_a_no_stands_there_in_the_candidates_words(desk):
    trial = make_offer()
    actions.decline(trial, reason="I found other work.", at=NOW + DAY, by=Actor.candidate("Cara"))
    page = text_of(desk, trial.application)
    assert "declined" in page
    assert "I found other work." in page


def test_a_running_trial_tells_its_week_terms_and_who_has_answered(rita, trial, time_machine):
    card = Ask.objects.filter(page="trials:check_in", role="buddy").order_by("opens_at").first().scorecard
    judging.lock(card, make_answers(card), at=BEGUN, by=Actor.outsider("Bob Buddy"))
    time_machine.move_to(BEGUN, tick=False)
    page = text_of(signed_in(rita), trial.application)
    for words in ("week 2 of 4", "20 hours a week at most", "15.00 EUR an hour", "Answer easy tickets"):
        assert words in page
    weeks = page[page.index('class="desk-list desk-weeks"') : page.index("</ol>", page.index("desk-weeks"))]
    assert weeks.count('aria-current="true"') == 1
    panel = page[page.index('class="desk-check-ins"') : page.index("</table>", page.index('class="desk-check-ins"'))]
    assert panel.count(">in<") == 1
    assert panel.count(">asked<") == 2
    assert panel.count(">later<") == 9
    assert "Warm and clear" not in page


def test_a_pause_is_told(rita, trial, time_machine):
    time_machine.move_to(BEGUN, tick=False)
    actions.pause(trial, from_on=BEGUN.date(), reason=WHY, at=BEGUN, by=Actor.person(make_user()))
    page = text_of(signed_in(rita), trial.application)
    assert "from Wed 23 Jan on, nobody is asked meanwhile" in page
    assert "Go on" in page


def test_a_trial_stage_without_a_trial_offers_one(desk, rita):
    application = make_application(Stage.TRIAL)
    page = text_of(desk, application)
    assert "No trial is planned" in page
    address = reverse("desk:trial_offer", args=[application.pk])
    typed = {"way": "agreed", "starts_on": "2030-01-14", "leader": make_user("Max Manager").pk}
    _shown, done = do(desk, address, **typed, buddy_name="Bob", buddy_email="bob@rapport.test")
    assert done.status_code == 302
    assert Trial.objects.get().agreed_at


def test_moving_the_start_shows_every_mail_and_then_sends_it(desk, trial):
    shown, done = do(desk, url(trial, "move"), starts_on="2030-01-21", reason=WHY, note="See you on Monday.")
    page = shown.content.decode()
    assert page.count("mail-text") == 3
    assert "Mon 21 Jan 2030" in page
    assert "See you on Monday." in page
    assert done.status_code == 302
    assert Trial.objects.get().starts_on == FIRST_DAY + 7 * DAY
    assert mails().count() == 3


@pytest.mark.parametrize(
    ("what", "typed", "count"),
    [
        ("move", {"starts_on": "2030-01-15"}, 3),
        ("extend", {"ends_on": "2030-02-20"}, 3),
        ("end", {}, 3),
        ("buddy", {"buddy_name": "Bea Buddy", "buddy_email": "bea@rapport.test"}, 4),
    ],
)
def test_each_button_works(desk, trial, what, typed, count):
    shown, done = do(desk, url(trial, what), reason=WHY, **typed)
    assert shown.content.decode().count("mail-text") >= count
    assert done.status_code == 302
    assert trial.application.events.filter(data__reason=WHY).exists()


def test_another_lead(desk, trial):
    lena = make_user("Lena Leader")
    shown, done = do(desk, url(trial, "leader"), leader=lena.pk, reason=WHY)
    assert "Lena Leader leads your trial from now on" in shown.content.decode()
    assert done.status_code == 302
    assert Trial.objects.get().leader == lena


def test_pausing_and_going_on(rita, trial, time_machine):
    time_machine.move_to(BEGUN, tick=False)
    desk = signed_in(rita)
    do(desk, url(trial, "pause"), from_on="2030-01-23", until_on="", reason=WHY)
    time_machine.move_to(BEGUN + 3 * DAY, tick=False)
    do(desk, url(trial, "resume"), on="2030-01-26")
    assert Pause.objects.get().until_on == BEGUN.date() + 3 * DAY
    assert Trial.objects.get().ends_on == FIRST_DAY + 31 * DAY


def test_taking_back_and_offering_again(desk):
    trial = make_offer()
    do(desk, url(trial, "take_back"), reason=WHY)
    address = reverse("desk:trial_offer", args=[trial.application_id])
    form = desk.get(address).context["form"]
    assert form.initial["buddy_email"] == "bob@rapport.test"
    typed = {"way": "offer", "starts_on": "2030-01-21", "starts_until": "2030-01-25", "leader": trial.leader_id}
    shown, done = do(desk, address, **typed, buddy_name="Bob", buddy_email="bob@rapport.test")
    assert "you choose, from Mon 21 Jan 2030 to Fri 25 Jan 2030" in shown.content.decode()
    assert done.status_code == 302
    assert Trial.objects.current().get().offer_ask.is_open


@pytest.mark.parametrize(
    ("what", "typed", "field"),
    [
        ("move", {"starts_on": "1999-01-01"}, "starts_on"),
        ("move", {"starts_on": "9999-12-31"}, "starts_on"),
        ("move", {"starts_on": "2030-01-15", "reason": ""}, "reason"),
        ("extend", {"ends_on": "2030-01-01"}, "ends_on"),
        ("extend", {"ends_on": "2039-01-01"}, "ends_on"),
        ("leader", {"leader": "0"}, "leader"),
        ("buddy", {"buddy_name": "Max", "buddy_email": "max.manager@rapport.test"}, "buddy_email"),
        ("end", {"reason": "\x00"}, "reason"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_beside_its_field_and_keeps_what_was_typed(desk, trial, what, typed, field):
    shown, refused = do(desk, url(trial, what), **{"reason": WHY, "note": "Kept words"} | typed)
    assert list(shown.context["form"].errors) == list(refused.context["form"].errors) == [field]
    if "note" in shown.context["form"].fields:
        assert "Kept words" in shown.content.decode()
    assert not mails().exists()


def test_a_page_from_before_a_change_is_refused(desk, trial):
    seen = desk.get(url(trial, "move")).context["act"].seen
    actions.extend(trial, ends_on=FIRST_DAY + 40 * DAY, reason=WHY, at=NOW + DAY, by=Actor.person(make_user()))
    typed = {"seen": seen, "action": "confirm", "starts_on": "2030-01-15", "reason": WHY}
    assert "A colleague changed something" in desk.post(url(trial, "move"), typed).content.decode()
    assert Trial.objects.get().starts_on == FIRST_DAY


def test_what_cannot_be_done_leads_back_with_the_reason(desk, trial):
    decide(trial, "end")
    response = desk.get(url(trial, "pause"), follow=True)
    assert "This trial is decided." in response.content.decode()


def test_the_lead_extends_and_does_no_more(manager, trial):
    client = signed_in(manager)
    page = text_of(client, trial.application)
    assert "Extend" in page
    assert "Move the start" not in page
    assert client.get(url(trial, "extend")).status_code == 200
    for what in ("move", "pause", "end", "leader", "buddy"):
        assert client.get(url(trial, what)).status_code == 403


@pytest.mark.parametrize("what", ["move", "pause", "resume", "extend", "end", "leader", "buddy", "take_back"])
def test_strangers_find_nothing(stranger, trial, what):
    client = signed_in(stranger)
    assert client.get(url(trial, what)).status_code == 404
    assert client.post(url(trial, what), {"action": "confirm"}).status_code == 404


def test_addresses_that_lead_nowhere(desk, trial, stranger):
    assert desk.get(url(trial, "explode")).status_code == 404
    assert desk.get(reverse("desk:trial_act", args=[10**9, "move"])).status_code == 404
    assert signed_in(stranger).get(reverse("desk:trial_offer", args=[trial.application_id])).status_code == 404


def test_the_panel_costs_no_query_more_for_many_check_ins(desk):
    short = make_trial(make_application(Stage.REFERENCES, job=make_job(plan=make_plan(trial_days=7))))
    daily = make_plan(trial_days=28, check_in_days=1)
    long = make_trial(make_application(Stage.REFERENCES, job=make_job(plan=daily)))
    assert queries(desk, short.application) >= queries(desk, long.application)


def queries(client, application):
    page_of(client, application)
    with CaptureQueriesContext(connection) as captured:
        page_of(client, application)
    return len(captured)


def test_before_the_references_the_page_asks_nothing_about_trials(desk):
    application = make_application(Stage.INTERVIEWS)
    with CaptureQueriesContext(connection) as captured:
        page_of(desk, application)
    assert not [one for one in captured.captured_queries if 'FROM "trials_' in one["sql"]]


def test_the_button_of_the_pipeline_offers_the_trial(desk, rita):
    application = make_application(Stage.REFERENCES)
    address = reverse("admin:candidates_application_move", args=[application.pk, "trial"])
    seen = desk.get(address).context["seen"]
    typed = {"way": "offer", "starts_on": "2030-01-14", "starts_until": "", "leader": make_user("Max Manager").pk}
    typed |= {"buddy_name": "Bob", "buddy_email": "bob@rapport.test", "references_reason": "Her firm is gone."}
    shown = desk.post(address, {"seen": str(seen), "action": "preview", **typed})
    assert "We would like to try it with you" in shown.content.decode()
    desk.post(address, {"seen": str(seen), "action": "confirm", **typed})
    assert Application.objects.get().stage == Stage.TRIAL
    assert Trial.objects.get().agreed_at is None
