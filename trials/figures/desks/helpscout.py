"""Help Scout: conversations with their threads, ratings, and who the users are.

By the documentation of the Mailbox API 2.0 at developer.helpscout.com/mailbox-api:
- overview/authentication, "Client Credentials Flow": a token for two days, asked for each time anew;
- endpoints/conversations/list with `status=all`, `modifiedSince` and `embed=threads`;
- endpoints/reports/happiness/reports-happiness-ratings with `rating=all` (Plus and Pro plans only): ratingId is 1 for
  great, 2 for okay, 3 for not good;
- endpoints/users/list; overview/rate-limiting.

The first reply is that of the user who wrote it; a closed conversation is its assignee's, else of whoever closed it.
Satisfaction is the share of "great". It does not tell what was reopened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from trials.figures.agents import Person
from trials.figures.desks.days import HOUR, Days
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

BASE = "https://api.helpscout.net"
GREAT, WORST = 1, 3
LONGEST_TOKEN = 4000


def connect(app_id: str, secret: str, zone: ZoneInfo) -> HelpScout:
    """The account in which an app with this id and secret was made."""
    return HelpScout(Api(BASE, {}), app_id, secret, zone)


class HelpScout:
    """One account of Help Scout."""

    def __init__(self, api: Api, app_id: str, secret: str, zone: ZoneInfo) -> None:
        self._api, self._app_id, self._secret, self._zone = api, app_id, secret, zone
        self.missing: dict[str, str] = {}

    def figures(self, since: date, until: date) -> Iterator[Row]:
        """See `HelpDesk`."""
        self._sign_in()
        days = Days(since, until, self._zone)
        began, ended = self._moment(since), self._moment(until + timedelta(days=1))
        query = {"status": "all", "modifiedSince": began, "embed": "threads", "sortField": "modifiedAt"}
        found = {key(one.get("id")): one for one in self._pages("/v2/conversations", "conversations", query)}
        for conversation in found.values():
            _note(conversation, days)
        try:
            self._rate(began, ended, days)
        except Forbidden as refusal:
            self.missing[Metric.SATISFACTION] = str(refusal)
        people = {key(one.get("id")): _person(one) for one in self._pages("/v2/users", "users", {})}
        yield from days.rows(people)

    def _sign_in(self) -> None:
        form = {"grant_type": "client_credentials", "client_id": self._app_id, "client_secret": self._secret}
        answer = self._api.post("/v2/oauth2/token", form)
        token = words(described(answer).get("access_token"), LONGEST_TOKEN)
        if not token:
            raise NotFetched(BROKEN)
        self._api.headers["Authorization"] = f"Bearer {token}"

    def _moment(self, day: date) -> str:
        return datetime.combine(day, time(), tzinfo=self._zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _rate(self, began: str, ended: str, days: Days) -> None:
        for page in range(1, MOST_PAGES + 1):
            answer = self._api.get("/v2/reports/happiness/ratings", start=began, end=ended, rating="all", page=page)
            for one in listed(answer, "results"):
                rating = number(one.get("ratingId"))
                if rating is not None and GREAT <= rating <= WORST:
                    at, agent = moment(one.get("ratingCreatedAt")), key(one.get("ratingUserId"))
                    days.note(agent, Metric.SATISFACTION, at, 100.0 if rating == GREAT else 0.0)
            if page >= (number(answer.get("pages")) or 0):
                return
        raise NotFetched(BROKEN)

    def _pages(self, path: str, name: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Pages of a list (HAL): `page` tells how many there are; an empty list may be left out."""
        for page in range(1, MOST_PAGES + 1):
            answer = self._api.get(path, **query, page=page)
            if part(answer, "_embedded") or not part(answer, "page"):
                yield from listed(answer, "_embedded", name)
            if page >= (number(part(answer, "page").get("totalPages")) or 0):
                return
        raise NotFetched(BROKEN)


def _note(conversation: dict[str, Any], days: Days) -> None:
    created, closed = moment(conversation.get("createdAt")), moment(conversation.get("closedAt"))
    if conversation.get("status") == "spam":
        return
    if part(conversation, "createdBy").get("type") == "customer":
        agent, replied = _first_reply(conversation)
        days.note_reply(agent, created=created, replied=replied)
    if conversation.get("status") == "closed" and closed and created:
        agent = key(part(conversation, "assignee").get("id")) or key(part(conversation, "closedByUser").get("id"))
        days.note(agent, Metric.SOLVED, closed, 1.0)
        days.note(agent, Metric.RESOLUTION, closed, (closed - created).total_seconds() / HOUR)


def _first_reply(conversation: dict[str, Any]) -> tuple[str, datetime | None]:
    """By whom and when the first message of a user was sent."""
    threads = part(conversation, "_embedded").get("threads")
    replies = []
    for thread in threads if isinstance(threads, list) else []:
        by, at = part(thread, "createdBy"), moment(thread.get("createdAt")) if isinstance(thread, dict) else None
        is_sent = isinstance(thread, dict) and thread.get("type") == "message" and thread.get("state") != "draft"
        if is_sent and by.get("type") == "user" and at:
            replies.append((at, key(by.get("id"))))
    return (min(replies)[1], min(replies)[0]) if replies else ("", None)


def _person(user: dict[str, Any]) -> Person:
    name = f"{words(user.get('firstName'), 100)} {words(user.get('lastName'), 100)}".strip()
    return Person(key(user.get("id")), address(user.get("email")), name)
