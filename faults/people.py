"""Who is in a scenario: people and mails of the present, written past the pages, each with names of their own."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils.timezone import now

from ats.desk import roles
from candidates import builders, pipeline
from candidates.jobs.models import Job
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate
from candidates.post import asks, mail
from candidates.post.models import Ask, Message
from candidates.staff.models import User
from candidates.stages import Stage

_numbers = itertools.count(int(time.time()) % 1_000_000 * 1000 + os.getpid() % 1000)
RECEIVED, REJECTED = "candidates/received", "candidates/rejected"  # a mail like most, and a solemn one


def unique(word: str) -> str:
    """`word` with a number that no other call gives."""
    return f"{word}-{next(_numbers)}"


def noon_zone() -> str:
    """A time zone where it is about noon now, so that no quiet hours hold anything back."""
    return f"Etc/GMT{now().hour - 12:+d}"


def colleague(name: str = "Rita Recruiter", role: str = roles.RECRUITERS, **fields: Any) -> User:
    """A new colleague with an account and a role (`ats.desk.roles`)."""
    roles.ensure_roles()
    user = builders.make_user(name, username=unique(name.split(maxsplit=1)[0].lower()), **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def job(**fields: Any) -> Job:
    """A new open job with a recruiter of its own; `fields` as of `builders.make_job`."""
    told: dict[str, Any] = {"slug": unique("job"), "opened_at": now() - timedelta(days=1)}
    told |= {"recruiters": [colleague()], "hiring_manager": colleague("Max Manager", roles.MANAGERS)} | fields
    plan = told.pop("plan", None) or builders.make_plan(tuple(unique(name) for name in ("Empathy", "Patience")))
    return builders.make_job(**told, plan=plan)


def persons(number: int) -> list[Candidate]:
    """New people, each with an address of their own; they live where it is noon."""
    zone, domains = noon_zone(), itertools.cycle(f"mail{n}.example.org" for n in range(100))
    people = [
        Candidate(name=f"Cara Candidate {n}", email=f"{unique('cara')}@{domain}", zone=zone)
        for n, domain in zip(range(number), domains, strict=False)
    ]
    return Candidate.objects.bulk_create(people, batch_size=1000)


def applications(number: int, *, of: Job | None = None) -> list[Application]:
    """New applications, each of another person, written all at once."""
    chosen, at = of or job(), now()
    new = [
        Application(candidate=one, job=chosen, plan=chosen.plan, applied_at=at, consent_at=at, consent_version="1")
        for one in persons(number)
    ]
    pipeline.enter(new, at=at, by=Actor.person(chosen.recruiters.earliest("pk")))
    return new


def application(*, of: Job | None = None) -> Application:
    """One of them."""
    return applications(1, of=of)[0]


def letters(to: Sequence[Application], template: str = RECEIVED, *, wait: timedelta = timedelta(0)) -> list[Message]:
    """A mail to each of them, queued by the verb for it, doorbell included."""
    at = now()
    return [
        mail.queue(one, template, key=unique("scenario"), at=at, solemn=template == REJECTED, wait=wait) for one in to
    ]


def letters_at_once(to: Sequence[Application], template: str = RECEIVED) -> list[Message]:
    """A mail to each of them, queued all at once without a doorbell: the sweep has to find them."""
    at = now()
    queued = [
        Message(key=unique("scenario"), application=one, template=template, to=one.candidate.email,
                solemn=template == REJECTED, created_at=at, next_try_at=at)
        for one in to
    ]  # fmt: skip
    return Message.objects.bulk_create(queued)


def ask(application: Application, *, remind_at: Sequence[datetime] = (), **fields: Any) -> Ask:
    """Ask the candidate for a time on the phone, with reminders at these times."""
    at = fields.pop("at", now())
    told = {"page": "screening:choose_time", "template": "screening/choose_time", "title": "Choose a time"} | fields
    return asks.ask_candidate(application, due_at=at + timedelta(days=7), at=at, reminders=list(remind_at), **told)


def status_of(messages: Sequence[Message]) -> dict[str, int]:
    """How many of these mails have which status now."""
    found = Message.objects.filter(pk__in=[one.pk for one in messages]).values_list("status", flat=True)
    counted: dict[str, int] = {}
    for status in found:
        counted[status] = counted.get(status, 0) + 1
    return counted


def are_all(messages: Sequence[Message], status: str) -> bool:
    """Whether all of these mails have this status now."""
    return status_of(messages) == {status: len(messages)}


def pass_time(messages: Sequence[Message], by: timedelta) -> None:
    """Let this much time pass for these mails alone, by moving their rows' times into the past."""
    for one in Message.objects.filter(pk__in=[message.pk for message in messages]):
        one.created_at -= by
        one.next_try_at -= by
        one.claimed_at = one.claimed_at and one.claimed_at - by
        if since := one.data.get(mail.TRIED_SINCE):
            one.data[mail.TRIED_SINCE] = (datetime.fromisoformat(since) - by).isoformat()
        one.save(update_fields=["created_at", "next_try_at", "claimed_at", "data"])


def asks_at_once(to: Sequence[Application], *, remind_at: datetime) -> list[Ask]:
    """What `ask` asks of each of them, told long ago, with one reminder at this time; all written at once."""
    at = min(now(), remind_at) - timedelta(days=2)
    told: dict[str, Any] = {
        "page": "screening:choose_time",
        "template": "screening/choose_time",
        "title": "Choose a time",
    }
    told |= {"stage": Stage.APPLIED, "role": Ask.Role.CANDIDATE, "created_at": at, "opens_at": at}
    told |= {"due_at": at + timedelta(days=7), "expires_at": at + timedelta(days=37), "zone": noon_zone()}
    new = [
        Ask(application=one, name=one.candidate.name, email=one.candidate.email, remind_at=remind_at, **told)
        for one in to
    ]
    Ask.objects.bulk_create(new, batch_size=1000)
    first = [
        Message(key=f"ask:{one.pk}", application=one.application, ask=one, template=one.template, to=one.email,
                status=Message.Status.SENT, created_at=at, next_try_at=at, sent_at=at)
        for one in new
    ]  # fmt: skip
    Message.objects.bulk_create(first, batch_size=1000)
    return new


def reminders_of(asked: Sequence[Ask]) -> list[Message]:
    """The mails that remind of these asks."""
    return list(Message.objects.filter(ask__in=asked).exclude(key__startswith="ask:"))
