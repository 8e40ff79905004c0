"""Taking words out of rows, and their names out of the log of the desk. Nothing here knows whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model, Q

from ats.privacy.places import ERASED, PLACES, Place

BATCH = 500


def let_words_go() -> None:
    """Until this transaction ends, what triggers keep as it was written may be emptied."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rapport.erasing = 'on'")


def empty(applications: Sequence[int]) -> dict[str, int]:
    """Take the words out of everything about these applications. Safe to repeat. Returns how many rows, by table."""
    touched: dict[str, int] = {}
    for place in PLACES:
        if count := _empty(place, applications):
            table = place.model._meta.db_table
            touched[table] = touched.get(table, 0) + count
    return touched


def _empty(place: Place, applications: Sequence[int]) -> int:
    """One place; the log forgets what its rows were called before they go."""
    manager = place.model._default_manager
    found = manager.filter(place.only, **{f"{place.way}__in": applications})
    keys = list(found.values_list("pk", flat=True))
    if not keys:
        return 0
    rows = manager.filter(pk__in=keys)
    forget_in_log(place.model, keys)
    if place.becomes is None:
        rows.delete()
        return len(keys)
    if place.values:
        rows.update(**place.values)
    _rewrite(place, rows)
    return len(keys)


def _rewrite(place: Place, rows: Any) -> None:
    functions = place.functions
    if not functions:
        return
    changed: list[Model] = []
    for row in rows.only("pk", *functions):
        before = {name: getattr(row, name) for name in functions}
        after = {name: function(before[name]) for name, function in functions.items()}
        if after != before:
            vars(row).update(after)
            changed.append(row)
    place.model._default_manager.bulk_update(changed, list(functions), batch_size=BATCH)


def forget_in_log(model: type[Model], keys: Iterable[object]) -> None:
    """The log of the desk calls rows by names."""
    kind = ContentType.objects.get_for_model(model)
    entries = LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
    entries.exclude(Q(object_repr=ERASED), Q(change_message="")).update(object_repr=ERASED, change_message="")
