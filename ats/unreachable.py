"""While the database is away nobody's words are lost: the page says so with 503, and has all that was typed.

Neither the company nor the person who asks is known then, so the page needs no more than the request itself.
"""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views import defaults

from ats.crossing import typed

# A server that goes down or comes up says so; a connection that broke, or was never made, has no state of its own.
GONE = {"", "57P01", "57P02", "57P03"}
BROKEN_CONNECTION = "08"
SOON = "10"  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody caught (`handler500`): by the plain page, or by ours while the database is away."""
    if not _is_database_away(sys.exc_info()[1]):
        return defaults.server_error(request)
    pairs = _typed_if_readable(request)
    is_form = request.method == "POST" and not request.FILES
    context = {"pairs": pairs, "is_form": is_form, "request": request, "csrf_token": get_token(request)}
    answer = HttpResponse(render_to_string("503.html", context), status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = SOON
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_database_away(error: BaseException | None) -> bool:
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state in GONE or state.startswith(BROKEN_CONNECTION)


def _typed_if_readable(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        return typed(request)
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return []
