"""Somebody says when they can interview; recruiters ask them to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.pipeline import NotAllowed
from candidates.post import links, mail
from candidates.post.doorbell import ring_on_commit
from interviews.availability.hours import Weekly
from interviews.availability.models import BusyTime, Interviewer, OfferedTime, WorkingHours

MOST_OFFERED = 100


@transaction.atomic
def keep(interviewer: Interviewer, *, at: datetime) -> None:
    """Save who interviews and by which rules. Another calendar is read soon; what the old one said counts no more."""
    before = Interviewer.objects.filter(pk=interviewer.pk).values_list("feed_url", flat=True).first()
    has_changed = interviewer.feed_url != (before or "")
    if has_changed:
        interviewer.feed_next_at = at if interviewer.feed_url else None
        interviewer.feed_read_at, interviewer.feed_error = None, ""
    interviewer.save()
    if has_changed:
        BusyTime.objects.filter(interviewer=interviewer).delete()
    if has_changed and interviewer.feed_url:
        ring_on_commit("interviews.availability.tasks.read_calendars")


@transaction.atomic
def say(interviewer: Interviewer, hours: Iterable[Weekly], *, at: datetime) -> None:
    """Save the rules and the weekly hours in the place of those before."""
    keep(interviewer, at=at)
    WorkingHours.objects.filter(interviewer=interviewer).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(interviewer=interviewer, weekday=one.weekday, begins=one.begins, ends=one.ends) for one in hours
    )


@transaction.atomic
def offer(interviewer: Interviewer, starts_at: datetime, ends_at: datetime, *, at: datetime) -> OfferedTime:
    """Offer a time outside the weekly hours.

    Raises:
        NotAllowed: it is over, ends before it begins, overlaps one that is offered, or there are very many.
    """
    locked = Interviewer.objects.select_for_update(no_key=True).get(pk=interviewer.pk)
    theirs = OfferedTime.objects.filter(interviewer=locked, ends_at__gt=at)
    if ends_at <= starts_at:
        raise NotAllowed(_("This ends before it begins."))
    if starts_at <= at:
        raise NotAllowed(_("This time is over. Choose one that lies ahead."))
    if theirs.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise NotAllowed(_("You offer a part of this time already."))
    if theirs.count() >= MOST_OFFERED:
        raise NotAllowed(_("You offer very many times already. Take some back, or use the weekly hours."))
    return OfferedTime.objects.create(interviewer=locked, starts_at=starts_at, ends_at=ends_at)


def send_link(interviewer: Interviewer, *, at: datetime) -> None:
    """Mail somebody the page on which they say when they can interview; at most once a day.

    Raises:
        NotAllowed: they do not interview any more.
    """
    if not interviewer.is_active:
        raise NotAllowed(_("%s does not interview any more.") % interviewer.name)
    mail.queue_to(
        "interviews/times",
        to=interviewer.email,
        language=interviewer.language,
        zone=interviewer.zone,
        key=f"interviewer:{interviewer.pk}:{at:%Y-%m-%d}",
        at=at,
        link=links.personal("interviewer", interviewer.pk),
        data={"name": interviewer.name},
    )
