"""What ships, read from the data files, and how a row is told from one that a team has edited.

Every text that ever shipped leaves its fingerprint in `shipped.txt`. A row whose fingerprint stands there is as we
shipped it and may be brought up to date; any other row belongs to the team.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from candidates.jobs.models import Competency, HiringPlan

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class ShippedCompetency:
    """One competency, as its row holds it."""

    name: str
    meaning: str
    trainable: str
    anchors: list[str]
    position: int

    @classmethod
    def of(cls, row: Competency) -> ShippedCompetency:
        """What a row of the database says."""
        return cls(row.name, row.meaning, row.trainable, list(row.anchors), row.position)


@dataclass(frozen=True)
class ShippedPlan:
    """One ready plan: its own settings, weights with must-haves by competency, deadlines by stage."""

    name: str
    settings: dict[str, Any]
    weights: dict[str, tuple[int, bool]]
    deadlines: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, row: HiringPlan) -> ShippedPlan:
        """What a template of the database says."""
        return cls(
            name=row.name,
            settings={name: _plain(getattr(row, name)) for name in SETTINGS},
            weights={one.competency.name: (one.weight, one.must_have) for one in row.weights.all()},
            deadlines={one.stage: (one.days, one.remind_days) for one in row.stages.all()},
        )


SETTINGS = (
    "interviewers",
    "referees",
    "trial_days",
    "check_in_days",
    "line",
    "references_by_itself",
    "undo_minutes",
)
UNDO_MINUTES = 10
Shipped = ShippedCompetency | ShippedPlan


def competencies() -> list[ShippedCompetency]:
    """The competencies of `competencies.toml`, in their order."""
    rows = _read("competencies.toml")["competency"]
    return [ShippedCompetency(**row, position=position) for position, row in enumerate(rows, start=1)]


def plans() -> list[ShippedPlan]:
    """The plans of `plans.toml`."""
    return [_plan(row) for row in _read("plans.toml")["plan"]]


def fingerprint(shipped: Shipped) -> str:
    """What tells this text from any other; the order of weights and deadlines does not matter."""
    told = json.dumps(asdict(shipped), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def fingerprints() -> frozenset[str]:
    """The fingerprints of everything that ever shipped."""
    lines = (FOLDER / "shipped.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line and not line.startswith("#"))


def _plan(row: dict[str, Any]) -> ShippedPlan:
    must_have = row["must_have"]["competencies"]
    return ShippedPlan(
        name=row["name"],
        settings={"undo_minutes": UNDO_MINUTES} | {name: row[name] for name in SETTINGS if name in row},
        weights={name: (weight, name in must_have) for name, weight in row["weights"].items()},
        deadlines={stage: (time["days"], time["remind"]) for stage, time in row["stages"].items()},
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
