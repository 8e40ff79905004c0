"""Whether the database has every migration of this code (F41): new code that meets an old schema is not ready."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

MOST_NAMED = 5


def pending() -> list[str]:
    """What this code still waits for, "app.name" each, in order; a schema newer than the code lacks nothing.

    One query of some two hundred names. The answer is not remembered: an older database may be brought back under a
    running process.

    Raises:
        Error: the database does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return sorted(_wanted())
        cursor.execute("SELECT app || '.' || name FROM django_migrations")
        applied = {name for (name,) in cursor.fetchall()}
    return sorted(_wanted() - applied)


def in_words(missing: list[str]) -> str:
    """What lacks, in a line."""
    named = ", ".join(missing[:MOST_NAMED])
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return f"schema (older than the code: run migrate; {named}{more} missing)"


@cache
def _wanted() -> frozenset[str]:
    """The migrations that lie on the disk, by their file names: none of them needs to be imported for that."""
    return frozenset(f"{config.label}.{name}" for config in apps.get_app_configs() for name in _names(config.label))


def _names(label: str) -> list[str]:
    module, _is_set = MigrationLoader.migrations_module(label)
    try:
        package = importlib.import_module(module) if module else None
    except ModuleNotFoundError:
        return []
    found = pkgutil.iter_modules(package.__path__) if package else ()
    return [one.name for one in found if not one.ispkg and one.name[0] not in "_~"]
