"""How it went after the hire, and what the new colleague works on next, for the application's page."""

from __future__ import annotations

from typing import Any

from django import template

from ats.desk import outcomes, roles
from ats.desk.development import may_develop
from candidates.people.models import Application
from candidates.stages import Stage
from trials.models import Approval, DevelopmentPlan, Pulse, Trial, Verdict

register = template.Library()
VERDICTS = dict(Verdict.Kind.choices)
APPROVALS = dict(Approval.Decision.choices)


@register.inclusion_tag("desk/development_panel.html", takes_context=True)
def afterwards_panel(
    context: dict[str, Any], application: Application, is_open: bool, trial: Trial | None
) -> dict[str, Any]:
    """Outcome, looks back and plan; eight queries, none before the hire.

    Args:
        is_open: what the firewall says to the reader; else only who was asked is told.
        trial: the current one, if there was one.
    """
    if application.stage != Stage.HIRED:
        return {"is_shown": False}
    user, trial = context["request"].user, trial or None  # a page without a trial gives an empty word
    outcome = outcomes.of([application])[application.pk]
    may_read = outcomes.may_read_colleague(user, application, outcome, trial)
    pulses = [
        (outcome.pulse_lead, is_open),
        (outcome.pulse_colleague, is_open and may_read),
    ]
    return {
        "is_shown": True,
        "application": application,
        "is_open": is_open,
        "outcome": outcome,
        "verdict": VERDICTS.get(outcome.verdict, ""),
        "approval": APPROVALS.get(outcome.approval, ""),
        "pulses": [{"pulse": one, "is_told": is_told} for one, is_told in pulses if one],
        "plan": DevelopmentPlan.objects.filter(application=application).first(),
        "may_develop": may_develop(user, application, trial),
        "may_call_off": roles.recruits(user, application.job) and any(_waits(one) for one, _told in pulses),
    }


def _waits(pulse: Pulse | None) -> bool:
    return pulse is not None and pulse.ask.is_open
