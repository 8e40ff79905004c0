"""What a recruiter should look at in a reference, and what can be done with it: for the panel of references."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.timezone import now

from ats.desk import roles
from candidates.judging import firewall
from candidates.people.models import Application
from references.flags import words
from references.flags.models import Flag
from references.models import RefereeRequest, Reference

register = template.Library()
KEPT = "_reference_flags"


@dataclass(frozen=True)
class _Noticed:
    """What hangs on the references of one application, read once for a page."""

    recruits: bool
    owes: bool
    flags: dict[int, list[Flag]]
    wishes: dict[int, RefereeRequest]


@register.inclusion_tag("desk/reference_flags.html", takes_context=True)
def flags_of(context: Any, reference: Reference) -> dict[str, Any]:
    """The flags of one reference, the referee's wish to be forgotten, the phone. At most four queries a page.

    Who does not recruit for the job, or owes a rating of the application, is shown none of the flags.
    """
    application = context.get("application") or reference.referee.application
    found = _noticed(context["request"], application)
    may_call = application.is_open and reference.scorecard.ask.is_open and not reference.declined_at
    return {
        "reference": reference,
        "flags": [_told(flag) for flag in found.flags.get(reference.pk, [])] if not found.owes else [],
        "wish": found.wishes.get(reference.referee_id),
        "may_call": found.recruits and may_call,
        "owes": found.owes,
        "may_forget": found.recruits and not reference.referee.forgotten_at and not reference.scorecard.ask.is_open,
    }


def _told(flag: Flag) -> dict[str, Any]:
    return {"flag": flag, "noticed": words.noticed(flag), "meaning": words.MEANINGS[flag.kind]}


def _noticed(request: HttpRequest, application: Application) -> _Noticed:
    kept = request.__dict__.setdefault(KEPT, {})
    if application.pk not in kept:
        kept[application.pk] = _read(request, application)
    found: _Noticed = kept[application.pk]
    return found


def _read(request: HttpRequest, application: Application) -> _Noticed:
    if not roles.recruits(request.user, application.job):
        return _Noticed(recruits=False, owes=True, flags={}, wishes={})
    owes = firewall.owed_by(request.user, at=now()).filter(application=application).exists()
    flags: defaultdict[int, list[Flag]] = defaultdict(list)
    if not owes:
        for flag in Flag.objects.filter(reference__referee__application=application):
            flags[flag.reference_id].append(flag)
    wanted = RefereeRequest.objects.filter(
        referee__application=application, kind=RefereeRequest.Kind.DELETION, done_at=None
    )
    return _Noticed(recruits=True, owes=owes, flags=flags, wishes={one.referee_id: one for one in wanted})
