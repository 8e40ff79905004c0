"""One help desk on this machine for each test, and the three APIs as recorded."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from trials.figures.desks.freshdesk import Freshdesk
from trials.figures.desks.helpscout import HelpScout
from trials.figures.desks.talking import Api
from trials.figures.desks.tests import recorded, server
from trials.figures.desks.zendesk import Zendesk, credentials

SINCE, UNTIL = date(2030, 1, 7), date(2030, 1, 21)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def desk():
    with server.running() as running:
        yield running


def api(desk, **fields):
    return Api(desk.base, fields.pop("headers", {}), wait=desk.waited.append, **fields)


def zendesk(desk, **fields):
    return Zendesk(api(desk, headers=credentials("ada@example.org", "secret"), **fields), AMSTERDAM)


def freshdesk(desk):
    return Freshdesk(api(desk), AMSTERDAM)


def helpscout(desk):
    return HelpScout(api(desk), "app", "secret", AMSTERDAM)


def as_zendesk(desk):
    desk.gives("/api/v2/incremental/tickets/cursor.json", recorded.ZENDESK_TICKETS_1)
    desk.gives("/api/v2/incremental/tickets/cursor.json", recorded.ZENDESK_TICKETS_2)
    desk.gives("/api/v2/satisfaction_ratings.json", recorded.ZENDESK_RATINGS_1)
    desk.gives("/api/v2/satisfaction_ratings.json", recorded.ZENDESK_RATINGS_2)
    desk.gives("/api/v2/users.json", recorded.ZENDESK_USERS)


def told(rows):
    """Rows as (name, figure, day, value, n)."""
    return [(row.person.name, row.metric, row.day.day, round(float(row.value), 2), row.n) for row in rows]
