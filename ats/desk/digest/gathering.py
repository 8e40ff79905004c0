"""What waits for many colleagues at once; the queries do not grow with them or with what waits.

Of an application whose letter or work they are still to judge blind nobody is told a name or a number; of one that
they owe any judgement on, nothing that follows from what others thought.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber, Upper

from ats.automation.models import Firing
from ats.rejections.models import PlannedRejection
from candidates.jobs.models import Job
from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.post.models import GRADING, Ask, Message
from candidates.post.to_dos import actions as to_dos
from candidates.staff.models import User
from candidates.stages import CLOSED, Stage
from interviews.models import Interview, Panelist

SHOWN = 5  # rows of a kind
LATELY = timedelta(days=14)
A_DAY = timedelta(hours=30)  # a local day may have 25 hours
MOST = 2000
Pair = tuple[int, int]  # a colleague and an application


@dataclass
class Waiting:
    """What waits for one colleague."""

    asks: list[Ask] = field(default_factory=list)  # the first due
    asked: int = 0
    overdue: list[Ask] = field(default_factory=list)  # of others; the longest overdue
    late: int = 0
    interviews: list[Interview] = field(default_factory=list)  # of the next hours
    unread: int = 0
    suggested: int = 0
    failed: int = 0
    returned: int = 0
    rejections: int = 0
    hidden: set[int] = field(default_factory=set)  # applications of which they are not to know the name

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to write about."""
        counts = (self.asked, self.late, self.unread, self.suggested, self.failed, self.returned, self.rejections)
        return not (any(counts) or self.interviews)


@dataclass
class _Known:
    """Who works on what, and of what nobody may tell them."""

    recruits: dict[int, set[int]]
    sees: dict[int, set[int]]  # with the jobs that they decide on
    hidden: set[Pair]
    owed: set[Pair]

    @property
    def jobs(self) -> set[int]:
        return {job for jobs in self.sees.values() for job in jobs}


def gather(colleagues: Sequence[User], *, at: datetime) -> dict[int, Waiting]:
    """What waits for each of them, by their keys."""
    known = _known(colleagues)
    found = {colleague.pk: Waiting() for colleague in colleagues}
    for pk, application in known.hidden:
        found[pk].hidden.add(application)
    _asks(found, at)
    _overdue(found, known, at)
    _interviews(found, known, at)
    _counts(found, known, at)
    return found


def _known(colleagues: Sequence[User]) -> _Known:
    recruits: dict[int, set[int]] = defaultdict(set)
    sees: dict[int, set[int]] = defaultdict(set)
    for user, job in Job.recruiters.through.objects.filter(user__in=colleagues).values_list("user_id", "job_id"):
        recruits[user].add(job)
        sees[user].add(job)
    for user, job in Job.objects.filter(hiring_manager__in=colleagues).values_list("hiring_manager", "pk"):
        sees[user].add(job)
    hidden, owed = _judgements(colleagues)
    return _Known(recruits, sees, hidden, owed)


def _judgements(colleagues: Sequence[User]) -> tuple[set[Pair], set[Pair]]:
    """What they are to judge without knowing whose it is, and all that they are to judge; as the firewall asks."""
    by_address: dict[str, list[int]] = defaultdict(list)
    for colleague in colleagues:
        by_address[colleague.email.upper()].append(colleague.pk)
    names = ("user", "address", "application", "scorecard__kind", "application__plan__hides_identity")
    cards = Ask.objects.open().filter(scorecard__isnull=False).annotate(address=Upper("email")).order_by()
    rows = [
        *cards.filter(user__in=colleagues).values_list(*names),
        *cards.filter(user=None, address__in=by_address).values_list(*names),
    ]
    hidden, owed = set(), set()
    for user, address, application, kind, hides in rows:
        pairs = {(pk, application) for pk in ([user] if user else by_address[address])}
        owed |= pairs
        if kind == Scorecard.Kind.EXERCISE or (kind == Scorecard.Kind.LETTER and hides):
            hidden |= pairs
    return hidden, owed


def _asks(found: dict[int, Waiting], at: datetime) -> None:
    """What they were asked to do themselves."""
    waits = Panelist.objects.filter(scorecard__ask=OuterRef("pk"), interview__starts_at=None)
    mine = Ask.objects.begun(at).filter(user__in=found).exclude(Exists(waits))
    for ask in _first(mine, F("user")):
        found[ask.user_id].asks.append(ask)
        found[ask.user_id].asked = ask.total


def _overdue(found: dict[int, Waiting], known: _Known, at: datetime) -> None:
    """What others have not done in time, on their jobs.

    Who grades written work nobody is told; and what a rule gave somebody to do may follow from judgements.
    """
    late = Ask.objects.open().filter(due_at__lte=at, application__job__in=known.jobs, application__duplicate_of=None)
    late = late.exclude(page__in=(GRADING, to_dos.PAGE)).exclude(application__stage__in=CLOSED)
    by_job: dict[int, list[Ask]] = defaultdict(list)
    for ask in _first(late, F("application__job"), shown=4 * SHOWN):
        by_job[ask.application.job_id].append(ask)
    numbers = Counter(dict(_numbers(late, "application__job", "user")))
    apart = late.filter(application__in={application for _pk, application in known.hidden})
    unseen = Counter(dict(_numbers(apart, "application", "application__job", "user")))
    for pk, waiting in found.items():
        jobs = known.sees[pk]
        waiting.late = sum(n for (job, user), n in numbers.items() if job in jobs and user != pk)
        waiting.late -= sum(
            n for (one, job, user), n in unseen.items() if (pk, one) in known.hidden and job in jobs and user != pk
        )
        rows = [ask for job in jobs for ask in by_job[job] if ask.user_id != pk]
        told = [ask for ask in rows if (pk, ask.application_id) not in known.hidden]
        waiting.overdue = sorted(told, key=lambda ask: (ask.due_at, ask.pk))[:SHOWN]


def _interviews(found: dict[int, Waiting], known: _Known, at: datetime) -> None:
    """Those of the next hours; which of them are today depends on where the reader is."""
    soon = Interview.objects.standing().filter(missed="", starts_at__range=(at, at + A_DAY))
    soon = soon.filter(application__job__in=known.jobs, application__stage=Stage.INTERVIEWS)
    related = soon.filter(application__duplicate_of=None).select_related("application__candidate", "application__job")
    by_job: dict[int, list[Interview]] = defaultdict(list)
    for interview in related.defer("application__letter", "application__job__description").order_by("starts_at")[:MOST]:
        by_job[interview.application.job_id].append(interview)
    for pk, waiting in found.items():
        rows = [one for job in known.sees[pk] for one in by_job[job]]
        waiting.interviews = sorted(rows, key=lambda one: (one.starts_at, one.pk))


def _counts(found: dict[int, Waiting], known: _Known, at: datetime) -> None:
    """Numbers for those who recruit."""
    jobs = {job for jobs in known.recruits.values() for job in jobs}
    mails = Message.objects.filter(application__job__in=jobs).exclude(ask__page=GRADING)
    unread = Application.objects.open().filter(stage=Stage.APPLIED, job__in=jobs).order_by()
    new = dict(unread.values_list("job").annotate(n=Count("*")))
    kinds = {
        "failed": mails.filter(status__in=["failed", "uncertain"], created_at__gte=at - LATELY),
        "returned": mails.filter(returned_at__gte=at - LATELY),
        "suggested": Firing.objects.filter(outcome=Firing.Outcome.SUGGESTED, application__job__in=jobs),
        "rejections": PlannedRejection.objects.standing().filter(
            application__job__in=jobs, due_at__range=(at, at + A_DAY)
        ),
    }
    for kind, rows in kinds.items():
        numbers = _numbers(rows, "application__job", "application")
        for pk, waiting in found.items():
            mine = known.recruits[pk]
            told = (n for (job, one), n in numbers if job in mine and (pk, one) not in known.owed)
            setattr(waiting, kind, sum(told))
    for pk, waiting in found.items():
        waiting.unread = sum(new.get(job, 0) for job in known.recruits[pk])


def _numbers(rows: QuerySet[Any], *names: str) -> list[tuple[tuple[Any, ...], int]]:
    counted = rows.order_by().values_list(*names).annotate(n=Count("*"))
    return [(tuple(row[:-1]), row[-1]) for row in counted]


def _first(asks: QuerySet[Ask], whose: F, *, shown: int = SHOWN) -> Iterable[Any]:
    """The first due of each, with how many there are."""
    place = Window(RowNumber(), partition_by=whose, order_by=("due_at", "pk"))
    placed = asks.annotate(place=place, total=Window(Count("pk"), partition_by=whose)).filter(place__lte=shown)
    related = placed.select_related("application__candidate", "application__job")
    return related.defer("application__letter", "application__job__description").order_by("due_at", "pk")
