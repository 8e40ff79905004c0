"""Keeping and locking what is said at a check-in; seeing to what it warns of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging import actions as judging
from candidates.judging.actions import Answers
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask
from trials.check_ins import own_views
from trials.check_ins.models import EarlyWarning, OwnView

WARNING_SEEN = "trial.warning_seen"
FIELDS = ("support", "drained", "worn_out", "stays", "words")


@dataclass(frozen=True)
class Own:
    """How the new colleague is: 1 to 5 each, or None where they would rather not say; and what would help."""

    support: int | None = None
    drained: int | None = None
    worn_out: int | None = None
    stays: int | None = None
    words: str = ""


@dataclass(frozen=True)
class OwnAnswers(Answers):
    """The new colleague's card as typed; drafts may lack anything."""

    own: Own = field(default_factory=Own)


def lock(card: Scorecard, answers: Answers, *, at: datetime, by: Actor) -> None:
    """Lock what the buddy or the lead saw.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    judging.lock(card, answers, at=at, by=by)


def keep_own(card: Scorecard, answers: OwnAnswers, *, at: datetime) -> None:
    """Keep what was typed so far, inside the transaction of the page, which has locked the application.

    Raises:
        asks.NotOpen: the card is locked or no longer wanted.
    """
    judging.keep_draft(card, answers, at=at)
    _write(card, answers.own)


@transaction.atomic
def lock_own(card: Scorecard, answers: OwnAnswers, *, at: datetime, by: Actor) -> None:
    """Lock the new colleague's card with how they are; the database refuses changes of both from then on.

    Raises:
        asks.NotOpen: answered before, or no longer wanted.
    """
    pipeline.lock(card.application)
    if not Ask.objects.open().filter(pk=card.ask_id).exists():
        raise asks.NotOpen
    _write(card, answers.own)
    judging.lock(card, answers, at=at, by=by)


@transaction.atomic
def see_to(warning: EarlyWarning, *, note: str, at: datetime, by: Actor) -> None:
    """Say what was done about an early warning. The timeline tells that somebody saw to one, not what it said.

    Raises:
        NotAllowed: nothing was said; or somebody has seen to it already.
    """
    if not note.strip():
        raise NotAllowed(_("Say in a few words what was done."))
    application = pipeline.lock(warning.trial.application)
    current = EarlyWarning.objects.select_for_update(of=("self",)).get(pk=warning.pk)
    if current.seen_at:
        raise NotAllowed(_("%s has seen to it already.") % current.seen_by_name)
    current.seen_at, current.seen_by_name, current.note = at, by.name, note.strip()
    current.save(update_fields=["seen_at", "seen_by_name", "note"])
    pipeline.record(application, WARNING_SEEN, at=at, by=by, warning=current.pk)


def _write(card: Scorecard, own: Own) -> None:
    kept = own_views.of(card)
    if own == (Own(**{name: getattr(kept, name) for name in FIELDS}) if kept else Own()):
        return
    view = OwnView(card=card.check_in_card, **{name: getattr(own, name) for name in FIELDS})
    OwnView.objects.bulk_create([view], update_conflicts=True, unique_fields=["card"], update_fields=list(FIELDS))
