"""What a kit says, drawn once per process: a wording never changes, and its page is opened again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST = 500
_drawn: dict[tuple[str, str, str, int], SafeString] = {}


@register.simple_tag
def drawn(page: str, wording: str, words: Mapping[str, Any]) -> SafeString:
    """A piece of the wording with that digest: `page` with `words`, of which `number` tells it from the others."""
    key = (page, wording, str(get_language()), words.get("number", 0))
    if key not in _drawn:
        while len(_drawn) >= MOST:
            _drawn.pop(next(iter(_drawn)), None)
        _drawn[key] = render_to_string(page, {"words": words})
    return _drawn[key]
