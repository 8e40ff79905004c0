"""The line about free times: twenty interviewers in two zones over thirty days, against one bare statement."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from bench.counting import Counter
from bench.ground import Ground, NotMeasured
from bench.measure import in_turn, timed
from bench.report import Measured, measured
from interviews.actions import Invited
from interviews.availability.builders import make_interviewer
from interviews.availability.free import DAYS, LEAD, Search, free_times
from interviews.models import BusyTime, Interviewer

PEOPLE, BUSY_EACH, MINUTES = 20, 30, 45
ZONES = ("Europe/Amsterdam", "America/New_York")
QUARTER = 15 * 60

BARE = """
WITH can AS (
  SELECT i.id, range_agg(
    tstzrange((day::date + begins) AT TIME ZONE zone, (day::date + ends) AT TIME ZONE zone)) AS spans
  FROM interviews_interviewer i JOIN interviews_workinghours w ON w.interviewer_id = i.id
  JOIN generate_series(%(start)s::date - 1, %(end)s::date + 1, interval '1 day') AS day
    ON extract(isodow FROM day) - 1 = w.weekday
  WHERE lower(email) = ANY(%(emails)s) GROUP BY i.id
), busy AS (
  SELECT interviewer_id, range_agg(tstzrange(starts_at, ends_at)) AS spans FROM interviews_busytime
  WHERE interviewer_id IN (SELECT id FROM can) AND ends_at > %(start)s AND starts_at < %(end)s GROUP BY 1
), free AS (
  SELECT range_intersect_agg(can.spans - coalesce(busy.spans, '{}')) * tstzmultirange(tstzrange(%(start)s, %(end)s))
    AS spans FROM can LEFT JOIN busy ON interviewer_id = id
)
SELECT lower(span), upper(span) FROM free, unnest(spans) AS span ORDER BY 1
"""


def free_slots(ground: Ground) -> Measured:
    """When all of them are free together; and the one statement that finds the same."""
    emails = _make(ground.at)
    search = Search(emails, MINUTES, ground.at)
    ours, theirs = [moment.timestamp() for moment in free_times(search)], _bare(emails, ground.at)
    if ours != theirs or not ours:
        raise NotMeasured(f"the two found {len(ours)} and {len(theirs)} times")
    counter = Counter()
    with connection.execute_wrapper(counter):
        free_times(search)
    turns = in_turn(lambda: timed(lambda: free_times(search)), lambda: timed(lambda: _bare(emails, ground.at)))
    return measured(turns, rows=len(ours), queries=counter.queries, note=f"{PEOPLE} people, {DAYS} days, two zones")


def _make(at: datetime) -> list[str]:
    """Long hours, so that a continent apart something is left, and short events all over the days."""
    busy = []
    for number in range(PEOPLE):
        who = Invited(f"Bench {number}", f"bench-slots-{number}@example.org")
        person = Interviewer.objects.filter(email=who.email).first()
        person = person or make_interviewer(who, hours="07:00-22:00", days="0123456", zone=ZONES[number % 2])
        for day in range(BUSY_EACH):
            start = at + timedelta(days=day, minutes=number * 37 + day * 11)
            busy.append(BusyTime(interviewer=person, starts_at=start, ends_at=start + timedelta(minutes=20)))
    BusyTime.objects.filter(interviewer__email__startswith="bench-slots-").delete()
    BusyTime.objects.bulk_create(busy)
    return [f"bench-slots-{number}@example.org" for number in range(PEOPLE)]


def _bare(emails: list[str], at: datetime) -> list[float]:
    """One statement with the range arithmetic of PostgreSQL, and the quarters of an hour in what it leaves."""
    start, end, found = at + LEAD, at + timedelta(days=DAYS), []
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"emails": emails, "start": start, "end": end})
        spans = [(first.timestamp(), last.timestamp()) for first, last in cursor.fetchall()]
    for first, last in spans:
        moment = first + -first % QUARTER
        while moment + MINUTES * 60 <= last:
            found.append(moment)
            moment += QUARTER
    return found
