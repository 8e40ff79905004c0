"""Zendesk: tickets with their metrics, ratings, and who the agents are.

By the documentation at developer.zendesk.com, api-reference/ticketing:
- ticket-management/incremental_exports, "Cursor-based incremental exports", with metric_sets sideloaded: every ticket
  that changed since a time, 1,000 a page, ten requests a minute;
- tickets/ticket_metrics, for what a metric set holds: minutes by the calendar and within business hours, reopens;
- ticket-management/satisfaction_ratings: `score=received`, times as Unix epochs, pages by cursor; of what the newer
  surveys gather nothing stands there;
- users/users, for names and addresses.

A ticket's figures are those of its assignee: who wrote a reply does not stand in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from urllib3.util import make_headers

from trials.figures.agents import Person
from trials.figures.desks.days import HOUR, MINUTE, Days
from trials.figures.desks.interface import Forbidden, NotFetched, Row
from trials.figures.desks.talking import (
    BROKEN,
    MOST_PAGES,
    Api,
    address,
    described,
    key,
    listed,
    moment,
    number,
    part,
    words,
)
from trials.figures.metrics import Metric

A_PAGE = 100
SOLVED = frozenset({"solved", "closed"})
LONGEST = 5_000_000.0  # minutes to a reply, some nine years; more is a mistake


def connect(subdomain: str, email: str, token: str, zone: ZoneInfo) -> Zendesk:
    """The account at subdomain.zendesk.com, asked in the name of `email` with an API token."""
    return Zendesk(Api(f"https://{subdomain}.zendesk.com", credentials(email, token)), zone)


def credentials(email: str, token: str) -> dict[str, str]:
    """The header that tells who asks (introduction/security-and-auth, "API token")."""
    return make_headers(basic_auth=f"{email}/token:{token}")


class Zendesk:
    """One account of Zendesk."""

    def __init__(self, api: Api, zone: ZoneInfo) -> None:
        self._api, self._zone = api, zone
        self.missing: dict[str, str] = {}

    def figures(self, since: date, until: date) -> Iterator[Row]:
        """See `HelpDesk`."""
        days = Days(since, until, self._zone)
        began = int(datetime.combine(since, time(), tzinfo=self._zone).timestamp())
        for ticket in self._tickets(began):
            _note(ticket, days)
        try:
            self._rate(began, days)
        except Forbidden as refusal:
            self.missing[Metric.SATISFACTION] = str(refusal)
        yield from days.rows(self._people())

    def _tickets(self, began: int) -> Iterator[dict[str, Any]]:
        """All tickets that changed; one that changed meanwhile comes twice, and counts as it came last."""
        found: dict[str, dict[str, Any]] = {}
        answer = self._api.get("/api/v2/incremental/tickets/cursor.json", start_time=began, include="metric_sets")
        for _number in range(MOST_PAGES):
            sets = listed(answer, "metric_sets") if "metric_sets" in described(answer) else []
            apart = {key(one.get("ticket_id")): one for one in sets}
            for ticket in listed(answer, "tickets"):
                found[key(ticket.get("id"))] = _with_metrics(ticket, apart)
            cursor = answer.get("after_cursor")
            if answer.get("end_of_stream") is not False or not isinstance(cursor, str):
                return iter(found.values())
            answer = self._api.get("/api/v2/incremental/tickets/cursor.json", cursor=cursor, include="metric_sets")
        raise NotFetched(BROKEN)

    def _rate(self, began: int, days: Days) -> None:
        """Of two ratings of one ticket the later one counts, on its day."""
        last: dict[str, tuple[datetime, str, bool]] = {}
        query = {"score": "received", "start_time": began}
        for rating in self._pages("/api/v2/satisfaction_ratings.json", "satisfaction_ratings", query):
            at, score = moment(rating.get("created_at")), words(rating.get("score"), 40)
            ticket, is_good = key(rating.get("ticket_id")), score.startswith("good")
            if at and (is_good or score.startswith("bad")) and (ticket not in last or last[ticket][0] <= at):
                last[ticket] = (at, key(rating.get("assignee_id")), is_good)
        for at, agent, is_good in last.values():
            days.note(agent, Metric.SATISFACTION, at, 100.0 if is_good else 0.0)

    def _people(self) -> dict[str, Person]:
        query = {"role__": ["agent", "admin"]}
        return {key(one.get("id")): _person(one) for one in self._pages("/api/v2/users.json", "users", query)}

    def _pages(self, path: str, name: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Cursor pagination (introduction/pagination): `meta` tells whether there is more, and from where."""
        answer = self._api.get(path, **query, page__size=A_PAGE)
        for _number in range(MOST_PAGES):
            yield from listed(answer, name)
            meta = part(answer, "meta")
            after = meta.get("after_cursor")
            if meta.get("has_more") is not True or not isinstance(after, str):
                return
            answer = self._api.get(path, **query, page__size=A_PAGE, page__after=after)
        raise NotFetched(BROKEN)


def _with_metrics(ticket: dict[str, Any], apart: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """With its metric set, which stands within the ticket or in a list of its own."""
    return ticket | {"metric_set": part(ticket, "metric_set") or apart.get(key(ticket.get("id")), {})}


def _note(ticket: dict[str, Any], days: Days) -> None:
    metrics, agent = part(ticket, "metric_set"), key(ticket.get("assignee_id"))
    created = moment(ticket.get("created_at"))
    minutes = number(part(metrics, "reply_time_in_minutes").get("calendar"))
    if created and minutes is not None and 0 <= minutes < LONGEST:
        days.note_reply(agent, created=created, replied=created + timedelta(minutes=minutes))
    if words(ticket.get("status"), 20) in SOLVED:
        taken = number(part(metrics, "full_resolution_time_in_minutes").get("calendar"))
        days.note_ticket(
            agent,
            created=created,
            solved=moment(metrics.get("solved_at")),
            hours=None if taken is None else taken * MINUTE / HOUR,
            is_reopened=(number(metrics.get("reopens")) or 0) > 0,
        )


def _person(user: dict[str, Any]) -> Person:
    return Person(key(user.get("id")), address(user.get("email")), words(user.get("name"), 200))
