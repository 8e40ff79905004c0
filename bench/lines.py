"""Every line of the measurement: what it is, its goal, and how it is measured (or that it is not built yet)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench import agreement, cards, engine, evidence, figures, free_slots, imports, letters, pages, rates, rules, writes
from bench.ground import Ground
from bench.report import Goal, Measured


@dataclass(frozen=True)
class Line:
    """One line. `measure` is None for what the product does not have yet."""

    name: str
    goal: Goal
    measure: Callable[[Ground], Measured] | None = None


# In the order of measuring: reading first, so that writing does not change what is read; memory comes after all.
LINES = (
    Line("list", Goal(ratio=2.5, queries=12), pages.listing),
    Line("list-deep", Goal(ratio=1.2), pages.deep),
    Line("search", Goal(ratio=2), pages.search),
    Line("search-typo", Goal(ratio=2), pages.search_with_typo),
    Line("cv-search", Goal(ratio=2), pages.cv_search),
    Line("board", Goal(ratio=2.5, queries=15)),
    Line("detail", Goal(ratio=4, queries=20), pages.detail),
    Line("scorecard", Goal(ratio=3), cards.scorecard),
    Line("autosave", Goal(ratio=3), cards.autosave),
    Line("referee", Goal(ratio=3), evidence.referee),
    Line("referee-post", Goal(ratio=3), evidence.referee_post),
    Line("check-in", Goal(ratio=3), evidence.check_in),
    Line("check-in-post", Goal(ratio=3), evidence.check_in_post),
    Line("approval", Goal(ratio=4, queries=20), evidence.approval),
    Line("home", Goal(ratio=3, queries=12), pages.home),
    Line("career", Goal(ratio=1.5), pages.career),
    Line("job", Goal(ratio=1.5), pages.job),
    Line("apply", Goal(ratio=2.5), writes.apply),
    Line("move", Goal(ratio=3), writes.move),
    Line("move-rate", Goal(rate=0.25), rates.move_rate),
    Line("bulk-move", Goal(ratio=8)),
    Line("sweep", Goal(rate=0.4), rates.sweep),
    Line("remind", Goal(ratio=8), rates.remind),
    Line("rules", Goal(ratio=1), rules.duration),  # 10,000 events, eight rules, in a worker
    Line("rules-growth", Goal(mb=10), rules.growth),
    Line("idle", Goal(ratio=1), engine.idle),  # statements a second
    Line("worker-memory", Goal(mb=150), engine.worker_memory),
    Line("import", Goal(ratio=60), imports.importing),
    Line("figures", Goal(ratio=60), figures.importing),
    Line("figures-memory", Goal(mb=200), figures.memory),
    Line("export", Goal(ratio=6)),
    Line("similarity", Goal(ratio=1), letters.similarity),  # of a letter with all others
    Line("free-slots", Goal(ratio=4, queries=8), free_slots.free_slots),
    Line("agreement", Goal(ratio=1), agreement.duration),  # of 5,000 scorecards, in a worker
    Line("agreement-memory", Goal(mb=200), agreement.memory),
    Line("reports", Goal(ratio=1.5)),
)
MEMORY = Goal(ratio=1.3, mb=130)
