"""An interviewer's answer, and the event that the stage is complete."""

from datetime import timedelta
from functools import partial

import pytest

from candidates.builders import NOW, make_user
from candidates.judging import firewall
from candidates.judging.builders import make_answers
from candidates.models import Application, Event, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks
from candidates.tests.together import together
from interviews import actions
from interviews.builders import IDA, IVAN, ask_of, make_interview

LATER = NOW + timedelta(days=3, hours=1)


def submitting(interview, interviewer):
    """The answer of one interviewer by a request of its own."""
    card = Scorecard.objects.select_related("application", "ask").get(ask=ask_of(interview, interviewer))
    by = Actor.outsider(interviewer.name)
    return partial(actions.submit_scorecard, card, make_answers(card), at=LATER, by=by)


def events(interview):
    return list(interview.application.events.order_by("pk").values_list("name", "by_name"))[-3:]


@pytest.mark.django_db
def test_the_first_of_two_answers_does_not_complete_the_stage():
    interview = make_interview()
    submitting(interview, IDA)()
    assert events(interview)[-1] == ("scorecard.locked", IDA.name)


@pytest.mark.django_db
def test_the_last_answer_completes_the_stage():
    interview = make_interview()
    submitting(interview, IDA)()
    submitting(interview, IVAN)()
    assert events(interview) == [
        ("scorecard.locked", IDA.name),
        ("scorecard.locked", IVAN.name),
        ("interviews.complete", IVAN.name),
    ]
    assert firewall.is_open(interview.application, at=LATER)


@pytest.mark.django_db
def test_an_answer_moves_nobody():
    interview = make_interview()
    submitting(interview, IDA)()
    submitting(interview, IVAN)()
    interview.application.refresh_from_db()
    assert interview.application.stage == Stage.INTERVIEWS


@pytest.mark.django_db
def test_a_second_round_is_complete_on_its_own():
    first = make_interview()
    submitting(first, IDA)()
    move(first.application, Stage.SCREENING, at=NOW, by=Actor.person(make_user()))
    second = make_interview(first.application, at=NOW + timedelta(hours=1))
    submitting(second, IDA)()
    assert events(second)[-1][0] == "scorecard.locked"
    submitting(second, IVAN)()
    assert events(second)[-1][0] == "interviews.complete"


@pytest.mark.django_db
def test_an_answer_after_the_application_was_closed_is_refused():
    interview = make_interview()
    submit = submitting(interview, IDA)
    move(interview.application, Stage.WITHDRAWN, at=NOW, by=Actor.person(make_user()))
    with pytest.raises(asks.NotOpen):
        submit()
    assert not Event.objects.filter(name="scorecard.locked").exists()


@pytest.mark.django_db(transaction=True)
def test_two_last_interviewers_at_once_complete_the_stage_once():
    for number in range(10):
        interview = make_interview()
        results = together(submitting(interview, IDA), submitting(interview, IVAN))
        assert results == [None, None]
        assert Event.objects.filter(name="interviews.complete").count() == number + 1


@pytest.mark.django_db(transaction=True)
def test_eight_answers_of_each_interviewer_at_once_complete_the_stage_once():
    interview = make_interview()
    calls = [submitting(interview, one) for one in (IDA, IVAN) for _ in range(4)]
    results = together(*calls)
    assert [type(result) for result in results].count(asks.NotOpen) == 6
    assert Event.objects.filter(name="interviews.complete").count() == 1


@pytest.mark.django_db(transaction=True)
def test_answering_while_the_application_is_rejected_never_deadlocks():
    rita = Actor.person(make_user())
    for _ in range(20):
        interview = make_interview()
        application = Application.objects.get(pk=interview.application_id)
        ida, ivan, moved = together(
            submitting(interview, IDA),
            submitting(interview, IVAN),
            partial(move, application, Stage.REJECTED, at=LATER, by=rita),
        )
        assert [result is None or isinstance(result, asks.NotOpen) for result in (ida, ivan)] == [True, True]
        assert moved.name == "stage.rejected"
