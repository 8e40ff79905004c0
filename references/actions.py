"""The verbs of references, in the order in which they happen; each is written in the room of its noun."""

from references.answering.actions import Facts, answer, decline, save_draft
from references.naming.actions import criteria, name_referees, request_referees, wanted
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
    "answer",
    "ask_again",
    "correct_address",
    "criteria",
    "decline",
    "expire_due",
    "may_be_asked_again",
    "name_for_candidate",
    "name_referees",
    "replace",
    "request_referees",
    "save_draft",
    "send_again",
    "wanted",
    "withdraw",
]
