"""What differs between what a colleague saved and what somebody typed meanwhile, in the words of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BoundField, ChoiceField, FileField, ModelChoiceField
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ats.desk.editing.shown import Shown, digest, row_key

THEIRS, YOURS, BOTH = "theirs", "yours", "both"


@dataclass(frozen=True)
class Difference:
    """One field, or one row below the form, in both versions; `changed` tells whose doing it is."""

    place: str  # the row, in words; empty for the form itself
    label: str
    theirs: str
    yours: str
    changed: str


def of_form(fresh: Any, typed: Any, shown: Shown, *, start: str = "", place: str = "") -> Iterator[Difference]:
    """The fields in which what was typed is not what the database holds now.

    Args:
        fresh: the form, unbound, over what the database holds.
        typed: the same form, bound to what was typed.
        shown: what the person saw when they opened it.
        start: how the digests of this form begin.
        place: the row that it is about.
    """
    for name in typed.changed_data:
        if name in fresh.fields and not typed.fields[name].disabled and name != "DELETE":
            changed = _whose(fresh, typed, shown, start, name)
            yield Difference(place, str(fresh[name].label), stored(fresh, name), given(typed, name), changed)


def of_rows(fresh: Any, typed: Any, shown: Shown) -> Iterator[Difference]:
    """The rows that were changed, added or deleted by either, of one formset in its two states."""
    rows = {str(row.instance.pk): row for row in fresh.initial_forms}
    kind = str(fresh.model._meta.verbose_name)
    seen = set()
    for row in typed.initial_forms:
        pk = key_of(typed, row)
        seen.add(pk)
        is_dropped = is_deleted(typed, row)
        if pk not in rows:
            if not is_dropped:
                yield Difference(_named(kind, ""), "", _("deleted"), _words_of(row), THEIRS)
        elif is_dropped:
            whose = BOTH if _is_changed(rows[pk], shown, fresh.prefix, pk) else YOURS
            yield Difference(_named(kind, rows[pk].instance), "", _words_of_stored(rows[pk]), _("deleted"), whose)
        else:
            place, start = _named(kind, rows[pk].instance), row_key(fresh.prefix, pk)
            yield from of_form(rows[pk], row, shown, start=start, place=place)
    for pk, row in rows.items():
        if pk not in seen and row_key(fresh.prefix, pk) not in shown.digests:
            told = _("not there; theirs stays")
            yield Difference(_named(kind, row.instance), "", _words_of_stored(row), told, THEIRS)
    for row in typed.extra_forms:
        if row.has_changed() and not is_deleted(typed, row):
            yield Difference(_named(kind, ""), "", _("not there"), _words_of(row), YOURS)


def key_of(formset: Any, row: Any) -> str:
    """The primary key that a row of a bound formset says it is about, as text."""
    return str(formset.data.get(f"{row.prefix}-{formset.model._meta.pk.name}", ""))


def is_deleted(formset: Any, row: Any) -> bool:
    """Whether its box is ticked; the formset itself says so only while no row has a mistake."""
    return bool(formset.can_delete and not row.errors.get("DELETE") and row.cleaned_data.get("DELETE"))


def stored(form: BaseForm, name: str) -> str:
    """What the database holds, as a person reads it."""
    field = form.fields[name]
    value = form.get_initial_for_field(field, name)
    if isinstance(field, ModelChoiceField) and not isinstance(value, Model | list | tuple):
        try:
            value = field.to_python(value)
        except ValidationError:
            value = None
    return _in_words(value, field)


def given(form: BaseForm, name: str) -> str:
    """What was typed, as a person reads it: cleaned where it could be, else as it came."""
    field = form.fields[name]
    bound: BoundField = form[name]
    if isinstance(field, FileField):
        return str(bound.data or EMPTY)
    return _in_words(bound.data if name in form.errors else form.cleaned_data.get(name), field)


def _whose(fresh: Any, typed: Any, shown: Shown, start: str, name: str) -> str:
    field = fresh.fields[name]
    before = shown.digests.get(start + name)
    if before == digest(fresh.get_initial_for_field(field, name), field):
        return YOURS
    is_mine_too = name in typed.errors or before != digest(typed.cleaned_data.get(name), field)
    return BOTH if is_mine_too else THEIRS


def _is_changed(row: Any, shown: Shown, prefix: str, pk: str) -> bool:
    start = row_key(prefix, pk)
    fields = {name: field for name, field in row.fields.items() if not field.disabled}
    return any(
        shown.digests.get(start + name) != digest(row.get_initial_for_field(field, name), field)
        for name, field in fields.items()
    )


def _named(kind: str, instance: Any) -> str:
    return capfirst(f"{kind}: {instance}" if instance else kind)


def _words_of(row: Any) -> str:
    """Everything that was typed into a row."""
    return _lines((str(row[name].label), given(row, name)) for name in row.changed_data or row.fields)


def _words_of_stored(row: Any) -> str:
    """Everything that the database holds of a row."""
    return _lines((str(row[name].label), stored(row, name)) for name in row.fields)


def _lines(pairs: Iterator[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {words}" for label, words in pairs if label and words != EMPTY)


EMPTY = "–"


def _in_words(value: Any, field: Any) -> str:
    if value is None or value == "" or value == []:
        return EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(localtime(value) if value.tzinfo else value, "j M Y, H:i")
    if isinstance(value, list | tuple | QuerySet):
        return "\n".join(_in_words(one, field) for one in value) or EMPTY
    if isinstance(field, ChoiceField) and not isinstance(value, Model):
        return str(_labels(field).get(str(value), value))
    return str(value)


def _labels(field: Any) -> dict[str, str | Promise]:
    """The names of a field's choices. Rows of other tables tell their own."""
    if isinstance(field, ModelChoiceField):
        return {}
    return {str(key): label for key, label in field.choices if not isinstance(label, list | tuple)}
