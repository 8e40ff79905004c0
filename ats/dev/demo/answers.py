"""What people of the demo answer to the questions of a job's form."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from candidates.careers import questions
from candidates.careers.questions import NO, YES, Given
from candidates.jobs.models import Job, JobQuestion

Kind = JobQuestion.Kind
YEARS = ("0", "0.5", "1", "2", "3", "5", "8")
DESKS = ("Zendesk", "Freshdesk, a little Zendesk", "A shared mailbox and a spreadsheet", "Help Scout", "Intercom")


def give(job: Job, who: str, *, at: datetime) -> list[Given]:
    """The answers of one person, the same each time; files are left out, as most people do.

    Args:
        who: what tells people apart.
    """
    random = Random(who)  # of its own, so that a new question changes nothing else in the demo
    pairs = [(question, _value(question, random, at)) for question in questions.asked(job)]
    return [answer for question, value in pairs if (answer := questions.given(question, value))]


def _value(question: JobQuestion, random: Random, at: datetime) -> Any:
    values: dict[str, Any] = {
        Kind.YES_NO: NO if random.random() < 0.1 else YES,
        Kind.NUMBER: Decimal(random.choice(YEARS)),
        Kind.DATE: (at + timedelta(days=random.randint(14, 90))).date(),
        Kind.TEXT: random.choice(DESKS),
        Kind.SEVERAL: [choice for choice in question.choices if random.random() < 0.6],
    }
    return values.get(question.kind)
