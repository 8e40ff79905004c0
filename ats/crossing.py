"""Two requests that wait for each other's rows: PostgreSQL ends one of them, whole; its person is asked to press again.

Locks are taken in one order (see candidates/pipeline.py), so this is rare. A request is not run again by itself: a file
that was sent is read already, and a page that acts in several steps may have done the first. The person gets all that
was typed back behind one button.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Deadlock, a lock that was waited for too long, a serialization failure: in each the transaction is gone as a whole.
CROSSED = {"40P01", "55P03", "40001"}


class CrossingMiddleware:
    """Says in words, with 503, what would be a 500 without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before and nothing after."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, when two requests were in each other's way."""
        if not isinstance(exception, OperationalError) or getattr(exception.__cause__, "sqlstate", "") not in CROSSED:
            return None
        context = {"pairs": typed(request), "is_form": request.method == "POST" and not request.FILES}
        answer = render(request, "crossed.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer.headers["Retry-After"] = "1"
        answer.headers["Cache-Control"] = "no-store"
        return answer


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """All that was sent but for the proof against forgery, which the page has anew; passwords are typed again."""
    names = [name for name in request.POST if name != "csrfmiddlewaretoken" and "password" not in name]
    return [(name, value) for name in names for value in request.POST.getlist(name)]
