"""Joining and leaving the talent pool, inviting people we know to a new job, giving employees their links.

A membership counts once the mailbox has confirmed it. Whoever leaves gets nothing any more, by none of their addresses.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.jobs.models import Job
from candidates.people import family
from candidates.people.actors import Actor
from candidates.people.models import Apart, Application, Candidate, Merge
from candidates.pipeline import NotAllowed
from candidates.post import links, mail, rendering
from candidates.post.models import Message
from candidates.sourcing.models import Invitation, PoolMember, Referrer

UNCONFIRMED_LIVES = timedelta(days=30)
FORGOTTEN_AT_ONCE = 500
STOPPABLE = (Message.Status.QUEUED, Message.Status.HELD, Message.Status.SENDING)


@transaction.atomic
def join(
    *, name: str, email: str, interests: str, consent_version: str, language: str, zone: str, at: datetime
) -> PoolMember:
    """Ask the mailbox whether its owner wants to hear of new jobs; at most one mail a day.

    Nobody has shown that the address is theirs: what we know of a member is not overwritten, and the page that calls
    this answers the same for known and unknown.

    Args:
        name, email, interests: cleaned text.
        consent_version: of the privacy notice that was shown.
        language, zone: of a new person.
        at: now.
    """
    person = family.found_or_made(Candidate(name=name, email=email, language=language, zone=zone, country=""))
    asked = {"interests": interests, "consent_at": at, "consent_version": consent_version}
    member, is_new = PoolMember.objects.get_or_create(candidate=person, defaults=asked)
    if not is_new and member.confirmed_at is None and member.left_at is None:
        PoolMember.objects.filter(pk=member.pk).update(**asked)
    key, link = f"pool:{member.pk}:{at:%Y-%m-%d}", links.personal("pool", member.pk)
    reader = {"to": person.email, "language": person.language, "zone": person.zone}
    data = {"name": person.name, "is_member": member.is_active}
    urgent = Message.Priority.URGENT
    mail.queue_to("sourcing/confirm", **reader, key=key, at=at, link=link, data=data, priority=urgent)
    return member


@transaction.atomic
def confirm(member: PoolMember, *, interests: str, consent_version: str, at: datetime) -> None:
    """The owner of the mailbox says yes, or changes what they are interested in.

    Args:
        consent_version: of the privacy notice on the page where they said it.

    Raises:
        ObjectDoesNotExist: it was forgotten at this moment.
    """
    family.lock(member.candidate_id)
    member = PoolMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    member.interests = interests
    if not member.is_active:
        member.consent_at, member.consent_version = at, consent_version
        member.confirmed_at, member.left_at = at, None
    member.save()


@transaction.atomic
def leave(member: PoolMember, *, at: datetime) -> None:
    """They want no more mails about jobs, by any of their addresses; those that wait do not leave. Safe to repeat."""
    person = family.lock(member.candidate_id)
    rows = PoolMember.objects.filter(candidate__in=family.members(person))
    theirs = [links.personal("pool", pk) for pk in rows.values_list("pk", flat=True)]
    rows.filter(left_at=None).update(left_at=at)
    waiting = Message.objects.filter(link__in=theirs, status__in=STOPPABLE)
    waiting.update(status=Message.Status.CANCELLED, error="They left the talent pool.")


@transaction.atomic
def invite(person: Candidate, job: Job, *, at: datetime, by: Actor) -> Invitation:
    """Tell somebody from the talent pool, or who applied here before, of a job; once.

    Who applied and is not in the pool gets a row there without consent, so that the mail carries a way to get no more.

    Raises:
        NotAllowed: they do not want to or need not be invited; `str()` says why.
    """
    person = family.lock(person.pk)
    member = PoolMember.objects.filter(candidate=person).first()
    if refusal := _refusal(person, member, job):
        raise NotAllowed(refusal)
    member = member or PoolMember.objects.create(candidate=person)
    invitation = Invitation.objects.create(candidate=person, job=job, at=at, by=by.user, by_name=by.name)
    mail.queue_to(
        "sourcing/invitation",
        to=person.email,
        language=person.language,
        zone=person.zone,
        key=f"invitation:{invitation.pk}",
        at=at,
        link=links.personal("pool", member.pk),
        data=_told(person, job, member, by),
    )
    return invitation


def add_referrer(referrer: Referrer, *, at: datetime) -> None:
    """Keep a new employee who recommends people, and mail them their links."""
    with transaction.atomic():
        referrer.created_at = at
        referrer.save()
        send_links(referrer, at=at)


def send_links(referrer: Referrer, *, at: datetime) -> None:
    """Mail an employee the page with their links; at most once a day.

    Raises:
        NotAllowed: their links are switched off.
    """
    if not referrer.is_active:
        raise NotAllowed(_("The links of %s are switched off.") % referrer.name)
    mail.queue_to(
        "sourcing/referrer",
        to=referrer.email,
        language=settings.LANGUAGE_CODE,
        zone=settings.TIME_ZONE,
        key=f"referrer:{referrer.pk}:{at:%Y-%m-%d}",
        at=at,
        link=links.personal("referrer", referrer.pk),
        data={"name": referrer.name},
    )


@transaction.atomic
def forget_unconfirmed(*, at: datetime) -> int:
    """Delete what was typed of people who never confirmed; returns how many. Who also applied stays a candidate."""
    old = PoolMember.objects.filter(confirmed_at=None, left_at=None, consent_at__lt=at - UNCONFIRMED_LIVES)
    invited = Invitation.objects.filter(candidate=OuterRef("candidate"))
    rows = old.filter(~Exists(invited)).select_for_update(of=("self",), skip_locked=True)[:FORGOTTEN_AT_ONCE]
    people = {member.pk: member.candidate_id for member in rows}
    Message.objects.filter(link__in=[links.personal("pool", pk) for pk in people], application=None).delete()
    PoolMember.objects.filter(pk__in=people).delete()
    _nobody_else(list(people.values())).delete()
    return len(people)


def _nobody_else(keys: list[int]) -> QuerySet[Candidate]:
    """Of these candidates those of whom there is nothing else."""
    found = Candidate.objects.filter(pk__in=keys, merged_into=None)
    elsewhere = [
        Application.objects.filter(candidate=OuterRef("pk")),
        Merge.objects.filter(kept=OuterRef("pk")),
        Merge.objects.filter(folded=OuterRef("pk")),
        Apart.objects.filter(first=OuterRef("pk")),
        Apart.objects.filter(second=OuterRef("pk")),
    ]
    for rows in elsewhere:
        found = found.filter(~Exists(rows))
    return found


def _refusal(person: Candidate, member: PoolMember | None, job: Job) -> str:
    """Why `person` is not invited to `job`; nothing when they may be."""
    theirs = Application.objects.filter(candidate=person)
    if Job.objects.get(pk=job.pk).status != Job.Status.OPEN:
        return _("The job takes no applications.")
    if member and member.left_at:
        return _("They do not want to hear of new jobs.")
    if not (member and member.is_active) and not theirs.exists():
        return _("They are not in the talent pool and never applied here.")
    if theirs.open().filter(job=job).exists():
        return _("They have an open application for this job.")
    if before := Invitation.objects.filter(candidate=person, job=job).first():
        day = date_format(before.at, "j M Y")
        return _("%(name)s invited them to this job on %(day)s.") % {"name": before.by_name, "day": day}
    return ""


def _told(person: Candidate, job: Job, member: PoolMember, by: Actor) -> dict[str, object]:
    """What the mail tells. The button leads to the job; the personal link is the way out."""
    address = f"{settings.SITE_URL}{reverse('careers:job', args=[job.slug])}?source=invitation"
    told: dict[str, object] = {"name": person.name, "title": job.title, "url": address, "way_out": rendering.LINK}
    return told | {"is_member": member.is_active, "signature": by.name}
