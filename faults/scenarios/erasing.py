"""Somebody is erased while everything about them is under way."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from django.utils.timezone import now

from ats.engine.erased import nobody_is_named
from ats.privacy import erasing
from ats.privacy.models import Erasure
from ats.rejections import actions as rejections
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate
from candidates.post.models import Ask, Message
from faults import people
from faults.stand.stand import Stand
from faults.stand.visitor import Visitor
from faults.verdict import expect, until

MANY = 20
PARTS = ("web", "worker", "urgent", "beat")


def erased_under_way(stand: Stand) -> str:
    """F34: twenty people are erased on the desk while a worker is in mid sweep over their mails; reminders, held mails
    and planned rejections wait. Nothing leaves afterwards but what was in SMTP's hands, and nothing names them.

    Times of rows are moved into the past, so that reminders and rejections fall due at once.
    """
    recruiter = people.colleague()
    gone = people.applications(MANY, of=people.job(recruiters=[recruiter]))
    told = {one.pk: (one.candidate.name, one.candidate.email) for one in gone}
    visitor = stand.visitor().sign_in(recruiter)
    _let_everything_wait(gone, Actor.person(recruiter))
    stand.mails_are("slow", seconds=1)
    people.letters_at_once(gone)
    until(lambda: stand.count_mails() > 0, 30, "no mail is under way")
    for one in reversed(gone):  # those first whose mails are last
        _erase(visitor, one.candidate_id, told[one.pk][0])
    time.sleep(8)  # what was in SMTP's hands: at most two seconds, and one slow answer
    left = stand.count_mails()
    stand.mail_takes()
    _let_everything_fall_due(gone)
    time.sleep(10)  # several sweeps
    late = [f"{mail.subject} to {mail.to}" for mail in stand.mails()[left:]]
    expect(not late, f"{len(late)} mails left after they were erased: {sorted(set(late))}")
    erasing.take_what_came_late(at=now())  # as the hourly sweep does; the box of arrived mails counts as ours here
    told_so = f"{left} of {MANY} mails had left or were in SMTP's hands, none after"
    return f"{told_so}; {_nothing_is_left(stand, gone, told)}"


def _let_everything_wait(applications: Sequence[Application], by: Actor) -> None:
    at = now()
    for one in applications:
        people.ask(one, remind_at=[at + timedelta(days=1)])
        rejections.plan(one, reason="skills", hours=24, at=at, by=by)
    people.letters(applications, people.REJECTED, wait=timedelta(days=1))


def _let_everything_fall_due(applications: Sequence[Application]) -> None:
    """As if days had passed: whatever were still waiting would leave now."""
    past = now() - timedelta(minutes=1)
    Message.objects.filter(application__in=applications).update(next_try_at=past)
    Ask.objects.filter(application__in=applications, remind_at__isnull=False).update(remind_at=past)


def _erase(visitor: Visitor, candidate: int, name: str) -> None:
    address = f"/desk/erase/{candidate}/"
    expect(name in visitor.get(address).text, "the page does not say who would be erased")
    answer = visitor.post(address, {"name": name}, follow=False)
    expect(answer.status == 302, f"erasing answers {answer.status}")


def _nothing_is_left(stand: Stand, gone: Sequence[Application], told: dict[int, tuple[str, str]]) -> str:
    theirs = Candidate.objects.filter(applications__in=gone)
    expect(set(theirs.values_list("name", flat=True)) == {"Erased person"}, "somebody has a name still")
    expect(not Ask.objects.open().filter(application__in=gone).exists(), "somebody is still asked")
    waiting = Message.objects.filter(application__in=gone).exclude(status__in=["sent", "cancelled"])
    expect(not waiting.exists(), f"mails about them are {people.status_of(list(waiting))}")
    said = list(Message.objects.filter(application__in=gone).exclude(text=""))
    expect(not said, f"{len(said)} mails have their words again")
    expect(Erasure.objects.count() >= len(gone), "an erasure was not written down")
    found = nobody_is_named(now())[1]
    expect(not found, f"I9: {found}")
    logs = "".join(stand.log(part) for part in PARTS)
    named = [address for _name, address in told.values() if address in logs]
    expect(not named, f"logs name {len(named)} of them")
    return f"{len(gone)} erased, I9 holds, logs name nobody"
