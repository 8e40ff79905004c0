"""Which judgements are compared with which, and what is told of it."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_job
from candidates.judging import actions, wording
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import Ask, Candidate, Revision, Scorecard, Stage
from candidates.people.actors import Actor
from interviews.agreement.report import results
from interviews.agreement.units import Line, read
from interviews.builders import IDA, IVAN, ask_of, make_interview
from interviews.exercises.models import Grading, Submission
from interviews.kits.builders import make_exercise
from interviews.models import StepCoding

LATER = NOW + timedelta(days=40)
EMPATHY = Line("competency", "interview", "Empathy")
IDAS, IVANS, IRISES = "ida@example.org", "ivan@example.org", "iris@example.org"


@pytest.fixture
def job(db):
    return make_job()


def rated(job, scores, application=None, **fields):
    """An application whose interviewers (by address) gave these scores on empathy, one after the other."""
    application = application or make_application(Stage.INTERVIEWS, job=job)
    for minute, (email, score) in enumerate(scores.items()):
        at = NOW + timedelta(minutes=minute)
        name = email.partition("@")[0].title()
        make_locked_card(application, {"Empathy": score}, name=name, email=email, at=at, **fields)
    return application


def units_of(line=EMPATHY):
    return [dict(raters) for raters in read().pairable(line)]


def line_of(told, name="Empathy", sort="competency"):
    return next(line for line in told["lines"] if (line["sort"], line["name"]) == (sort, name))


def graded(application, exercise, scores, third=()):
    """A work of `application` with graders (by address) and their scores on empathy."""
    content = wording.keep({"competencies": []})
    asked = make_card(application, name="Cara", email="cara@example.org", role=Ask.Role.CANDIDATE)
    work = Submission.objects.create(
        application=application, ask=asked.ask, exercise=exercise, case=exercise.cases.get(), wording=content,
        code_name=f"Heron {Submission.objects.count()}", minutes=20, created_at=NOW,
    )  # fmt: skip
    Ask.objects.filter(pk=asked.ask_id).update(answered_at=NOW)
    for email, score in scores.items():
        card = make_card(application, Scorecard.Kind.EXERCISE, name=email, email=email)
        Grading.objects.create(
            submission=work, scorecard=card, name=email, email=email, asked_at=NOW, is_third=email in third
        )
        empathy = application.plan.competencies.get(name="Empathy").pk
        actions.lock(card, Answers([Score(empathy, score=score)]), at=NOW, by=Actor.outsider(email))
    return work


def coded(interview, answers):
    """Both cards of an interview locked, after their codings of step 1."""
    for interviewer, answer in zip((IDA, IVAN), answers, strict=True):
        card = ask_of(interview, interviewer).scorecard
        StepCoding.objects.create(scorecard=card, step=1, answer=answer)
        actions.lock(card, Answers(), at=NOW + timedelta(days=4), by=Actor.outsider("x"))


def test_two_who_judged_the_same_person_on_the_same_competency_are_a_unit(job):
    rated(job, {IDAS: 2, IVANS: 4})
    rated(job, {IDAS: 5})
    assert units_of() == [{IDAS: 1, IVANS: 3}]


def test_a_rater_is_the_same_however_the_address_is_written(job):
    rated(job, {IDAS: 2, "Ida@Example.org": 4})
    assert units_of() == []


def test_only_the_first_judgement_of_a_rater_counts(job):
    again = rated(job, {IDAS: 2, IVANS: 4})
    rated(job, {IDAS: 5}, again)
    assert units_of() == [{IDAS: 1, IVANS: 3}]


def test_a_revision_changes_nothing(job):
    application = rated(job, {IDAS: 2, IVANS: 4})
    card = application.scorecards.first()
    empathy = application.plan.competencies.get(name="Empathy").pk
    Revision.objects.create(
        scorecard=card, at=LATER, by_name="Ida", reason="Heard more", scores=[{"competency": empathy, "score": 5}]
    )
    assert units_of() == [{IDAS: 1, IVANS: 3}]


def test_drafts_are_not_compared(job):
    application = rated(job, {IDAS: 2})
    card = make_card(application, name="Ivan", email=IVANS)
    actions.save_draft(card, Answers([Score(application.plan.competencies.first().pk, score=4)]), at=NOW)
    Ask.objects.filter(pk=card.ask_id).update(cancelled_at=NOW)
    assert units_of() == []


def test_nothing_is_told_of_an_application_about_which_a_judgement_is_owed(job):
    application = rated(job, {IDAS: 2, IVANS: 4})
    owed = make_card(application, name="Iris", email=IRISES, opens_at=LATER, due_at=LATER)
    assert units_of() == []
    assert results(at=NOW)["left_out"] == 1
    Ask.objects.filter(pk=owed.ask_id).update(cancelled_at=NOW)
    assert len(units_of()) == 1


def test_an_application_that_was_set_aside_counts_nowhere(job):
    double = rated(job, {IDAS: 2, IVANS: 4})
    kept = make_application(Stage.APPLIED, candidate=Candidate.objects.create(name="Cara", email="c@example.org"))
    type(double).objects.filter(pk=double.pk).update(duplicate_of=kept)
    assert units_of() == []


def test_what_candidates_say_of_themselves_is_not_compared(job):
    application = rated(job, {IDAS: 2}, kind=Scorecard.Kind.CHECK_IN)
    rated(job, {"cara@example.org": 5}, application, kind=Scorecard.Kind.CHECK_IN, role=Ask.Role.CANDIDATE)
    assert units_of(Line("competency", "check_in", "Empathy")) == []


def test_colleagues_are_compared_at_one_check_in_not_over_several(job):
    day = NOW + timedelta(days=7)
    application = rated(job, {IDAS: 2, IVANS: 3}, kind=Scorecard.Kind.CHECK_IN, due_at=day)
    rated(job, {IRISES: 5}, application, kind=Scorecard.Kind.CHECK_IN, due_at=day + timedelta(days=7))
    assert units_of(Line("competency", "check_in", "Empathy")) == [{IDAS: 1, IVANS: 2}]


def test_referees_are_never_compared_with_interviewers(job):
    application = rated(job, {IDAS: 2})
    rated(job, {IVANS: 4}, application, kind=Scorecard.Kind.REFERENCE)
    assert not any(read().pairable(line) for line in read().lines)


def test_graders_are_compared_by_work_for_each_line_of_the_rubric_and_the_whole_exercise(job):
    exercise = make_exercise(name="The wrong day")
    graded(make_application(Stage.INTERVIEWS, job=job), exercise, {IDAS: 2, IVANS: 3})
    for line in (Line("exercise", "The wrong day", "Empathy", 1), Line("exercise", "The wrong day", "")):
        assert units_of(line) == [{IDAS: 1, IVANS: 2}]


def test_the_third_grader_is_left_out_for_being_asked_about_the_hard_ones_alone(job):
    work = {IDAS: 1, IVANS: 5, IRISES: 3}
    graded(make_application(Stage.INTERVIEWS, job=job), make_exercise(name="Mail"), work, third=[IRISES])
    assert units_of(Line("exercise", "Mail", "")) == [{IDAS: 0, IVANS: 4}]


def test_steps_are_compared_within_one_conversation_and_not_applicable_is_missing(db):
    coded(make_interview(), ["yes", "no"])
    coded(make_interview(), ["yes", "na"])
    assert units_of(Line("step", "", "1", 1)) == [{IDAS: 1, IVANS: 0}]


def test_ten_pairs_have_a_number_and_nine_have_none(job):
    for score in (1, 2, 3, 4, 5, 1, 2, 3, 4):
        rated(job, {IDAS: score, IVANS: score})
    few = line_of(results(at=LATER))
    assert (few["units"], few["alpha"], few["low"], few["why"]) == (9, None, None, "few")
    rated(job, {IDAS: 5, IVANS: 5})
    enough = line_of(results(at=LATER))
    assert (enough["units"], enough["ratings"], enough["alpha"], enough["why"]) == (10, 20, 1.0, "")


def test_leniency_is_told_against_the_others_who_judged_the_same(job):
    """Ida gives two more than Ivan, five times, and one more than Iris, five times: 1.5 above the others."""
    for other, less in ((IVANS, 2), (IRISES, 1)):
        for score in (3, 4, 5, 4, 3):
            rated(job, {IDAS: score, other: score - less})
    rows = {row["email"]: row for row in results(at=LATER)["raters"]}
    assert (rows[IDAS]["pairs"], rows[IDAS]["leniency"]) == (10, 1.5)
    assert (rows[IVANS]["pairs"], rows[IVANS]["leniency"]) == (5, None)


def test_the_mean_of_two_others_is_one_comparison(job):
    """Against 2 and 4, whose mean is 3, a 5 is two above."""
    for _turn in range(10):
        rated(job, {IDAS: 5, IVANS: 2, IRISES: 4})
    rows = {row["email"]: row["leniency"] for row in results(at=LATER)["raters"]}
    assert rows == {IDAS: 2.0, IVANS: -2.5, IRISES: 0.5}


def test_lateness_runs_from_the_end_of_the_interview_and_counts_what_is_overdue(db):
    interview = make_interview()
    Ask.objects.filter(scorecard__panelist__interview=interview).update(due_at=interview.ends_at + timedelta(hours=5))
    first = ask_of(interview, IDA).scorecard
    actions.lock(first, Answers(), at=interview.ends_at + timedelta(hours=3), by=Actor.outsider("Ida"))
    rows = {row["email"]: row for row in results(at=interview.ends_at + timedelta(hours=6))["raters"]}
    assert (rows[IDAS]["hours"], rows[IDAS]["cards"], rows[IDAS]["late"]) == (3.0, 1, 0)
    assert (rows[IVANS]["hours"], rows[IVANS]["cards"], rows[IVANS]["late"]) == (None, 1, 1)


def test_the_report_takes_the_same_queries_however_much_there_is(job, django_assert_num_queries):
    rated(job, {IDAS: 1, IVANS: 2})
    with django_assert_num_queries(6):
        results(at=LATER)
    for score in (1, 2, 3):
        rated(job, {IDAS: score, IVANS: score, IRISES: 2})
    with django_assert_num_queries(6):
        results(at=LATER)
