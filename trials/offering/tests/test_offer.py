"""Offering a trial by link, and the candidate's answer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Application, Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MovedMeanwhile, NotAllowed, move
from candidates.post import asks, rendering
from candidates.post.reminding import actions as reminding
from candidates.tests.together import together
from trials import actions
from trials.builders import FIRST_DAY, make_offer, make_trial
from trials.models import CheckIn, Trial
from trials.offering import standing
from trials.offering.standing import Act, State
from trials.planning.builders import make_trial_plan, plan_check_ins, plan_weeks

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + DAY


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def cara():
    return Actor.candidate("Cara Candidate")


def accept(trial, starts_on=FIRST_DAY, at=LATER):
    actions.accept(trial, starts_on=starts_on, at=at, by=cara())
    return Trial.objects.get(pk=trial.pk)


def decline(trial, reason="", at=LATER):
    actions.decline(trial, reason=reason, at=at, by=cara())
    return Trial.objects.get(pk=trial.pk)


def take_back(trial, at=LATER):
    actions.take_back(trial, reason="The team changed.", at=at, by=rita())
    return Trial.objects.get(pk=trial.pk)


def again(trial, **chosen):
    application = Application.objects.get(pk=trial.application_id)
    team = {"leader": trial.leader, "buddy_name": "Bob", "buddy_email": "bob@rapport.test"}
    told = {"starts_on": FIRST_DAY + 7 * DAY, "at": LATER, "by": rita()} | team
    return actions.offer_again(application, **told | chosen)


def described():
    """An application whose plan says what a trial is."""
    plan = make_plan()
    make_trial_plan(plan, note="A laptop is lent to you.")
    plan_weeks(plan, "Learn the product", "Answer easy tickets")
    plan_check_ins(plan, 3, 10)
    return make_application(Stage.REFERENCES, job=make_job(plan=plan, zone="Europe/Amsterdam"))


def mails(*templates):
    return Message.objects.filter(template__in=[f"trials/{name}" for name in templates])


def test_an_offer_moves_the_application_and_asks_the_candidate_alone():
    trial = make_offer()
    asked = trial.application.asks.open().get()
    assert trial.application.stage == Stage.TRIAL
    assert (asked, asked.role, asked.email) == (trial.offer_ask, "candidate", trial.application.candidate.email)
    assert (trial.agreed_at, trial.verdict_ask, CheckIn.objects.count()) == (None, None, 0)


def test_an_offer_keeps_what_the_plan_says_of_hours_and_pay():
    terms = make_offer(described()).terms
    assert (terms["hours_a_week"], terms["pay"], terms["pay_currency"]) == (20, "15.00", "EUR")


def test_the_mail_tells_days_hours_pay_people_and_weeks():
    make_offer(described(), starts_until=FIRST_DAY + 7 * DAY)
    told = rendering.render(mails("offer").get()).text
    for words in (
        "from Mon 14 Jan 2030 to Mon 21 Jan 2030", "4 weeks", "20 hours a week at most", "15.00 EUR an hour",
        "Max Manager leads", "Bob Buddy is your buddy", "Week 2, tickets: Answer easy tickets",
        "A laptop is lent to you.",
    ):  # fmt: skip
        assert words in told


def test_the_candidate_has_as_many_days_as_the_plan_gives_and_then_the_recruiters_are_told():
    plan = make_plan()
    make_trial_plan(plan, answer_days=3)
    asked = make_offer(make_application(Stage.REFERENCES, job=make_job(plan=plan))).offer_ask
    assert asked.due_at == asked.escalate_at == NOW + 3 * DAY
    reminding.remind_due(at=NOW + 1.5 * DAY)
    reminding.escalate_due(at=NOW + 3 * DAY)
    reminder = mails("offer_due").get()
    assert "waits for your answer" in rendering.render(reminder).subject
    assert Message.objects.get(template="candidates/overdue").to == "rita.recruiter@rapport.test"


def test_an_offer_is_answered_before_its_days_are_over():
    asked = make_offer(starts_on=NOW.date() + 2 * DAY).offer_ask
    assert asked.due_at == datetime(2030, 1, 9, 9, tzinfo=UTC)


def test_a_yes_plans_check_ins_and_verdict_and_tells_everybody():
    trial = accept(make_offer(described()))
    assert trial.agreed_at == LATER
    assert [one.due_on for one in trial.check_ins.all()] == [FIRST_DAY + 3 * DAY, FIRST_DAY + 10 * DAY]
    assert trial.verdict_ask.is_open
    assert set(mails("welcome", "welcome_team").values_list("to", flat=True)) == {
        trial.application.candidate.email, "bob@rapport.test", "max.manager@rapport.test",
    }  # fmt: skip
    assert trial.application.events.last().name != "stage.trial"


def test_a_yes_does_not_move_the_application():
    trial = accept(make_offer())
    assert trial.application.stage == Stage.TRIAL
    assert list(trial.application.events.filter(name="trial.agreed").values_list("by_kind", flat=True)) == ["candidate"]


def test_the_candidate_chooses_among_the_days_that_were_offered():
    chosen = FIRST_DAY + 3 * DAY
    trial = accept(make_offer(starts_until=FIRST_DAY + 7 * DAY), chosen)
    assert (trial.starts_on, trial.starts_until, trial.ends_on) == (chosen, None, chosen + 28 * DAY)


@pytest.mark.parametrize("chosen", [FIRST_DAY - DAY, FIRST_DAY + 8 * DAY, date.min, date.max], ids=str)
def test_another_day_is_refused_and_the_offer_stands(chosen):
    trial = make_offer(starts_until=FIRST_DAY + 7 * DAY)
    with pytest.raises(NotAllowed, match="Mon 14 Jan 2030 to Mon 21 Jan 2030"):
        accept(trial, chosen)
    assert Ask.objects.open().get() == trial.offer_ask


def test_who_answers_late_begins_today_at_the_earliest():
    trial = make_offer(starts_until=FIRST_DAY + 7 * DAY)
    late = datetime(2030, 1, 16, 9, tzinfo=UTC)
    with pytest.raises(NotAllowed):
        accept(trial, FIRST_DAY, at=late)
    assert accept(trial, late.date(), at=late).starts_on == late.date()


def test_days_that_are_over_take_no_yes():
    with pytest.raises(NotAllowed, match="are over"):
        accept(make_offer(), at=datetime(2030, 1, 15, 9, tzinfo=UTC))


def test_a_no_tells_the_recruiters_why_and_moves_nothing():
    trial = decline(make_offer(), "  I cannot live on twenty hours. ")
    assert (trial.declined_at, trial.decline_reason) == (LATER, "I cannot live on twenty hours.")
    assert trial.application.stage == Stage.TRIAL
    told = mails("offer_declined").get()
    assert told.to == "rita.recruiter@rapport.test"
    assert "I cannot live on twenty hours." in rendering.render(told).text
    assert not Ask.objects.open().exists()


@pytest.mark.parametrize("first", [accept, decline, take_back])
@pytest.mark.parametrize("second", [accept, decline])
def test_an_answer_is_given_once(first, second):
    trial = make_offer()
    first(trial)
    with pytest.raises(asks.NotOpen):
        second(trial)


def test_what_was_taken_back_leaves_the_application_where_it_is_and_tells_the_candidate():
    trial = take_back(make_offer())
    assert standing.of(trial, at=LATER).state == State.TAKEN_BACK
    assert trial.application.stage == Stage.TRIAL
    assert mails("offer_taken_back").get().to == trial.application.candidate.email
    assert trial.application.events.last().data["reason"] == "The team changed."


def test_taking_back_needs_a_reason():
    trial = make_offer()
    with pytest.raises(NotAllowed):
        actions.take_back(trial, reason=" ", at=LATER, by=rita())
    assert Ask.objects.open().count() == 1


@pytest.mark.parametrize("before", [lambda trial: trial, decline, take_back], ids=["unanswered", "declined", "back"])
def test_another_offer_replaces_what_came_to_nothing(before):
    first = before(make_offer())
    second = again(first)
    first.refresh_from_db()
    assert first.replaced_at == LATER
    assert Ask.objects.open().get() == second.offer_ask
    assert second.application.stage == Stage.TRIAL
    with pytest.raises(asks.NotOpen):
        accept(first)
    assert accept(second, FIRST_DAY + 7 * DAY).agreed_at


def test_after_a_no_it_may_be_agreed_in_conversation():
    trial = again(decline(make_offer()), is_agreed=True)
    assert trial.agreed_at == LATER
    assert trial.check_ins.count() == 4
    assert mails("welcome").count() == 1


def test_after_a_yes_nothing_is_offered():
    trial = accept(make_offer())
    with pytest.raises(NotAllowed, match="has said yes"):
        again(trial)
    with pytest.raises(NotAllowed, match="has said yes"):
        take_back(trial)


def test_who_saw_an_older_stage_offers_nothing():
    application = make_application(Stage.REFERENCES)
    seen = Application.objects.get(pk=application.pk)
    move(application, Stage.INTERVIEWS, at=NOW, by=rita())
    with pytest.raises(MovedMeanwhile):
        make_offer(seen)


def test_stepping_back_ends_the_offer():
    trial = make_offer()
    move(trial.application, Stage.REFERENCES, at=LATER, by=rita())
    with pytest.raises(asks.NotOpen):
        accept(trial)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"starts_on": NOW.date() - DAY}, "starts_on"),
        ({"starts_on": date.max}, "starts_on"),
        ({"starts_until": FIRST_DAY - DAY}, "starts_until"),
        ({"starts_until": date.max}, "starts_until"),
        ({"buddy_email": "Max.Manager@rapport.test"}, "buddy_email"),
    ],
    ids=str,
)
def test_what_stands_against_an_offer_is_refused_and_nothing_is_written(wrong, name):
    application = make_application(Stage.REFERENCES, candidate=make_candidate(email="cara@example.org"))
    chosen = {"starts_on": FIRST_DAY, "leader": make_user("Max Manager"), "buddy_email": "bob@rapport.test"}
    assert list(actions.obstacles(application, is_offered=True, at=NOW, **chosen | wrong)) == [name]
    with pytest.raises(NotAllowed):
        make_offer(application, **wrong)
    assert Ask.objects.count() == Message.objects.count() == Trial.objects.count() == 0


def test_every_state_but_the_decided_one_has_something_to_do():
    assert {state for state, acts in standing.ACTS.items() if not acts} == {State.DECIDED}
    assert {act for acts in standing.ACTS.values() for act in acts} == set(Act)


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_taking_back_at_once_leave_one_of_both():
    trial = make_offer()
    by = rita()
    results = together(
        lambda: actions.accept(trial, starts_on=FIRST_DAY, at=LATER, by=cara()),
        lambda: actions.take_back(trial, reason="Too late.", at=LATER, by=by),
    )
    failed = [type(result).__name__ for result in results if result is not None]
    agreed = Trial.objects.get().agreed_at is not None
    assert failed == (["NotAllowed"] if agreed else ["NotOpen"])
    assert mails("welcome").exists() is agreed
    assert mails("offer_taken_back").exists() is not agreed
    assert CheckIn.objects.exists() is agreed


@pytest.mark.django_db(transaction=True)
def test_a_yes_pressed_twice_plans_once():
    trial = make_offer()
    results = together(*[lambda: actions.accept(trial, starts_on=FIRST_DAY, at=LATER, by=cara())] * 2)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotOpen"]
    assert CheckIn.objects.count() == 4


def test_a_trial_agreed_in_conversation_also_tells_lead_and_buddy():
    trial = make_trial()
    assert set(mails("welcome_team").values_list("to", flat=True)) == {"bob@rapport.test", trial.leader.email}
