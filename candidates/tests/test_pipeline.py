"""The table of moves, and what a move does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from candidates import pipeline
from candidates.builders import NOW, make_application, make_user
from candidates.models import CLOSED, OPEN, Application, Ask, Event, Stage
from candidates.people.actors import Actor
from candidates.post import asks
from candidates.tests.together import together

LATER = NOW + timedelta(hours=1)
SQUARE = [(stage, to) for stage in Stage for to in Stage]


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def make_ask(application, **fields):
    defaults = {
        "page": "interviews:scorecard",
        "template": "candidates/reminder",
        "title": "Scorecard",
        "role": Ask.Role.INTERVIEWER,
        "name": "Ida",
        "email": "ida@example.org",
        "due_at": NOW + timedelta(days=7),
        "at": NOW,
    }
    return asks.ask(application, **defaults | fields)


@pytest.mark.django_db
@pytest.mark.parametrize(("stage", "to"), SQUARE)
def test_a_move_happens_if_and_only_if_the_table_has_it(stage, to):
    application = make_application(stage)
    before = application.events.count()
    if to in pipeline.MOVES[stage]:
        pipeline.move(application, to, at=LATER, by=rita())
        assert (Application.objects.get().stage, application.events.count()) == (to, before + 1)
    else:
        with pytest.raises(pipeline.NotAllowed):
            pipeline.move(application, to, at=LATER, by=rita())
        assert (Application.objects.get().stage, application.events.count()) == (stage, before)


def test_the_table_names_every_stage_and_ends_have_no_way_on():
    assert set(pipeline.MOVES) == set(Stage)
    assert [stage for stage in Stage if not pipeline.MOVES[stage]] == list(CLOSED)
    assert all({Stage.REJECTED, Stage.WITHDRAWN} <= pipeline.MOVES[stage] for stage in OPEN)


@pytest.mark.django_db
def test_the_event_of_a_move_tells_whence_who_and_why():
    application = make_application(Stage.SCREENING)
    event = pipeline.move(application, Stage.INTERVIEWS, at=LATER, by=rita(), reason="strong letter")
    assert (event.name, event.by_name, event.at) == ("stage.interviews", "Rita Recruiter", LATER)
    assert event.data == {"came_from": "screening", "reason": "strong letter"}


@pytest.mark.django_db
def test_a_move_from_a_stage_that_is_no_longer_so_is_refused():
    application = make_application(Stage.SCREENING)
    stale = Application.objects.get()
    pipeline.move(application, Stage.INTERVIEWS, at=LATER, by=rita())
    with pytest.raises(pipeline.MovedMeanwhile):
        pipeline.move(stale, Stage.REJECTED, at=LATER, by=rita())
    assert Application.objects.get().stage == Stage.INTERVIEWS


@pytest.mark.django_db
def test_a_stage_left_and_entered_again_is_not_the_one_that_was_seen():
    application = make_application(Stage.INTERVIEWS)
    stale = Application.objects.get()
    pipeline.move(application, Stage.SCREENING, at=LATER, by=rita())
    pipeline.move(application, Stage.INTERVIEWS, at=LATER + timedelta(hours=1), by=rita())
    with pytest.raises(pipeline.MovedMeanwhile):
        pipeline.move(stale, Stage.REFERENCES, at=LATER, by=rita())
    assert application.events.last().name == "stage.interviews"


@pytest.mark.django_db
def test_leaving_a_stage_cancels_what_it_waited_for_and_nothing_else():
    application = make_application(Stage.SCREENING)
    old = make_ask(application)
    pipeline.move(application, Stage.INTERVIEWS, at=LATER, by=rita())
    new = make_ask(application)
    pipeline.move(application, Stage.REFERENCES, at=LATER, by=rita())
    pipeline.move(application, Stage.INTERVIEWS, at=LATER, by=rita())
    assert [ask.cancelled_at for ask in Ask.objects.order_by("pk")] == [LATER, LATER]
    assert (old.pk, new.pk) == tuple(Ask.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("end", [Stage.REJECTED, Stage.WITHDRAWN])
def test_closing_an_application_cancels_every_ask_of_every_stage(end):
    application = make_application(Stage.SCREENING)
    make_ask(application)
    Ask.objects.update(stage=Stage.APPLIED)
    make_ask(application, email="otto@example.org")
    pipeline.move(application, end, at=LATER, by=rita())
    assert not Ask.objects.open().exists()


@pytest.mark.django_db
def test_an_answered_ask_stays_answered_when_the_application_closes():
    application = make_application(Stage.SCREENING)
    asks.close(make_ask(application), at=NOW)
    pipeline.move(application, Stage.REJECTED, at=LATER, by=rita())
    ask = Ask.objects.get()
    assert (ask.answered_at, ask.cancelled_at) == (NOW, None)


@pytest.mark.django_db
def test_the_database_refuses_a_second_open_application_for_the_same_job():
    first = make_application()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_application(job=first.job, candidate=first.candidate)
    pipeline.move(first, Stage.REJECTED, at=LATER, by=rita())
    assert make_application(job=first.job, candidate=first.candidate).is_open


@pytest.mark.django_db
def test_the_database_refuses_a_stage_that_does_not_exist():
    make_application()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_application SET stage = 'limbo'")


@pytest.mark.django_db
def test_the_database_refuses_to_change_an_event():
    event = make_application().events.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(name="stage.hired")
    assert Event.objects.get().name == "stage.applied"


@pytest.mark.django_db
def test_an_event_outlives_the_account_of_who_made_it():
    user = make_user("Gone Tomorrow")
    application = make_application()
    pipeline.move(application, Stage.SCREENING, at=LATER, by=Actor.person(user))
    user.delete()
    event = application.events.last()
    assert (event.by, event.by_name) == (None, "Gone Tomorrow")


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_move_one_application_at_once_one_wins():  # F22
    application = make_application(Stage.INTERVIEWS)
    before = application.events.count()
    copies = [Application.objects.get() for _ in range(8)]
    ways = [Stage.REFERENCES, Stage.SCREENING]
    moves = [
        lambda copy=copy, to=ways[n % 2]: pipeline.move(copy, to, at=LATER, by=rita()) for n, copy in enumerate(copies)
    ]
    rita()
    results = together(*moves)
    assert sorted(type(result).__name__ for result in results) == ["Event"] + ["MovedMeanwhile"] * 7
    assert application.events.count() == before + 1
    assert f"stage.{Application.objects.get().stage}" == application.events.last().name


@pytest.mark.django_db(transaction=True)
def test_answering_while_the_application_moves_never_deadlocks():
    rita()
    for _round in range(20):
        application = make_application(Stage.SCREENING)
        ask = make_ask(application)

        def answer(ask=ask, application=application):
            with transaction.atomic():
                asks.close(ask, at=timezone.now())
                pipeline.record(application, "scorecard.locked", at=timezone.now(), by=Actor.outsider("Ida"))

        results = together(
            answer, lambda application=application: pipeline.move(application, Stage.REJECTED, at=LATER, by=rita())
        )
        assert isinstance(results[1], Event)
        assert results[0] is None or isinstance(results[0], asks.NotOpen)
