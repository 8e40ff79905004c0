"""A day and an hour before both sides hear of it, in their own zone; nothing comes that is not true any more."""

from datetime import UTC, datetime, timedelta

import pytest

from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Message, Reminder, Stage
from candidates.people.actors import Actor
from candidates.post import delivery, rendering
from candidates.tests.together import together
from interviews import actions
from interviews.builders import IDA, IVAN, make_interview
from interviews.scheduling import reminders, standing_in
from interviews.scheduling.deadlines import next_reminder

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REMINDERS = ["interviews/reminder", "interviews/panel_reminder"]


def told():
    return Message.objects.filter(template__in=REMINDERS)


def by():
    return Actor.person(make_user("Rita Recruiter"))


def test_both_sides_are_told_a_day_and_an_hour_before():
    interview = make_interview()
    start = interview.starts_at
    heard = []
    for at in (start - DAY - HOUR, start - DAY, start - DAY + HOUR, start - HOUR, start - HOUR / 2, start + HOUR):
        reminders.remind_due(at=at)
        reminders.remind_due(at=at)
        heard.append(told().count())
    assert heard == [0, 3, 3, 6, 6, 6]
    everybody = {interview.application.candidate.email, IDA.email, IVAN.email}
    assert set(told().filter(data__which="hour").values_list("to", flat=True)) == everybody


@pytest.mark.parametrize(
    ("zone", "starts_at", "day", "hour"),
    [
        ("Europe/Amsterdam", datetime(2030, 3, 31, 8, tzinfo=UTC), "Sun 31 Mar, 10:00", "10:00"),
        ("Europe/Amsterdam", datetime(2030, 10, 27, 8, tzinfo=UTC), "Sun 27 Oct, 09:00", "09:00"),
        ("America/New_York", datetime(2030, 3, 10, 14, tzinfo=UTC), "Sun 10 Mar, 10:00", "10:00"),
        ("America/New_York", datetime(2030, 11, 3, 14, tzinfo=UTC), "Sun 3 Nov, 09:00", "09:00"),
        ("Australia/Lord_Howe", datetime(2030, 4, 6, 23, tzinfo=UTC), "Sun 7 Apr, 09:30", "09:30"),
        ("Australia/Lord_Howe", datetime(2030, 10, 5, 23, tzinfo=UTC), "Sun 6 Oct, 10:00", "10:00"),
    ],
)
def test_the_time_is_right_over_a_switch_of_the_clock(zone, starts_at, day, hour):  # F37
    application = make_application(Stage.SCREENING, candidate=make_candidate(zone=zone), job=make_job(zone=zone))
    make_interview(application, starts_at=starts_at)
    reminders.remind_due(at=starts_at - DAY)
    reminders.remind_due(at=starts_at - HOUR)
    for message in told():
        wanted = day if message.data["which"] == "day" else hour
        assert wanted in rendering.render(message).subject
        assert zone in rendering.render(message).text


def ledger():
    return Reminder.objects.filter(kind=Reminder.Kind.INTERVIEW).order_by("pk")


def test_each_stands_in_the_ledger_with_its_mail():
    interview = make_interview()
    day, hour = interview.starts_at - DAY, interview.starts_at - HOUR
    reminders.remind_due(at=day)
    reminders.remind_due(at=hour + timedelta(minutes=1))
    rows = [(row.due_at, row.message.to, row.is_last) for row in ledger()]
    everybody = [interview.application.candidate.email, IDA.email, IVAN.email]
    assert rows == [(day, to, False) for to in everybody] + [(hour, to, True) for to in everybody]
    assert [row.ask and row.ask.email for row in ledger()[:3]] == [None, IDA.email, IVAN.email]
    assert {row.application for row in ledger()} == {interview.application}


def test_a_beat_that_was_dead_for_26_hours_sends_nothing_stale():
    interview = make_interview()
    reminders.remind_due(at=interview.starts_at + 2 * HOUR)
    assert told().count() == 0
    [row] = ledger()
    assert (row.due_at, row.message, row.why) == (interview.starts_at - DAY, None, Reminder.Why.NOT_HELD)
    interview.refresh_from_db()
    assert interview.remind_at is None


def test_a_beat_that_comes_back_half_an_hour_before_tells_once_that_it_is_soon():
    interview = make_interview()
    reminders.remind_due(at=interview.starts_at - HOUR / 2)
    assert set(told().values_list("data__which", flat=True)) == {"hour"}
    assert told().count() == 3
    start = interview.starts_at
    assert [(row.due_at, row.why) for row in ledger()] == [(start - DAY, Reminder.Why.LATE), *[(start - HOUR, "")] * 3]


def test_a_reminder_that_the_mail_server_held_up_does_not_leave_after_the_interview_began():
    interview = make_interview()
    delivery.sweep(clock=lambda: NOW)
    reminders.remind_due(at=interview.starts_at - HOUR)
    delivery.sweep(clock=lambda: interview.starts_at)
    assert set(told().values_list("status", flat=True)) == {"cancelled"}


def test_a_reminder_of_the_old_time_does_not_leave_after_a_change():
    interview = make_interview()
    at = interview.starts_at - DAY
    reminders.remind_due(at=at)
    actions.change(interview, starts_at=interview.starts_at + 9 * DAY, minutes=45, place="Room 1", at=at, by=by())
    delivery.sweep(clock=lambda: at)
    assert set(told().values_list("status", flat=True)) == {"cancelled"}
    reminders.remind_due(at=at + 9 * DAY)
    assert told().filter(status="queued").count() == 3


def test_nobody_is_reminded_of_what_is_called_off_or_closed():
    off, closed = make_interview(), make_interview()
    actions.cancel(off, at=NOW, by=by())
    pipeline.move(closed.application, Stage.REJECTED, at=NOW, by=by())
    reminders.remind_due(at=off.starts_at - DAY + HOUR)
    assert told().count() == 0


def test_who_handed_it_back_is_not_reminded():
    interview = make_interview()
    standing_in.hand_back(interview.panelists.get(email=IDA.email), reason="", at=NOW, by=Actor.outsider("Ida"))
    reminders.remind_due(at=interview.starts_at - DAY)
    assert set(told().values_list("to", flat=True)) == {IVAN.email, interview.application.candidate.email}


def test_an_interview_that_comes_very_soon_is_reminded_once_or_not_at_all():
    interview = make_interview(starts_at=NOW + 3 * HOUR)
    assert interview.remind_at == NOW + 2 * HOUR
    assert next_reminder(interview, after=NOW + 2 * HOUR) is None


@pytest.mark.django_db(transaction=True)
def test_several_workers_tell_everybody_once():
    interview = make_interview()
    at = interview.starts_at - DAY
    together(*[lambda: reminders.remind_due(at=at)] * 4)
    assert told().count() == 3


def test_queries_do_not_grow_with_interviews_beyond_their_mails(django_assert_max_num_queries):
    interview = make_interview()
    for number in range(1, 4):
        make_interview(starts_at=interview.starts_at + number * HOUR)
    with django_assert_max_num_queries(110):
        reminders.remind_due(at=interview.starts_at - HOUR)
