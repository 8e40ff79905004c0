"""The verbs of a trial, in the order in which they happen; each is written in the room of its noun."""

from trials.afterwards.developing import change as change_development
from trials.afterwards.developing import draft as draft_development
from trials.afterwards.developing import read as read_development
from trials.afterwards.developing import share as share_development
from trials.afterwards.pulses import answer as answer_pulse
from trials.afterwards.pulses import call_off as call_off_pulses
from trials.afterwards.pulses import plan as plan_pulses
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
    "answer_pulse",
    "approve",
    "approvers",
    "begin",
    "call_off_pulses",
    "change_buddy",
    "change_development",
    "change_leader",
    "decide",
    "decline",
    "decline_letter",
    "delegate",
    "draft_development",
    "end_early",
    "extend",
    "leaders",
    "move_start",
    "obstacles",
    "offer",
    "offer_again",
    "pause",
    "plan_pulses",
    "read_development",
    "refuse",
    "request_approval",
    "resume",
    "send_back",
    "send_letter",
    "share_development",
    "successors",
    "take_back",
    "verdict_obstacles",
]
