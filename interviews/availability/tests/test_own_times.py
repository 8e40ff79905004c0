"""The page on which somebody says when they can interview."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from candidates.builders import NOW
from candidates.models import Message
from candidates.pipeline import NotAllowed
from candidates.post import links, rendering
from interviews.availability.builders import make_interviewer, make_offered
from interviews.availability.own_times import actions
from interviews.builders import IDA, make_interview
from interviews.models import Interviewer, OfferedTime, WorkingHours

pytestmark = pytest.mark.django_db
RULES = {"action": "save", "zone": "Europe/Amsterdam", "buffer_minutes": "10", "most_a_day": "2", "feed_url": ""}
MONDAY = {"begins_0_0": "09:00", "ends_0_0": "12:00", "begins_0_1": "13:00", "ends_0_1": "17:00"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def ida():
    return make_interviewer(IDA, hours="", zone="Europe/Amsterdam")


def opened(client, person):
    """Follow the mailed link; returns the page's address."""
    path = links.personal_url(links.personal("interviewer", person.pk)).removeprefix("http://testserver")
    response = client.get("/" + path.split("/", 3)[3] if "://" in path else path, follow=True)
    return response.redirect_chain[-1][0] if response.redirect_chain else path, response


def test_the_link_comes_by_mail_and_opens_the_page_without_its_secret(client, ida):
    actions.send_link(ida, at=NOW)
    actions.send_link(ida, at=NOW)
    message = Message.objects.get()
    assert "Tell us when you can interview" in rendering.render(message).subject
    path, page = opened(client, ida)
    assert path == f"/interviews/times/{ida.pk}/"
    assert page["Cache-Control"] == "no-store"
    assert "You gave no hours yet" in page.content.decode()


def test_hours_are_told_and_shown_again(client, ida):
    path, _page = opened(client, ida)
    page = client.post(path, RULES | MONDAY, follow=True).content.decode()
    assert "Saved. Thank you!" in page
    assert list(WorkingHours.objects.values_list("weekday", "begins", "ends")) == [
        (0, time(9), time(12)), (0, time(13), time(17)),
    ]  # fmt: skip
    assert 'value="13:00"' in page
    ida.refresh_from_db()
    assert (ida.buffer_minutes, ida.most_a_day) == (10, 2)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"ends_0_0": "08:00"}, "This ends before it begins."),
        ({"ends_0_0": ""}, "Fill in both boxes, or none."),
        ({"begins_0_1": "11:00"}, "These hours overlap."),
        ({"begins_0_0": "25:00"}, "Enter a valid time."),
        ({"begins_0_0": "\x00"}, "Enter a valid time."),
        ({"zone": "Atlantis/Center"}, "Select a valid choice."),
        ({"buffer_minutes": "9" * 400}, "240"),
        ({"most_a_day": "0"}, "greater than or equal to 1"),
        ({"feed_url": "file:///etc/passwd"}, "This is no address of a calendar."),
        ({"feed_url": "https://169.254.169.254/latest"}, "private network"),
        ({"feed_url": "https://ida:pw@example.org/a.ics"}, "a name or a password"),
        ({"feed_url": "\x00"}, "Address of your calendar</a>: "),
    ],
)
def test_what_is_wrong_is_said_beside_it_kept_and_not_saved(client, ida, said, told):
    path, _page = opened(client, ida)
    page = client.post(path, RULES | MONDAY | {"begins_3_0": "10:10", "ends_3_0": "11:11"} | said)
    assert page.status_code == 200
    assert told in page.content.decode()
    assert 'value="11:11"' in page.content.decode()
    assert not WorkingHours.objects.exists()
    ida.refresh_from_db()
    assert ida.zone == "Europe/Amsterdam"


def test_an_address_for_calendar_programs_is_taken_and_read_soon(client, ida):
    path, _page = opened(client, ida)
    client.post(path, RULES | {"feed_url": "webcal://calendar.example.org/ida.ics?key=1"})
    ida.refresh_from_db()
    assert (ida.feed_url, ida.feed_next_at) == ("https://calendar.example.org/ida.ics?key=1", NOW)
    assert "Your calendar is read in a moment." in client.get(path).content.decode()
    Interviewer.objects.update(feed_error="The server took too long.", feed_read_at=NOW)
    assert "We could not read your calendar. The server took too long." in client.get(path).content.decode()


def test_more_hours_a_day_than_two_stay(client, ida):
    for hour in (8, 10, 12):
        WorkingHours.objects.create(interviewer=ida, weekday=2, begins=time(hour), ends=time(hour + 1))
    _path, page = opened(client, ida)
    assert 'name="begins_2_2" value="12:00"' in page.content.decode()


def test_a_time_besides_is_offered_by_ones_own_clock_and_taken_back(client, ida):
    path, _page = opened(client, ida)
    said = {"action": "offer", "day": "2030-01-12", "begins": "10:00", "ends": "12:00"}
    assert "This time is offered." in client.post(path, said, follow=True).content.decode()
    offered = OfferedTime.objects.get()
    assert offered.starts_at == datetime(2030, 1, 12, 9, tzinfo=UTC)
    assert "You offer a part of this time already." in client.post(path, said).content.decode()
    for key in ("x", "", "9" * 300, "\x00", str(offered.pk)):
        client.post(path, {"action": "remove", "offered": key})
    assert not OfferedTime.objects.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"ends": "09:00"}, "This ends before it begins."),
        ({"day": "2030-01-06"}, "Choose a day of the coming year."),
        ({"day": "9999-12-31"}, "Choose a day of the coming year."),
        ({"day": "2030-03-31", "begins": "02:30", "ends": "04:00"}, "The clocks leap over this time on that day."),
        ({"day": "2030-01-07", "begins": "08:00"}, "This time is over."),
        ({"day": "x", "begins": "y"}, "Enter a valid date."),
    ],
)
def test_a_time_that_cannot_be_is_refused(client, ida, said, told):
    path, _page = opened(client, ida)
    offered = {"action": "offer", "day": "2030-01-12", "begins": "10:00", "ends": "12:00"} | said
    page = client.post(path, offered)
    assert page.status_code == 200
    assert told in page.content.decode()
    assert not OfferedTime.objects.exists()


def test_very_many_offered_times_are_refused(ida):
    OfferedTime.objects.bulk_create(
        OfferedTime(
            interviewer=ida, starts_at=NOW + timedelta(days=1 + n), ends_at=NOW + timedelta(days=1 + n, hours=1)
        )
        for n in range(actions.MOST_OFFERED)
    )
    with pytest.raises(NotAllowed, match="very many"):
        actions.offer(ida, NOW + timedelta(hours=1), NOW + timedelta(hours=2), at=NOW)


def test_what_is_booked_is_shown_in_ones_own_zone(client, ida):
    make_interview(starts_at=NOW + timedelta(days=2))
    _path, page = opened(client, ida)
    assert "Wed 9 Jan, 10:00 – 10:45" in page.content.decode()
    assert "Cara Candidate" in page.content.decode()


def test_another_page_a_wrong_link_and_who_left_see_nothing(client, ida):
    path, _page = opened(client, ida)
    other = make_interviewer(IDA.__class__("Otto Other", "otto@example.org"))
    assert client.get(path.replace(str(ida.pk), str(other.pk))).status_code == 404
    assert client.get("/interviews/times/unsigned/").status_code == 404
    Interviewer.objects.update(is_active=False)
    assert client.get(path).status_code == 404
    assert client.post(path, RULES | MONDAY).status_code == 404
    with pytest.raises(NotAllowed):
        ida.refresh_from_db()
        actions.send_link(ida, at=NOW)


def test_looking_writes_nothing_and_more_rows_cost_no_more_queries(client, ida, django_assert_max_num_queries):
    path, _page = opened(client, ida)
    for number in range(5):
        make_interview(starts_at=NOW + timedelta(days=2 + number))
        start = datetime.combine(date(2030, 2, 1 + number), time(9), UTC)
        make_offered(ida, start, start + timedelta(hours=1))
    with django_assert_max_num_queries(8):
        client.get(path)
