"""What a kit says, drawn once per process: a wording never changes, and its page is opened again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from interviews.kits.models import Exercise

register = template.Library()
PART = "interviews/part.html"
MOST = 500
_drawn: dict[tuple[str, str, str, int], SafeString] = {}


@register.simple_tag
def drawn(page: str, wording: str, words: Mapping[str, Any]) -> SafeString:
    """A piece of the wording with that digest: `page` with `words`, of which `number` tells it from the others."""
    key = (page, wording, str(get_language()), words.get("number", 0))
    return _drawn.get(key) or _keep(key, render_to_string(page, {"words": words}))


@register.simple_tag(takes_context=True)
def kit_part(context: Context, form: Any, part: Mapping[str, Any]) -> SafeString:
    """One part of the kit on a card; as the wording gives it, where nothing was written there yet."""
    words = part["words"]
    key = (PART, form.wording, str(get_language()), words["number"])
    is_plain = part["is_untouched"] and words.get("exercise_kind") != Exercise.Kind.LIVE_EDIT
    if is_plain and key in _drawn:
        return _drawn[key]
    with context.push(part=part):
        shown = Engine.get_default().get_template(PART).render(context)
    return _keep(key, shown) if is_plain else shown


def _keep(key: tuple[str, str, str, int], shown: SafeString) -> SafeString:
    while len(_drawn) >= MOST:
        _drawn.pop(next(iter(_drawn)), None)
    _drawn[key] = shown
    return shown
