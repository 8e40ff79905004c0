"""What each help desk tells, out of recorded answers (see `recorded`)."""

import base64

import pytest

from trials.figures.desks.interface import NotFetched
from trials.figures.desks.talking import BROKEN
from trials.figures.desks.tests import recorded
from trials.figures.desks.tests.conftest import SINCE, UNTIL, as_zendesk, freshdesk, helpscout, told, zendesk

TICKETS, RATINGS = "/api/v2/incremental/tickets/cursor.json", "/api/v2/satisfaction_ratings.json"


def test_zendesk_tells_tickets_and_ratings_by_assignee_and_day(desk):
    as_zendesk(desk)
    assert told(zendesk(desk).figures(SINCE, UNTIL)) == [
        ("Carol Candidate", "first_reply", 14, 40, 2),
        ("Carol Candidate", "reopened", 14, 50, 2),
        ("Carol Candidate", "resolution", 14, 3, 2),
        ("Carol Candidate", "satisfaction", 14, 50, 2),
        ("Carol Candidate", "solved", 14, 2, 2),
        ("Tom Team", "first_reply", 16, 20, 1),
    ]


def test_zendesk_means_have_a_spread_from_two_cases_on(desk):
    as_zendesk(desk)
    spreads = {(row.person.name, row.metric): row.spread for row in zendesk(desk).figures(SINCE, UNTIL)}
    assert float(spreads["Carol Candidate", "first_reply"]) == pytest.approx(14.1421)
    assert spreads["Tom Team", "first_reply"] is spreads["Carol Candidate", "satisfaction"] is None


def test_zendesk_is_asked_page_by_page_with_the_key_of_an_agent(desk):
    as_zendesk(desk)
    list(zendesk(desk).figures(SINCE, UNTIL))
    assert desk.queries(TICKETS) == [
        {"start_time": ["1893970800"], "include": ["metric_sets"]},
        {"cursor": ["MTU4"], "include": ["metric_sets"]},
    ]
    assert desk.queries(RATINGS)[1]["page[after]"] == ["xxx"]
    assert desk.queries("/api/v2/users.json")[0]["role[]"] == ["agent", "admin"]
    said = desk.asked[0][2]["authorization"].removeprefix("Basic ")
    assert base64.b64decode(said) == b"ada@example.org/token:secret"


def test_metric_sets_may_stand_in_a_list_of_their_own(desk):
    as_zendesk(desk)
    tickets = [{name: value for name, value in one.items() if name != "metric_set"}
               for one in recorded.ZENDESK_TICKETS_1["tickets"]]  # fmt: skip
    sets = [one["metric_set"] for one in recorded.ZENDESK_TICKETS_1["tickets"]]
    desk._answers[TICKETS] = []
    desk.gives(TICKETS, {"tickets": tickets, "metric_sets": sets, "end_of_stream": True})
    assert ("Carol Candidate", "solved", 14, 2, 2) in told(zendesk(desk).figures(SINCE, UNTIL))


def test_whoever_is_no_agent_any_more_is_known_by_number(desk):
    as_zendesk(desk)
    desk._answers["/api/v2/users.json"] = []
    desk.gives("/api/v2/users.json", {"users": [], "meta": {"has_more": False}})
    assert {row.person.key for row in zendesk(desk).figures(SINCE, UNTIL)} == {"235323", "999"}


def test_what_lies_outside_the_days_is_left_out(desk):
    as_zendesk(desk)
    assert told(zendesk(desk).figures(SINCE, SINCE)) == []


def test_ratings_that_it_keeps_to_itself_are_told_as_missing_and_the_rest_is_taken(desk):
    as_zendesk(desk)
    desk._answers[RATINGS] = []
    desk.gives(RATINGS, {"error": "Forbidden"}, status=403)
    account = zendesk(desk)
    assert {row.metric for row in account.figures(SINCE, UNTIL)} == {"first_reply", "reopened", "resolution", "solved"}
    assert list(account.missing) == ["satisfaction"]


def test_freshdesk_tells_tickets_and_ratings_by_responder_and_day(desk):
    desk.gives("/api/v2/tickets", recorded.FRESHDESK_TICKETS)
    desk.gives("/api/v2/surveys/satisfaction_ratings", recorded.FRESHDESK_RATINGS)
    desk.gives("/api/v2/agents", recorded.FRESHDESK_AGENTS)
    assert told(freshdesk(desk).figures(SINCE, UNTIL)) == [
        ("Carol Candidate", "first_reply", 14, 40, 2),
        ("Carol Candidate", "reopened", 14, 50, 2),
        ("Carol Candidate", "resolution", 14, 3, 2),
        ("Carol Candidate", "satisfaction", 14, 50, 4),
        ("Carol Candidate", "solved", 14, 2, 2),
    ]
    (query,) = desk.queries("/api/v2/tickets")
    assert (query["updated_since"], query["include"], query["page"]) == (["2030-01-06T23:00:00Z"], ["stats"], ["1"])


def test_freshdesk_is_asked_until_a_page_is_not_full_and_tells_nothing_twice(desk):
    full = [recorded.FRESHDESK_TICKETS[1] | {"id": number} for number in range(100)]
    desk.gives("/api/v2/tickets", full)
    desk.gives("/api/v2/tickets", [full[-1], full[0] | {"id": 100}])
    desk.gives("/api/v2/surveys/satisfaction_ratings", [])
    desk.gives("/api/v2/agents", recorded.FRESHDESK_AGENTS)
    assert ("Carol Candidate", "solved", 14, 101, 101) in told(freshdesk(desk).figures(SINCE, UNTIL))


def test_help_scout_tells_the_first_reply_of_its_writer_and_the_rest_of_the_assignee(desk):
    desk.gives("/v2/oauth2/token", recorded.HELPSCOUT_TOKEN)
    desk.gives("/v2/conversations", recorded.HELPSCOUT_CONVERSATIONS_1)
    desk.gives("/v2/conversations", recorded.HELPSCOUT_CONVERSATIONS_2)
    desk.gives("/v2/reports/happiness/ratings", recorded.HELPSCOUT_RATINGS)
    desk.gives("/v2/users", recorded.HELPSCOUT_USERS)
    assert told(helpscout(desk).figures(SINCE, UNTIL)) == [
        ("Carol Candidate", "resolution", 14, 4, 2),
        ("Carol Candidate", "satisfaction", 14, 50, 2),
        ("Carol Candidate", "solved", 14, 2, 2),
        ("Tom Team", "first_reply", 14, 45, 1),
    ]
    assert desk.queries("/v2/oauth2/token")[0]["grant_type"] == ["client_credentials"]
    assert {headers.get("Authorization") for _path, _query, headers in desk.asked[1:]} == {
        f"Bearer {recorded.HELPSCOUT_TOKEN['access_token']}"
    }


ODD: list[object] = [
    None, 5, "text", [], {}, {"tickets": None}, {"tickets": [None, 5, {}]}, {"tickets": {}},
    {"tickets": [{"id": [], "status": {}, "assignee_id": {}, "created_at": 5, "metric_set": []}]},
    {"tickets": [{"id": 1, "assignee_id": "\ud800\x00", "status": "solved", "created_at": "0001-01-01T00:00:00Z",
                  "metric_set": {"solved_at": "9999-12-31T23:59:59-12:00", "reopens": float("nan"),
                                 "reply_time_in_minutes": {"calendar": 1e300}}}], "end_of_stream": True},
    {"tickets": [{"id": 1, "assignee_id": 10**400, "status": "solved", "created_at": "2030-01-14T08:00:00Z",
                  "metric_set": {"solved_at": "2030-01-14T08:00:00Z", "reopens": 10**400,
                                 "full_resolution_time_in_minutes": {"calendar": -5}}}], "end_of_stream": True},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_an_answer_unlike_its_documentation_is_said_or_left_out_and_breaks_nothing(desk, odd):
    for path in (TICKETS, "/api/v2/tickets", "/v2/oauth2/token"):
        desk.gives(path, odd)
    desk.gives(RATINGS, recorded.ZENDESK_RATINGS_2)
    desk.gives("/api/v2/users.json", recorded.ZENDESK_USERS)
    desk.gives("/api/v2/surveys/satisfaction_ratings", [])
    desk.gives("/api/v2/agents", [])
    for account in (zendesk, freshdesk, helpscout):
        assert outcome(account(desk)) in ("", BROKEN)


def outcome(account):
    try:
        list(account.figures(SINCE, UNTIL))
    except NotFetched as refusal:
        return str(refusal)
    return ""
