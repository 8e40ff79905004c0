"""Asking a candidate for referees, and taking the names."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Application, Ask, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MovedMeanwhile, NotAllowed, move
from candidates.post import asks
from candidates.tests.together import together
from references import actions
from references.actions import Named
from references.builders import LEO, NORA, ask_for_referees, decline, give, make_references, name_referees
from references.models import Referee, Reference

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RITA = "Rita Recruiter"


def events(application):
    return [name for name in application.events.values_list("name", flat=True) if name.startswith("references.")]


def back_to_references(application, at):
    application.refresh_from_db()
    move(application, Stage.INTERVIEWS, at=at, by=Actor.person(make_user(RITA)))
    actions.request_referees(application, at=at, by=Actor.person(make_user(RITA)))


def test_asking_for_referees_moves_the_application():
    assert ask_for_referees().application.stage == Stage.REFERENCES


def test_the_candidate_is_asked_and_mailed():
    asked = ask_for_referees()
    assert (asked.role, asked.email, asked.due_at) == ("candidate", asked.application.candidate.email, NOW + 7 * DAY)
    assert Message.objects.get().template == "references/name_referees"


def test_the_mail_of_a_rule_waits_for_an_undo():
    ask_for_referees(wait=timedelta(minutes=10))
    assert Message.objects.get().next_try_at == NOW + timedelta(minutes=10)


def test_an_undo_takes_the_mail_back():
    application = ask_for_referees(wait=timedelta(minutes=10)).application
    move(application, Stage.INTERVIEWS, at=NOW + DAY, by=Actor.person(make_user(RITA)))
    assert not Message.objects.get().ask.is_open


def test_a_personal_word_stands_in_the_mail():
    ask_for_referees(note="You were great.")
    assert Message.objects.get().data["note"] == "You were great."


def test_referees_cannot_be_asked_for_before_the_interviews():
    application = make_application(stage=Stage.SCREENING)
    with pytest.raises(NotAllowed):
        actions.request_referees(application, at=NOW, by=Actor.person(make_user(RITA)))
    assert Ask.objects.count() == Message.objects.count() == 0


def test_who_saw_an_older_stage_is_told():
    application = make_application(stage=Stage.INTERVIEWS)
    seen = Application.objects.get(pk=application.pk)
    move(application, Stage.SCREENING, at=NOW, by=Actor.person(make_user(RITA)))
    with pytest.raises(MovedMeanwhile):
        actions.request_referees(seen, at=NOW, by=Actor.person(make_user(RITA)))


def test_every_referee_is_asked_for_a_scorecard_by_a_solemn_mail():
    make_references()
    asked = Ask.objects.filter(role="referee").values_list("email", "page", "scorecard__kind", "messages__solemn")
    assert list(asked.order_by("pk")) == [
        (NORA.email, "references:answer", Scorecard.Kind.REFERENCE, True),
        (LEO.email, "references:answer", Scorecard.Kind.REFERENCE, True),
    ]


def test_naming_writes_one_event_with_the_count_and_moves_nothing():
    asked = ask_for_referees()
    name_referees(asked)
    asked.application.refresh_from_db()
    assert asked.application.stage == Stage.REFERENCES
    assert asked.application.events.last().name == "references.named"
    assert asked.application.events.last().data == {"count": 2}


@pytest.mark.parametrize(
    "people",
    [
        [],
        [NORA],
        [NORA, NORA],
        [NORA, Named("Nora again", "NORA@Former.example", "lead", "Other")],
        [NORA, Named("Cara herself", "Cara@Example.org", "manager", "Other")],
    ],
    ids=["nobody", "too few", "twice", "twice in capitals", "herself"],
)
def test_referees_who_cannot_be_asked_are_refused_and_nothing_is_written(people):
    candidate = make_candidate(email="cara@example.org")
    asked = ask_for_referees(make_application(stage=Stage.INTERVIEWS, candidate=candidate))
    with pytest.raises(NotAllowed):
        actions.name_referees(asked, people, at=NOW, by=Actor.candidate("Cara"))
    assert Ask.objects.open().get() == asked
    assert Referee.objects.count() == 0
    assert events(asked.application) == []


def test_the_plan_says_how_many_referees():
    job = make_job(plan=make_plan(referees=1))
    asked = ask_for_referees(make_application(stage=Stage.INTERVIEWS, job=job))
    assert len(name_referees(asked, NORA)) == 1


def test_names_are_taken_once():
    asked = ask_for_referees()
    name_referees(asked)
    with pytest.raises(asks.NotOpen):
        actions.name_referees(asked, [NORA, LEO], at=NOW, by=Actor.candidate("Cara"))
    assert Referee.objects.count() == 2


def test_a_rejected_application_takes_no_names():
    asked = ask_for_referees()
    move(asked.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user(RITA)))
    with pytest.raises(asks.NotOpen):
        actions.name_referees(asked, [NORA, LEO], at=NOW, by=Actor.candidate("Cara"))


def test_the_database_keeps_one_referee_per_address():
    [nora, _leo] = make_references()
    with pytest.raises(IntegrityError):
        Referee.objects.create(application=nora.referee.application, email=NORA.email.upper(), named_at=NOW)


def test_coming_back_asks_only_for_the_referees_still_missing():
    [nora, _leo] = make_references()
    give(nora)
    application = nora.referee.application
    back_to_references(application, NOW + DAY)
    assert actions.wanted(application.asks.open().get()).people == 1


def test_coming_back_a_referee_who_did_not_answer_may_be_named_again():
    [nora, leo] = make_references()
    give(nora)
    back_to_references(nora.referee.application, NOW + DAY)
    [again] = name_referees(nora.referee.application.asks.open().get(), LEO, at=NOW + DAY)
    assert again.pk == leo.pk
    assert again.scorecard_id != leo.scorecard_id


@pytest.mark.parametrize("settle", [give, decline])
def test_coming_back_a_referee_who_answered_or_declined_is_left_alone(settle):
    [nora, _leo] = make_references()
    settle(nora)
    back_to_references(nora.referee.application, NOW + DAY)
    with pytest.raises(NotAllowed):
        name_referees(nora.referee.application.asks.open().get(), NORA, LEO, at=NOW + DAY)


def test_coming_back_with_all_references_given_asks_nobody():
    [nora, leo] = make_references()
    give(nora)
    give(leo)
    back_to_references(nora.referee.application, NOW + DAY)
    assert not nora.referee.application.asks.open().exists()
    assert events(nora.referee.application) == ["references.named", "references.complete", "references.complete"]


@pytest.mark.django_db(transaction=True)
def test_names_sent_twice_at_once_are_taken_once():
    asked = ask_for_referees()
    results = together(*[lambda: name_referees(asked, NORA, LEO)] * 4)
    assert sum(isinstance(result, asks.NotOpen) for result in results) == 3
    assert Reference.objects.count() == 2
    assert events(asked.application) == ["references.named"]
