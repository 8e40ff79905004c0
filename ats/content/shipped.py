"""What ships, and how a row is told from one that a team has edited.

Every text that ever shipped leaves its fingerprint in `shipped.txt`. A row whose fingerprint stands there is as we
shipped it and may be brought up to date; any other row belongs to the team. A field that a later release adds is told
only where it differs from what rows of earlier releases got for it, so that old fingerprints hold.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

from django.db.models import QuerySet

FOLDER = Path(__file__).parent
UNTOLD = {"is_untold": True}  # metadata of a field that is no part of the text, such as a place in a list


@dataclass(frozen=True)
class Shipped(ABC):
    """One thing that ships, as its row holds it. A kind for each file."""

    KEY: ClassVar[str] = "name"  # what tells one from another, here and in the table
    name: str

    @classmethod
    @abstractmethod
    def shipped(cls) -> list[Self]:
        """What the data file says, in its order."""

    @classmethod
    @abstractmethod
    def rows(cls) -> QuerySet[Any]:
        """The rows that may be ours; of two with one key the last one counts."""

    @classmethod
    @abstractmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""

    @abstractmethod
    def write(self, row: Any | None) -> None:
        """Make the row say this; None: make it anew."""

    def told(self) -> dict[str, Any]:
        """The text that its fingerprint is taken of."""
        untold = {one.name for one in fields(self) if one.metadata.get("is_untold")}
        return {name: value for name, value in asdict(self).items() if name not in untold}


def is_the_teams(row: Any) -> bool:
    """Whether a row is beyond change for a reason of its own: a plan under which somebody applied."""
    return getattr(row, "locked_at", None) is not None


def fingerprint(shipped: Shipped) -> str:
    """What tells this text from any other; the order of weights and deadlines does not matter, nor how lines end."""
    told = json.dumps(shipped.told(), sort_keys=True, ensure_ascii=True).replace("\\r\\n", "\\n")
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def fingerprints() -> frozenset[str]:
    """The fingerprints of everything that ever shipped."""
    lines = (FOLDER / "shipped.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line and not line.startswith("#"))


def read(name: str) -> list[dict[str, Any]]:
    """The entries of one of the data files, `name` without its ending."""
    told = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = next(iter(told.values()))
    return entries
