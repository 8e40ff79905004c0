"""The verbs of references, in the order in which they happen; each is written in the room of its noun."""

from references.answering.actions import Facts, answer, decline, save_draft
from references.naming.actions import Named, name_referees, refusals, request_referees, wanted

__all__ = [
    "Facts",
    "Named",
    "answer",
    "decline",
    "name_referees",
    "refusals",
    "request_referees",
    "save_draft",
    "wanted",
]
