"""A reference on the phone: a recruiter asks the same questions and writes down what is said."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import firewall
from candidates.judging.actions import Answers
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import mail
from references import completion
from references.answering import actions
from references.answering.actions import Facts
from references.models import Reference

LEFT, RECORDED = "references.call_left", "references.recorded"


def refusal(reference: Reference, *, at: datetime, by: Actor) -> str:
    """Why `by` may not ask this referee on the phone, in words; empty when they may."""
    application = reference.scorecard.application
    if by.user is None or firewall.owed_by(by.user, at=at).filter(application=application).exists():
        return _(
            "You still owe a rating of this application yourself. Give it first, or let somebody else call: "
            "what a referee says would colour it."
        )
    if reference.mode == Reference.Mode.PHONE and reference.recorded_by_id != by.user.pk:
        who = reference.recorded_by or _("A colleague")
        return _("%s is on the phone with them already and writes down what they say.") % who
    return ""


@transaction.atomic
def begin(reference: Reference, *, at: datetime, by: Actor) -> None:
    """The referee is on the line and agrees to notes. Their link says so from now on; what they had typed is deleted.

    Raises:
        NotOpen: answered or declined before, or no longer wanted.
        NotAllowed: by somebody who owes a rating, or somebody else is on the phone with them.
    """
    application, current = _lock(reference, at=at, by=by)
    if current.mode == Reference.Mode.PHONE:
        return  # pressed twice
    actions.forget_draft(current)
    _set(current, mode=Reference.Mode.PHONE, recorded_by=by.user, began_at=at)
    pipeline.record(application, firewall.HEARD, at=at, by=by)


@transaction.atomic
def keep(reference: Reference, facts: Facts, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Keep what was written down so far.

    Raises:
        NotOpen, NotAllowed: as `begin`.
    """
    _application, current = _lock(reference, at=at, by=by)
    _require_call(current)
    actions.save_draft(current, facts, answers, at=at)


@transaction.atomic
def record(reference: Reference, facts: Facts, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Lock what was written down, and mail the referee where to read it.

    Raises:
        NotOpen, NotAllowed: as `begin`.
    """
    application, current = _lock(reference, at=at, by=by)
    _require_call(current)
    actions.take(current, facts, answers, at=at, by=by)
    pipeline.record(application, RECORDED, at=at, by=by)
    asked = current.scorecard.ask
    key, data = f"copy-of-call:{asked.pk}", {"caller": by.name, "signature": by.name}
    mail.queue(application, "references/copy_of_call", key=key, at=at, ask=asked, outlives_ask=True, data=data)
    completion.finish_after_the_last(application, at=at, by=by)


@transaction.atomic
def leave(reference: Reference, *, at: datetime, by: Actor) -> None:
    """They did not get round to it: the notes are deleted, and the referee's link takes an answer again.

    Raises:
        NotOpen, NotAllowed: as `begin`.
    """
    application, current = _lock(reference, at=at, by=by)
    _require_call(current)
    actions.forget_draft(current)
    _set(current, mode=Reference.Mode.LINK, recorded_by=None, began_at=None)
    pipeline.record(application, LEFT, at=at, by=by)


def _lock(reference: Reference, *, at: datetime, by: Actor) -> tuple[Application, Reference]:
    """The application's row is locked, so that a call and an answer by link come one by one."""
    application = actions.lock_open(reference)
    related = ("referee", "recorded_by", "scorecard__ask", "scorecard__application", "scorecard__wording")
    current = Reference.objects.select_related(*related).get(pk=reference.pk)
    if refused := refusal(current, at=at, by=by):
        raise NotAllowed(refused)
    return application, current


def _require_call(reference: Reference) -> None:
    if reference.mode != Reference.Mode.PHONE:
        raise NotAllowed(_("This call has ended in another window. Begin it again to write anything down."))


def _set(reference: Reference, **fields: object) -> None:
    for name, value in fields.items():
        setattr(reference, name, value)
    reference.save(update_fields=list(fields))
