"""Every request has an id: in its log lines, its answer, its spans, and in the tasks that its commit rings for."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ats.engine import logs, tracing

SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")
HEADER = "X-Request-ID"
logger = logging.getLogger("rapport.request")


class RequestMiddleware:
    """The outermost one. It tells the way of a request by its route, never by its address, which may hold a token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the id that came along, if it is sane, or one of our own."""
        given, began = request.headers.get(HEADER, ""), time.monotonic()
        request_id = given if SANE.fullmatch(given) else uuid.uuid4().hex
        with logs.telling(request_id=request_id), tracing.span(f"request {request.method}", kind="server") as span:
            response = self.get_response(request)
            route = route_of(request)
            took = round(time.monotonic() - began, 4)
            tracing.tell(span, http__request__method=request.method or "", http__route=route)
            tracing.tell(span, http__response__status_code=response.status_code, rapport__request=request_id)
            told = {"method": request.method, "path": route, "status": response.status_code, "seconds": took}
            level = logging.DEBUG if route in QUIET else logging.INFO
            logger.log(level, "%s %s %s in %.3f s", request.method, route, response.status_code, took, extra=told)
        response[HEADER] = request_id
        return response


QUIET = {"/healthz", "/readyz", "/metrics"}


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, as `/my/<str:token>/`; of an unknown address only that it was unknown."""
    match = request.resolver_match
    return f"/{match.route}" if match else "(unknown)"
