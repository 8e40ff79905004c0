"""F41 to F43: migrations that old code can live with, that nobody waits for, and that end well after a crash."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Index
from django.db.models.fields import NOT_PROVIDED, CharField, IntegerField

from ats.management.commands import migrate
from candidates.beside_writers import IndexBesideWriters
from candidates.models import Message

# The last migration of each app in the release before; what comes after it meets code of that release at work.
RELEASED = {
    "ats": "0002_importing_and_rejections",
    "candidates": "0015_words_may_be_erased",
    "interviews": "0005_standing_in",
    "references": "0005_prints_of_references",
    "trials": "0004_what_follows_a_hire",
}
# Constraints on tables that old code writes, each looked at: old code writes nothing that they refuse.
HARMLESS = {"document_kind_known", "digest_hour_of_the_day"}
CHANGED_BY_SQL = re.compile(r"(?:ALTER TABLE|TRIGGER\b[^;]*? ON)\s+(\w+)")
GONE = (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)


def complaints(migration, before: ProjectState) -> Iterator[str]:
    """What old code could not live with, or what would keep people waiting."""
    label = migration.app_label
    # Who reads two tables while one transaction changes both waits for it as it for them (F42).
    changed = {name for one in migration.operations for name in _changed(one, label, before)}
    if len(changed) > 1 and migration.atomic:
        yield f"{label}.{migration.name}: changes {', '.join(sorted(changed))} at once; make a migration for each"
    for operation in migration.operations:
        old = before.models.get((label, getattr(operation, "model_name_lower", "")))
        yield from (f"{label}.{migration.name}: {told}" for told in _of(operation, old))


def _changed(operation, label, before) -> list[str]:
    """The tables that people may work in and that this operation changes."""
    if isinstance(operation, ops.RunSQL):
        return CHANGED_BY_SQL.findall(str(operation.sql))
    name = getattr(operation, "model_name_lower", "")
    is_old = (label, name) in before.models and not isinstance(operation, AddIndexConcurrently)
    return [name] if is_old else []


def _of(operation, old) -> Iterator[str]:
    if isinstance(operation, GONE):
        yield f"{operation.describe()}: old code still reads it; use SeparateDatabaseAndState, drop it a release later"
    elif isinstance(operation, ops.AddField) and old and not _is_optional(operation.field):
        yield f"{operation.describe()}: old code leaves it out of its inserts; give it db_default or null"
    elif isinstance(operation, ops.AlterField) and old:
        yield from _of_change(operation, old.fields[operation.name])
    elif isinstance(operation, ops.AddIndex) and old and not isinstance(operation, AddIndexConcurrently):
        yield f"{operation.describe()}: writers wait while it is built; use IndexBesideWriters"
    elif isinstance(operation, ops.AddConstraint) and old and operation.constraint.name not in HARMLESS:
        yield f"{operation.describe()}: does old code keep it? Look, and name it in HARMLESS"
    elif isinstance(operation, ops.RunPython | ops.RunSQL) and not operation.reversible:
        yield "cannot be taken back"


def _is_optional(field) -> bool:
    return field.null or field.db_default is not NOT_PROVIDED or field.many_to_many


def _of_change(operation, old) -> Iterator[str]:
    if old.null and not operation.field.null and not _is_optional(operation.field):
        yield f"{operation.describe()}: old code writes nulls"
    if _type(old) != _type(operation.field):
        yield f"{operation.describe()}: another type rewrites the table, and old code may not know it"


def _type(field) -> str | None:
    return field.related_model if field.is_relation else field.db_parameters(connection)["type"]


@pytest.mark.django_db
def test_old_code_can_live_with_every_migration_since_the_last_release():
    loader = MigrationLoader(connection)
    new = [
        (label, name)
        for label, name in loader.disk_migrations
        if label in RELEASED and name.partition("_")[0] > RELEASED[label].partition("_")[0]
    ]
    assert new
    told = []
    for key in sorted(new):
        told += complaints(loader.disk_migrations[key], loader.project_state(key, at_end=False))
    assert not told, "\n".join(told)


def state(**fields) -> ProjectState:
    found = ProjectState()
    found.add_model(ModelState("candidates", "Thing", list(fields.items())))
    return found


@pytest.mark.parametrize(
    "operation",
    [
        ops.AddField("thing", "more", IntegerField(default=1)),
        ops.RemoveField("thing", "name"),
        ops.RenameField("thing", "name", "title"),
        ops.DeleteModel("thing"),
        ops.AlterField("thing", "name", CharField(max_length=5)),
        ops.AlterField("thing", "name", IntegerField(null=True)),
        ops.AddIndex("thing", Index(fields=["name"], name="by_name")),
        ops.RunSQL("SELECT 1"),
    ],
)
def test_what_old_code_cannot_live_with_is_found(operation, db):
    migration = Migration("0099_bad", "candidates")
    migration.operations = [operation]
    assert list(complaints(migration, state(name=CharField(max_length=5, null=True))))


def test_a_migration_of_two_tables_is_found(db):
    before = state(name=CharField(max_length=5))
    before.add_model(ModelState("candidates", "Other", [("name", CharField(max_length=5))]))
    migration = Migration("0099_both", "candidates")
    migration.operations = [ops.AddField(one, "more", IntegerField(null=True)) for one in ("thing", "other")]
    assert any("at once" in told for told in complaints(migration, before))
    migration.operations = migration.operations[:1]
    assert not list(complaints(migration, before))
    new = [f"CREATE TRIGGER stays BEFORE UPDATE ON {table} EXECUTE FUNCTION f()" for table in ("a", "b")]
    migration.operations = [ops.RunSQL(new, "")]
    assert any("at once" in told for told in complaints(migration, before))


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


INVALID = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'message_by_its_id'::regclass"


def build(name: str) -> None:
    """The operation as a migration runs it."""
    index = next(one for one in Message._meta.indexes if one.name == name)
    states = MigrationLoader(connection).project_state()
    with connection.schema_editor(atomic=False) as editor:
        IndexBesideWriters("message", index).database_forwards("candidates", editor, states, states)


def is_valid(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        return cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
def test_an_index_whose_build_was_killed_is_built_anew():
    with connection.cursor() as cursor:
        cursor.execute(INVALID)
    assert not is_valid("message_by_its_id")
    build("message_by_its_id")
    assert is_valid("message_by_its_id")


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_built_but_not_recorded_is_left_alone():
    build("message_by_its_id")
    assert is_valid("message_by_its_id")


@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_way_to_who_holds_its_table(monkeypatch):  # F42
    """The second try meets nobody; the first one gave up within its patience and left nothing behind."""
    monkeypatch.setattr(migrate, "PATIENCE", "50ms")
    tries = []

    def handle(command, *args, **options):
        tries.append(options)
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("50ms",)
        if len(tries) == 1:
            holder = connection.copy()
            try:
                with holder.cursor() as cursor:
                    cursor.execute("BEGIN; LOCK TABLE candidates_message IN ACCESS SHARE MODE")
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("ALTER TABLE candidates_message ADD COLUMN never int")
            finally:
                holder.close()

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", handle)
    monkeypatch.setattr(migrate, "PAUSE", 0)
    call_command("migrate", verbosity=0)
    assert len(tries) == 2
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(transaction=True)
def test_of_a_migration_and_a_reader_who_wait_for_each_other_the_migration_gives_way(monkeypatch):  # F42
    reader, pool, waiting, tries = connection.copy(), ThreadPoolExecutor(1), [], []
    reader.inc_thread_sharing()

    def read_another_table():
        with reader.cursor() as cursor:
            cursor.execute("LOCK TABLE candidates_message IN ACCESS SHARE MODE; COMMIT")

    def handle(command, *args, **options):
        tries.append(options)
        if len(tries) == 1:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("ALTER TABLE candidates_message ADD COLUMN never int")
                waiting.append(pool.submit(read_another_table))
                time.sleep(0.7)  # so that the reader would look for the reason while the migration waits, too
                cursor.execute("ALTER TABLE candidates_ask ADD COLUMN never int")

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", handle)
    with reader.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE candidates_ask IN ACCESS SHARE MODE")
    try:
        call_command("migrate", verbosity=0)
        waiting[0].result()
    finally:
        pool.shutdown()
        reader.close()
    assert len(tries) == 2
    with connection.cursor() as cursor:
        cursor.execute("SHOW deadlock_timeout")
        assert cursor.fetchone() == ("1s",)


@pytest.mark.django_db(transaction=True)
def test_another_error_of_a_migration_is_told(monkeypatch):
    def handle(command, *args, **options):
        raise OperationalError("the disk is full")

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", handle)
    with pytest.raises(OperationalError, match="disk"):
        call_command("migrate", verbosity=0)
