"""Loading what ships: as often as one likes, and never over what a team has written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from ats.content import shipped
from ats.content.competencies import ShippedCompetency
from ats.content.exercises import ShippedExercise
from ats.content.kits import ShippedKit
from ats.content.letters import ShippedLetter
from ats.content.plans import ShippedPlan
from ats.content.questionnaires import ShippedQuestionnaire
from ats.content.questions import ShippedQuestion, ShippedRoute, ShippedStep
from ats.content.rules import ShippedRule
from ats.content.shipped import Shipped

ONE_AT_A_TIME = 5124094  # the number of the advisory lock: two loads would both create what is missing
KINDS: tuple[type[Shipped], ...] = (  # what others point at comes first
    ShippedCompetency,
    ShippedQuestion,
    ShippedRoute,
    ShippedStep,
    ShippedExercise,
    ShippedKit,
    ShippedQuestionnaire,
    ShippedPlan,
    ShippedRule,
    ShippedLetter,
)


@dataclass
class Loaded:
    """Names by what became of them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.created)} created, {len(self.updated)} brought up to date, "
            f"{len(self.edited)} left as the team edited them"
        )


@transaction.atomic
def load(kinds: Sequence[type[Shipped]] = KINDS) -> Loaded:
    """Create what ships and is missing, bring up to date what nobody has edited, leave what a team has.

    Args:
        kinds: what to load, in their order; a kind needs those before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    loaded, known = Loaded(), shipped.fingerprints()
    for kind in kinds:
        _load_kind(kind, loaded, known)
    return loaded


def everything() -> list[Shipped]:
    """All that ships, of every kind."""
    return [one for kind in KINDS for one in kind.shipped()]


def _load_kind(kind: type[Shipped], loaded: Loaded, known: frozenset[str]) -> None:
    rows = {getattr(row, kind.KEY): row for row in kind.rows().select_for_update(no_key=True)}
    for new in kind.shipped():
        row = rows.get(getattr(new, kind.KEY))
        if row is None:
            new.write(None)
            loaded.created.append(new.name)
            continue
        old = shipped.fingerprint(kind.of(row))
        if old == shipped.fingerprint(new):
            continue
        if shipped.is_the_teams(row) or old not in known:
            loaded.edited.append(new.name)
        else:
            new.write(row)
            loaded.updated.append(new.name)
