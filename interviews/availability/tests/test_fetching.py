"""Fetching calendars from where somebody's address leads, and from nowhere else (V26)."""

import io
import socket
import threading

import pytest

from interviews.availability.feeds import fetching
from interviews.availability.feeds.fetching import NotFetched, fetch, may_visit, place_of
from interviews.availability.tests.serving import says, serving


@pytest.fixture
def own_network(settings):
    settings.CALENDARS_IN_OWN_NETWORK = True


def fetched(url):
    into = io.BytesIO()
    fetch(url, into)
    return into.getvalue()


def refused(url):
    with pytest.raises(NotFetched) as error:
        fetched(url)
    return str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "192.0.2.1",
    ],
)  # fmt: skip
def test_no_address_of_a_network_that_is_not_the_internet_is_visited(address):
    assert not may_visit(address, own_network=False)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_of_the_internet_are_visited(address):
    assert may_visit(address, own_network=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "::1", "fd12::1"])
def test_ones_own_network_is_visited_where_the_installation_allows_it(address):
    assert may_visit(address, own_network=True)


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "224.0.0.1", "0.0.0.0"])
def test_what_serves_machines_about_themselves_is_never_visited(address):
    assert not may_visit(address, own_network=True)


@pytest.mark.parametrize(
    "url",
    [
        "", "file:///etc/passwd", "ftp://example.org/a.ics", "gopher://example.org/", "//example.org/a", "https://",
        "https://[::1", "https://example.org:99999/", "https://example.org:x/", "http://example.org:0/",
        "https://exämple.org/", "https://example.org/\r\nX: y", "https://example.org/a b", "javascript:alert(1)",
        "\x00",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_calendar_is_refused(url):
    assert refused(url) == fetching.WRONG_ADDRESS


def test_an_address_with_a_password_is_refused():
    assert refused("https://ida:secret@example.org/a.ics") == fetching.WITH_PASSWORD


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://[::1]/"]
)
def test_this_machine_under_any_of_its_names_is_refused(url):
    assert refused(url) in (fetching.OWN_NETWORK, fetching.UNKNOWN_HOST)


def resolving(monkeypatch, *answers):
    """A name server that says something else each time it is asked; returns how often that was."""
    lookups, really = [], socket.getaddrinfo

    def look_up(host, port, *more, **named):
        if not host.endswith((".org", ".test")):
            return really(host, port, *more, **named)
        lookups.append(host)
        addresses = answers[min(len(lookups), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", look_up)
    return lookups


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch):
    resolving(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(NotFetched, match="private network"):
        place_of("https://example.org/a.ics")


def test_we_connect_to_the_address_that_was_looked_at(monkeypatch, own_network):
    with serving(says("BEGIN:VCALENDAR")) as server:
        lookups = resolving(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])  # it changes its mind
        assert fetched(server.url.replace("127.0.0.1", "calendar.test")) == b"BEGIN:VCALENDAR"
    assert lookups == ["calendar.test"]
    assert server.hosts == [f"calendar.test:{server.server_port}"]


def test_a_redirect_is_followed_by_the_same_rules(own_network):
    with serving(says("here")) as server:
        with serving(says("", 302, Location=server.url)) as first:
            assert fetched(first.url) == b"here"
        with serving(says("", 302, Location="http://169.254.169.254/latest/meta-data/")) as first:
            assert refused(first.url) == fetching.OWN_NETWORK
        with serving(says("", 302, Location="file:///etc/passwd")) as first:
            assert refused(first.url) == fetching.WRONG_ADDRESS


def test_a_redirect_to_itself_ends(own_network):
    with serving(says("", 302, Location="/calendar.ics")) as server:
        assert refused(server.url) == fetching.TOO_MANY_REDIRECTS
    assert len(server.asked) == fetching.MOST_REDIRECTS + 1


def test_nobody_is_led_from_an_encrypted_address_to_one_that_is_not():
    with pytest.raises(NotFetched, match="without encryption"):
        fetching._followed("webcal://example.org/a.ics", "http://example.org/a.ics")
    assert fetching._followed("webcal://example.org/a.ics", "/b.ics") == "https://example.org/b.ics"


@pytest.mark.parametrize(
    ("status", "why"),
    [(404, fetching.NOT_THERE), (410, fetching.NOT_THERE), (401, fetching.NOT_ALLOWED), (403, fetching.NOT_ALLOWED),
     (500, fetching.NOT_GIVEN), (204, fetching.NOT_GIVEN)],
)  # fmt: skip
def test_an_answer_that_is_no_calendar_is_told_in_words(own_network, status, why):
    with serving(says("", status)) as server:
        assert refused(server.url) == why


def test_more_than_five_megabytes_are_not_taken(own_network):
    with serving(says(b"x" * (fetching.MOST_BYTES + 1))) as server:
        assert refused(server.url) == fetching.TOO_LARGE


def test_a_server_that_drips_is_left(own_network, monkeypatch):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _number in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            if gone.wait(0.05):
                return

    gone = threading.Event()
    monkeypatch.setattr(fetching, "ALL_SECONDS", 0.3)
    with serving(drip) as server:
        assert refused(server.url) == fetching.TOO_SLOW
        gone.set()


def test_a_server_that_says_nothing_is_left(own_network, monkeypatch):
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert refused(f"http://127.0.0.1:{silent.getsockname()[1]}/") == fetching.TOO_SLOW


def test_a_port_where_nobody_listens_is_told(own_network):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/") == fetching.UNREACHABLE


@pytest.mark.parametrize("answer", [b"HTTP/9 x\r\n\r\n", b"\x00\xff", b"", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000])
def test_what_is_no_http_is_told(own_network, answer):
    def rude(handler):
        handler.wfile.write(answer)
        handler.close_connection = True

    with serving(rude) as server:
        assert refused(server.url) in (fetching.UNREACHABLE, fetching.NOT_GIVEN)
