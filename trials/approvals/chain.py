"""How far the managers of one request have come: rounds, and the steps of the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trials.approvals.models import Approval
from trials.offering.models import Trial

Decision = Approval.Decision


@dataclass(frozen=True)
class Round:
    """One request: everybody who was asked for it, in order, with those to whom it was handed on."""

    number: int
    approvals: list[Approval]

    @property
    def length(self) -> int:
        """How many managers must say yes."""
        return max((2 if one.then_id or one.step == 2 else 1 for one in self.approvals), default=1)

    @property
    def open(self) -> Approval | None:
        """Whose turn it is."""
        return next((one for one in self.approvals if not one.decision), None)

    @property
    def is_whole(self) -> bool:
        """Whether each step has its yes."""
        return {one.step for one in self.approvals if one.decision == Decision.APPROVE} >= set(
            range(1, self.length + 1)
        )


def rounds(approvals: Iterable[Approval]) -> list[Round]:
    """The requests of a trial, the first first."""
    found: dict[int, list[Approval]] = {}
    for one in sorted(approvals, key=lambda one: (one.round, one.step, one.pk)):
        found.setdefault(one.round, []).append(one)
    return [Round(number, told) for number, told in sorted(found.items())]


def last_round(trial: Trial) -> Round:
    """The present request of `trial`; before the first an empty one."""
    found = rounds(trial.approvals.all())
    return found[-1] if found else Round(0, [])
