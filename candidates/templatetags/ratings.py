"""The radio buttons and boxes of a scorecard, drawn straight: it has dozens, and a template for each takes its time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
BUTTON = '<input type="radio" name="{}" value="{}" id="{}"{}>'
CARD = '<label class="choice" for="{}">{}<span class="choice-label">{}</span>{}</label>'
LINE = '<label for="{}">{} {}</label>'
ANCHOR = '<span class="choice-text">{}</span>'
LIST = '<select name="{}" id="{}"{}>{}</select>'
OPTION = '<option value="{}"{}>{}</option>'
BOX = '<textarea name="{}" id="{}" rows="{}"{}>\n{}</textarea>'


@register.simple_tag
def choice_cards(field: BoundField, anchors: Sequence[str] = ()) -> SafeString:
    """Each choice of a field of radio buttons as a card, with its anchor where it has one."""
    lines = [*anchors, *[""] * len(_choices(field))]
    cards = [
        format_html(CARD, key, button, label, format_html(ANCHOR, line) if line else "")
        for (key, button, label), line in zip(_buttons(field), lines, strict=False)
    ]
    return mark_safe("".join(cards))


@register.simple_tag
def choice_line(field: BoundField) -> SafeString:
    """Each choice of a field of radio buttons, side by side."""
    return mark_safe("".join(format_html(LINE, *button) for button in _buttons(field)))


@register.simple_tag
def choice_list(field: BoundField) -> SafeString:
    """A field of choices as a list that folds."""
    given = str(field.value() or "")
    options = [
        format_html(OPTION, value, SafeString(" selected") if str(value) == given else "", label)
        for value, label in _choices(field)
    ]
    wrong = SafeString(' aria-invalid="true"' if field.form.is_bound and field.errors else "")
    return format_html(LIST, field.html_name, field.auto_id, wrong, mark_safe("".join(options)))


@register.simple_tag
def text_box(field: BoundField, placeholder: str = "") -> SafeString:
    """A box for text. It has no maxlength, which cuts what is pasted and says nothing."""
    told = format_html(' placeholder="{}"', placeholder) if placeholder else SafeString("")
    if field.form.is_bound and field.errors:
        told += format_html(' aria-invalid="true" aria-describedby="{}_error"', field.auto_id)
    elif field.help_text:
        told += format_html(' aria-describedby="{}_helptext"', field.auto_id)
    value, rows = field.value(), field.field.widget.attrs.get("rows", 3)
    return format_html(BOX, field.html_name, field.auto_id, rows, told, "" if value is None else value)


def _buttons(field: BoundField) -> list[tuple[str, SafeString, Any]]:
    """Of each choice its id, its button and its label."""
    given: Any = field.value()
    chosen, name, key = "" if given is None else str(given), field.html_name, field.auto_id
    told = SafeString(' aria-invalid="true"' if field.form.is_bound and field.errors else "")
    told += SafeString(" required" if field.field.required else "")
    checked = told + SafeString(" checked")
    return [
        (
            f"{key}_{number}",
            format_html(BUTTON, name, value, f"{key}_{number}", checked if str(value) == chosen else told),
            label,
        )
        for number, (value, label) in enumerate(_choices(field))
    ]


def _choices(field: BoundField) -> Any:
    return field.field.choices  # type: ignore[attr-defined]
