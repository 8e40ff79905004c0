"""Freshdesk: tickets with their stats, ratings, and who the agents are.

By the documentation at developers.freshdesk.com/api:
- "List all tickets" with `updated_since` and `include=stats`, the newest first, so that what changes while we read
  comes twice and nothing is passed over; 100 a page, at most 300 pages;
- "View all satisfaction ratings" with `created_since`: `default_question` is 103, 102 or 101 for happy, 100 for
  neutral and -101 to -103 for unhappy;
- "List all agents"; "Authentication": the key as user, X as password; "Rate limit": 429 with Retry-After.

A ticket's figures are those of its responder, the agent to whom it is assigned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop
from urllib3.util import make_headers

from trials.figures.agents import Person
from trials.figures.desks.days import Days
from trials.figures.desks.interface import Forbidden, NotFetched, Row
from trials.figures.desks.talking import BROKEN, Api, address, key, listed, moment, number, part, words
from trials.figures.metrics import Metric

A_PAGE, MOST_PAGES = 100, 300
HAPPY = 101
RESOLVED = frozenset({4, 5})  # resolved, closed
TOO_MANY = gettext_noop("More than 30,000 tickets changed in these days, and it gives no more than that.")


def connect(domain: str, api_key: str, zone: ZoneInfo) -> Freshdesk:
    """The account at domain.freshdesk.com, asked with the key of one of its agents."""
    return Freshdesk(Api(f"https://{domain}.freshdesk.com", make_headers(basic_auth=f"{api_key}:X")), zone)


class Freshdesk:
    """One account of Freshdesk."""

    def __init__(self, api: Api, zone: ZoneInfo) -> None:
        self._api, self._zone = api, zone
        self.missing: dict[str, str] = {}

    def figures(self, since: date, until: date) -> Iterator[Row]:
        """See `HelpDesk`."""
        days = Days(since, until, self._zone)
        began = datetime.combine(since, time(), tzinfo=self._zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"updated_since": began, "include": "stats", "order_by": "updated_at", "order_type": "desc"}
        for ticket in self._distinct("/api/v2/tickets", query):
            _note(ticket, days)
        try:
            for rating in self._distinct("/api/v2/surveys/satisfaction_ratings", {"created_since": began}):
                _rate(rating, days)
        except Forbidden as refusal:
            self.missing[Metric.SATISFACTION] = str(refusal)
        people = {key(one.get("id")): _person(one) for one in self._pages("/api/v2/agents", {})}
        yield from days.rows(people)

    def _distinct(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Each once: what changes while we read pushes others on to the next page."""
        return iter({key(one.get("id")): one for one in self._pages(path, query)}.values())

    def _pages(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for page in range(1, MOST_PAGES + 1):
            answer = self._api.get(path, **query, per_page=A_PAGE, page=page)
            yield from listed(answer)
            if len(answer) < A_PAGE:
                return
        raise NotFetched(TOO_MANY if path.endswith("tickets") else BROKEN)


def _note(ticket: dict[str, Any], days: Days) -> None:
    stats, agent, created = part(ticket, "stats"), key(ticket.get("responder_id")), moment(ticket.get("created_at"))
    if ticket.get("spam") is True:
        return
    days.note_reply(agent, created=created, replied=moment(stats.get("first_responded_at")))
    if number(ticket.get("status")) in RESOLVED:
        solved = moment(stats.get("resolved_at")) or moment(stats.get("closed_at"))
        is_reopened = moment(stats.get("reopened_at")) is not None
        days.note_ticket(agent, created=created, solved=solved, hours=None, is_reopened=is_reopened)


def _rate(rating: dict[str, Any], days: Days) -> None:
    said = number(part(rating, "ratings").get("default_question"))
    if said is not None:
        is_happy = said >= HAPPY
        days.note(
            key(rating.get("agent_id")),
            Metric.SATISFACTION,
            moment(rating.get("created_at")),
            100.0 if is_happy else 0.0,
        )


def _person(agent: dict[str, Any]) -> Person:
    contact = part(agent, "contact")
    return Person(key(agent.get("id")), address(contact.get("email")), words(contact.get("name"), 200))
