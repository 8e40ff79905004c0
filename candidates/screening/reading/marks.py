"""A letter in pieces, so that what was noticed is marked where it stands, with a word that is seen and spoken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What was noticed."""

    SPELLING = "spelling"
    ADVERT = "advert"
    OURS = "ours"
    OTHER = "other"
    SHARED = "shared"
    HIDDEN = "hidden"


LABELS: dict[Kind, str | Promise] = {
    Kind.SPELLING: _("spelling?"),
    Kind.ADVERT: _("from the advert"),
    Kind.OURS: _("names us"),
    Kind.OTHER: _("another company?"),
    Kind.SHARED: _("in other letters too"),
}


@dataclass(frozen=True)
class Mark:
    """Something noticed at a place."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Piece:
    """A run of text under the same marks; `ends` are those whose word is said behind it."""

    text: str
    kinds: frozenset[Kind] = frozenset()
    ends: list[Kind] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Whether it stands for what the reader is not to know."""
        return Kind.HIDDEN in self.kinds

    @property
    def classes(self) -> str:
        """For the page."""
        return " ".join(f"is-{kind}" for kind in sorted(self.kinds))

    @property
    def labels(self) -> list[tuple[Kind, str | Promise]]:
        """What is said behind it."""
        return [(kind, LABELS[kind]) for kind in self.ends if kind in LABELS]


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The text, cut wherever a mark begins or ends; marks may lie over each other."""
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    begin, end = _by(inside, "start"), _by(inside, "end")
    edges = sorted({0, len(text), *begin, *end})
    found, over = [], Counter[Kind]()
    for left, right in pairwise(edges):
        over.update(begin[left])
        kinds = frozenset(kind for kind, times in over.items() if times)
        found.append(Piece(text[left:right], kinds, sorted(set(end[right]))))
        over.subtract(end[right])
    return found


def _by(marks: Iterable[Mark], edge: str) -> defaultdict[int, list[Kind]]:
    """The kinds that begin or end at each place."""
    found: defaultdict[int, list[Kind]] = defaultdict(list)
    for mark in marks:
        found[getattr(mark, edge)].append(mark.kind)
    return found
