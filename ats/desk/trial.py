"""The facts of a trial for the application's page and the approval."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from candidates.people.models import Application
from candidates.stages import Stage
from trials.models import Approval, Trial, Verdict

BEFORE = (Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEWS)  # who stands there has no trial that counts
RELATED = ("leader", "offer_ask", "verdict_ask")


@dataclass(frozen=True)
class TrialFacts:
    """A trial, the verdicts of its leader and the approvals that were asked for."""

    trial: Trial
    verdicts: list[Verdict]
    approvals: list[Approval]


def of(application: Application) -> TrialFacts | None:
    """The current trial of `application`. Its verdicts are judgements: show them where the firewall is open."""
    if application.stage in BEFORE:
        return None
    verdicts = Prefetch("verdicts", Verdict.objects.select_related("by"))
    approvals = Prefetch("approvals", Approval.objects.select_related("approver", "requested_by"))
    current = Trial.objects.current().filter(application=application)
    trial = current.select_related(*RELATED).prefetch_related(verdicts, approvals).first()
    return TrialFacts(trial, list(trial.verdicts.all()), list(trial.approvals.all())) if trial else None
