"""The words that a scorecard is rated against, kept as they were when it was asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from candidates.jobs.models import Competency, HiringPlan
from candidates.judging.models import Scorecard, Wording


@dataclass(frozen=True)
class Trait:
    """One competency as it was called and anchored when the card was asked for."""

    pk: int
    name: str
    meaning: str
    anchors: tuple[str, ...]


def of_plan(plan: HiringPlan) -> dict[str, Any]:
    """All competencies of a plan, the heaviest first."""
    return {"competencies": described(row.competency for row in plan.weights.select_related("competency"))}


def described(competencies: Iterable[Competency]) -> list[dict[str, Any]]:
    """Competencies as a wording holds them."""
    return [
        {"key": one.pk, "name": one.name, "meaning": one.meaning, "anchors": list(one.anchors)} for one in competencies
    ]


def keep(content: dict[str, Any]) -> Wording:
    """The row that holds these words; the same words are kept once. Call inside the verb's transaction."""
    told = json.dumps(content, sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(told.encode()).hexdigest()
    if found := Wording.objects.filter(digest=digest).first():
        return found
    Wording.objects.bulk_create([Wording(digest=digest, content=content)], ignore_conflicts=True)
    return Wording.objects.get(digest=digest)


def traits(card: Scorecard) -> list[Trait]:
    """What `card` is rated on. A card from before wordings were kept is rated on its plan's competencies."""
    content = card.wording.content if card.wording else of_plan(card.application.plan)
    return [Trait(row["key"], row["name"], row["meaning"], tuple(row["anchors"])) for row in content["competencies"]]
