"""Who is one person by merges: everybody who was folded, straight or by others, into the same candidate."""

from __future__ import annotations

from candidates.people.models import Candidate


def head(candidate: Candidate) -> Candidate:
    """The candidate who stands for `candidate` today; mostly itself."""
    while candidate.merged_into_id:
        candidate = Candidate.objects.get(pk=candidate.merged_into_id)
    return candidate


def members(candidate: Candidate) -> list[int]:
    """The keys of all candidates who are one person with `candidate`, the head first."""
    found: list[int] = []
    newest = [head(candidate).pk]
    while newest:
        found += newest
        newest = list(Candidate.objects.filter(merged_into__in=newest).values_list("pk", flat=True))
    return found
