"""Telling the recruiters of a job that somebody wrote: on the timeline, and by one mail with no word of it.

What was written may be a judgement, so no mail quotes it. Who has reminders in the daily digest finds it there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.post import mail
from candidates.post.inbound.models import Reply
from candidates.post.models import Ask

REPLIED = "mail.replied"
TOLD_FOR = timedelta(hours=1)  # within which a second mail of the same conversation rings nobody again


def tell(reply: Reply, *, at: datetime) -> None:
    """Write down that it came, and tell the recruiters once. Call inside the transaction that takes it."""
    application = reply.application
    assert application is not None
    is_new = not _was_told(reply, at)
    by = Actor.candidate(application.candidate.name) if reply.of_candidate else Actor.outsider("")
    pipeline.record(application, REPLIED, at=at, by=by, reply=reply.pk)
    blind = Ask.objects.open().blind().filter(application=application, user__isnull=False).values("user")
    told = application.job.recruiters.filter(is_active=True, reminded_in_digest=False).exclude(email="")
    for recruiter in told.exclude(pk__in=blind).exclude(email__iexact=reply.sender) if is_new else ():
        key = f"replied:{reply.pk}:{recruiter.pk}"
        data = {"of_candidate": reply.of_candidate}
        mail.queue_to_colleague(application, "candidates/replied", recruiter, key=key, at=at, data=data)


def _was_told(reply: Reply, at: datetime) -> bool:
    """Whether another mail about the application came a moment ago that nobody has looked at yet."""
    others = Reply.objects.filter(application=reply.application_id, state=Reply.State.TAKEN, seen_at=None)
    return others.filter(received_at__gt=at - TOLD_FOR).exclude(pk=reply.pk).exists()
