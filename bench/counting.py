"""How many queries a page takes, told in a header to those who ask, so that timed requests pay nothing for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASKED = "X-Count-Queries"
TOLD = "X-Queries"


class CountQueries:
    """Middleware: a request with the header `X-Count-Queries` is answered with `X-Queries: <number>`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and count when asked to."""
        if ASKED not in request.headers:
            return self.get_response(request)
        counter = Counter()
        with connection.execute_wrapper(counter):
            response = self.get_response(request)
        response[TOLD] = str(counter.queries)
        return response


class Counter:
    """Counts what the database is asked."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        """Count, and let it through."""
        self.queries += 1
        return execute(sql, params, many, context)
