"""The desk's page of times for calls: offered in one's own zone, free ones taken back, nobody else's touched."""

import pytest

from candidates.builders import NOW, make_application, make_user
from candidates.models import CallSlot
from candidates.screening.builders import begin_screening
from candidates.screening.calls import actions as calls

pytestmark = pytest.mark.django_db
PAGE = "/desk/calls/"
SAID = {
    "first": "2030-01-08", "last": "2030-01-08", "weekdays": ["1"], "begins": "09:00", "ends": "10:00",
    "minutes": "20", "gap": "10",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def signed_in(client, name="Max Manager"):
    user = make_user(name, zone="Europe/Amsterdam")
    client.force_login(user)
    return user


def test_times_are_offered_and_shown_in_the_zone_of_who_offers_them(client):
    signed_in(client)
    page = client.post(PAGE, SAID, follow=True).content.decode()
    assert "2 times offered." in page
    assert "09:00 – 09:20" in page
    assert [slot.starts_at.hour for slot in CallSlot.objects.all()] == [8, 8]


def test_what_is_wrong_is_said_and_kept(client):
    signed_in(client)
    page = client.post(PAGE, SAID | {"ends": "08:00"}).content.decode()
    assert "The last call must end after the first one begins." in page
    assert 'value="08:00"' in page


def test_a_free_time_is_taken_back_and_a_taken_one_stays(client):
    max_ = signed_in(client)
    client.post(PAGE, SAID)
    taken, free = CallSlot.objects.all()
    application = make_application()
    begin_screening(application, chooses_time=True, caller=max_)
    calls.choose(application.asks.get(page=calls.CHOOSE), taken.pk, at=NOW)
    for slot in (taken, free):
        client.post(PAGE, {"remove": slot.pk})
    assert list(CallSlot.objects.all()) == [taken]
    assert "Cara Candidate" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("key", ["x", "9" * 300, "\x00", ""])
def test_a_time_that_is_none_is_not_taken_back(client, key):
    signed_in(client)
    client.post(PAGE, SAID)
    assert "Nothing was taken back" in client.post(PAGE, {"remove": key}, follow=True).content.decode()


def test_nobody_takes_back_the_times_of_another(client):
    signed_in(client)
    client.post(PAGE, SAID)
    signed_in(client, "Rita Recruiter")
    client.post(PAGE, {"remove": CallSlot.objects.first().pk})
    client.post(PAGE, {"remove": "all"})
    assert CallSlot.objects.count() == 2


def test_strangers_are_sent_to_the_sign_in(client):
    assert client.get(PAGE).status_code == 302


def test_more_times_cost_no_more_queries(client, django_assert_max_num_queries):
    signed_in(client)
    client.post(PAGE, SAID | {"last": "2030-02-28", "minutes": "5", "gap": "0"})
    with django_assert_max_num_queries(6):
        client.get(PAGE)
