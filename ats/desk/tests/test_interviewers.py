"""Who interviews, as recruiters keep it."""

from datetime import UTC, datetime, time

import pytest
from django.urls import reverse

from ats.desk.roles import RECRUITERS
from ats.desk.tests.conftest import with_role
from candidates.builders import NOW, make_user
from candidates.models import Message
from interviews.availability.builders import make_interviewer, make_offered
from interviews.builders import IDA
from interviews.models import Interviewer, OfferedTime, WorkingHours

pytestmark = pytest.mark.django_db
LIST = "admin:interviews_interviewer_changelist"
SAID = {
    "name": "Ida Interviewer", "email": "ida@example.org", "user": "", "language": "en", "is_active": "on",
    "zone": "America/New_York", "buffer_minutes": "15", "most_a_day": "3", "feed_url": "",
    "hours-TOTAL_FORMS": "1", "hours-INITIAL_FORMS": "0", "hours-0-weekday": "0", "hours-0-begins": "09:00",
    "hours-0-ends": "12:00", "offered_times-TOTAL_FORMS": "1", "offered_times-INITIAL_FORMS": "0",
    "offered_times-0-day": "2030-01-12", "offered_times-0-begins": "10:00", "offered_times-0-ends": "11:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def rita(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    make_user("Rita Recruiter", zone="Europe/Amsterdam")
    user = with_role("Rita Recruiter", RECRUITERS)
    client.force_login(user)
    return user


def test_somebody_is_added_with_hours_in_their_own_zone(client):
    client.post(reverse("admin:interviews_interviewer_add"), SAID)
    assert WorkingHours.objects.get().begins == time(9)
    assert OfferedTime.objects.get().starts_at == datetime(2030, 1, 12, 15, tzinfo=UTC)  # ten in New York
    page = client.get(reverse("admin:interviews_interviewer_change", args=[Interviewer.objects.get().pk]))
    assert 'name="offered_times-0-begins" value="10:00"' in page.content.decode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"hours-0-ends": "08:00"}, "This ends before it begins."),
        ({"offered_times-0-ends": "09:00"}, "This ends before it begins."),
        ({"offered_times-0-day": "2030-03-10", "offered_times-0-begins": "02:30"}, "The clocks leap over this time"),
        ({"zone": "Atlantis"}, "Select a valid choice."),
        ({"feed_url": "http://127.0.0.1/"}, "private network"),
        ({"feed_url": "http://[::1"}, "This is no address of a calendar."),
        (
            {"hours-TOTAL_FORMS": "2", "hours-1-weekday": "0", "hours-1-begins": "11:00", "hours-1-ends": "13:00"},
            "Some of these hours overlap.",
        ),
        ({"email": "IDA@EXAMPLE.ORG"}, "There is an interviewer with this address already."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, said, told):
    if "email" in said:
        make_interviewer(IDA, hours="")
    page = client.post(reverse("admin:interviews_interviewer_add"), SAID | said)
    assert page.status_code == 200
    assert told in page.content.decode()
    assert not WorkingHours.objects.exists()


def test_a_time_that_is_over_stays_when_the_others_are_changed(client):
    ida = make_interviewer(IDA, hours="")
    make_offered(ida, datetime(2029, 1, 1, 9, tzinfo=UTC), datetime(2029, 1, 1, 10, tzinfo=UTC))
    client.post(reverse("admin:interviews_interviewer_change", args=[ida.pk]), SAID)
    assert OfferedTime.objects.count() == 2


def test_the_list_says_who_can_be_chosen_and_asks_for_hours(client):
    ida = make_interviewer(IDA, hours="", feed_url="https://example.org/a.ics", feed_error="The server took too long.")
    page = client.get(reverse(LIST)).content.decode()
    assert "no hours known" in page
    assert "The server took too long." in page
    chosen = {"action": "ask_for_hours", "_selected_action": [ida.pk]}
    assert "1 mail is on its way." in client.post(reverse(LIST), chosen, follow=True).content.decode()
    assert Message.objects.get().template == "interviews/times"


def test_more_people_cost_no_more_queries(client, django_assert_max_num_queries):
    for number in range(6):
        make_interviewer(IDA.__class__(f"Person {number}", f"person{number}@example.org"))
    with django_assert_max_num_queries(9):
        client.get(reverse(LIST))


def test_managers_and_strangers_see_none_of_it(client):
    client.force_login(make_user("Max Manager"))
    assert client.get(reverse(LIST)).status_code == 403
    client.logout()
    assert client.get(reverse(LIST)).status_code == 302
