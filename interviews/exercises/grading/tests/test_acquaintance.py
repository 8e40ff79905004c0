"""Who has met the candidate, and who still has to grade them without having."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging.builders import make_card
from candidates.models import Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import record
from candidates.post import asks
from interviews.builders import IDA, make_interview
from interviews.exercises.grading import actions
from interviews.exercises.grading.acquaintance import grades_for, has_met
from interviews.exercises.grading.builders import GINA, GRETA, GUS, grading_of, lock, make_graded, make_work
from interviews.models import Interview, Panelist

pytestmark = pytest.mark.django_db
BEGUN = NOW + timedelta(days=4)


def knows_after(**changed):
    """Whether Ida knows the candidate of an interview of hers that was changed so."""
    interview = make_interview()
    Interview.objects.filter(pk=interview.pk).update(**changed)
    return has_met(interview.application, "IDA@example.org")


@pytest.mark.parametrize(
    ("changed", "knows"),
    [
        ({}, True),
        ({"missed": "candidate", "missed_at": BEGUN}, False),
        ({"missed": "interviewer", "missed_at": BEGUN}, False),
        ({"cancelled_at": NOW}, False),
        ({"cancelled_at": BEGUN}, True),
    ],
)
def test_a_panelist_knows_the_candidate_unless_the_interview_did_not_happen(changed, knows):
    assert knows_after(**changed) is knows


@pytest.mark.parametrize(("released_at", "knows"), [(NOW, False), (BEGUN, True)])
def test_a_panelist_who_handed_it_back_before_it_began_does_not(released_at, knows):
    interview = make_interview()
    Panelist.objects.filter(interview=interview, email=IDA.email).update(released_at=released_at)
    assert has_met(interview.application, IDA.email) is knows


def test_who_met_them_for_another_job_knows_them_here_too():
    first = make_interview()
    second = make_application(candidate=first.application.candidate)
    assert has_met(second, IDA.email)
    assert not has_met(make_application(), IDA.email)


@pytest.mark.parametrize("kind", ["phone", "letter", "check_in", "reference"])
def test_who_judges_under_the_name_of_the_candidate_knows_them(kind):
    card = make_card(make_application(), Scorecard.Kind(kind))
    assert has_met(card.application, "ida@example.org")
    asks.cancel(card.ask, at=NOW)
    assert not has_met(card.application, "ida@example.org")


def test_who_reads_the_letter_blind_does_not():
    application = make_application(job=make_job(plan=make_plan(hides_identity=True)))
    make_card(application, Scorecard.Kind.LETTER)
    assert not has_met(application, "ida@example.org")


def test_who_worked_on_the_application_knows_whose_it_is_and_who_only_locked_a_card_does_not():
    application, by = make_application(), Actor.person(make_user("Ida", email="ida@example.org"))
    record(application, "scorecard.locked", at=NOW, by=by)
    assert not has_met(application, "ida@example.org")
    record(application, "stage.screening", at=NOW, by=by)
    assert has_met(application, "Ida@example.org")


def test_the_candidate_knows_themself():
    application = make_application()
    assert has_met(application, application.candidate.email.upper())


def test_who_recognised_other_work_of_theirs_knows_them():
    work = make_graded()
    assert not has_met(work.application, GINA["email"])
    actions.recuse(grading_of(work, GINA), reason="", at=NOW, by=Actor.outsider("Gina"))
    assert has_met(work.application, GINA["email"])


def test_a_grader_owes_it_from_the_sending_until_their_lock():
    work = make_work(begun_at=None, posted_at=None)
    application = work.application
    assert [grades_for(application, one["email"].upper()) for one in (GINA, GUS, GRETA)] == [True, True, False]
    work.begun_at = work.posted_at = NOW
    work.save()
    actions.ask_graders(work, at=NOW)
    assert grades_for(application, GINA["email"])
    lock(work, GINA, 3, 3)
    assert [grades_for(application, one["email"]) for one in (GINA, GUS, GRETA)] == [False, True, False]


def test_who_never_graded_for_them_owes_nothing():
    work = make_graded()
    assert not grades_for(make_application(Stage.INTERVIEWS), GINA["email"])
    assert not grades_for(work.application, "")
