"""Finding people by name or mail address, also when the name is misspelt."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from candidates.people import family
from candidates.people.models import Candidate

ALIKE = 0.45  # one wrong letter in a name of six or more
MOST_ALIKE = 200
FEW = 300


def people(term: str) -> list[int] | QuerySet[Candidate]:
    """Candidates whose name or mail holds `term`; when nobody's does, those with a name much like it.

    Both look in the trigram indexes on the upper-cased columns.

    Returns:
        Keys for a filter: a list when they are few, which the database joins at once; a subquery when they are many.
    """
    exact = Candidate.objects.filter(Q(name__icontains=term) | Q(email__icontains=term)).order_by()
    found = dict(exact.values_list("pk", "merged_into")[: FEW + 1])
    if len(found) > FEW:
        return exact
    return _followed(found) if found else _alike(term)


def _followed(found: dict[int, int | None]) -> list[int]:
    """With those into whom somebody of `found` was merged: an old name or address finds the person of today."""
    folded = [pk for pk, kept in found.items() if kept]
    heads = {family.head(person).pk for person in Candidate.objects.filter(pk__in=folded)} if folded else set()
    return sorted({*found, *heads})


def _alike(term: str) -> list[int]:
    """The keys of those whose name is most like `term`. The index obeys a threshold that is a setting."""
    upper = term.upper()
    named = Candidate.objects.annotate(upper_name=Upper("name"), likeness=TrigramWordSimilarity(upper, Upper("name")))
    alike = named.filter(upper_name__trigram_word_similar=upper).order_by("-likeness")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [ALIKE])
        return list(alike.values_list("pk", flat=True)[:MOST_ALIKE])
