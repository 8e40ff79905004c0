"""The automatic move: once, only by the plan's rule, and never over a person's later move."""

from datetime import timedelta

import pytest

from ats import pipeline as process
from ats.automation import actions, undoing
from ats.automation.builders import make_judged, make_rule
from ats.automation.models import Firing
from ats.rejections import actions as rejections
from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.models import Application, Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.post import delivery
from candidates.tests.together import together

MINUTE = timedelta(minutes=1)
ARRIVES = {
    "when": "event",
    "event": "stage.applied",
    "stage": "",
    "conditions": [],
    "to_stage": "screening",
    "settings": {"reader": {"who": "recruiters"}, "caller": {"who": "recruiters"}},
}


def both(person):
    return {"reader": person, "caller": person}


def outcome():
    return Firing.objects.get().outcome


@pytest.mark.django_db
def test_all_scorecards_locked_and_over_the_line_goes_to_references():
    application = make_judged()
    assert actions.act(at=NOW + MINUTE) == 1
    application.refresh_from_db()
    event = application.events.filter(name__startswith="stage.").last()
    rule = Firing.objects.get().rule
    assert (application.stage, event.by_kind, event.by_name) == ("references", "rule", rule.name)


@pytest.mark.django_db
def test_below_the_line_nothing_moves_and_the_decision_is_kept():
    application = make_judged(score=3)
    assert actions.act(at=NOW + MINUTE) == 0
    application.refresh_from_db()
    assert (application.stage, outcome()) == ("interviews", "not_met")


@pytest.mark.django_db
def test_exactly_on_the_line_is_over_it():
    make_judged(score=4, line="4.00")
    assert actions.act(at=NOW + MINUTE) == 1


@pytest.mark.django_db
def test_a_missed_must_have_stops_the_rule_whatever_the_composite():
    application = make_judged(line="1.00", score=2)
    application.plan.weights.update(must_have=True)
    assert actions.act(at=NOW + MINUTE) == 0
    assert outcome() == "not_met"


@pytest.mark.django_db
def test_the_same_ratings_without_the_must_have_move():
    make_judged(line="1.00", score=2)
    assert actions.act(at=NOW + MINUTE) == 1


@pytest.mark.django_db
def test_a_rule_that_is_off_does_nothing():
    make_judged(rule={"mode": "off"})
    assert actions.act(at=NOW + MINUTE) == 0
    assert not Firing.objects.exists()


@pytest.mark.django_db
def test_a_rule_acts_once_however_often_it_is_rung():
    application = make_judged()
    assert [actions.act(at=NOW + n * MINUTE) for n in range(1, 6)] == [1, 0, 0, 0, 0]
    assert application.events.filter(name="stage.references").count() == 1


@pytest.mark.django_db
def test_a_persons_later_move_always_wins():  # F23
    application = make_judged()
    rita = Actor.person(make_user("Rita Recruiter"))
    pipeline.move(application, Stage.SCREENING, at=NOW + MINUTE, by=rita)
    pipeline.move(application, Stage.INTERVIEWS, at=NOW + 2 * MINUTE, by=rita)
    assert actions.act(at=NOW + 3 * MINUTE) == 0
    assert (Application.objects.get().stage, outcome()) == ("interviews", "overtaken")


@pytest.mark.django_db
def test_an_undone_move_is_not_made_again_and_its_mail_does_not_leave():
    make_judged(undo_minutes=10)
    actions.act(at=NOW + MINUTE)
    moved = Application.objects.get()
    pipeline.move(moved, Stage.INTERVIEWS, at=NOW + 2 * MINUTE, by=Actor.person(make_user("Rita Recruiter")))
    assert actions.act(at=NOW + 20 * MINUTE) == 0
    request = Message.objects.get(template="references/name_referees")
    assert delivery.deliver(request.pk, at=NOW + 20 * MINUTE) == "cancelled"
    assert Application.objects.get().stage == Stage.INTERVIEWS


@pytest.mark.django_db
def test_what_somebody_took_back_to_a_stage_is_no_arrival_there():
    """The rule would begin the screening again and again, against who undoes it."""
    plan = make_plan()
    make_rule(plan, **ARRIVES)
    job, recruiter = make_job(plan=plan), make_user("Rita")
    job.recruiters.add(recruiter)
    application, rita = make_application(job=job), Actor.person(recruiter)
    assert actions.act(at=NOW + MINUTE) == 1
    undoing.undo(Firing.objects.get(), at=NOW + 2 * MINUTE, by=rita)
    assert actions.act(at=NOW + 3 * MINUTE) == 0
    application.refresh_from_db()
    process.take(application, Stage.SCREENING, at=NOW + 4 * MINUTE, by=rita, arguments=both(recruiter))
    process.step_back(application, to=Stage.APPLIED, reason="Not yet", at=NOW + 5 * MINUTE, by=rita)
    assert actions.act(at=NOW + 6 * MINUTE) == 0
    application.refresh_from_db()
    assert application.stage == "applied"


@pytest.mark.django_db
def test_the_mail_of_an_automatic_move_waits_for_an_undo():
    make_judged(undo_minutes=10)
    actions.act(at=NOW + MINUTE)
    request = Message.objects.get(template="references/name_referees")
    assert delivery.deliver(request.pk, at=NOW + 10 * MINUTE) is None
    assert delivery.deliver(request.pk, at=NOW + 11 * MINUTE) == "sent"


@pytest.mark.django_db
def test_while_an_automatic_move_can_be_undone_the_candidate_is_asked_for_nothing():
    application = make_judged(undo_minutes=10)
    actions.act(at=NOW + MINUTE)
    asked = Ask.objects.filter(application=application, page="references:name_referees")
    assert not asked.begun(NOW + 10 * MINUTE).exists()
    assert asked.begun(NOW + 11 * MINUTE).exists()


@pytest.mark.django_db
def test_a_beat_that_was_dead_for_a_day_is_made_good():  # F10
    make_judged()
    assert actions.act(at=NOW + timedelta(hours=26)) == 1


@pytest.mark.django_db(transaction=True)
def test_five_workers_rung_at_once_move_once():
    application = make_judged()
    results = together(*[lambda: actions.act(at=NOW + MINUTE)] * 5)
    assert sorted(results) == [0, 0, 0, 0, 1]
    assert application.events.filter(name="stage.references").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_recruiter_and_a_rule_at_once_the_one_who_is_first_wins():  # F23
    make_user("Rita Recruiter")
    for _round in range(10):
        application = make_judged()
        seen = Application.objects.get(pk=application.pk)
        rita = Actor.person(make_user("Rita Recruiter"))
        moved, person = together(
            lambda: actions.act(at=NOW + MINUTE),
            lambda seen=seen, rita=rita: pipeline.move(seen, Stage.REJECTED, at=NOW + MINUTE, by=rita),
        )
        moves = list(application.events.filter(name__startswith="stage.").values_list("name", flat=True))
        if moved:
            assert (moves[-1], type(person)) == ("stage.references", pipeline.MovedMeanwhile)
        else:
            assert (moves[-1], person.name) == ("stage.rejected", "stage.rejected")


@pytest.mark.django_db
def test_who_is_to_be_rejected_is_not_moved_by_a_rule():
    application = make_judged()
    rejections.plan(application, reason="skills", hours=24, at=NOW, by=Actor.person(make_user()))
    assert actions.act(at=NOW + MINUTE) == 0
    application.refresh_from_db()
    assert (application.stage, outcome()) == ("interviews", "overtaken")


@pytest.mark.django_db
def test_what_was_set_aside_as_a_duplicate_is_left_alone():
    application = make_judged()
    other = make_application(Stage.REFERENCES, job=application.job)
    Application.objects.filter(pk=application.pk).update(duplicate_of=other)
    assert actions.act(at=NOW + MINUTE) == 0
    assert outcome() == "overtaken"
