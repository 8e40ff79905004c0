"""The gate before a trial: with fewer references than the plan needs, it begins only with a reason in words.

Whatever leads to a trial, by offer or at once, takes its form from `ReferencesFirst` and calls `pass_references` in
its transaction, before it moves:

    class OfferForm(ReferencesFirst, TrialForm): ...

    @transaction.atomic
    def offer(application, *, references_reason="", at, by, **told):
        gate.pass_references(application, reason=references_reason, at=at, by=by)
        return trials.offer(application, at=at, by=by, **told)
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.steps import StepForm
from references.naming import standing
from references.naming.standing import Standing

OVERRIDDEN = "references.overridden"
REASON = "references_reason"
LONGEST = 1000


class ReferencesFirst(StepForm):
    """A step that leads to a trial: when references are missing it says which, and asks why to go on all the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if told := shortfall(self.application):
            self.fields[REASON] = _reason_field(told)
            self.order_fields([REASON])


def shortfall(application: Application) -> str:
    """What the references of `application` lack, in words for a recruiter; empty when they are enough."""
    return _in_words(standing.of(application))


@transaction.atomic
def pass_references(application: Application, *, reason: str, at: datetime, by: Actor) -> None:
    """Let an application on to its trial: because its references are enough, or for a reason, which is kept.

    Args:
        application: as the caller saw it; it is locked, so that no reference arrives in between.
        reason: why without them; not asked for when they are enough.
        at: now.
        by: who lets it on.

    Raises:
        NotAllowed: references are missing and nobody says why it goes on.
    """
    locked = pipeline.lock(application)
    stands = standing.of(locked)
    if stands.is_enough:
        return
    if not reason.strip():
        raise NotAllowed(_("%s Say why the trial begins all the same.") % _in_words(stands))
    given = {"needed": stands.needed, "given": stands.given}
    managers = {"managers_needed": stands.managers_needed, "managers_given": stands.managers_given}
    pipeline.record(locked, OVERRIDDEN, at=at, by=by, reason=reason.strip(), **given, **managers)


def _in_words(stands: Standing) -> str:
    told = []
    if stands.lacks:
        text = ngettext(
            "The plan needs %(needed)d reference; given so far: %(given)d.",
            "The plan needs %(needed)d references; given so far: %(given)d.",
            stands.needed,
        )
        told.append(text % {"needed": stands.needed, "given": stands.given})
    if stands.lacks_managers:
        text = ngettext(
            "It needs %(needed)d of a past manager or team lead; given so far: %(given)d.",
            "It needs %(needed)d of past managers or team leads; given so far: %(given)d.",
            stands.managers_needed,
        )
        told.append(text % {"needed": stands.managers_needed, "given": stands.managers_given})
    return " ".join(told)


def _reason_field(told: str) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Why the trial begins without all references"),
        help_text=_("%s Your reason stays on the timeline.") % told,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        error_messages={"required": _("Say why, or wait for the references.")},
    )
