"""Starting over: emptying the database of a machine where nothing is lost by that."""

from __future__ import annotations

from functools import partial

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import connection, transaction
from django.db.models import Model

from candidates.people.models import Document

OURS = ("ats", "candidates", "interviews", "references", "trials")


@transaction.atomic
def empty() -> None:
    """Empty all tables of ours and remove the stored documents.

    TRUNCATE, because the database refuses to delete events and locked scorecards row by row. Numbers go on counting,
    so that no link of an old mail opens a new row.

    Raises:
        CommandError: this may be a production database.
    """
    if not (settings.DEBUG or settings.MAILBOX_DIR):
        raise CommandError("Not emptied: without DEBUG and without a local mailbox this may be a real company's data.")
    files = list(Document.objects.values_list("file", flat=True))
    tables = [model._meta.db_table for model in _models()]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or what this transaction wrote before stands in the way
        cursor.execute(f"TRUNCATE {', '.join(connection.ops.quote_name(table) for table in tables)} CASCADE")
    for name in files:
        transaction.on_commit(partial(default_storage.delete, name))


def _models() -> list[type[Model]]:
    ours = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return [*ours, Session]
