"""Looking back after the hire: planned with it, asked later, answered once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import make_application, make_job, make_plan, make_user
from candidates.models import Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import delivery, rendering
from candidates.post.asks import NotOpen
from candidates.post.reminding import actions as reminding
from candidates.tests.together import together
from trials.afterwards import ending, pulses
from trials.afterwards.builders import make_development_plan, make_hired, pulse_of
from trials.afterwards.developing import share
from trials.afterwards.pulses import Said
from trials.builders import make_trial
from trials.models import Pulse
from trials.planning.builders import make_trial_plan

pytestmark = pytest.mark.django_db
OPENS = datetime(2030, 4, 7, 9, tzinfo=UTC)  # ninety days after NOW
RITA = "rita.recruiter@rapport.test"


def rita():
    return Actor.person(make_user())


def say(trial, role, said=None, at=OPENS):
    pulses.answer(pulse_of(trial, role), said or Said("yes", "Gladly."), at=at, by=Actor.outsider("Somebody"))


def test_lead_and_new_colleague_are_asked_ninety_days_after_the_hire():
    trial = make_hired()
    asked = Ask.objects.filter(page="trials:pulse").order_by("pk")
    assert [(one.role, one.name, one.stage, one.opens_at) for one in asked] == [
        ("manager", "Max Manager", Stage.HIRED, OPENS),
        ("candidate", trial.application.candidate.name, Stage.HIRED, OPENS),
    ]


def test_their_mails_wait_until_then():
    make_hired()
    waiting = Message.objects.filter(template="trials/pulse")
    assert [one.next_try_at for one in waiting] == [OPENS, OPENS]
    delivery.sweep(clock=lambda: OPENS - timedelta(minutes=1))
    assert set(waiting.values_list("status", flat=True)) == {Message.Status.QUEUED}
    assert delivery.sweep(clock=lambda: OPENS) == 2


def test_the_plan_says_after_how_many_days():
    plan = make_plan()
    make_trial_plan(plan, pulse_days=30)
    make_hired(make_trial(make_application(Stage.REFERENCES, job=make_job(plan=plan))))
    assert {one.ask.opens_at for one in Pulse.objects.all()} == {OPENS - timedelta(days=60)}


def test_where_the_lead_has_left_whoever_hires_for_the_job_is_asked():
    trial = make_trial(leader=make_user("Lena Lead"))
    trial.leader.is_active = False
    assert pulse_of(make_hired(trial), "manager").ask.user == make_user("Max Manager")


def test_an_answer_stays_as_it_was_said():
    trial = make_hired()
    say(trial, "manager", Said("unsure", " Slow start. ", 3))
    answered = pulse_of(trial, "manager")
    assert (answered.again, answered.words, answered.performance) == ("unsure", "Slow start.", 3)
    with pytest.raises(NotOpen):
        say(trial, "manager")
    answered.again = "yes"
    with pytest.raises(IntegrityError), transaction.atomic():
        answered.save()


def test_how_it_goes_is_the_lead_s_to_say():
    trial = make_hired()
    say(trial, "candidate", Said("no", "", 5))
    assert pulse_of(trial, "candidate").performance is None


@pytest.mark.parametrize("again", ["", "perhaps"])
def test_without_an_answer_nothing_is_kept(again):
    trial = make_hired()
    with pytest.raises(NotAllowed):
        say(trial, "candidate", Said(again, "Words"))
    assert pulse_of(trial, "candidate").ask.is_open


def test_recruiters_learn_that_it_is_in_and_not_what_it_says():
    trial = make_hired()
    say(trial, "candidate", Said("no", "My lead shouts."))
    told = Message.objects.get(template="trials/pulse_answered")
    rendered = rendering.render(told)
    assert told.to == RITA
    assert "shouts" not in rendered.text + rendered.html + str(told.data)


def test_a_lead_who_recruits_is_told_of_their_own_answer_alone():
    lead = make_user("Lena Lead")
    job = make_job(recruiters=[make_user(), lead])
    trial = make_hired(make_trial(make_application(Stage.REFERENCES, job=job), leader=lead))
    say(trial, "candidate")
    assert set(Message.objects.filter(template="trials/pulse_answered").values_list("to", flat=True)) == {RITA}
    say(trial, "manager")
    assert Message.objects.filter(template="trials/pulse_answered", to=lead.email).count() == 1


def test_who_left_is_looked_back_on_by_nobody_and_what_was_said_stays():
    trial = make_hired()
    say(trial, "manager")
    pulses.call_off(trial.application, reason="Moved away.", has_left=True, at=OPENS, by=rita())
    assert pulse_of(trial, "candidate").ask.cancelled_at == OPENS
    assert pulse_of(trial, "manager").again == "yes"
    assert trial.application.events.last().data == {"reason": "Moved away.", "has_left": True}
    with pytest.raises(NotAllowed):
        pulses.call_off(trial.application, reason="Again.", has_left=True, at=OPENS, by=rita())


def test_they_are_reminded_twice_before_the_last_day_and_at_it():
    make_hired()
    reminding.remind_due(at=OPENS + timedelta(days=8))
    reminding.remind_due(at=OPENS + timedelta(days=13))
    reminding.remind_due(at=OPENS + timedelta(days=15))
    assert Message.objects.filter(template="trials/pulse_due").count() == 6


def test_what_nobody_answers_ends_a_week_after_its_link():
    trial = make_hired()
    share(make_development_plan(trial), at=OPENS, by=rita())
    expires_at = pulse_of(trial, "manager").ask.expires_at
    assert ending.end_unanswered(at=expires_at + timedelta(days=6)) == 0
    assert ending.end_unanswered(at=expires_at + timedelta(days=7)) == 3
    assert ending.end_unanswered(at=expires_at + timedelta(days=8)) == 0
    ended = trial.application.events.order_by("-pk").values_list("name", flat=True)[:3]
    assert sorted(ended) == ["development.unread", "pulse.unanswered", "pulse.unanswered"]


@pytest.mark.parametrize("role", ["manager", "candidate"])
@pytest.mark.parametrize("template", ["trials/pulse", "trials/pulse_due"])
def test_their_mails_can_be_read(role, template):
    asked = pulse_of(make_hired(), role).ask
    told = asked.messages.get()
    told.template = template
    rendered = rendering.render(told)
    assert "again?" in rendered.subject
    assert all("Hello " + asked.name in part for part in (rendered.text, rendered.html))


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_the_calling_off_at_once_one_counts():
    trial = make_hired()
    pulses.answer(pulse_of(trial, "manager"), Said("yes"), at=OPENS, by=Actor.outsider("Max"))
    results = together(
        lambda: say(trial, "candidate"),
        lambda: pulses.call_off(trial.application, reason="Left.", has_left=True, at=OPENS, by=rita()),
    )
    asked = pulse_of(trial, "candidate").ask
    assert len([one for one in results if one is None]) == 1
    assert (asked.answered_at is None) != (asked.cancelled_at is None)


def test_the_titles_speak_the_reader_s_language_by_their_shape():
    trial = make_hired()
    assert (
        pulse_of(trial, "manager").ask.spoken_title
        == f"Look back: would you hire {trial.application.candidate.name} again?"
    )
