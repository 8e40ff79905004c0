"""Reminders on the desk: the ledger, reminding by hand, putting off, handing on, and how I want to be reminded."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests import test_plans as plans
from ats.desk.tests.conftest import signed_in, with_role
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging.models import Scorecard
from candidates.models import Ask, Message, PlanStage, Reminder, Stage, ToDo
from candidates.people.actors import Actor
from candidates.post import asks
from candidates.post.builders import open_link
from candidates.post.reminding import actions
from candidates.post.to_dos import actions as to_dos
from candidates.screening import actions as screening
from interviews import actions as interviews
from interviews.builders import ask_of, make_interview
from interviews.scheduling import reminders as interview_reminders

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LEDGER = reverse("admin:candidates_reminder_changelist")
MINE = reverse("desk:my_reminders")


@pytest.fixture
def job(rita, manager):
    return make_job(recruiters=[rita], hiring_manager=manager)


@pytest.fixture
def screened(job, rita, manager):
    """Rita reads the letter, Max talks on the phone."""
    application = make_application(job=job)
    screening.begin(application, reader=rita, caller=manager, at=NOW, by=Actor.person(rita))
    return application


def letter_of(application):
    return application.asks.get(page="screening:letter")


def asked(application, **fields):
    chosen = {
        "page": "interviews:scorecard", "template": "interviews/scorecard", "title": "Scorecard",
        "role": Ask.Role.INTERVIEWER, "name": "Ida Interviewer", "email": "ida@example.org", "due_at": NOW + 7 * DAY,
        "at": NOW, "reminders": [NOW],
    }  # fmt: skip
    return asks.ask(application, **chosen | fields)


def typed(**fields):
    return {
        "zone": "Europe/Berlin", "language": "en", "country": "DE", "subdivision": "BY", "working_days": ["1", "2"],
        "quiet_from": "18:00", "quiet_until": "08:30", "digest_hour": "7",
    } | fields  # fmt: skip


def test_the_ledger_tells_for_whom_about_what_and_what_became_of_it(desk, job):
    one = asked(make_application(Stage.INTERVIEWS, job=job), email="")
    Ask.objects.filter(pk=one.pk).update(remind_at=NOW)
    actions.remind_due(at=NOW)
    page = desk.get(LEDGER).content.decode()
    assert "Ida Interviewer" in page
    assert "left out: nobody is there to tell" in page


def test_strangers_see_no_reminder_of_others(stranger, job):
    asked(make_application(Stage.INTERVIEWS, job=job), due_at=NOW)
    actions.remind_due(at=NOW)
    assert Reminder.objects.count() == 1
    assert b"Ida Interviewer" not in signed_in(stranger).get(LEDGER).content


def test_who_grades_stands_in_no_ledger_before_the_judgements_are_open(desk, job):
    application = make_application(Stage.INTERVIEWS, job=job)
    judging.request_scorecard(
        application, Scorecard.Kind.EXERCISE, page="interviews:grade", template="interviews/grade", title="Grade",
        role=Ask.Role.INTERVIEWER, name="Gina Grader", email="gina@example.org", due_at=NOW, at=NOW,
    )  # fmt: skip
    actions.remind_due(at=NOW)
    assert Reminder.objects.count() == 1
    assert b"Gina" not in desk.get(LEDGER).content


def interview_that_is_reminded_of(job):
    interview = make_interview(make_application(Stage.SCREENING, job=job))
    interview_reminders.remind_due(at=interview.starts_at - DAY)
    return interview


def test_reminders_of_interviews_stand_in_the_ledger(desk, job):
    interview = interview_that_is_reminded_of(job)
    page = desk.get(LEDGER, {"kind__exact": "interview"}).content.decode()
    assert page.count("a day before the interview") == 3
    assert interview.application.candidate.name in page
    assert "Ida Interviewer" in page
    row = Reminder.objects.get(ask=None)
    assert "waiting to be sent" in desk.get(reverse("admin:candidates_reminder_change", args=[row.pk])).content.decode()


def test_one_of_an_interview_that_was_moved_says_so(desk, job, rita):
    interview = interview_that_is_reminded_of(job)
    interviews.cancel(interview, at=interview.starts_at - DAY, by=Actor.person(rita))
    page = desk.get(LEDGER, {"became": "not_sent"}).content.decode()
    assert page.count("not sent: the interview was changed or called off") == 3


def test_strangers_see_no_reminder_of_interviews_of_others(stranger, job):
    interview = interview_that_is_reminded_of(job)
    assert interview.application.candidate.name not in signed_in(stranger).get(LEDGER).content.decode()


@pytest.mark.parametrize("became", ["sent", "waiting", "not_sent", "failed", "left_out", "nonsense"])
def test_the_ledger_can_be_narrowed(desk, job, became):
    asked(make_application(Stage.INTERVIEWS, job=job), due_at=NOW)
    actions.remind_due(at=NOW)
    page = desk.get(LEDGER, {"became": became, "kind__exact": "reminder"})
    shown = b"Ida Interviewer" in page.content
    assert (page.status_code, shown) == (200, became in ("waiting", "nonsense"))


def test_one_that_failed_is_sent_again_from_the_ledger(desk, job):
    asked(make_application(Stage.INTERVIEWS, job=job), due_at=NOW)
    actions.remind_due(at=NOW)
    Message.objects.filter(key__startswith="remind:").update(status="failed")
    Reminder.objects.update(at=NOW - DAY)
    page = desk.post(LEDGER, {"action": "remind_now", "_selected_action": [Reminder.objects.get().pk]}, follow=True)
    assert b"1 person is reminded." in page.content
    assert Message.objects.filter(key__endswith="by_hand", status="queued").count() == 1


def test_one_that_was_answered_is_not_reminded_from_the_ledger(desk, job):
    one = asked(make_application(Stage.INTERVIEWS, job=job), due_at=NOW)
    actions.remind_due(at=NOW)
    Message.objects.filter(key__startswith="remind:").update(status="failed")
    asks.close(one, at=NOW)
    page = desk.post(LEDGER, {"action": "remind_now", "_selected_action": [Reminder.objects.get().pk]}, follow=True)
    assert b"answered meanwhile" in page.content


def test_the_page_of_an_application_tells_the_next_and_the_last_reminder(desk, job):
    application = make_application(Stage.INTERVIEWS, job=job)
    asked(application, due_at=NOW + DAY, reminders=[NOW + timedelta(minutes=1), NOW + DAY])
    actions.remind_due(at=NOW + timedelta(minutes=1))
    page = desk.get(reverse("admin:candidates_application_change", args=[application.pk])).content.decode()
    assert "Next reminder Tue 8 Jan, 09:00." in page
    assert "Last one Mon 7 Jan, 09:01: waiting to be sent." in page


def test_a_recruiter_reminds_somebody_by_hand(desk, job):
    application = make_application(Stage.INTERVIEWS, job=job)
    one = asked(application)
    page = desk.post(reverse("desk:request_remind", args=[one.pk]), follow=True)
    assert b"Ida Interviewer is reminded now." in page.content
    assert b"Reminded by hand" in page.content


def test_strangers_remind_nobody(stranger, job):
    one = asked(make_application(Stage.INTERVIEWS, job=job))
    assert signed_in(stranger).post(reverse("desk:request_remind", args=[one.pk])).status_code == 404


def test_a_colleague_puts_their_own_reminder_off_to_the_next_working_day(desk, screened):
    one = letter_of(screened)
    desk.post(reverse("desk:request_later", args=[one.pk]))
    one.refresh_from_db()
    assert one.snoozed_until == NOW + DAY
    assert signed_in(make_user("Max Manager")).post(reverse("desk:request_later", args=[one.pk])).status_code == 404


def test_who_was_asked_outside_puts_it_off_on_their_page_and_the_page_says_until_when(client):
    one = ask_of(make_interview())
    Ask.objects.filter(pk=one.pk).update(opens_at=NOW, expires_at=NOW + 30 * DAY, escalate_at=None)
    one.refresh_from_db()
    assert b"Remind me on Tuesday 8 January, 09:00" in open_link(client, one).content
    page = client.post(one.get_absolute_url(), {asks.LATER: "1"}, follow=True)
    assert b"You asked to be reminded again on" in page.content
    one.refresh_from_db()
    assert (one.snoozed_until, one.remind_at) == (NOW + DAY, NOW + DAY)


def test_a_candidate_puts_nothing_off(client):
    one = asked(make_application(Stage.INTERVIEWS), role=Ask.Role.CANDIDATE, page="references:name_referees")
    page = open_link(client, one)
    assert asks.LATER.encode() not in page.content
    client.post(one.get_absolute_url(), {asks.LATER: "1"})
    one.refresh_from_db()
    assert one.snoozed_until is None


def hand_on(client, one, to, action="confirm", **more):
    seen = f"{one.pk}:{one.user_id}"
    sent = {"action": action, "seen": seen, "to": to.pk, "word": "I am away."} | more
    return client.post(reverse("desk:request_hand_on", args=[one.pk]), sent, follow=True)


def test_the_reading_of_a_letter_is_handed_on_with_a_look_at_the_mails_before(desk, screened, job):
    ruth = with_role("Ruth Recruiter", roles.RECRUITERS)
    job.recruiters.add(ruth)
    one = letter_of(screened)
    page = hand_on(desk, one, ruth, action="preview").content.decode()
    assert "2 mails go out" in page
    assert "Ruth Recruiter takes over" in page
    assert Ask.objects.filter(page="screening:letter").count() == 1
    hand_on(desk, one, ruth)
    new = Ask.objects.open().get(page="screening:letter")
    assert (new.user, new.scorecard.rater, new.due_at) == (ruth, ruth, one.due_at)
    assert screened.events.filter(name="ask.handed_on").count() == 1


def test_the_link_of_who_handed_it_on_is_dead_and_its_draft_is_not_handed_on(client, desk, screened, job):
    ruth = with_role("Ruth Recruiter", roles.RECRUITERS)
    job.recruiters.add(ruth)
    one = letter_of(screened)
    judging.save_draft(one.scorecard, judging.Answers(summary="My thoughts"), at=NOW)
    hand_on(desk, one, ruth)
    assert open_link(client, one).status_code == 410
    assert Ask.objects.open().get(page="screening:letter").scorecard.summary == ""


def test_nobody_who_judges_this_person_already_can_take_it_over(desk, screened, manager):
    page = hand_on(desk, letter_of(screened), manager)
    assert b"Select a valid choice" in page.content
    assert Ask.objects.open().get(page="screening:letter").user != manager


def test_a_to_do_goes_to_a_colleague_with_its_words(desk, screened, rita, manager):
    to_do = to_dos.give(
        screened, colleague=rita, kind=ToDo.Kind.RULE, words="Call her", due_at=NOW + DAY, at=NOW, by=Actor.person(rita)
    )
    hand_on(desk, to_do.ask, manager)
    to_do.refresh_from_db()
    assert (to_do.ask.user, to_do.ask.is_open) == (manager, True)


def test_what_was_answered_meanwhile_is_not_handed_on(desk, screened, job):
    ruth = with_role("Ruth Recruiter", roles.RECRUITERS)
    job.recruiters.add(ruth)
    one = letter_of(screened)
    asks.close(one, at=NOW)
    assert hand_on(desk, one, ruth).status_code == 404


def test_strangers_hand_nothing_on(stranger, screened, rita):
    assert hand_on(signed_in(stranger), letter_of(screened), rita).status_code == 404


def test_who_reads_blind_hands_on_without_learning_whose_it_is(rita, manager):
    ruth = with_role("Ruth Recruiter", roles.RECRUITERS)
    job = make_job(recruiters=[rita, ruth], hiring_manager=manager, plan=make_plan(hides_identity=True))
    application = make_application(job=job)
    screening.begin(application, reader=rita, caller=manager, at=NOW, by=Actor.person(manager))
    one = letter_of(application)
    for action in ("", "preview"):
        page = hand_on(signed_in(rita), one, ruth, action=action).content.decode()
        assert "Hand it on" in page
        assert application.candidate.name not in page
    assert hand_on(signed_in(rita), one, ruth).status_code == 200


def test_everybody_who_signs_in_says_how_they_want_to_be_reminded(manager):
    client = signed_in(manager)
    assert client.get(MINE).status_code == 200
    page = client.post(MINE, typed(), follow=True)
    manager.refresh_from_db()
    assert b"Saved." in page.content
    assert (manager.zone, manager.country, manager.subdivision) == ("Europe/Berlin", "DE", "BY")
    assert (manager.working_days, manager.digest_hour, str(manager.quiet_until)) == ([1, 2], 7, "08:30:00")


def test_a_digest_is_switched_off_by_one_choice(manager):
    signed_in(manager).post(MINE, typed(digest_hour=""))
    manager.refresh_from_db()
    assert manager.digest_hour is None


CHOICE = "Select a valid choice"
WRONG = [  # what is wrong in one form, and what stands beside it
    {
        "country": ("ZZ", "We know no country with these two letters"),
        "zone": ("Mars/Olympus", CHOICE),
        "working_days": ([], "Tick one day at least."),
        "digest_hour": ("99", CHOICE),
        "language": ("xx\0", CHOICE),
    },
    {
        "subdivision": ("XX", "DE has no such region. It has: BB, BE"),
        "working_days": (["9"], CHOICE),
        "quiet_until": ("25:99", "Enter a valid time"),
    },
    {
        "country": ("Germany", "at most 2 characters"),
        "digest_hour": ("", "Choose an hour, or take the reminders as mails."),
    },
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_is_refused_beside_its_box_and_the_rest_stays_typed(manager, wrong):
    sent = typed(reminded_in_digest="on") | {field: value for field, (value, _words) in wrong.items()}
    answer = signed_in(manager).post(MINE, sent)
    errors = answer.context["form"].errors
    assert {field: words in str(errors.get(field, "")) for field, (_value, words) in wrong.items()} == dict.fromkeys(
        wrong, True
    )
    assert 'value="18:00' in answer.content.decode()
    manager.refresh_from_db()
    assert manager.zone == "UTC"


def test_a_region_without_a_country_is_asked_about(manager):
    page = signed_in(manager).post(MINE, typed(country="", subdivision="BY"))
    assert b"Say the country first" in page.content


def test_an_administrator_sets_the_days_of_a_colleague(admin, rita):
    url = reverse("admin:candidates_user_change", args=[rita.pk])
    page = signed_in(admin).get(url).content.decode()
    assert 'name="working_days"' in page
    assert 'name="quiet_from"' in page


def test_the_company_says_its_quiet_hours(admin):
    url = reverse("admin:candidates_company_change", args=[1])
    sent = {"name": "Acme", "country": "DE", "subdivision": "XX", "quiet_from": "19:00", "quiet_until": "08:00"}
    assert b"DE has no such region" in signed_in(admin).post(url, sent).content
    page = signed_in(admin).post(url, sent | {"subdivision": "by"}, follow=True)
    assert b'value="BY"' in page.content


def stage_row(plan, **fields):
    row = PlanStage.objects.get(plan=plan, stage=Stage.SCREENING)
    said = {"id": row.pk, "plan": plan.pk, "stage": "screening", "days": 7, "remind_days": 3, "escalate_to": "both"}
    return plans.typed(plan, known=1, stages=[said | fields])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"remind_again_days": 3}, "nearer to the deadline"),
        ({"remind_days": 7}, "before anybody was asked"),
        ({"remind_last_days": 40}, "The link ends 30 days after"),
        ({"remind_last_days": 5, "escalate_days": 2}, "First the last reminder"),
        ({"days": 0}, "greater than or equal to 1"),
    ],
)
def test_a_plan_whose_reminders_make_no_sense_is_refused(admin, fields, words):
    plan = make_plan()
    page = signed_in(admin).post(plans.change(plan), stage_row(plan, **fields)).content.decode()
    assert words in page


def test_a_locked_plan_tells_its_deadlines_in_words(admin):
    plan = make_plan()
    PlanStage.objects.filter(plan=plan, stage=Stage.SCREENING).update(
        days=5, working_days=True, remind_again_days=1, escalate_days=2, escalate_to="both"
    )
    type(plan).objects.filter(pk=plan.pk).update(locked_at=NOW)
    page = signed_in(admin).get(plans.change(plan)).content.decode()
    told = "5 working days to answer; reminded 2 days before, 1 day before, at the deadline; "
    assert told + "recruiters and hiring manager told 2 days after" in page
