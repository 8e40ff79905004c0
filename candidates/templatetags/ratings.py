"""The choices of a rating, drawn straight: a scorecard has dozens, and a template per radio button takes its time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField

register = template.Library()


@register.simple_tag
def choices_of(field: BoundField, anchors: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each choice of a field of radio buttons, with its anchor where it has one."""
    given: Any = field.value()
    chosen = "" if given is None else str(given)
    choices: Any = field.field.choices  # type: ignore[attr-defined]
    lines = [*anchors, *[""] * len(choices)]
    return [
        {
            "id": f"{field.auto_id}_{number}",
            "value": value,
            "label": label,
            "anchor": lines[number],
            "is_chosen": str(value) == chosen,
        }
        for number, (value, label) in enumerate(choices)
    ]
