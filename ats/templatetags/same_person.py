"""What the desk tells of a person beside their data: who may be the same, what was merged, what came twice."""

from __future__ import annotations

from typing import Any

from django import template

from ats.desk import timeline
from candidates.people import duplicates
from candidates.people.models import Application, Candidate, Merge

register = template.Library()


@register.inclusion_tag("desk/duplicates_box.html", takes_context=True)
def same_person(context: Any, candidate: Candidate, application: Application | None = None) -> dict[str, Any]:
    """Who may be the same person as `candidate`, what was merged, and on the page of an application its doubles."""
    request = context["request"]
    merges = Merge.objects.filter(kept=candidate, undone_at=None).select_related("folded")
    return {
        "request": request,
        "candidate": candidate,
        "application": application,
        "likely": [] if candidate.merged_into_id else duplicates.like(candidate, request.user),
        "merges": list(merges),
        "doubles": _doubles(application) if application else [],
        "csrf_token": context.get("csrf_token"),
        "next": request.path,
    }


def _doubles(application: Application) -> list[dict[str, Any]]:
    """What else the same person sent for this job: files and what happened, but no remarks of colleagues."""
    found = application.duplicates.select_related("candidate", "job", "plan").prefetch_related("documents")
    return [
        {
            "application": one,
            "documents": list(one.documents.all()),
            "entries": timeline.entries(one, timeline.events(one), remarks=False),
        }
        for one in found.order_by("pk")
    ]
