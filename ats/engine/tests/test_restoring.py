"""F44: after yesterday's copy of the database was brought back nothing leaves until a person says so."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail as outside
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import CommandError, call_command
from django.db import connection

from ats.automation.models import Rule
from ats.engine import marks, restoring, tasks
from ats.engine.models import HighWaterMark
from ats.engine.restoring import Choice
from ats.engine.settling import let_go
from ats.rejections import actions as rejections
from candidates.builders import NOW, make_application, make_user
from candidates.people.actors import Actor
from candidates.people.models import Event
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.post import tasks as post
from candidates.post.models import Ask, Message

pytestmark = pytest.mark.django_db
Status = Message.Status
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def beat(times=1):
    for _one in range(times):
        restoring.grow(at=NOW)


def mark():
    return HighWaterMark.objects.get(pk=1)


def bring_back(number):
    """The database as it was at that number; what lies outside knows better."""
    HighWaterMark.objects.filter(pk=1).update(number=number)


def waiting(key="k", **more):
    return mail.queue(make_application(), "candidates/withdrawn", key=key, at=NOW - HOUR, **more)


def status(message):
    message.refresh_from_db()
    return message.status


def administrator():
    return Actor.person(make_user("Ada Admin"))


@pytest.fixture
def yesterday():
    """A database that was brought back: three heartbeats are lost."""
    beat()
    number = mark().number
    beat(3)
    bring_back(number)


def test_a_heartbeat_lets_the_mark_grow_and_its_twins_with_it(settings):
    beat(2)
    assert mark().number % marks.LINE == 2
    assert marks.compare(mark().number) == marks.Finding.SAME
    assert (Path(settings.DOCUMENTS_DIR) / marks.NAME).is_file()


def test_yesterdays_copy_holds_everything_that_waits(yesterday):
    common, solemn = waiting(), waiting("solemn", solemn=True)
    left = waiting("left")
    Message.objects.filter(pk=left.pk).update(status=Status.SENT, sent_at=NOW)
    assert restoring.must_wait(at=NOW)
    assert (status(common), status(solemn), status(left)) == (Status.HELD, Status.HELD, Status.SENT)
    assert restoring.is_held() == NOW


def test_a_task_that_sends_does_nothing_until_a_person_goes_on(yesterday):
    message = waiting()
    post.send_due()
    post.send(str(message.pk))
    assert (outside.outbox, status(message)) == ([], Status.HELD)


def test_what_is_written_after_the_restore_waits_too(yesterday):
    restoring.must_wait(at=NOW)
    new = waiting()
    post.send_due()
    assert (outside.outbox, status(new)) == ([], Status.QUEUED)


def test_a_sweep_of_a_database_that_nobody_brought_back_sends(settings):
    beat()
    message = waiting()
    post.send_due()
    assert status(message) == Status.SENT


def test_a_redis_that_lost_everything_is_no_restore():  # F3
    beat()
    cache.clear()
    assert not restoring.must_wait(at=NOW)


def test_documents_in_a_new_folder_are_no_restore(settings, tmp_path):
    beat()
    settings.DOCUMENTS_DIR = str(tmp_path / "new")
    assert not restoring.must_wait(at=NOW)


def test_a_database_in_a_place_that_knows_nothing_of_it_is_held(settings, tmp_path):
    beat()
    cache.clear()
    settings.DOCUMENTS_DIR = str(tmp_path / "new")
    assert restoring.must_wait(at=NOW)


def test_a_copy_with_the_documents_of_the_same_night_is_held(settings, tmp_path):
    beat()
    cache.clear()
    shutil.copytree(settings.DOCUMENTS_DIR, tmp_path / "brought back")
    settings.DOCUMENTS_DIR = str(tmp_path / "brought back")
    file = Path(settings.DOCUMENTS_DIR) / marks.NAME
    file.write_text(file.read_text().replace(f'"at": {NOW.timestamp()}', '"at": 1'))  # a file was made long ago
    assert restoring.must_wait(at=NOW)


def test_a_new_owner_of_the_folder_is_no_restore(settings):
    beat()
    file = Path(settings.DOCUMENTS_DIR) / marks.NAME
    marks.write(mark().number, at=NOW - timedelta(days=9000))
    os.chmod(file, 0o600)
    assert not restoring.must_wait(at=NOW)


def test_the_copy_of_another_installation_is_held():
    beat()
    HighWaterMark.objects.filter(pk=1).update(number=marks.LINE * 7 + 3)
    message = waiting()
    assert restoring.must_wait(at=NOW)
    assert status(message) == Status.HELD


def test_a_fresh_database_is_not_taken_for_an_older_copy():
    beat(3)
    HighWaterMark.objects.all().delete()  # as make reset and demo --reset leave it
    message = waiting()
    post.send_due()
    beat()
    assert (status(message), restoring.is_held(), mark().number % marks.LINE) == (Status.SENT, None, 1)


def test_a_bucket_keeps_the_twin_where_redis_was_brought_back_too(settings, monkeypatch):
    settings.DOCUMENTS_DIR = ""
    bucket = InMemoryStorage()
    monkeypatch.setattr(marks, "default_storage", bucket)
    beat()
    cache.clear()
    bucket.delete(marks.NAME)
    bucket.save(marks.NAME, ContentFile(str(mark().number + 5).encode()))
    assert restoring.must_wait(at=NOW)


def test_numbers_of_lost_rows_are_not_given_again(yesterday):
    before = make_application().pk
    restoring.must_wait(at=NOW)
    assert make_application().pk >= before + restoring.PASSED_OVER


def test_going_on_by_cancelling_sends_only_what_is_due_later(yesterday):
    due, later = waiting(), waiting("later", wait=timedelta(hours=9))
    restoring.must_wait(at=NOW)
    restoring.go_on(Choice.CANCEL, at=NOW, by=administrator())
    assert (status(due), status(later)) == (Status.CANCELLED, Status.QUEUED)
    assert not restoring.must_wait(at=NOW)


def test_going_on_by_sending_leaves_solemn_mails_to_a_person(yesterday):
    common, solemn = waiting(), waiting("solemn", solemn=True)
    restoring.must_wait(at=NOW)
    restoring.go_on(Choice.SEND, at=NOW, by=administrator())
    assert (status(common), status(solemn)) == (Status.QUEUED, Status.UNCERTAIN)


def test_mails_that_are_kept_are_decided_on_one_by_one(yesterday):
    message = waiting()
    restoring.must_wait(at=NOW)
    restoring.go_on(Choice.KEEP, at=NOW, by=administrator())
    assert status(message) == Status.HELD
    Message.objects.filter(pk=message.pk).update(template="candidates/reminder")  # that tells no decision
    let_go(Message.objects.get(pk=message.pk), at=NOW, by=administrator())
    assert status(message) == Status.CANCELLED
    assert Event.objects.get(name="mail.let_go").data == {"message": str(message.pk)}


def test_what_was_held_by_hand_leaves_whole():
    beat()
    solemn = waiting(solemn=True)
    restoring.hold(at=NOW, is_restored=False)
    assert (status(solemn), restoring.must_wait(at=NOW)) == (Status.HELD, True)
    restoring.go_on(Choice.SEND, at=NOW, by=administrator())
    assert status(solemn) == Status.QUEUED


def test_what_fell_due_in_the_unknown_time_is_passed_over(yesterday):
    application = make_application(at=NOW - timedelta(days=9))
    asked = asks.ask(
        application, page="careers:list", template="candidates/reminder", title="Say something", at=NOW - 20 * HOUR,
        role=Ask.Role.REFEREE, name="Rolf Referee", email="rolf@example.org", due_at=NOW + timedelta(days=7),
        reminders=[NOW - HOUR, NOW + HOUR],
    )  # fmt: skip
    planned = rejections.plan(
        make_application(), reason="skills", hours=1, at=NOW - 9 * HOUR, by=Actor.person(make_user())
    )
    rule = Rule.objects.create(
        plan=application.plan, name="Go on", when=Rule.When.DAYS, then=Rule.Then.NOTE, mode=Rule.Mode.ACT,
        since=NOW - timedelta(days=30),
    )  # fmt: skip
    restoring.must_wait(at=NOW)
    told = restoring.go_on(Choice.CANCEL, at=NOW + HOUR / 2, by=administrator())
    for row in (asked, planned, rule):
        row.refresh_from_db()
    assert (told.reminders, told.rejections) == (1, 1)
    assert (asked.remind_at, planned.void_at, rule.since) == (NOW + HOUR, NOW + HOUR / 2, NOW + HOUR / 2)


def test_nobody_goes_on_twice(yesterday):
    restoring.must_wait(at=NOW)
    restoring.go_on(Choice.CANCEL, at=NOW, by=administrator())
    with pytest.raises(NotAllowed):
        restoring.go_on(Choice.SEND, at=NOW, by=administrator())


def test_after_going_on_the_engine_beats_as_before(yesterday):
    restoring.must_wait(at=NOW)
    restoring.go_on(Choice.CANCEL, at=NOW, by=administrator())
    before = mark().number
    tasks.beat()
    assert (mark().number, restoring.is_held()) == (before + 1, None)


def test_an_operator_tells_and_goes_on(yesterday, capsys):
    waiting()
    call_command("hold_outbox", "--if-restored")
    call_command("after_restore")
    assert "1 mails were due before the hold (0 of them solemn), 0 later." in capsys.readouterr().out
    call_command("after_restore", "--cancel")
    assert restoring.is_held() is None
    with pytest.raises(CommandError):
        call_command("after_restore", "--cancel")


def test_a_migration_finds_an_older_copy_before_anything_starts(yesterday, capsys, monkeypatch):
    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", lambda *words, **options: None)
    waiting()
    call_command("migrate", "ats")
    assert restoring.is_held() is None
    call_command("migrate")
    assert restoring.is_held() is not None
    assert "All mails are held until an administrator goes on" in capsys.readouterr().out


def test_an_operator_holds_by_hand(capsys):
    beat()
    call_command("hold_outbox", "--if-restored")
    assert restoring.is_held() is None
    call_command("hold_outbox")
    assert restoring.is_held() is not None


def test_looking_whether_it_was_brought_back_is_one_query(django_assert_num_queries):
    beat()
    with django_assert_num_queries(1):
        restoring.must_wait(at=NOW)


def test_holding_a_hundred_mails_asks_no_more_than_holding_one(yesterday, django_assert_max_num_queries):
    for number in range(5):
        waiting(f"k{number}")
    with django_assert_max_num_queries(12), connection.cursor():
        restoring.must_wait(at=NOW)
