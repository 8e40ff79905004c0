"""After the answer: a referee wants a copy of what they said, or wants it deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import mail
from candidates.post.models import Ask
from references.models import Referee, RefereeRequest, Reference

COPY_PAUSE = timedelta(minutes=10)
COPY, DELETION = "copy", "delete"


def take(reference: Reference, action: str, *, at: datetime) -> dict[str, str]:
    """Do what the button says. Returns what to tell the referee: `told`, or `refused` with the reason."""
    try:
        if action == COPY:
            want_copy(reference, at=at)
            return {"told": _("Done: the mail is on its way to the address that we wrote to.")}
        if action == DELETION:
            want_deletion(reference, at=at, by=Actor.outsider(reference.referee.name))
            return {"told": _("We have your wish. A person here sees to it, and this page then says so.")}
    except NotAllowed as refused:
        return {"refused": str(refused)}
    return {}


@transaction.atomic
def want_copy(reference: Reference, *, at: datetime) -> None:
    """Mail the way to their answers to the referee's own address.

    The words themselves are not in the mail: what leaves can be read by colleagues who must not know them yet.

    Raises:
        NotAllowed: there is nothing to read, or one was mailed a moment ago.
    """
    pipeline.lock(reference.scorecard.application)
    referee = Referee.objects.get(pk=reference.referee_id)
    if not reference.scorecard.is_locked or referee.forgotten_at:
        raise NotAllowed(_("There is nothing here that we could send."))
    last = referee.requests.filter(kind=RefereeRequest.Kind.COPY).first()
    if last and at - last.at < COPY_PAUSE:
        raise NotAllowed(_("We sent one a moment ago. Please look into your mailbox, also among the spam."))
    made = RefereeRequest.objects.create(referee=referee, kind=RefereeRequest.Kind.COPY, at=at, done_at=at)
    application, asked = reference.scorecard.application, reference.scorecard.ask
    mail.queue(application, "references/copy", key=f"copy:{made.pk}", at=at, ask=asked, outlives_ask=True)


@transaction.atomic
def want_deletion(reference: Reference, *, at: datetime, by: Actor) -> None:
    """Note that the referee wants their words deleted, once, and tell the recruiters of the job.

    Raises:
        NotAllowed: they are deleted already.
    """
    application = pipeline.lock(reference.scorecard.application)
    referee = Referee.objects.get(pk=reference.referee_id)
    if referee.forgotten_at:
        raise NotAllowed(_("What you said is deleted already."))
    made, is_new = RefereeRequest.objects.get_or_create(
        referee=referee, kind=RefereeRequest.Kind.DELETION, done_at=None, defaults={"at": at}
    )
    if is_new:
        pipeline.record(application, "references.deletion_wanted", at=at, by=by)
        _tell_recruiters(application, made, at)


def wants_deletion(referee: Referee) -> bool:
    """Whether a colleague is still to delete what this referee said."""
    return referee.requests.filter(kind=RefereeRequest.Kind.DELETION, done_at=None).exists()


def _tell_recruiters(application: Application, made: RefereeRequest, at: datetime) -> None:
    """Who is still to read something of this person blind is not told by name whose referee it is."""
    blind = Ask.objects.open().blind().filter(application=application, user__isnull=False).values("user")
    readers = application.job.recruiters.filter(is_active=True).exclude(email="").exclude(pk__in=blind)
    for recruiter in readers:
        key = f"deletion:{made.pk}:{recruiter.pk}"
        data = {"who": made.referee.name}
        mail.queue_to_colleague(application, "references/deletion_wanted", recruiter, key=key, at=at, data=data)
