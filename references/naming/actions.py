"""The candidate is asked for referees and names them; each of these is asked for a reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import ngettext

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from candidates.stages import Stage
from references import completion
from references.models import SelfView
from references.naming import people as naming
from references.naming import requests, standing
from references.naming.people import Named
from references.naming.standing import Wanted
from references.questionnaires import rules, wording


@transaction.atomic
def request_referees(
    application: Application, *, at: datetime, by: Actor, note: str = "", wait: timedelta = timedelta(0)
) -> None:
    """Move to references and ask the candidate to name as many referees as the plan still misses.

    When the application was here before and enough referees answered then, nobody is asked again.

    Args:
        application: as the caller saw it.
        at: now.
        by: a colleague, or the rule that moves by itself.
        note: a personal word for the candidate's mail.
        wait: how long the mail may still be taken back.

    Raises:
        NotAllowed: the application cannot go there from where it stands (`MovedMeanwhile`: any more).
    """
    pipeline.move(application, Stage.REFERENCES, at=at, by=by)
    missing = standing.of(application).first
    if missing.people:
        requests.ask_for_names(application, missing, note=note, wait=wait, at=at)
    else:
        completion.finish(application, at=at, by=by)


@transaction.atomic
def name_referees(
    asked: Ask,
    people: Sequence[Named],
    *,
    at: datetime,
    by: Actor,
    self_views: Mapping[str, int] | None = None,
    network: str = "",
    browser: str = "",
) -> None:
    """Take the candidate's referees and ask each of them for a reference.

    Args:
        asked: what the candidate was asked: for the first names, or for somebody else.
        people: who agreed to be asked, as the candidate says.
        at, by: now; the candidate.
        self_views: how the candidate sees themself, a score from 1 to 5 by the key of a criterion.
        network, browser: from which they were named, as digests.

    Raises:
        NotOpen: named before, or no longer wanted.
        NotAllowed: too few, too few managers, or one of them cannot be asked (see `people.refusals`).
    """
    application = pipeline.lock(asked.application)
    missing = wanted(asked)
    asks.close(asked, at=at)
    _require(application, people, missing, at)
    gone = list(requests.ended(application))
    named = [requests.referee_of(application, one, network=network, browser=browser, at=at) for one in people]
    requests.pair(named, [one for one in gone if one not in named])
    for referee in named:
        requests.request(referee, at=at)
    _keep_self_views(application, self_views or {}, at)
    pipeline.record(application, "references.named", at=at, by=by, count=len(people))


def wanted(asked: Ask) -> Wanted:
    """How many people the candidate has to name on this page, and how many managers or team leads among them."""
    return requests.wanted_by(asked, standing.of(asked.application))


def words(application: Application) -> dict[str, Any]:
    """What referees are asked, in the candidate's language: on this they may say how they see themself."""
    return wording.of(rules.of(application.plan).questionnaire, application.candidate.language)


def _require(application: Application, people: Sequence[Named], missing: Wanted, at: datetime) -> None:
    if len(people) < missing.people:
        text = ngettext("Please name %d person.", "Please name %d people.", missing.people)
        raise NotAllowed(text % missing.people)
    if sum(person.is_manager for person in people) < missing.managers:
        raise NotAllowed(too_few_managers(missing.managers))
    today = at.astimezone(ZoneInfo(application.candidate.zone)).date()
    for refusal in naming.refusals(application, people, today=today):
        raise NotAllowed(refusal.words)


def too_few_managers(wanted: int) -> str:
    """What the plan wants, for somebody who named too few of them."""
    return (
        ngettext(
            "At least %d person has to be a manager or team lead you worked for.",
            "At least %d people have to be managers or team leads you worked for.",
            wanted,
        )
        % wanted
    )


def _keep_self_views(application: Application, scores: Mapping[str, int], at: datetime) -> None:
    told = [one for one in words(application)["criteria"] if one["key"] in scores] if scores else []
    views = [
        SelfView(
            application=application,
            criterion=one["key"],
            competencies=one["competencies"],
            score=scores[one["key"]],
            at=at,
        )
        for one in told
    ]
    SelfView.objects.bulk_create(
        views,
        update_conflicts=True,
        unique_fields=["application", "criterion"],
        update_fields=["score", "competencies", "at"],
    )
