"""Which language a page speaks to whom: what is known of the reader, unless they have chosen another here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def of_reader(request: HttpRequest, known: str) -> str:
    """The language that the reader chose on our pages, else `known`, as far as we speak it."""
    return supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")) or known


def spoken(code: str) -> str:
    """`code` as one of our languages; our first one when we do not speak it."""
    return supported(code) or settings.LANGUAGE_CODE


def supported(code: str) -> str:
    """`code` as one of our languages ("de" for "de-AT"), or nothing."""
    try:
        return translation.get_supported_language_variant(code) if code.isascii() else ""
    except LookupError:
        return ""
