"""Networks and browsers, told apart without being kept."""

import pytest
from django.test import RequestFactory

from candidates.models import Application
from references.flags import fingerprints

ONE, OTHER = Application(pk=1), Application(pk=2)


def request(address="203.0.113.7", **headers):
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def network(address, application=ONE):
    return fingerprints.network(request(address), application)


def browser(application=ONE, **headers):
    return fingerprints.browser(request(**headers), application)


def test_one_address_is_one_network():
    assert network("203.0.113.7") == network("203.0.113.7")


def test_a_neighbour_at_the_same_provider_is_another_network():
    assert network("203.0.113.7") != network("203.0.113.8")


def test_two_devices_of_one_home_are_one_network():
    assert network("2001:db8:1:2::7") == network("2001:db8:1:2:ffff::1")
    assert network("2001:db8:1:2::7") != network("2001:db8:1:3::7")


def test_the_same_network_under_another_application_is_another_digest():
    assert network("203.0.113.7", ONE) != network("203.0.113.7", OTHER)


def test_a_digest_fits_its_column_and_does_not_tell_the_address():
    digest = network("203.0.113.7")
    assert len(digest) == 64
    assert "203.0.113.7" not in digest


@pytest.mark.parametrize("address", ["", "unknown", "\x00", "999.1.1.1"])
def test_an_address_that_cannot_be_told_gives_no_digest(address):
    assert network(address) == ""


def test_a_browser_is_told_by_what_it_says_of_itself():
    firefox = {"user-agent": "Firefox", "accept-language": "de"}
    assert browser(**firefox) == browser(**firefox)
    assert browser(**firefox) != browser(**firefox | {"accept-language": "en"})
    assert browser(OTHER, **firefox) != browser(**firefox)


def test_a_browser_that_says_nothing_gives_no_digest():
    assert browser() == ""


def test_what_no_browser_sends_is_taken_too():
    assert len(browser(**{"user-agent": "\x00\udc80" + "x" * 100_000})) == 64
