"""Programs are kept out: a trap, a shortest time, limits that all web processes share."""

import logging
import socket
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils.timezone import now

from candidates.builders import make_application, make_candidate, make_job
from candidates.careers import spam
from candidates.careers.forms import TRAP
from candidates.careers.spam import Stamp
from candidates.careers.tests.sending import call, page_of, send, shown, token
from candidates.company import notice
from candidates.models import Application, Document, PrivacyNotice
from candidates.tests.together import together

_hours = count(1)


@pytest.fixture
def hour():
    """An hour in which nobody else has sent anything."""
    at = datetime(2031, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=int(time.time()) % 10_000 * 10 + next(_hours))
    with time_machine.travel(at, tick=True):
        yield at


@pytest.mark.django_db
def test_a_filled_trap_gets_the_thank_you_page_and_keeps_nothing(caplog):
    job = make_job()
    with caplog.at_level(logging.INFO, logger="candidates.careers.spam"):
        answer = send(job, **{TRAP: "https://casino.example"})
    assert (answer.status_code, answer.url) == (302, f"/jobs/{job.slug}/thanks/")
    assert (Application.objects.count(), Document.objects.count()) == (0, 0)
    assert ("trap" in caplog.text, "casino" in caplog.text, "cara" in caplog.text) == (True, False, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        (partial(shown, 1), "This came very quickly"),
        (partial(shown, -500), "This came very quickly"),
        (partial(shown, 60 * 60 * 24 * 3), "This form was open for a long time."),
        (lambda: "", "This form was open for a long time."),
        (lambda: "1893456000:x:y", "This form was open for a long time."),
        (lambda: "\x00", "This form was open for a long time."),
    ],
)
def test_too_quick_or_too_old_shows_the_form_again_with_everything_kept(stamp, told):
    job = make_job()
    answer = send(job, shown=stamp())
    page = page_of(answer)
    assert (answer.status_code, told in page, "I love to help." in page) == (200, True, True)
    assert not Application.objects.exists()
    assert send(job, resume=None, resume_held=token(answer)).status_code == 302


@pytest.mark.django_db
def test_a_person_who_was_too_quick_simply_presses_again():
    job = make_job()
    stamp = shown(1)
    page = page_of(send(job, shown=stamp))
    assert f'value="{stamp}"' in page
    with time_machine.travel(now() + timedelta(seconds=10)):
        assert send(job, shown=stamp).status_code == 302


@pytest.mark.django_db
def test_who_agreed_to_another_notice_than_the_present_one_is_asked_again():
    job, before = make_job(), shown()
    PrivacyNotice.objects.create(version=1, text="We share a canteen.", at=now())
    page = page_of(send(job, shown=before))
    assert "Our privacy notice changed while you wrote." in page
    assert f"Privacy notice, version {notice.BASE}.1" in page
    assert "checked" not in page
    send(job)
    assert Application.objects.get().consent_version == f"{notice.BASE}.1"


@pytest.mark.django_db
def test_over_the_limit_of_an_address_all_is_kept_and_it_says_when(settings, hour):
    settings.APPLY_LIMIT_ADDRESS = 2
    job = make_job()
    answers = [send(job, email=f"ca.ra+{n}@gmail.com") for n in range(3)]
    page = page_of(answers[2])
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 1800
    assert (f"after {hour:%H}" not in page, "send it again after" in page, "I love to help." in page) == (
        True,
        True,
        True,
    )
    with time_machine.travel(hour + timedelta(hours=1)):
        assert send(job, resume=None, resume_held=token(answers[2]), email="cara@gmail.com").status_code == 302


@pytest.mark.django_db
def test_over_the_limit_tells_nothing_of_who_has_applied(settings, hour):  # V30
    settings.APPLY_LIMIT_ADDRESS = 1
    job = make_job()
    make_application(job=job, candidate=make_candidate(email="known@example.org"))
    pages = []
    for email in ("known@example.org", "fresh@example.org"):
        with time_machine.travel(hour, tick=False):
            stamp = shown()
            first, second = (send(job, email=email, shown=stamp, resume=None) for _time in range(2))
            first, second = (send(job, email=email, shown=stamp) for _time in range(2))
        pages.append((first.status_code, second.status_code, second["Retry-After"]))
        assert "All is kept" in page_of(second)
    assert pages == [(302, 429, pages[0][2])] * 2


@pytest.mark.django_db
def test_limits_of_ip_address_and_network_count_every_form(settings, hour):
    settings.APPLY_LIMIT_IP, settings.APPLY_LIMIT_NETWORK = 2, 4
    job = make_job()
    come = [send(job, Client(REMOTE_ADDR=f"203.0.113.{n}"), name="").status_code for n in (1, 1, 1, 2, 3)]
    assert come == [200, 200, 429, 200, 429]
    assert send(job, Client(REMOTE_ADDR="198.51.100.1"), email="x@example.org").status_code == 302


@pytest.mark.django_db
def test_far_over_the_limit_not_even_files_are_kept(settings, hour):
    settings.APPLY_LIMIT_IP = 1
    job = make_job()
    answers = [send(job, Client(REMOTE_ADDR="203.0.113.9"), name="") for _time in range(4)]
    assert [bool(token(answer)) for answer in answers] == [True, True, False, False]
    assert "Choose your files again" in page_of(answers[3])


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one(settings, hour):
    settings.APPLY_LIMIT_IP = 10
    counted = together(*[partial(spam.count_form, "203.0.113.77", at=hour) for _number in range(25)])
    assert sum(over is None for over in counted) == 10


@pytest.mark.parametrize(
    ("behind_proxy", "remote", "forwarded", "found"),
    [
        (False, "203.0.113.1", "198.51.100.7", "203.0.113.1"),
        (True, "10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (True, "10.0.0.1", None, "10.0.0.1"),
        (True, "10.0.0.1", "6.6.6.6, nonsense", ""),
        (False, "", None, ""),
        (False, "::ffff:203.0.113.1", None, "203.0.113.1"),
        (False, "fe80::1%eth0", None, "fe80::1"),
    ],
)
def test_the_sender_is_who_the_proxy_saw(settings, behind_proxy, remote, forwarded, found):
    settings.BEHIND_PROXY = behind_proxy
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert spam.sender(RequestFactory().post("/", REMOTE_ADDR=remote, **more)) == found


@pytest.mark.parametrize(
    ("address", "network"), [("203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", "")]
)
def test_a_network_is_what_one_provider_gives(address, network):
    assert spam.network(address) == network


def test_redis_learns_no_addresses(settings, hour):
    settings.REDIS_URL = settings.REDIS_URL
    spam.count_form("203.0.113.5", "cara@example.org", at=hour)
    keys = spam._redis(settings.REDIS_URL).keys("apply:*")
    assert keys
    assert not [key for key in keys if b"cara" in key or b"example" in key or b"203.0" in key]


@pytest.mark.django_db
def test_without_redis_the_form_works_without_limits(settings):
    settings.APPLY_LIMIT_ADDRESS = settings.APPLY_LIMIT_IP = 1
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    job = make_job()
    began = time.monotonic()
    assert [send(job).status_code for _time in range(3)] == [302] * 3
    assert time.monotonic() - began < 2


def test_a_mute_redis_is_asked_once_and_not_waited_for_long(settings, hour):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.REDIS_URL = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        began = time.monotonic()
        assert [spam.count_form("203.0.113.5", "cara@example.org", at=hour) for _time in range(5)] == [None] * 5
        assert time.monotonic() - began < 2
        spam._redis(settings.REDIS_URL).close()


def test_a_stamp_says_when_the_form_was_shown():
    at = datetime(2031, 1, 1, tzinfo=UTC)
    assert Stamp.read(str(Stamp(at, "1.2"))) == Stamp(at, "1.2")


@pytest.mark.django_db
def test_the_trap_is_out_of_the_way_of_people():
    page = page_of(Client().get(f"/jobs/{make_job().slug}/apply/"))
    trap = page.partition('<div class="out-of-the-way"')[2].partition("</div>")[0]
    assert [words in trap for words in ('aria-hidden="true"', 'tabindex="-1"', 'autocomplete="off"')] == [True] * 3


@pytest.mark.django_db
def test_the_verb_itself_knows_no_limits(settings):
    settings.APPLY_LIMIT_ADDRESS = 1
    assert len({call(make_job()).pk for _time in range(3)}) == 3
