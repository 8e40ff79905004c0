"""When an interview can begin, so that everybody who takes part is free: interval arithmetic over a few queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from candidates.screening.models import CallSlot
from interviews.availability.hours import Weekly, weekly_spans, whole_day, zone_of
from interviews.availability.models import BusyTime, Interviewer, OfferedTime, WorkingHours
from interviews.availability.spans import Span, common, union, widened, without
from interviews.scheduling.models import Interview, Panelist

STEP = timedelta(minutes=15)
DAYS = 30
LEAD = timedelta(hours=12)  # nobody finds an interview in the calendar that began before they looked at their mail
DAY = timedelta(days=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Search:
    """What is looked for: a time for all of `emails` together.

    `minutes` is how long it takes; `days` how far ahead; `candidate` the key of whom it is with; `moving` the key of an
    interview whose own time is in nobody's way, because it is what would move.
    """

    emails: Sequence[str]
    minutes: int
    at: datetime
    days: int = DAYS
    candidate: int | None = None
    moving: int | None = None

    @property
    def window(self) -> Span:
        """From the earliest to the latest moment that counts."""
        return self.at + LEAD, self.at + timedelta(days=self.days)

    @property
    def addresses(self) -> list[str]:
        """The addresses, each once, as they are compared."""
        return sorted({email.casefold() for email in self.emails})


def free_times(search: Search) -> list[datetime]:
    """The times at which it could begin, in order, at every quarter of an hour. Seven queries, whoever takes part.

    None when one of them cannot be booked: unknown, switched off, or without any hours.
    """
    people = _people(search)
    if not people or len(people) < len(search.addresses):
        return []
    held, calls, can = _held(search), _calls(search, people), _can(search, people)
    open_spans = [search.window]
    for spans in can:
        open_spans = common(open_spans, spans)
    taken = [span for person in people for span in _taken(person, held[person.email.casefold()], calls)]
    busy = [*_busy(search, people), *calls.of_candidate, *_with_candidate(search)]
    # What all can, less what anybody cannot: the same as taking it off each, and much less work.
    return list(_beginnings(without(open_spans, [*taken, *busy]), timedelta(minutes=search.minutes)))


def without_hours(emails: Iterable[str], *, at: datetime) -> list[str]:
    """Those of `emails` whom nobody can book by choosing a time: they told us no hours, or do not interview."""
    hours = WorkingHours.objects.filter(interviewer=OuterRef("pk"))
    offered = OfferedTime.objects.filter(interviewer=OuterRef("pk"), ends_at__gt=at)
    wanted = {email.casefold(): email for email in emails}
    bookable = _with_address(wanted).filter(Exists(hours) | Exists(offered))
    known = {person.email.casefold() for person in bookable}
    return [email for address, email in wanted.items() if address not in known]


@dataclass(frozen=True)
class _Calls:
    """Phone screens that were agreed: of each account, and of the candidate."""

    of_caller: dict[int | None, list[Span]]
    of_candidate: list[Span]


def _with_address(addresses: Iterable[str]) -> QuerySet[Interviewer]:
    active = Interviewer.objects.filter(is_active=True).annotate(address=Lower("email"))
    return active.filter(address__in=list(addresses))


def _people(search: Search) -> list[Interviewer]:
    """Those who take part."""
    return list(_with_address(search.addresses))


def _can(search: Search, people: list[Interviewer]) -> set[tuple[Span, ...]]:
    """When each can interview at all; who has the same hours in the same zone counts once."""
    keys = [person.pk for person in people]
    hours: dict[int, list[Weekly]] = defaultdict(list)
    rows = WorkingHours.objects.filter(interviewer__in=keys).order_by()
    for person, weekday, begins, ends in rows.values_list("interviewer", "weekday", "begins", "ends"):
        hours[person].append(Weekly(weekday, begins, ends))
    offered: dict[int, list[Span]] = defaultdict(list)
    times = OfferedTime.objects.filter(_during(search), interviewer__in=keys).order_by()
    for person, start, end in times.values_list("interviewer", "starts_at", "ends_at"):
        offered[person].append((start, end))
    first, last = (moment.astimezone(UTC).date() for moment in search.window)
    days = (first - DAY, last + DAY)  # wherever they are, it is the day before or after at most
    return {_possible(one.zone, frozenset(hours[one.pk]), tuple(offered[one.pk]), *days) for one in people}


@lru_cache(maxsize=256)
def _possible(
    zone: str, hours: frozenset[Weekly], offered: tuple[Span, ...], first: date, last: date
) -> tuple[Span, ...]:
    """When somebody with these hours can interview, were nothing in the way; the same all day long."""
    return tuple(union([*weekly_spans(hours, zone_of(zone), first=first, last=last), *offered]))


def _busy(search: Search, people: list[Interviewer]) -> list[Span]:
    """When the calendar of any of them says busy."""
    rows = BusyTime.objects.filter(_during(search), interviewer__in=[person.pk for person in people])
    return list(rows.order_by().values_list("starts_at", "ends_at"))


def _held(search: Search) -> dict[str, list[Span]]:
    """When each address interviews already."""
    rows = Panelist.objects.standing().filter(_during(search), interview__cancelled_at=None)
    rows = rows.exclude(interview=search.moving) if search.moving else rows
    found: dict[str, list[Span]] = defaultdict(list)
    addresses = rows.annotate(address=Lower("email")).filter(address__in=search.addresses)
    for address, start, end in addresses.order_by().values_list("address", "starts_at", "ends_at"):
        if start and end:  # always, of those in the window; the columns may be empty
            found[address].append((start, end))
    return found


def _calls(search: Search, people: Iterable[Interviewer]) -> _Calls:
    callers = {person.user_id for person in people if person.user_id}
    whose = Q(caller__in=callers) | Q(application__candidate=search.candidate)
    rows = CallSlot.objects.filter(_during(search), whose, application__isnull=False).order_by()
    found = _Calls(defaultdict(list), [])
    for caller, candidate, start, end in rows.values_list("caller", "application__candidate", "starts_at", "ends_at"):
        found.of_caller[caller].append((start, end))
        if candidate == search.candidate:
            found.of_candidate.append((start, end))
    return found


def _with_candidate(search: Search) -> list[Span]:
    """When the candidate has other interviews."""
    rows = Interview.objects.agreed().filter(_during(search), candidate=search.candidate)
    rows = rows.exclude(pk=search.moving) if search.moving else rows
    return [(start, end) for start, end in rows.order_by().values_list("starts_at", "ends_at") if start and end]


def _during(search: Search) -> Q:
    """A day more on both sides: for buffers, and for days that begin before the window does."""
    start, end = search.window
    return Q(ends_at__gt=start - 2 * DAY, starts_at__lt=end + 2 * DAY)


def _taken(person: Interviewer, interviews: list[Span], calls: _Calls) -> list[Span]:
    """What is booked already, with the distance that they want to it, and the days on which they have enough."""
    booked = [*interviews, *calls.of_caller[person.user_id]]
    apart = widened(booked, timedelta(minutes=person.buffer_minutes))
    return [*apart, *_full_days(interviews, person.most_a_day, zone_of(person.zone))]


def _full_days(interviews: list[Span], most: int, zone: ZoneInfo) -> list[Span]:
    """The days, by the wall of whoever interviews, on which they have as many interviews as they take."""
    count = Counter(start.astimezone(zone).date() for start, _end in interviews)
    return [whole_day(day, zone) for day, number in count.items() if number >= most]


def _beginnings(spans: Iterable[Span], length: timedelta) -> Iterator[datetime]:
    """Every quarter of an hour at which something that takes `length` fits into one of `spans`. All zones of today
    differ from UTC by whole quarters, so these are quarters on every wall."""
    for start, end in spans:
        moment = start + (EPOCH - start) % STEP
        while moment + length <= end:
            yield moment
            moment += STEP
