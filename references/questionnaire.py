"""What referees are asked: the three things that they can tell apart in people who work with customers.

Commitment and reliability, teamwork and customer service are the dimensions that studies of references in
customer-contact jobs found; five plain anchors each, from worst to best. This is asked where a plan names no
questionnaire of its own, and it says the same as the one that ships (`ats/content/questionnaires.toml`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Criterion:
    """One dimension: its key on the rating, its words, five anchors, and what example to ask for."""

    key: str
    name: str | Promise
    meaning: str | Promise
    anchors: tuple[str | Promise, ...]
    example: str | Promise


CRITERIA = (
    Criterion(
        "reliability",
        _("Reliability and commitment"),
        _("Keeps promises, is on time, stays with it when it gets hard, owns mistakes."),
        (
            _("Often late or absent; promises were forgotten and others had to step in."),
            _("Did what was asked, when reminded; hard things were left to others."),
            _("Usually on time and as promised; told of a delay when asked."),
            _("You could count on it; said so early when something would slip."),
            _("Never had to check; saw hard things through, and put own mistakes right unasked."),
        ),
        _("One time when you relied on them, and what happened"),
    ),
    Criterion(
        "teamwork",
        _("Teamwork"),
        _("Helps others, shares what they know, settles differences."),
        (
            _("Worked against the team, or blamed others."),
            _("Kept to themselves; helped when told to."),
            _("Helped when asked, and kept to what was agreed."),
            _("Offered help and shared knowledge without being asked."),
            _("Made the whole team better; others went to them when things were difficult."),
        ),
        _("One time with colleagues that shows it"),
    ),
    Criterion(
        "customer_service",
        _("Customer service"),
        _("Listens, stays kind and patient, and solves what the customer came with."),
        (
            _("Customers complained about them, with reason."),
            _("Polite, but short or impatient when it was busy."),
            _("Friendly and correct with nearly everyone."),
            _("Patient also with difficult people, who left satisfied."),
            _("Turned upset customers round; customers asked for them by name or praised them."),
        ),
        _("One customer or visitor and how they were treated"),
    ),
)
KEYS = tuple(criterion.key for criterion in CRITERIA)
