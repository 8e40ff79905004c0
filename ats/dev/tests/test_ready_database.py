"""The database that tests begin with is copied from one that was migrated."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ats.dev import ready_database


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_a_changed_migration_asks_for_another_one(tmp_path, monkeypatch):
    (tmp_path / "app" / "migrations").mkdir(parents=True)
    (tmp_path / "requirements-dev.lock").touch()
    migration = tmp_path / "app" / "migrations" / "0001_one.py"
    migration.write_text("operations = []")
    monkeypatch.setattr(ready_database, "ROOT", tmp_path)
    before = ready_database.fingerprint()
    migration.write_text("operations = [None]")
    assert ready_database.fingerprint() != before
