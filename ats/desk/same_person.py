"""What the desk tells of a person beside their data: who may be the same, what was merged, what came twice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from ats.desk import timeline
from candidates.people import duplicates
from candidates.people.models import Application, Candidate, Merge


def box(request: HttpRequest, candidate: Candidate, application: Application | None, *, next: str) -> dict[str, Any]:
    """The context of `desk/duplicates_box.html`; `next` is where somebody goes on who has compared two people."""
    merges = Merge.objects.filter(kept=candidate, undone_at=None).select_related("folded")
    return {
        "candidate": candidate,
        "application": application,
        "likely": [] if candidate.merged_into_id else duplicates.like(candidate, request.user),
        "merges": list(merges),
        "doubles": _doubles(application) if application else [],
        "next": next,
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
