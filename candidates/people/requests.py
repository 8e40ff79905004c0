"""A candidate asks for a copy of their data or for its deletion; a colleague sees to it and says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application, DataRequest
from candidates.pipeline import NotAllowed
from candidates.post import mail

WITHIN = timedelta(days=30)  # the month that the law gives


@transaction.atomic
def request(application: Application, kind: DataRequest.Kind, *, at: datetime, by: Actor) -> DataRequest:
    """Write down what the candidate asks for and confirm it by mail; asking again while it waits changes nothing.

    Args:
        application: by whose page it is asked, open or ended.
        kind: a copy, or the deletion.
        at: now; it is due 30 days later.
        by: the candidate.
    """
    locked = pipeline.lock(application)
    waiting = locked.data_requests.filter(kind=kind, done_at=None).first()
    if waiting:
        return waiting
    new = DataRequest.objects.create(application=locked, kind=kind, at=at, due_at=at + WITHIN)
    pipeline.record(locked, "data.requested", at=at, by=by, kind=kind, request=new.pk)
    data = {"kind": str(kind), "due_at": new.due_at.isoformat()}
    mail.queue(application, "portal/data_request", key=f"data:{new.pk}", at=at, data=data)
    return new


@transaction.atomic
def finish(wanted: DataRequest, *, at: datetime, by: Actor) -> None:
    """A colleague has done what was asked for.

    Raises:
        NotAllowed: somebody marked it before.
    """
    waiting = DataRequest.objects.filter(pk=wanted.pk, done_at=None)
    if not waiting.update(done_at=at, done_by_name=by.name):
        raise NotAllowed(_("This request is done already."))
    pipeline.record(wanted.application, "data.request_done", at=at, by=by, kind=wanted.kind, request=wanted.pk)
