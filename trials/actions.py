"""The verbs of a trial, in the order in which they happen; each is written in the room of its noun."""

from trials.approvals.actions import MANAGERS, approve, approvers, refuse, request_approval
from trials.offering.actions import begin, leaders, obstacles
from trials.verdicts.actions import decide, verdict_obstacles

__all__ = [
    "MANAGERS",
    "approve",
    "approvers",
    "begin",
    "decide",
    "leaders",
    "obstacles",
    "refuse",
    "request_approval",
    "verdict_obstacles",
]
