"""Whom the rows of a chunk are about: found among those we know, made where we know nobody, locked while we write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from ats.importing.rows import Entry
from candidates.people.models import Application, Candidate

Pair = tuple[int, int]  # a job and a candidate


class People:
    """Candidates by address, and by the mailbox behind it; who was merged stands for whom they were merged into."""

    def __init__(self, found: Sequence[Candidate], kept: dict[int, Candidate]) -> None:
        self._kept = kept
        self._by_key = {one.email_key: one for one in reversed(found) if one.email_key}
        self._by_address = {one.email.lower(): one for one in found}

    def find(self, person: Candidate) -> Candidate | None:
        """Who has the address of `person`, or else the same mailbox; the oldest of several."""
        found = self._by_address.get(person.email.lower()) or self._by_key.get(person.email_key)
        return self._kept[found.pk] if found else None


def look(entries: Iterable[Entry]) -> People:
    """Those of `entries` whom we know, without a lock."""
    return _people(entries, Candidate.objects.all())


def make(entries: Sequence[Entry]) -> People:
    """Everybody in `entries`; new ones are made, and all are locked until the transaction ends.

    New ones are written and old ones locked in a fixed order, so that two imports wait for each other and never both.
    What we know of a person already is not overwritten.
    """
    known = look(entries)
    new = {entry.person.email.lower(): entry.person for entry in entries if known.find(entry.person) is None}
    Candidate.objects.bulk_create([new[address] for address in sorted(new)], ignore_conflicts=True)
    return _people(entries, Candidate.objects.select_for_update(no_key=True))


def applications(people: People, entries: Sequence[Entry]) -> dict[Pair, int]:
    """The newest application of each of `people` for each job of `entries`, open or closed."""
    persons = {found.pk for entry in entries if (found := people.find(entry.person))}
    own = Application.objects.filter(job__in={entry.job.pk for entry in entries}, candidate__in=persons)
    return {(job, person): pk for pk, job, person in own.order_by("pk").values_list("pk", "job_id", "candidate_id")}


def _people(entries: Iterable[Entry], candidates: QuerySet[Candidate]) -> People:
    persons = [entry.person for entry in entries]
    by_address = Q(address__in={person.email.lower() for person in persons})
    by_key = Q(email_key__in={person.email_key for person in persons})
    found = list(candidates.annotate(address=Lower("email")).filter(by_address | by_key).order_by("pk"))
    return People(found, _kept(found, candidates))


def _kept(found: Sequence[Candidate], candidates: QuerySet[Candidate]) -> dict[int, Candidate]:
    """For each of `found` the one who is kept: themselves, or whom they were merged into, however often."""
    known = {one.pk: one for one in found}
    while missing := {one.merged_into_id for one in known.values() if one.merged_into_id} - set(known):
        known |= {one.pk: one for one in candidates.filter(pk__in=missing).order_by("pk")}
    return {one.pk: _end(one, known) for one in found}


def _end(one: Candidate, known: dict[int, Candidate]) -> Candidate:
    while one.merged_into_id:
        one = known[one.merged_into_id]
    return one
