"""Screening: one colleague reads the letter, another talks on the phone; neither knows what the other thinks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.jobs.models import Job
from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Ask
from candidates.screening.calls import actions as calls
from candidates.screening.masking import code_name
from candidates.staff.models import User
from candidates.stages import Stage

COMPLETE = "screening.complete"


def team(job: Job) -> QuerySet[User]:
    """Who may screen for `job`: its recruiters and its hiring manager, as far as they can be reached by mail."""
    recruiters = Q(pk__in=job.recruiters.values("pk"))
    reachable = User.objects.filter(is_active=True, is_staff=True).exclude(email="")
    return reachable.filter(recruiters | Q(pk=job.hiring_manager_id)).order_by("first_name", "last_name", "pk")


@transaction.atomic
def begin(
    application: Application,
    *,
    reader: User,
    caller: User,
    at: datetime,
    by: Actor,
    chooses_time: bool = False,
) -> None:
    """Open the stage: `reader` is asked to read the cover letter, `caller` to hold the phone screen.

    Args:
        application: as its mover saw it.
        reader, caller: of the job's team.
        at: now.
        by: who moves.
        chooses_time: whether the candidate is asked to choose one of the times that `caller` offers.

    Raises:
        NotAllowed: moved meanwhile, no such move, one of them does not hire for this job, or no time is offered.
    """
    for user in (reader, caller):
        _require_member(application.job, user)
    pipeline.move(application, Stage.SCREENING, at=at, by=by)
    writer = called(application)
    title = _("Read the letter of %s") % writer
    _request(application, Scorecard.Kind.LETTER, user=reader, title=title, at=at, data={"writer": writer})
    title = _("Phone screen with %s") % application.candidate.name
    _request(application, Scorecard.Kind.PHONE, user=caller, title=title, at=at)
    if chooses_time:
        calls.ask_for_a_time(application, caller, at=at)
    ring_on_commit("candidates.screening.tasks.print_letters")


def called(application: Application) -> str:
    """How the reader of a letter hears its writer called: by a code name where the plan hides who they are."""
    return code_name(application.pk) if application.plan.hides_identity else application.candidate.name


@transaction.atomic
def submit(card: Scorecard, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Lock the reader's or the caller's scorecard; the last of the two completes the stage.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    is_last = judging.lock(card, answers, at=at, by=by)
    if card.kind == Scorecard.Kind.PHONE:
        calls.end(card.application, at=at)
    if is_last:
        pipeline.record(card.application, COMPLETE, at=at, by=by)


def _require_member(job: Job, user: User) -> None:
    if not team(job).filter(pk=user.pk).exists():
        raise NotAllowed(
            _("%s cannot screen for this job: only its recruiters and its hiring manager can, and they need a mail.")
            % user
        )


def _request(
    application: Application,
    kind: Scorecard.Kind,
    *,
    user: User,
    title: str,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    judging.request_scorecard(
        application,
        kind,
        page=f"screening:{kind}",
        template=f"screening/{kind}",
        title=title,
        role=Ask.Role.MANAGER if user.pk == application.job.hiring_manager_id else Ask.Role.RECRUITER,
        name=str(user),
        email=user.email,
        user=user,
        within=application.plan.time_for(Stage.SCREENING),
        at=at,
        data=data,
    )
