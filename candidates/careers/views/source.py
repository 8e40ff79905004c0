"""Where somebody came from: the parameters of the link that they followed."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST_SOURCE = 80


def source_of(request: HttpRequest) -> str:
    """The link's `source`."""
    return request.GET.get("source", "")[:LONGEST_SOURCE]
