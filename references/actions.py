"""The verbs of references, in the order in which they happen; each is written in the room of its noun."""

from references.answering.actions import Facts, Trace, answer, begin, decline, save_draft
from references.answering.calls import begin as begin_call
from references.answering.calls import keep as keep_call
from references.answering.calls import leave as leave_call
from references.answering.calls import record as record_call
from references.answering.forgetting import forget
from references.answering.wishes import want_copy, want_deletion
from references.flags.actions import judge as judge_flag
from references.naming.actions import name_referees, request_referees, wanted, words
from references.naming.expiry import expire_due
from references.naming.people import Named
from references.naming.tending import (
    ask_again,
    correct_address,
    may_be_asked_again,
    name_for_candidate,
    replace,
    send_again,
    withdraw,
)

__all__ = [
    "Facts",
    "Named",
    "Trace",
    "answer",
    "ask_again",
    "begin",
    "begin_call",
    "correct_address",
    "decline",
    "expire_due",
    "forget",
    "judge_flag",
    "keep_call",
    "leave_call",
    "may_be_asked_again",
    "name_for_candidate",
    "name_referees",
    "record_call",
    "replace",
    "request_referees",
    "save_draft",
    "send_again",
    "want_copy",
    "want_deletion",
    "wanted",
    "withdraw",
    "words",
]
