"""Whether a reference is told in the words of another one: rows of five words, as letters are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from candidates.screening.reading import shingles
from references.flags.models import ReferencePrint
from references.models import Reference
from references.questionnaires import wording

SHORTEST = 15  # words in all; shorter ones are alike by chance
SHARED = 15  # words that stand in both
SHARE = 0.5  # of the words of the new one
LOOKED_AT = 50  # other references with a row in common, the newest
COMPARED = 3  # of these, word by word


@dataclass(frozen=True)
class Alike:
    """Another reference that says the same, and how much of the new one stands in it."""

    reference: Reference
    words: int
    share: float


def remember(reference: Reference) -> list[int]:
    """Keep the fingerprints of what was said, to find it again; none for a short text. Safe to repeat."""
    text = _text(reference)
    found = shingles.tokens(text)
    hashes = shingles.fingerprints(shingles.rows(found), _given(reference)) if len(found) >= SHORTEST else []
    if hashes:
        ReferencePrint.objects.update_or_create(reference=reference, defaults={"hashes": hashes})
    return hashes


def alike(reference: Reference, hashes: list[int]) -> Alike | None:
    """The given reference that is most like this one, if one is like it; never one of the same person."""
    if not hashes:
        return None
    own, given = _text(reference), _asked_words(reference)
    size = len(shingles.tokens(own))
    found = [(other, shingles.compare(own, [_text(other)], given).share) for other in _candidates(reference, hashes)]
    other, share = max(found, key=lambda pair: pair[1], default=(None, 0.0))
    words = round(share * size)
    return Alike(other, words, share) if other and words >= SHARED and share >= SHARE else None


def _candidates(reference: Reference, hashes: list[int]) -> Iterable[Reference]:
    """Those that share most rows. Who was a referee before may well say the same again."""
    same_person = {"reference__referee__email__iexact": reference.referee.email}
    prints = ReferencePrint.objects.filter(hashes__overlap=hashes).exclude(pk=reference.pk).exclude(**same_person)
    own = set(hashes)
    rows = prints.order_by("-pk").values_list("pk", "hashes")[:LOOKED_AT]
    best = sorted(rows, key=lambda row: -len(own & set(row[1])))[:COMPARED]
    others = Reference.objects.select_related("referee", "scorecard")
    return others.filter(pk__in=[pk for pk, _hashes in best])


def _text(reference: Reference) -> str:
    card = reference.scorecard
    told = card.ratings.order_by("pk").values_list("evidence", flat=True)
    return "\n\n".join(one for one in (*told, card.summary) if one)


def _asked_words(reference: Reference) -> str:
    """What everybody had before them: who quotes the question copies nobody."""
    told = wording.criteria(reference.scorecard)
    return "\n\n".join(text for one in told for text in (one["meaning"], one["example"], *one["anchors"]))


def _given(reference: Reference) -> set[int]:
    return set(shingles.rows(shingles.tokens(_asked_words(reference))))
