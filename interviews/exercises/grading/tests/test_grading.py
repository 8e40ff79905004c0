"""Two people grade without knowing whose work it is; a third when they differ, once."""

from datetime import timedelta
from functools import partial

import pytest

from candidates.builders import NOW, make_user
from candidates.judging import firewall
from candidates.models import Event, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move, record
from candidates.post import asks
from candidates.post.reminding import actions as reminding
from candidates.tests.together import together
from interviews.availability.models import Interviewer
from interviews.exercises.builders import hand_in
from interviews.exercises.grading import actions, standing
from interviews.exercises.grading.builders import (
    GINA,
    GRETA,
    GUS,
    grading_of,
    lock,
    make_graded,
    make_work,
)

GRIT = {"name": "Grit Grader", "email": "grit@example.org"}


def graders(work):
    return list(work.gradings.values_list("email", "is_third"))


def completed():
    return Event.objects.filter(name="interviews.complete").count()


def missing():
    return Message.objects.filter(template="interviews/grader_missing").count()


def handed_back(work, grader):
    """The call by which `grader` says that they know whose work it is."""
    by = Actor.outsider(grader["name"])
    return partial(actions.recuse, grading_of(work, grader), reason="A friend", at=NOW, by=by)


@pytest.mark.django_db
def test_the_first_of_the_named_graders_are_asked_under_the_code_name():
    work = make_graded()
    assert graders(work) == [(GINA["email"], False), (GUS["email"], False)]
    asked = grading_of(work, GINA).scorecard.ask
    assert asked.title == f"Grade {work.exercise.name} by {work.code_name}"
    assert asked.due_at == NOW + timedelta(days=7)
    assert asked.escalate_at > asked.due_at
    assert Scorecard.objects.filter(kind="exercise", wording=work.wording).count() == 2
    assert not firewall.is_open(work.application, at=NOW)


@pytest.mark.django_db
def test_a_grader_who_also_interviews_is_asked_in_the_language_and_zone_that_they_gave():
    Interviewer.objects.create(name=GINA["name"], email="GINA@example.org", language="de", zone="Europe/Berlin")
    work = make_graded()
    asked = grading_of(work, GINA).scorecard.ask
    assert asked.title == f"{work.exercise.name} von {work.code_name} bewerten"
    assert (asked.language, asked.zone) == ("de", "Europe/Berlin")
    assert grading_of(work, GUS).scorecard.ask.language == "en"


@pytest.mark.django_db
def test_a_grader_with_an_account_alone_is_asked_in_its_language():
    make_user("Gina Grader", email=GINA["email"], language="de", zone="Asia/Tokyo")
    asked = grading_of(make_graded(), GINA).scorecard.ask
    assert (asked.user.get_full_name(), asked.language, asked.zone) == ("Gina Grader", "de", "Asia/Tokyo")


@pytest.mark.django_db
def test_as_many_are_asked_as_the_round_wants():
    assert len(graders(make_graded(raters=3))) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("second", [(4, 3), (3, 2), (4, 4)])
def test_two_who_agree_are_enough(second):
    work = make_graded()
    lock(work, GINA, 4, 3)
    assert completed() == 0
    lock(work, GUS, *second)
    assert len(graders(work)) == 2
    assert completed() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("second", [(2, 3), (4, 5), (4, 1), (None, 3)])
def test_a_third_is_asked_when_two_differ_by_two_points_or_one_saw_nothing(second):
    work = make_graded()
    lock(work, GINA, 4, 3)
    lock(work, GUS, *second)
    assert graders(work)[2:] == [(GRETA["email"], True)]
    assert completed() == 0
    lock(work, GRETA, 3, 3)
    assert completed() == 1
    assert len(graders(work)) == 3


@pytest.mark.django_db
def test_the_third_is_told_what_the_first_were_told():
    work = make_graded()
    lock(work, GINA, 1, 1)
    lock(work, GUS, 5, 5)
    first, third = (Message.objects.get(ask=grading_of(work, one).scorecard.ask) for one in (GINA, GRETA))
    assert (first.template, first.data) == (third.template, third.data)
    assert first.ask.title == third.ask.title


@pytest.mark.django_db
def test_where_two_differ_and_nobody_is_left_the_recruiters_are_told_without_the_reason():
    work = make_graded(graders=[GINA, GUS])
    lock(work, GINA, 1, 1)
    assert missing() == 0
    lock(work, GUS, 5, 5)
    assert missing() == 1
    assert standing.is_missing_one(work)
    told = Message.objects.get(template="interviews/grader_missing")
    assert set(told.data) == {"exercise"}


@pytest.mark.django_db
def test_the_stage_waits_for_the_third_whom_the_recruiters_name():
    work = make_graded(graders=[GINA, GUS])
    lock(work, GINA, 1, 1)
    lock(work, GUS, 5, 5)
    assert completed() == 0
    actions.name_grader(work, **GRETA, at=NOW, by=Actor.person(make_user()))
    lock(work, GRETA, 3, 3)
    assert completed() == 1


@pytest.mark.django_db
def test_who_recognises_the_person_is_replaced_by_the_next():
    work = make_graded()
    handed_back(work, GINA)()
    assert graders(work)[2:] == [(GRETA["email"], False)]
    grading = grading_of(work, GINA)
    assert grading.recused_at == NOW
    assert grading.scorecard.ask.cancelled_at == NOW
    event = Event.objects.get(name="grading.recused")
    assert (event.by_name, event.data["reason"]) == (GINA["name"], "A friend")


@pytest.mark.django_db
def test_a_third_who_recognises_the_person_is_replaced_as_a_third():
    work = make_graded(graders=[GINA, GUS, GRETA, GRIT])
    lock(work, GINA, 1, 1)
    lock(work, GUS, 5, 5)
    handed_back(work, GRETA)()
    assert graders(work)[3:] == [(GRIT["email"], True)]


@pytest.mark.django_db
def test_who_locked_can_not_hand_it_back_and_who_handed_back_can_not_lock():
    work = make_graded()
    lock(work, GINA, 4, 4)
    with pytest.raises(asks.NotOpen):
        handed_back(work, GINA)()
    handed_back(work, GUS)()
    with pytest.raises(asks.NotOpen):
        lock(work, GUS, 4, 4)
    assert grading_of(work, GINA).recused_at is None


@pytest.mark.django_db
def test_where_nobody_is_left_the_recruiters_are_told_once():
    work = make_graded(graders=[GINA, GUS])
    handed_back(work, GINA)()
    assert missing() == 1
    assert make_graded(graders=[]).gradings.count() == 0
    assert missing() == 2


@pytest.mark.django_db
def test_a_grader_named_later_is_asked_at_once_where_one_is_missing():
    work = make_graded(graders=[GINA, GUS])
    handed_back(work, GINA)()
    actions.name_grader(work, **GRETA, at=NOW, by=Actor.person(make_user()))
    assert graders(work)[2:] == [(GRETA["email"], False)]
    assert not standing.is_missing_one(work)


@pytest.mark.django_db
def test_a_grader_named_after_two_differed_is_their_third():
    work = make_graded(graders=[GINA, GUS])
    lock(work, GINA, 1, 1)
    lock(work, GUS, 5, 5)
    actions.name_grader(work, **GRETA, at=NOW, by=Actor.person(make_user()))
    assert graders(work)[2:] == [(GRETA["email"], True)]


@pytest.mark.django_db
def test_a_grader_named_when_none_is_missing_stands_by():
    work = make_graded(graders=[GINA, GUS])
    actions.name_grader(work, **GRETA, at=NOW, by=Actor.person(make_user()))
    assert len(graders(work)) == 2
    handed_back(work, GINA)()
    assert graders(work)[2:] == [(GRETA["email"], False)]


@pytest.mark.django_db
def test_where_the_application_went_back_and_came_again_new_graders_are_missing():
    work = make_graded()
    for hours, stage in enumerate((Stage.SCREENING, Stage.INTERVIEWS), start=1):
        move(work.application, stage, at=NOW + timedelta(hours=hours), by=Actor.person(make_user()))
    assert standing.is_missing_one(work)
    actions.name_grader(work, **GRIT, at=NOW + timedelta(hours=3), by=Actor.person(make_user()))
    assert grading_of(work, GRETA).scorecard.ask.is_open


@pytest.mark.django_db
def test_what_a_candidate_hands_in_reaches_its_graders():
    work = hand_in()
    assert {email for email, _third in graders(work)} == {GRETA["email"], GUS["email"]}
    asked = grading_of(work, GUS).scorecard.ask
    assert asked.title == f"Grade {work.exercise.name} by {work.code_name}"


@pytest.mark.django_db
def test_neither_one_who_knows_the_candidate_nor_one_twice_is_named():
    work = make_graded()
    for email in (work.application.candidate.email.upper(), GINA["email"].upper()):
        with pytest.raises(NotAllowed):
            actions.name_grader(work, name="X", email=email, at=NOW, by=Actor.person(make_user()))


def by_rita():
    """Rita recruits for the job and was named as a grader, but has not touched the application."""
    work = make_work(graders=[{"name": "Rita Recruiter", "email": "rita.recruiter@rapport.test"}, GUS])
    Event.objects.filter(application=work.application).update(by=None)
    work.application.job.recruiters.add(make_user("Rosa Recruiter"))
    actions.ask_graders(work, at=NOW)
    return work


@pytest.mark.django_db
def test_who_has_met_the_candidate_since_they_were_named_is_passed_over():
    work = make_work()
    gina = Actor.person(make_user("Gina Grader", email=GINA["email"]))
    record(work.application, "document.added", at=NOW, by=gina)
    actions.ask_graders(work, at=NOW)
    assert graders(work) == [(GUS["email"], False), (GRETA["email"], False)]


@pytest.mark.django_db
def test_a_recruiter_who_grades_it_blind_is_not_told_that_a_grader_is_missing():
    work = by_rita()
    handed_back(work, GUS)()
    assert [message.to for message in Message.objects.filter(template="interviews/grader_missing")] == [
        "rosa.recruiter@rapport.test"
    ]


@pytest.mark.django_db
def test_a_recruiter_who_grades_it_blind_is_not_told_that_it_is_overdue():
    work = by_rita()
    reminding.escalate_due(at=grading_of(work, GUS).scorecard.ask.escalate_at)
    told = Message.objects.filter(template="candidates/overdue")
    assert {message.to for message in told} == {"rosa.recruiter@rapport.test"}


@pytest.mark.django_db
def test_a_recruiter_is_told_that_a_grading_is_overdue_but_not_whose_nor_of_which_work():
    work = by_rita()
    reminding.escalate_due(at=grading_of(work, GUS).scorecard.ask.escalate_at)
    told = str(list(Message.objects.filter(template="candidates/overdue").values_list("data", flat=True)))
    assert "grade written work" in told
    assert GUS["name"] not in told
    assert work.code_name not in told


@pytest.mark.django_db
def test_a_closed_application_takes_no_grading():
    work = make_graded()
    move(work.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user()))
    with pytest.raises(asks.NotOpen):
        lock(work, GINA, 4, 4)
    with pytest.raises(asks.NotOpen):
        handed_back(work, GINA)()


@pytest.mark.django_db(transaction=True)
def test_two_who_differ_and_lock_at_once_get_exactly_one_third():
    for _number in range(10):
        work = make_graded()
        assert together(partial(lock, work, GINA, 1, 1), partial(lock, work, GUS, 5, 5)) == [None, None]
        assert graders(work)[2:] == [(GRETA["email"], True)]


@pytest.mark.django_db(transaction=True)
def test_two_who_recognise_the_person_at_once_take_two_reserves():
    work = make_graded(graders=[GINA, GUS, GRETA, GRIT])
    assert together(handed_back(work, GINA), handed_back(work, GUS)) == [None, None]
    assert sorted(graders(work)[2:]) == [(GRETA["email"], False), (GRIT["email"], False)]


@pytest.mark.django_db(transaction=True)
def test_one_who_locks_and_hands_back_at_once_does_one_of_them():
    for _number in range(5):
        work = make_graded()
        locked, back = together(partial(lock, work, GINA, 3, 3), handed_back(work, GINA))
        assert [isinstance(one, asks.NotOpen) for one in (locked, back)].count(True) == 1
