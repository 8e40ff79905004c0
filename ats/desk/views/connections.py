"""Which help desks are asked for figures by themselves, how that goes, and a button to ask one now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ats.desk import roles
from candidates.pipeline import NotAllowed
from trials.figures.desks import actions, connections
from trials.figures.models import Agent, FigureFetch


@dataclass(frozen=True)
class Connection:
    """One help desk. `state` is one of off, new, asking, failed, partly, fine."""

    tool: str
    name: str
    settings: tuple[str, ...]
    state: str
    row: FigureFetch | None

    @property
    def error(self) -> str:
        """What went wrong the last time, for people."""
        return _(self.row.error) if self.row and self.row.error else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """All help desks that can be connected; a POST asks one now."""
    if not roles.is_recruiter(request.user):
        raise PermissionDenied
    at = now()
    if request.method == "POST":
        _ask(request, request.POST.get("tool", ""), at)
        return redirect("desk:connections")
    found = _all(at)
    context = {
        **admin.site.each_context(request),
        "title": _("Connections to help desks"),
        "connections": found,
        "is_any_on": any(one.state != "off" for one in found),
        "unmatched": Agent.objects.filter(part=Agent.Part.NEW)[:1000].count(),
        "days": actions.DAYS.days,
    }
    return render(request, "desk/connections.html", context)


def _ask(request: HttpRequest, tool: str, at: datetime) -> None:
    try:
        actions.ask_now(tool, at=at)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is asked in a moment. Look at this page again in a minute."))


def _all(at: datetime) -> list[Connection]:
    rows = {row.tool: row for row in FigureFetch.objects.all()}
    on = connections.configured()
    return [
        Connection(
            tool=str(tool),
            name=str(tool.label),
            settings=connections.SETTINGS[tool],
            state=_state(rows.get(tool), at) if tool in on else "off",
            row=rows.get(tool),
        )
        for tool in connections.TOOLS
    ]


def _state(row: FigureFetch | None, at: datetime) -> str:
    if row is not None and row.claimed_at and row.claimed_at > at - actions.LEASE:
        return "asking"
    if row is None or row.tried_at is None:
        return "new"
    if not row.error:
        return "fine"
    return "partly" if actions.succeeded(row) else "failed"
