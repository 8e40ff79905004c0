"""The queue of unread applications: whose turn it is, and where that stands in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from ats.desk import home
from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.screening import masking
from candidates.screening.masking import Identity

MOST_LETTERS = 20


@dataclass(frozen=True)
class Cursor:
    """A place in the queue: just after, or just before, the application that stood there."""

    applied_at: datetime
    pk: int

    @classmethod
    def of(cls, application: Application) -> Cursor:
        """Where `application` stands, or stood: when somebody applied never changes."""
        return cls(application.applied_at, application.pk)

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """What an address carried; None for what is no place."""
        time, _comma, pk = text.partition("_")
        if not (pk.isascii() and pk.isdecimal() and len(pk) <= 18):
            return None
        try:
            applied_at = datetime.fromisoformat(time)
        except ValueError:
            return None
        return cls(applied_at, int(pk)) if applied_at.tzinfo else None

    def __str__(self) -> str:
        return f"{self.applied_at.isoformat()}_{self.pk}"

    @property
    def later(self) -> Q:
        """Those behind this place."""
        return Q(applied_at__gt=self.applied_at) | Q(applied_at=self.applied_at, pk__gt=self.pk)

    @property
    def earlier(self) -> Q:
        """Those before this place."""
        return Q(applied_at__lt=self.applied_at) | Q(applied_at=self.applied_at, pk__lt=self.pk)


@dataclass(frozen=True)
class Place:
    """The application whose turn it is, and where it stands in the queue."""

    application: Application
    number: int
    total: int
    starts_again: bool  # the end was passed: it was left for later before

    @property
    def cursor(self) -> Cursor:
        """For the addresses of the next and the one before."""
        return Cursor.of(self.application)


@dataclass(frozen=True)
class Letter:
    """Who wrote and what, as far as whoever decides about it may know."""

    name: str
    text: str
    is_masked: bool


def jobs(user: Any) -> list[tuple[int, str, int]]:
    """Key, title and number of the unread for each job that has some."""
    counted = home.unread(user).order_by("job__title", "job_id").values("job_id", "job__title").annotate(n=Count("pk"))
    return [(row["job_id"], row["job__title"], row["n"]) for row in counted]


def of_job(queue: QuerySet[Application], job: str) -> QuerySet[Application]:
    """Those for one job; what is no key leaves all."""
    is_key = job.isascii() and job.isdecimal() and len(job) <= 18
    return queue.filter(job_id=int(job)) if is_key else queue


def find(queue: QuerySet[Application], *, after: str = "", before: str = "", show: str = "") -> Place | None:
    """Whose turn it is: the one asked for, the next after a place, the last before one, else the oldest.

    Past its end the queue starts again with those that were left for later.
    """
    behind, ahead = Cursor.parse(after), Cursor.parse(before)
    found, starts_again = None, False
    rows = queue.select_related("candidate", "job__hiring_manager", "plan")
    if show.isascii() and show.isdecimal() and len(show) <= 18:
        found = rows.filter(pk=int(show)).first()
    elif behind:
        found = rows.filter(behind.later).first()
        starts_again = found is None
    elif ahead:
        found = rows.filter(ahead.earlier).reverse().first()
    found = found or rows.first()
    return _placed(queue, found, starts_again) if found else None


def _placed(queue: QuerySet[Application], application: Application, starts_again: bool) -> Place:
    earlier = Count("pk", filter=Cursor.of(application).earlier)
    counts = queue.order_by().aggregate(total=Count("pk"), earlier=earlier)
    return Place(application, counts["earlier"] + 1, max(counts["total"], 1), starts_again)


def letter(application: Application) -> Letter:
    """Name and letter; under a plan that hides who wrote it a code name, and the letter without its writer."""
    candidate = application.candidate
    if not application.plan.hides_identity:
        return Letter(candidate.name, application.letter, is_masked=False)
    identity = Identity(candidate.name, candidate.email, candidate.phone)
    masked = masking.mask(application.letter, identity)
    return Letter(masking.code_name(application.pk), masked.text, is_masked=True)


def asked_to_read(user: Any, *, at: datetime) -> list[Ask]:
    """The letters that `user` was asked to read, the first due first. Only their own page shows them."""
    mine = Ask.objects.begun(at).filter(user=user, scorecard__kind=Scorecard.Kind.LETTER)
    return list(mine.select_related("application__job").defer("application__letter").order_by("due_at")[:MOST_LETTERS])
