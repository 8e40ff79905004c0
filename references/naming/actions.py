"""The candidate is asked for referees and names them; each of these is asked for a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from candidates.stages import Stage
from references import completion
from references.models import Referee, Reference


@dataclass(frozen=True)
class Named:
    """A referee as the candidate typed them; `relation` is a value of `Referee.Relation`."""

    name: str
    email: str
    relation: str
    company: str


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
    if wanted(application):
        _ask_for_names(application, note=note, wait=wait, at=at)
    else:
        completion.finish(application, at=at, by=by)


@transaction.atomic
def name_referees(asked: Ask, people: Sequence[Named], *, at: datetime, by: Actor) -> None:
    """Take the candidate's referees and ask each of them for a reference.

    Raises:
        NotOpen: named before, or no longer wanted.
        NotAllowed: too few, or one of them cannot be asked (see `refusals`).
    """
    application = pipeline.lock(asked.application)
    asks.close(asked, at=at)
    if len(people) < wanted(application):
        raise NotAllowed(_("Please name %d people.") % wanted(application))
    for refusal in refusals(application, people).values():
        raise NotAllowed(refusal)
    for person in people:
        _request(application, person, at=at)
    pipeline.record(application, "references.named", at=at, by=by, count=len(people))


def wanted(application: Application) -> int:
    """How many referees the candidate has to name: as many as the plan wants, less those who answered before."""
    given = Reference.objects.answered().filter(referee__application=application).count()
    return max(application.plan.referees - given, 0)


def refusals(application: Application, people: Sequence[Named]) -> dict[int, str]:
    """Who cannot be asked, by their place in the list, and why in words for the candidate."""
    own, seen, refused = (application.candidate.email.lower(), _asked_before(application), {})
    for place, person in enumerate(people):
        email = person.email.lower()
        if not email:
            continue  # the form says so itself
        if email == own:
            refused[place] = _("This is your own address. Please name somebody who worked with you.")
        elif email in seen:
            refused[place] = _("We need different people. Please name somebody else here.")
        seen.add(email)
    return refused


def _ask_for_names(application: Application, *, note: str, wait: timedelta, at: datetime) -> None:
    asks.ask_candidate(
        application,
        page="references:name_referees",
        template="references/name_referees",
        title=_("Name your referees"),
        wait=wait,
        data={"note": note, "wanted": wanted(application), "signature": _signature(application)},
        **_time(application, at),
    )


def _asked_before(application: Application) -> set[str]:
    """The addresses of referees who answered or declined when the application was here before."""
    before = Reference.objects.filter(referee__application=application)
    done = before.answered() | before.declined()
    return {email.lower() for email in done.values_list("referee__email", flat=True)}


def _request(application: Application, person: Named, *, at: datetime) -> None:
    card = judging.request_scorecard(
        application,
        Scorecard.Kind.REFERENCE,
        page="references:answer",
        template="references/request",
        title=_("Give a reference for %s") % application.candidate.name,
        role=Ask.Role.REFEREE,
        name=person.name,
        email=person.email,
        solemn=True,
        data={"signature": _signature(application)},
        **_time(application, at),
    )
    referee = _referee(application, person, at)
    Reference.objects.update_or_create(referee=referee, defaults={"scorecard": card})


def _referee(application: Application, person: Named, at: datetime) -> Referee:
    """The row of this person: a new one, or the one from when the application was here before."""
    known = application.referees.filter(email__iexact=person.email).first()
    referee = known or Referee(application=application)
    referee.name, referee.email, referee.named_at = person.name, person.email, at
    referee.relation, referee.company = person.relation, person.company
    referee.save()
    return referee


def _time(application: Application, at: datetime) -> dict[str, Any]:
    time = application.plan.time_for(Stage.REFERENCES)
    return {"at": at, "due_at": at + time.allowed, "notice": time.notice}


def _signature(application: Application) -> str:
    """In whose name the mails of this stage go out."""
    return str(application.job.hiring_manager)
