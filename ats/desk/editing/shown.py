"""What a form showed when it was opened, as a token that travels with it: a digest of each value, of its rows too.

A digest per value instead of one for all, so that the page about a conflict can say who changed what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.db.models import Model, QuerySet
from django.forms import BaseForm, Field, ModelMultipleChoiceField

NAME = "rapport_shown"  # of the hidden input
SALT = "ats.desk.shown"
HELD = 12  # characters of a digest: enough to tell two values of one field apart


@dataclass(frozen=True)
class Shown:
    """When a form was opened, and the digests of what stood in it then."""

    at: datetime
    digests: dict[str, str]


def token(digests: dict[str, str], *, at: datetime) -> str:
    """What the hidden input holds."""
    return signing.dumps([int(at.timestamp()), digests], salt=SALT, compress=True)


def read(text: str | None) -> Shown | None:
    """What was shown, or None for a form that never said it or says what we never wrote."""
    try:
        at, digests = signing.loads(text or "", salt=SALT)
        return Shown(datetime.fromtimestamp(at, UTC), dict(digests))
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return None


def digests(form: Any, formsets: Iterable[Any]) -> dict[str, str]:
    """Of every value that can be changed in an unbound form and in the rows below it."""
    found = _of_form(form, "")
    for formset in formsets:
        for row in formset.initial_forms:
            start = row_key(formset.prefix, row.instance.pk)
            found |= {start: ""} | _of_form(row, start)
    return found


def row_key(prefix: str, pk: Any) -> str:
    """How the digests of a row begin; alone it tells that the row was there."""
    return f"{prefix}/{pk}/"


def digest(value: Any, field: Field) -> str:
    """Equal for equal values, whether they come from the database or were cleaned by the field."""
    plain = _plain(value)
    if isinstance(field, ModelMultipleChoiceField) and isinstance(plain, list):
        plain = sorted(plain, key=str)
    return hashlib.sha256(repr(plain).encode(errors="backslashreplace")).hexdigest()[:HELD]


def _of_form(form: BaseForm, start: str) -> dict[str, str]:
    fields = {name: field for name, field in form.fields.items() if not field.disabled}
    return {start + name: digest(form.get_initial_for_field(field, name), field) for name, field in fields.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple | set | QuerySet):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return str(value).replace("\r\n", "\n")
    return "" if value is None else value
