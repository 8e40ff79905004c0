"""What the desk tells of a person beside their data: who may be the same, what was merged, what came twice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from ats.desk import identity, timeline
from candidates.people import duplicates
from candidates.people.models import Application, Candidate, Merge


def box(request: HttpRequest, candidate: Candidate, application: Application | None, *, next: str) -> dict[str, Any]:
    """The context of `desk/duplicates_box.html`; `next` is where somebody goes on who has compared two people."""
    likely = [] if candidate.merged_into_id else duplicates.like(candidate, request.user)
    unnamed = identity.unnamed_people(request.user, [one.candidate.pk for one in likely]) if likely else set()
    merges = Merge.objects.filter(kept=candidate, undone_at=None).select_related("folded")
    return {
        "candidate": candidate,
        "application": application,
        "likely": [one for one in likely if one.candidate.pk not in unnamed],
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
