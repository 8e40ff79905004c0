"""When an interview can begin, so that everybody who takes part is free: interval arithmetic over a few queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
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
    held, calls = _held(search), _calls(search, people)
    open_spans: list[Span] = [search.window]
    for person in people:
        taken = held[person.email.casefold()] + calls.of_caller[person.user_id]
        open_spans = common(open_spans, _open(person, search, held[person.email.casefold()], taken))
    open_spans = without(open_spans, calls.of_candidate + _with_candidate(search))
    return list(_beginnings(open_spans, timedelta(minutes=search.minutes)))


def without_hours(emails: Iterable[str], *, at: datetime) -> list[str]:
    """Those of `emails` whom nobody can book by choosing a time: they told us no hours, or do not interview."""
    hours = WorkingHours.objects.filter(interviewer=OuterRef("pk"))
    offered = OfferedTime.objects.filter(interviewer=OuterRef("pk"), ends_at__gt=at)
    wanted = {email.casefold(): email for email in emails}
    bookable = _with_address(wanted).filter(Exists(hours) | Exists(offered))
    known = set(bookable.values_list("address", flat=True))
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
    """Those who take part with their hours, what they offer and when they are busy: four queries."""
    during = _during(search)
    offered = Prefetch("offered_times", queryset=OfferedTime.objects.filter(during))
    busy = Prefetch("busy_times", queryset=BusyTime.objects.filter(during))
    return list(_with_address(search.addresses).prefetch_related("hours", offered, busy))


def _held(search: Search) -> dict[str, list[Span]]:
    """When each address interviews already."""
    rows = Panelist.objects.standing().filter(_during(search), interview__cancelled_at=None)
    rows = rows.exclude(interview=search.moving) if search.moving else rows
    found: dict[str, list[Span]] = defaultdict(list)
    addresses = rows.annotate(address=Lower("email")).filter(address__in=search.addresses)
    for address, start, end in addresses.order_by().values_list("address", "starts_at", "ends_at"):
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


def _open(person: Interviewer, search: Search, interviews: list[Span], taken: list[Span]) -> list[Span]:
    """When `person` can be booked."""
    zone, (start, end) = zone_of(person.zone), search.window
    first, last = (moment.astimezone(zone).date() for moment in (start, end))
    hours = [Weekly(one.weekday, one.begins, one.ends) for one in person.hours.all()]
    offered = [(one.starts_at, one.ends_at) for one in person.offered_times.all()]
    busy = [(one.starts_at, one.ends_at) for one in person.busy_times.all()]
    can = union([*weekly_spans(hours, zone, first=first, last=last), *offered])
    apart = widened(taken, timedelta(minutes=person.buffer_minutes))
    return without(can, [*busy, *apart, *_full_days(interviews, person.most_a_day, zone)])


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
