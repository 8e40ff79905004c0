"""The desk tells times in the time zone of whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

PLACES = ("/admin/", "/desk/")


class DeskZoneMiddleware:
    """On the desk's own pages alone: public pages must not ask for a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's zone."""
        if not request.path.startswith(PLACES):
            return self.get_response(request)
        with timezone.override(_zone(request)):
            return self.get_response(request)


def _zone(request: HttpRequest) -> ZoneInfo | None:
    """None, which is the installation's zone, for strangers and for a zone that does not exist."""
    try:
        return ZoneInfo(request.user.zone) if request.user.is_authenticated else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
