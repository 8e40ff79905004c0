"""Early warnings: signs are written down once, and told to the lead and the recruiters as soon as they may know.

Swept by beat. What tells of judgements waits until the firewall is open for its reader; a mail says only that there
is something to look at.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from candidates.judging import firewall
from candidates.people.models import Application
from candidates.post import mail
from candidates.staff.models import User
from candidates.stages import Stage
from trials.check_ins import signs
from trials.check_ins.models import EarlyWarning
from trials.offering import standing
from trials.offering.models import Trial
from trials.offering.standing import State

# Figures show together with the judgements, so that no number sways anybody; so does that they fall.
TELLS_JUDGEMENT = frozenset({EarlyWarning.Kind.RATINGS, EarlyWarning.Kind.EXHAUSTED, EarlyWarning.Kind.FIGURES})
WATCHED = frozenset({State.RUNNING, State.OVER})  # not before it begins, while it rests, or after its last word
TOLD_TO = "told_to"  # in a warning's data: who has heard of it
log = logging.getLogger(__name__)


def raise_due(*, at: datetime) -> int:
    """Look at every trial that goes on, write down what is new, tell who may know. Returns how many are new.

    Safe to run at any time and several times at once: a trial that another looks at is passed by, and what was
    written down before is not written again. A trial that cannot be looked at does not keep the others waiting.
    """
    found = 0
    for pk in list(_going_on().order_by("pk").values_list("pk", flat=True)):
        try:
            found += _look_at(pk, at)
        except Exception:  # one broken row must not silence the rest
            log.exception("The early warnings of trial %s could not be looked at.", pk)
    return found


def readers(trial: Trial) -> list[User]:
    """Who is told: the lead, and the recruiters of the job."""
    recruiters = trial.application.job.recruiters.filter(is_active=True).exclude(email="").order_by("pk")
    lead = [trial.leader] if trial.leader.is_active and trial.leader.email else []
    return [*lead, *(one for one in recruiters if one not in lead)]


def shown(application: Application, *, is_open: bool) -> list[EarlyWarning]:
    """The warnings of the current trial of `application` that may be shown, those still to be seen to first.

    Args:
        is_open: what the firewall says to the reader; while it is closed nobody learns that judgements were low.
    """
    found = EarlyWarning.objects.filter(trial__application=application, trial__replaced_at=None)
    visible = found if is_open else found.exclude(kind__in=TELLS_JUDGEMENT)
    return sorted(visible.select_related("trial"), key=lambda one: one.seen_at is not None)


def _going_on() -> QuerySet[Trial]:
    here = {"application__stage": Stage.TRIAL, "application__duplicate_of": None, "ended_at": None}
    return Trial.objects.current().agreed().filter(**here)


@transaction.atomic
def _look_at(pk: int, at: datetime) -> int:
    related = ("application__candidate", "application__job", "leader")
    locked = _going_on().select_related(*related).select_for_update(skip_locked=True, no_key=True, of=("self",))
    trial = locked.filter(pk=pk).first()
    if trial is None or standing.of(trial, at=at).state not in WATCHED:
        return 0
    found = _write(trial, at)
    _tell(trial, at)
    return found


def _write(trial: Trial, at: datetime) -> int:
    """Write down what is new. What nobody has heard of yet follows what is found: a third low rating, a third week."""
    kept = {(one.kind, one.occurrence): one for one in trial.warnings.all()}
    new = []
    for sign in signs.of(trial, at=at):
        row = kept.get((sign.kind, sign.occurrence))
        if row is None:
            new.append(
                EarlyWarning(trial=trial, raised_at=at, kind=sign.kind, occurrence=sign.occurrence, data=sign.data)
            )
        elif TOLD_TO not in row.data and row.seen_at is None and row.data != sign.data:
            row.data = sign.data
            row.save(update_fields=["data"])
    EarlyWarning.objects.bulk_create(new)
    return len(new)


def _tell(trial: Trial, at: datetime) -> None:
    """One mail to each reader about all that they have not heard of and may know; the rest waits for another time."""
    untold = list(trial.warnings.filter(told_at=None, seen_at=None).order_by("pk"))
    people = readers(trial) if untold else []
    for reader in people:
        if fresh := _fresh(untold, reader, trial.application, at):
            _mail(trial, fresh, reader, at)
    for warning in untold:
        heard = warning.data.get(TOLD_TO, [])
        if people and all(one.pk in heard for one in people):
            warning.told_at = at
    EarlyWarning.objects.bulk_update(untold, ["data", "told_at"])


def _fresh(untold: Sequence[EarlyWarning], reader: User, application: Application, at: datetime) -> list[EarlyWarning]:
    new = [one for one in untold if reader.pk not in one.data.get(TOLD_TO, [])]
    if new and firewall.blind_readings(reader).filter(application=application).exists():
        return []  # the mail would name whose work they are still to judge blind
    if any(one.kind in TELLS_JUDGEMENT for one in new) and not firewall.is_open(application, at=at, reader=reader):
        return [one for one in new if one.kind not in TELLS_JUDGEMENT]
    return new


def _mail(trial: Trial, fresh: Sequence[EarlyWarning], reader: User, at: datetime) -> None:
    key = f"warning:{fresh[-1].pk}:{reader.pk}"
    is_lead = reader == trial.leader
    data = {"count": len(fresh), "is_lead": is_lead}
    mail.queue_to_colleague(trial.application, "trials/warning", reader, key=key, at=at, data=data)
    for warning in fresh:
        warning.data = warning.data | {TOLD_TO: [*warning.data.get(TOLD_TO, []), reader.pk]}
