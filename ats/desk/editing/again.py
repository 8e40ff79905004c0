"""What somebody typed, made ready to be sent once more over what a colleague saved."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from django.http import QueryDict

from ats.desk.editing.differences import is_deleted, key_of
from ats.desk.editing.shown import NAME

OURS = {NAME, "csrfmiddlewaretoken"}


def pairs(post: QueryDict, formsets: list[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Every name and value as it was sent; a row that a colleague deleted meanwhile comes as a new one.

    Args:
        post: what was sent.
        formsets: each as the database has it now, and bound to what was sent.
    """
    data = {name: post.getlist(name) for name in post if name not in OURS}
    for fresh, typed in formsets:
        there = {str(row.instance.pk) for row in fresh.initial_forms}
        gone = [row for row in typed.initial_forms if key_of(typed, row) not in there]
        if gone:
            data = _renumbered(data, typed, gone)
    return [(name, value) for name, values in data.items() for value in values]


def _renumbered(data: dict[str, list[str]], typed: Any, gone: list[Any]) -> dict[str, list[str]]:
    """Rows that are there first, as the admin counts them; then those to be made, then those that were new anyhow."""
    pattern = re.compile(rf"{re.escape(typed.prefix)}-(\d+)-(.+)", re.DOTALL)
    rows: dict[int, dict[str, list[str]]] = defaultdict(dict)
    rest = {}
    for name, values in data.items():
        if found := pattern.fullmatch(name):
            rows[int(found[1])][found[2]] = values
        else:
            rest[name] = values
    lost = {_number(row) for row in gone}
    dropped = {_number(row) for row in gone if is_deleted(typed, row)}
    kept = [_number(row) for row in typed.initial_forms if _number(row) not in lost]
    new = [_number(row) for row in typed.extra_forms]
    for number in lost:
        rows[number][typed.model._meta.pk.name] = [""]
    order = [*kept, *sorted(lost - dropped), *new]
    rest[f"{typed.prefix}-INITIAL_FORMS"] = [str(len(kept))]
    rest[f"{typed.prefix}-TOTAL_FORMS"] = [str(len(order))]
    for number, old in enumerate(order):
        rest |= {f"{typed.prefix}-{number}-{name}": values for name, values in rows[old].items()}
    return rest


def _number(row: Any) -> int:
    return int(row.prefix.rpartition("-")[2])
