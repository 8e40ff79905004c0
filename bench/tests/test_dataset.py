from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q

from bench import dataset, statements
from candidates.judging import firewall
from candidates.models import (
    Application,
    Ask,
    Candidate,
    DocumentText,
    Event,
    Message,
    Rating,
    Scorecard,
)
from candidates.stages import CLOSED, Stage

pytestmark = pytest.mark.django_db
AT = datetime(2030, 1, 7, 9, tzinfo=UTC)
PEOPLE = 200
FOREIGN_KEYS = """
SELECT conrelid::regclass::text, attname, confrelid::regclass::text
FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f' AND conrelid::regclass::text ~ '^(candidates|interviews)_'
  AND confrelid::regclass::text <> 'django_content_type'
"""


@pytest.fixture(scope="module", autouse=True)
def company(django_db_setup, django_db_blocker):
    """Made once for all tests of this file, which only look; rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield dataset.fill(people=PEOPLE, at=AT)
        transaction.set_rollback(True)


def test_everybody_has_two_and_a_half_applications_and_ten_events():
    assert Candidate.objects.count() == PEOPLE
    assert Application.objects.count() == 2.5 * PEOPLE
    assert 5 * PEOPLE < Event.objects.count() < 12 * PEOPLE


def test_every_stage_is_met():
    assert set(Application.objects.values_list("stage", flat=True)) == set(Stage.values)


def test_the_stage_is_that_of_the_last_move():
    for application in Application.objects.prefetch_related("events"):
        moves = [event for event in application.events.all() if event.name.startswith("stage.")]
        assert (moves[-1].name, moves[-1].at) == (
            f"stage.{application.stage}",
            application.stage_since,
        )


def test_every_move_starts_where_the_one_before_ended():
    for application in Application.objects.prefetch_related("events"):
        moves = [event for event in application.events.all() if event.name.startswith("stage.")]
        stages = ["", *(move.name.removeprefix("stage.") for move in moves)]
        assert [move.data["came_from"] for move in moves] == stages[:-1]


def test_events_stand_in_the_order_of_their_times():
    for application in Application.objects.prefetch_related("events"):
        times = [event.at for event in application.events.all()]
        assert times == sorted(times)


def test_a_closed_application_waits_for_nothing():
    assert not Ask.objects.open().filter(application__stage__in=CLOSED).exists()


def test_an_open_application_waits_only_for_its_own_stage(company):
    assert not Ask.objects.open().exclude(stage=F("application__stage")).exists()
    waiting = Application.objects.open().exclude(stage=Stage.APPLIED).exclude(pk=company.busy.pk)
    assert not waiting.exclude(pk__in=Ask.objects.open().values("application")).exists()


def test_everybody_asked_was_mailed_once():
    assert not Ask.objects.annotate(mails=Count("messages")).exclude(mails=1).exists()


def test_every_end_was_mailed():
    ended = Application.objects.filter(stage__in=CLOSED)
    assert Message.objects.filter(key__startswith="close:").count() == ended.count()


def test_what_is_answered_is_locked_and_rated():
    cards = Scorecard.objects.annotate(rated=Count("ratings"))
    assert cards.filter(ask__answered_at__isnull=False).exists()
    assert not cards.filter(Q(ask__answered_at__isnull=False) & (Q(locked_at=None) | Q(rated=0))).exists()
    assert not cards.filter(ask__answered_at=None).exclude(locked_at=None, rated=0).exists()
    assert not Rating.objects.exclude(score__range=(1, 5)).exists()


def test_the_letters_are_long_and_differ():
    letters = list(Application.objects.values_list("letter", flat=True))
    assert min(map(len, letters)) > dataset.LETTER_LENGTH * 0.9
    assert len(set(letters)) > len(letters) * 0.9


def test_one_job_has_the_large_pipeline(company):
    assert Application.objects.open().filter(job=company.large).count() == min(dataset.LARGE, PEOPLE)


def test_the_recruiter_sees_all(company):
    assert Application.objects.visible_to(company.recruiter).count() == Application.objects.count()


def test_every_reference_leads_to_a_row():
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        for table, column, target in cursor.fetchall():
            missing = f"SELECT count(*) FROM {table} a WHERE {column} IS NOT NULL AND NOT EXISTS "
            cursor.execute(missing + f"(SELECT FROM {target} b WHERE b.id = a.{column})")
            assert cursor.fetchone() == (0,), (table, column)


def test_later_rows_get_keys_of_their_own():
    highest = Candidate.objects.order_by("pk").last().pk
    assert Candidate.objects.create(name="Cara", email="cara@example.org").pk > highest
    assert "candidates_candidate" in statements.TABLES


def test_one_application_is_busy_and_its_judgements_may_be_seen(company):
    busy = company.busy
    assert (busy.events.count(), busy.scorecards.locked().count(), busy.messages.count()) == (30, 6, 10)
    assert firewall.is_open(busy, at=AT)


def test_every_resume_has_words_that_stand_in_no_letter():
    texts = list(DocumentText.objects.values_list("text", flat=True))
    assert len(texts) == Application.objects.count()
    assert min(len(text) for text in texts) > 2800
    with_word = sum("Kayako" in text for text in texts)
    assert 0.03 < with_word / len(texts) < 0.15
    assert not Application.objects.filter(letter__contains="Kayako").exists()
