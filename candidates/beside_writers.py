"""Indexes that a migration makes while people work, and makes again when it was killed half way.

A plain index locks its table against writers until it is built. One built concurrently does not, but a killed build
leaves an index that PostgreSQL calls invalid (it is kept up to date and never used), and a build that was done but not
yet recorded would be refused as there already. Both are seen to here.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"


class IndexBesideWriters(AddIndexConcurrently):
    """As `AddIndexConcurrently`, and right when it is run once more after any crash."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Nothing when the index is there; an invalid one is dropped and built anew."""
        is_valid = _is_valid(schema_editor, str(self.index.name))
        if is_valid:
            return
        # A build waits for older transactions, and nobody waits for it: it may take its time.
        before = _patience(schema_editor)
        schema_editor.execute("SET lock_timeout = 0")
        try:
            if is_valid is False:
                name = schema_editor.quote_name(str(self.index.name))
                schema_editor.execute(f"DROP INDEX CONCURRENTLY {name}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.execute("SELECT set_config('lock_timeout', %s, false)", [before])


def _is_valid(schema_editor: Any, name: str) -> bool | None:
    """None when there is no index of that name."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(VALID, [schema_editor.quote_name(name)])
        found = cursor.fetchone()
    return found[0] if found else None


def _patience(schema_editor: Any) -> str:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])
