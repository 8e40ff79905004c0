"""Who may be the same person: found by mailbox, number and name, each with its reason, the surest first.

Two rows with one mailbox or one number are probably one person. A name alone is a weak sign and stands last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Upper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.people import identity
from candidates.people.actors import Actor
from candidates.people.models import Apart, Application, Candidate

LIKENESS = 0.4  # of trigrams: "Ana María López" and "Ana Maria Lopez" share 0.45; what is too much is sorted out after
MOST_READ = 50
MOST_SHOWN = 5
SPARE = 3  # so many times a page is read: some pairs were told apart, or half of them is not to be seen
KEYS = ("email_key", "phone_key")
REASONS: dict[str, str | Promise] = {
    "email": _("same mailbox"),
    "phone": _("same phone"),
    "name": _("same name"),
    "alike": _("similar name"),
}
WEIGHTS = {"email": 8, "phone": 4, "name": 2, "alike": 1}


@dataclass(frozen=True)
class Likeness:
    """Somebody who may be the same person as another, and what tells it."""

    candidate: Candidate
    signs: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How sure it is, against others."""
        return sum(WEIGHTS[sign] for sign in self.signs)

    @property
    def reasons(self) -> str:
        """In words: "same phone, similar name"."""
        return ", ".join(str(REASONS[sign]) for sign in self.signs)


@dataclass(frozen=True)
class Pair:
    """Two people on the list of pairs; `newer` came after `older`."""

    newer: Candidate
    older: Candidate
    reasons: str


def visible_to(user: Any) -> QuerySet[Candidate]:
    """The people whom `user` may see: by an application, or in the talent pool. Who was folded is nobody any more."""
    people = Candidate.objects.filter(merged_into=None)
    if user.is_superuser:
        return people
    seen = Q(Exists(Application.objects.visible_to(user).filter(candidate=OuterRef("pk")).order_by()))
    if user.is_active and user.is_staff and user.has_perm("candidates.view_poolmember"):
        seen |= Q(pool__confirmed_at__isnull=False)
    return people.filter(seen)


def like(candidate: Candidate, user: Any) -> list[Likeness]:
    """Those whom `user` may see and who may be the same person as `candidate`, the surest first. Three queries."""
    found = _read(candidate, visible_to(user).exclude(pk=candidate.pk).filter(~Exists(_told_apart(candidate))))
    likely = [Likeness(other, signs) for other in found if (signs := _signs(candidate, other))]
    return sorted(likely, key=lambda one: (-one.weight, one.candidate.pk))[:MOST_SHOWN]


def pairs(user: Any, *, before: int | None = None, most: int = 50) -> list[Pair]:
    """Pairs with one mailbox or one number, the newest person first; each with the oldest who has the same.

    Args:
        user: who looks.
        before: the key of the last newer person of the page before.
        most: how many at most.
    """
    found: dict[tuple[int, int], None] = {}
    for key in KEYS:
        for pair in _paired(user, key, before, most):
            found.setdefault(pair)
    keys = _whole(sorted(found, reverse=True), most)
    people = Candidate.objects.in_bulk({pk for pair in keys for pk in pair})
    shown = [(people[newer], people[older]) for newer, older in keys]
    return [Pair(newer, older, Likeness(older, _signs(newer, older)).reasons) for newer, older in shown]


def reasons(one: Candidate, other: Candidate) -> str:
    """What tells that these two may be one, in words; nothing when nothing does."""
    return Likeness(other, _signs(one, other)).reasons


def tell_apart(one: Candidate, other: Candidate, *, at: datetime, by: Actor) -> None:
    """Remember that two people who look like one are two; saying it again changes nothing."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    told = Apart(first=first, second=second, at=at, by=by.user, by_name=by.name)
    Apart.objects.bulk_create([told], ignore_conflicts=True)


def _read(candidate: Candidate, people: QuerySet[Candidate]) -> list[Candidate]:
    """The likeliest, by the indexes on keys and on trigrams; the index on names obeys a threshold that is a setting."""
    upper = candidate.name.upper()
    named = people.annotate(upper_name=Upper("name"), likeness=TrigramSimilarity(Upper("name"), upper))
    match = Q(upper_name__trigram_similar=upper)
    sure = Q()
    for key in KEYS:
        if value := getattr(candidate, key):
            sure |= Q(**{key: value})
    order: Any = Case(When(sure, then=0), default=1, output_field=IntegerField()) if sure else Value(0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = %s", [LIKENESS])
        return list(named.filter(match | sure).order_by(order, "-likeness", "pk")[:MOST_READ])


def _signs(one: Candidate, other: Candidate) -> tuple[str, ...]:
    signs = []
    if one.email_key and one.email_key == other.email_key:
        signs.append("email")
    if one.phone_key and one.phone_key == other.phone_key:
        signs.append("phone")
    if (name := identity.plain_name(one.name)) and name == identity.plain_name(other.name):
        signs.append("name")
    elif identity.alike(one.name, other.name):
        signs.append("alike")
    return tuple(signs)


def _told_apart(candidate: Candidate) -> QuerySet[Apart]:
    here, there = Q(first=candidate, second=OuterRef("pk")), Q(second=candidate, first=OuterRef("pk"))
    return Apart.objects.filter(here | there)


def _whole(keys: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """The first `most`, and what else there is about the last of them: the next page begins with another person."""
    return [pair for pair in keys if pair[0] >= keys[most - 1][0]] if len(keys) > most else keys


def _paired(user: Any, key: str, before: int | None, most: int) -> list[tuple[int, int]]:
    """Newer and oldest of those who share the key, from the newest on; a look into the key's index for each."""
    older = Candidate.objects.filter(merged_into=None, pk__lt=OuterRef("pk"), **{key: OuterRef(key)}).exclude(
        **{key: ""}
    )
    rows = visible_to(user).filter(Exists(older.order_by()))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    newer = dict(rows.order_by("-pk").values_list("pk", key)[: SPARE * most])
    oldest = _oldest(user, key, set(newer.values()))
    found = [(pk, oldest[value]) for pk, value in newer.items() if oldest[value] < pk]
    told = set(Apart.objects.filter(second__in=newer).values_list("second_id", "first_id"))
    return [pair for pair in found if pair not in told][:most]


def _oldest(user: Any, key: str, values: set[str]) -> dict[str, int]:
    """Who came first among those that `user` may see, for each of these keys."""
    theirs = visible_to(user).filter(**{f"{key}__in": values}).order_by("-pk")
    return dict(theirs.values_list(key, "pk"))
