"""Empties the test database after a test that commits, where the server is the run's own.

Django truncates every table and makes permissions anew, which takes ten times as long as deleting the few rows.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

# What migrations write, and the roles, and no test changes.
KEPT = ("django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions")


def take_over() -> None:
    """From now on tests of this process that commit are followed by `empty`."""
    TransactionTestCase._fixture_teardown = _after_test  # type: ignore[attr-defined]


def empty() -> None:
    """Delete all rows but those of `KEPT`; triggers and foreign keys, which could object, are passed by."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = [connection.ops.quote_name(name) for name in names if name not in KEPT]
    with connection.cursor() as cursor:
        deletions = "".join(f"DELETE FROM {name};" for name in quoted)
        cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletions} COMMIT")


def _after_test(_case: Any) -> None:
    empty()
