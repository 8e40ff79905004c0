"""How we hire, as a candidate is told it: on the job's page before, on their own page during."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import HiringPlan
from candidates.stages import OPEN, Stage

WORDS: dict[Stage, tuple[str | Promise, str | Promise]] = {
    Stage.APPLIED: (_("You apply"), _("A person reads your letter and your résumé. No program turns anybody down.")),
    Stage.SCREENING: (_("We get to know you"), _("We look closer at your letter and have a short talk by phone.")),
    Stage.INTERVIEWS: (
        _("Interviews"),
        _("You meet people of the team. Everybody who applies gets the same questions."),
    ),
    Stage.REFERENCES: (_("References"), _("People you worked with tell us about it. You choose whom we ask.")),
    Stage.TRIAL: (
        _("Paid trial"),
        _("Real work, paid, with a colleague at your side, so that you get to know us too."),
    ),
}


@dataclass(frozen=True)
class Step:
    """One stage in a candidate's words; `days` is how long it takes by the plan."""

    stage: Stage
    title: str | Promise
    text: str | Promise
    days: int


def steps(plan: HiringPlan) -> list[Step]:
    """The open stages in their order. One query at most, none when the plan's stages are prefetched."""
    prefetch_related_objects([plan], "stages")
    told = {row.stage: row.days for row in plan.stages.all()}  # once: asking for each stage costs as much as the query
    told[Stage.TRIAL] = plan.trial_days
    return [Step(stage, *WORDS[stage], told[stage] if stage in told else days(plan, stage)) for stage in OPEN]


def days(plan: HiringPlan, stage: Stage) -> int:
    """How long `stage` takes by the plan: for a trial its length, else the days that people have to answer."""
    return plan.trial_days if stage == Stage.TRIAL else plan.time_for(stage).days
