"""Asking an API: patience, bounds, and clear words for what goes wrong."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from trials.figures.desks import talking
from trials.figures.desks.interface import Forbidden, NotFetched
from trials.figures.desks.talking import Api
from trials.figures.desks.tests.conftest import api


def refusal(asked, path="/"):
    with pytest.raises(NotFetched) as raised:
        asked.get(path)
    return str(raised.value)


def test_it_waits_as_long_as_it_is_asked_to_and_goes_on(desk):
    desk.gives("/", {}, status=429, headers={"Retry-After": "7"})
    desk.gives("/", {}, status=429, headers={"X-RateLimit-Retry-After": "3"})
    desk.gives("/", {}, status=503)
    desk.gives("/", {"is": "here"})
    assert api(desk).get("/") == {"is": "here"}
    assert desk.waited == [7, 3, talking.SHORT_WAIT]


def test_a_pause_may_be_a_date(desk):
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    desk.gives("/", {}, status=429, headers={"Retry-After": then})
    desk.gives("/", [])
    api(desk).get("/")
    assert 30 < desk.waited[0] <= 40


@pytest.mark.parametrize("pause", ["3600", "999999999999999999", "Wed, 21 Oct 2065 07:28:00 GMT"])
def test_it_does_not_wait_for_hours(desk, pause):
    desk.gives("/", {}, status=429, headers={"Retry-After": pause})
    assert refusal(api(desk)) == talking.ASKED_TO_WAIT
    assert desk.waited == []


@pytest.mark.parametrize(("status", "why"), [(429, talking.ASKED_TO_WAIT), (502, talking.FAILED)])
def test_its_patience_ends(desk, status, why):
    desk.gives("/", {}, status=status, headers={"Retry-After": "soon"})
    assert refusal(api(desk)) == why
    assert len(desk.waited) == talking.MOST_TRIES


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (401, talking.NO_ENTRY),
        (403, talking.NOT_ALLOWED),
        (404, talking.NOT_THERE),
        (500, talking.FAILED),
        (418, talking.BROKEN),
        (204, talking.BROKEN),
    ],
)
def test_each_refusal_has_its_sentence(desk, status, why):
    desk.gives("/", {"error": "no"}, status=status)
    assert refusal(api(desk)) == why


def test_what_may_not_be_read_can_be_told_from_other_failures(desk):
    desk.gives("/", {}, status=403)
    with pytest.raises(Forbidden):
        api(desk).get("/")


@pytest.mark.parametrize("place", ["/elsewhere", "http://169.254.169.254/latest/meta-data/"])
def test_redirects_are_not_followed(desk, place):
    desk.gives("/", {}, status=302, headers={"Location": place})
    desk.gives("/elsewhere", {"secret": 1})
    assert refusal(api(desk)) == talking.LEADS_ON
    assert [path for path, _query, _headers in desk.asked] == ["/"]


@pytest.mark.parametrize("content", [b"<html>", b"", b'{"half": ', b"\xff\xfe", b"[" * 200_000, b"9" * 5000])
def test_what_is_no_json_is_said(desk, content):
    desk.gives("/", content)
    assert refusal(api(desk)) == talking.BROKEN


def test_too_much_is_not_read(desk, monkeypatch):
    monkeypatch.setattr(talking, "MOST_BYTES", 100_000)
    desk.gives("/", b" " * 300_000)
    assert refusal(api(desk)) == talking.TOO_LARGE


def test_an_answer_that_comes_byte_by_byte_ends_with_the_time(desk):
    done = threading.Event()
    desk.gives("/", b" " * 500, slowly=done)
    assert refusal(api(desk, seconds=0.2)) == talking.TOO_SLOW
    done.set()


def test_an_answer_that_never_comes_ends_with_the_time(desk):
    done = threading.Event()
    desk.gives("/", b"  ", slowly=type("Silent", (), {"wait": lambda _self, _seconds: done.wait(2)})())
    assert refusal(api(desk, read_seconds=0.1)) == talking.TOO_SLOW
    done.set()


def test_nobody_there_is_said():
    assert refusal(Api("http://127.0.0.1:9", {})) == talking.UNREACHABLE


def test_no_credentials_are_told_with_it():
    assert "secret" not in repr(Api("https://example.org", {"Authorization": "Basic secret"}))
