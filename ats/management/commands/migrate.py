"""Django's migrate, made for a database that people work in: it gives way, and one runs at a time.

A migration that must change a table waits for those who use it, and everybody who comes later waits behind it. So it
waits for at most a second, lets them all pass, and tries again. Whatever one migration did is rolled back by then;
what earlier ones did is kept, and not done twice.

Afterwards it looks whether this is an older copy that was brought back: then all mails that wait are held before web
and worker start.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.utils.timezone import now
from psycopg.errors import DeadlockDetected, LockNotAvailable

from ats.engine import restoring

PATIENCE = "1s"  # how long anybody may stand behind a migration that waits
# Who writes two tables while a migration refers to both may wait for it as it for them: PostgreSQL ends whoever looks
# for the reason, after a second. So a migration looks at once, where its role may say so, and is who gives way.
LOOK_FIRST = """SELECT set_config('deadlock_timeout', '50ms', false)
    WHERE has_parameter_privilege('deadlock_timeout', 'SET')"""
LOOK_AS_ALL_DO = """SELECT set_config(name, reset_val || unit, false) FROM pg_settings
    WHERE name = 'deadlock_timeout' AND has_parameter_privilege(name, 'SET')"""
PAUSE = 0.5  # seconds between two tries
TRIES = 600
ONE_AT_A_TIME = 0x6D696772  # the key of the lock under which migrations wait for each other


class Command(migrate.Command):
    """Brings the database to this version, beside those who work in it."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Until every migration is done.

        Raises:
            CommandError: something else holds a table for minutes.
        """
        connection = connections[options["database"]]
        with _alone(connection):
            self._try_until_done(connection, *args, **options)
        is_whole = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        # of one app, or on the way back, the table that knows may not be there
        if is_whole and restoring.must_wait(at=now()):
            self.stdout.write("All mails are held until an administrator goes on: page Engine, or after_restore.")

    def _try_until_done(self, connection: Any, *args: Any, **options: Any) -> None:
        for _try in range(TRIES):
            if self._try(connection, *args, **options):
                return
            time.sleep(PAUSE)
        raise CommandError("Something holds a table that a migration must change. End it, and run migrate again.")

    def _try(self, connection: Any, *args: Any, **options: Any) -> bool:
        """Whether it came to the end; else somebody was in the way and everybody else goes first."""
        try:
            super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            self.stdout.write(" somebody works in that table; trying again")
            _set_patience(connection)  # an atomic migration may have taken the setting back with everything else
            return False
        return True


def _set_patience(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])


def _look_first(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOOK_FIRST)


def _look_as_all_do(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOOK_AS_ALL_DO)


@contextmanager
def _alone(connection: Any) -> Iterator[None]:
    """Two installations of one version may start at once; the second one finds everything done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    _set_patience(connection)
    _look_first(connection)
    try:
        yield
    finally:
        _look_as_all_do(connection)
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
