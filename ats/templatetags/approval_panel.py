"""The verdicts on a trial and the approvals of the hire, for the application's page."""

from __future__ import annotations

from typing import Any

from django import template

from ats.desk.trial import TrialFacts
from trials.approvals import chain

register = template.Library()


@register.inclusion_tag("desk/approval_panel.html")
def approval_panel(facts: TrialFacts | None, is_open: bool) -> dict[str, Any]:
    """Each verdict with its evidence, each request with its managers in turn. The page has read both.

    Args:
        facts: the trial, with what the page has read of it.
        is_open: what the firewall says to the reader; else only who was asked is told, and that there is an answer.
    """
    if facts is None or not (facts.verdicts or facts.approvals):
        return {}
    return {"verdicts": facts.verdicts, "rounds": chain.rounds(facts.approvals)[::-1], "is_open": is_open}
