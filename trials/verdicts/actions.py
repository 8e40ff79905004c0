"""The leader decides on a trial; it moves nothing: people act on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.jobs.models import HiringPlan, PlanCompetency
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from trials.check_ins import requests as check_ins
from trials.offering import holding
from trials.offering.models import Trial
from trials.planning import schedule
from trials.verdicts import requests
from trials.verdicts.models import Verdict, VerdictDraft

LONGEST_EXTENSION = timedelta(days=92)
Grounds = Mapping[int, str]  # evidence in words by the key of the competency


@transaction.atomic
def decide(
    trial: Trial,
    kind: str,
    evidence: str,
    *,
    grounds: Grounds | None = None,
    new_end: date | None = None,
    at: datetime,
    by: Actor,
) -> Verdict:
    """Give the leader's verdict. It moves nothing: people act on it.

    Args:
        trial: which one.
        kind: a value of `Verdict.Kind`; an extension plans more check-ins and asks for a new verdict.
        evidence: what it stands on as a whole, in words; there is no silent pass.
        grounds: evidence per competency, kept under the name that it has now; to confirm, every must-have needs some.
        new_end: of an extension, later than the present end and than today.
        at: now.
        by: the leader.

    Raises:
        NotOpen: decided before, or no longer wanted.
        NotAllowed: not the leader; or see `verdict_obstacles`.
    """
    application = pipeline.lock(trial.application)
    trial = Trial.objects.select_related("verdict_ask", "leader").get(pk=trial.pk)
    if by.user != trial.leader:
        raise NotAllowed(_("Only the person who led the trial can decide on it."))
    for obstacle in verdict_obstacles(trial, kind, evidence, new_end, grounds, at=at).values():
        raise NotAllowed(obstacle)
    if trial.verdict_ask is None:  # not agreed yet
        raise asks.NotOpen
    asks.close(trial.verdict_ask, at=at)
    VerdictDraft.objects.filter(ask=trial.verdict_ask).delete()
    told = _told(application.plan, grounds or {})
    verdict = trial.verdicts.create(kind=kind, evidence=evidence.strip(), grounds=told, by=trial.leader, at=at)
    pipeline.record(application, "trial.verdict", at=at, by=by, kind=kind, verdict=verdict.pk)
    if kind == Verdict.Kind.EXTEND and new_end:
        _extend(trial, application, new_end, at)
    else:
        check_ins.cancel_check_ins_to_come(application, at=at)
    return verdict


def verdict_obstacles(
    trial: Trial, kind: str, evidence: str, new_end: date | None, grounds: Grounds | None = None, *, at: datetime
) -> dict[str, str]:
    """What such a verdict lacks, in words, by the name of what is wrong; empty when it can be given.

    What is wrong with the evidence on a competency goes by the name that `ground` gives.
    """
    found = {}
    if kind not in Verdict.Kind.values:
        found["kind"] = _("Choose one of the three.")
    if kind == Verdict.Kind.CONFIRM:
        found |= _missing(trial.application.plan, grounds or {})
    if not evidence.strip():
        found["evidence"] = _("Say in words what you saw; there is no silent pass.")
    if kind == Verdict.Kind.EXTEND:
        if new_end is None or new_end <= trial.ends_on:
            found["new_end"] = _("Choose a day later than the present end.")
        elif new_end <= schedule.local_day(at, trial.application.job.zone):
            found["new_end"] = _("This day is over.")
        elif new_end > trial.ends_on + LONGEST_EXTENSION:
            found["new_end"] = _("Extend by %d days at most.") % LONGEST_EXTENSION.days
    return found


def ground(competency: int) -> str:
    """The name of the evidence on the competency with this key, in forms and drafts."""
    return f"ground_{competency}"


def judged(plan: HiringPlan) -> list[PlanCompetency]:
    """What a verdict under `plan` can give evidence on, the heaviest first."""
    return list(plan.weights.select_related("competency"))


@transaction.atomic
def keep_draft(asked: Ask, typed: Mapping[str, Any], *, at: datetime) -> VerdictDraft:
    """Keep what the leader typed so far, for them alone.

    Args:
        asked: the request for the verdict, still open.
        typed: texts by the names of the form's fields.
    """
    return VerdictDraft.objects.update_or_create(ask=asked, defaults={"data": dict(typed), "saved_at": at})[0]


def _missing(plan: HiringPlan, grounds: Grounds) -> dict[str, str]:
    said = {key for key, words in grounds.items() if words.strip()}
    lacking = [row for row in judged(plan) if row.must_have and row.competency_id not in said]
    told = _("%s is a must-have: say what you saw of it before you confirm.")
    return {ground(row.competency_id): told % row.competency.name for row in lacking}


def _told(plan: HiringPlan, grounds: Grounds) -> list[dict[str, Any]]:
    """The evidence per competency as it is kept, in the order of the plan."""
    rows = [(row.competency, grounds.get(row.competency_id, "").strip()) for row in judged(plan)]
    return [{"competency": one.pk, "name": one.name, "evidence": words} for one, words in rows if words]


def _extend(trial: Trial, application: Application, new_end: date, at: datetime) -> None:
    last = trial.check_ins.last()
    after = last.due_on if last else trial.starts_on
    trial.application = application
    trial.verdict_ask = requests.ask_for_verdict(
        application, leader=trial.leader, starts_on=trial.ends_on, ends_on=new_end, at=at
    )
    trial.ends_on = new_end
    trial.save(update_fields=["ends_on", "verdict_ask"])
    check_ins.ask_for_check_ins(trial, after=after, at=at)
    holding.hold_what_is_new(trial, at=at)
