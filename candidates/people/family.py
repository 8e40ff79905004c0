"""Who is one person by merges: everybody who was folded, straight or by others, into the same candidate."""

from __future__ import annotations

from django.db.models import Value
from django.db.models.functions import Lower

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


def found_or_made(somebody: Candidate) -> Candidate:
    """The candidate with this mail address, made when there is none, and locked until the transaction ends.

    The lock makes what one person sends wait for each other, so that the second finds the first. An address of
    somebody who was folded leads to the person who was kept; locks go the same way.
    """
    same = Candidate.objects.alias(address=Lower("email")).filter(address=Lower(Value(somebody.email)))
    found = None
    while found is None:  # whoever was erased while we waited for the lock has another address by now
        Candidate.objects.bulk_create([somebody.with_keys()], ignore_conflicts=True)
        found = same.select_for_update(no_key=True).first()
    return lock(found.merged_into_id) if found.merged_into_id else found


def lock(pk: int) -> Candidate:
    """The candidate who stands for `pk` today, locked until the transaction ends."""
    found = Candidate.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    while found.merged_into_id:
        found = Candidate.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.merged_into_id)
    return found
