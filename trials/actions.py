"""The verbs of a trial, in the order in which they happen; each is written in the room of its noun."""

from trials.approvals.actions import (
    MANAGERS,
    approve,
    approvers,
    delegate,
    refuse,
    request_approval,
    send_back,
    successors,
)
from trials.letters.actions import accept as accept_letter
from trials.letters.actions import decline as decline_letter
from trials.letters.actions import send as send_letter
from trials.offering.actions import accept, begin, decline, leaders, obstacles, offer, offer_again, take_back
from trials.offering.days import end_early, extend, move_start, pause, resume
from trials.offering.people import change_buddy, change_leader
from trials.verdicts.actions import decide, verdict_obstacles

__all__ = [
    "MANAGERS",
    "accept",
    "accept_letter",
    "approve",
    "approvers",
    "begin",
    "change_buddy",
    "change_leader",
    "decide",
    "decline",
    "decline_letter",
    "delegate",
    "end_early",
    "extend",
    "leaders",
    "move_start",
    "obstacles",
    "offer",
    "offer_again",
    "pause",
    "refuse",
    "request_approval",
    "resume",
    "send_back",
    "send_letter",
    "successors",
    "take_back",
    "verdict_obstacles",
]
