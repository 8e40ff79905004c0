"""The times of an ask: any number of reminders, then the recruiters are told; and mails that carry a calendar entry."""

from datetime import timedelta

import pytest
from django.core import mail as outbox

from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Ask, Message, Stage
from candidates.post import asks, delivery, mail
from candidates.post.reminding import actions as reminding

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def asked(**fields):
    application = fields.pop("application", None) or make_application(Stage.INTERVIEWS)
    chosen = {
        "page": "interviews:scorecard", "template": "interviews/scorecard", "title": "Scorecard",
        "role": Ask.Role.INTERVIEWER, "name": "Ida", "email": "ida@example.org", "due_at": NOW + 7 * DAY, "at": NOW,
    }  # fmt: skip
    return asks.ask(application, **chosen | fields)


def reminders():
    return Message.objects.filter(key__startswith="remind:")


def test_every_reminder_comes_once_at_its_time():
    one = asked(reminders=[NOW + DAY, NOW + 2 * DAY, NOW + 8 * DAY])
    told = []
    for days in range(1, 10):
        reminding.remind_due(at=NOW + days * DAY)
        reminding.remind_due(at=NOW + days * DAY)
        told.append(reminders().count())
    assert told == [1, 2, 2, 2, 2, 2, 2, 3, 3]
    one.refresh_from_db()
    assert one.remind_at is None


def test_a_sweep_that_comes_late_sends_one_reminder_for_all_it_missed():
    asked(reminders=[NOW + DAY, NOW + 2 * DAY, NOW + 8 * DAY])
    reminding.remind_due(at=NOW + 5 * DAY)
    assert (reminders().count(), Ask.objects.get().remind_at) == (1, NOW + 8 * DAY)


def test_without_times_of_its_own_it_reminds_before_the_deadline_and_at_it():
    one = asked(notice=2 * DAY)
    assert (one.remind_at, one.remind_later) == (NOW + 5 * DAY, [NOW + 7 * DAY])


def test_an_ask_may_have_no_reminder_at_all():
    assert asked(reminders=[]).remind_at is None


def test_a_new_deadline_brings_new_reminders_and_the_old_ones_never_come():
    one = asked(reminders=[NOW + DAY])
    asks.reschedule(one, due_at=NOW + 9 * DAY, reminders=[NOW + 8 * DAY])
    reminding.remind_due(at=NOW + 2 * DAY)
    assert (reminders().count(), Ask.objects.get().remind_at) == (0, NOW + 8 * DAY)


def test_what_has_ended_gets_no_new_deadline():
    one = asked()
    asks.close(one, at=NOW)
    asks.reschedule(one, due_at=NOW + 9 * DAY, reminders=[NOW + 8 * DAY], escalate_at=NOW + 9 * DAY)
    assert Ask.objects.get().due_at == NOW + 7 * DAY


def test_the_recruiters_are_told_once_that_nothing_came():
    rita, ruth = make_user("Rita Recruiter"), make_user("Ruth Recruiter")
    application = make_application(Stage.INTERVIEWS, job=make_job(recruiters=[rita, ruth]))
    asked(application=application, escalate_at=NOW + 8 * DAY)
    assert [reminding.escalate_due(at=NOW + days * DAY) for days in (7, 8, 9)] == [0, 1, 0]
    assert set(Message.objects.filter(template="candidates/overdue").values_list("to", flat=True)) == {
        rita.email,
        ruth.email,
    }


def test_nobody_is_told_of_what_was_answered():
    asks.close(asked(escalate_at=NOW + DAY), at=NOW)
    assert reminding.escalate_due(at=NOW + 2 * DAY) == 0


def test_the_mail_to_a_recruiter_names_who_and_what_and_leads_to_the_application():
    one = asked(escalate_at=NOW + DAY)
    reminding.escalate_due(at=NOW + 2 * DAY)
    delivery.deliver(str(Message.objects.get(template="candidates/overdue").pk), at=NOW + 2 * DAY)
    (sent,) = outbox.outbox
    assert sent.to == ["rita.recruiter@rapport.test"]
    assert "Ida" in sent.subject
    assert f"/admin/candidates/application/{one.application_id}/" in sent.body


def test_an_ask_without_a_mail_of_its_own_waits_for_its_verb():
    assert asked(is_mailed=False).messages.count() == 0


def test_an_invitation_goes_with_the_mail_as_alternative_and_as_file():
    application = make_application()
    message = mail.queue(application, "candidates/received", key="x", at=NOW, calendar=CALENDAR)
    delivery.deliver(str(message.pk), at=NOW)
    parts = {part.get_content_type(): part for part in outbox.outbox[0].message().walk()}
    assert (
        parts["text/calendar"].get_payload(decode=True).replace(b"\r\n", b"\n")
        == CALENDAR.replace("\r\n", "\n").encode()
    )
    kinds = [part["Content-Type"] for part in outbox.outbox[0].message().walk() if "calendar" in part["Content-Type"]]
    assert kinds == ['text/calendar; method="REQUEST"; charset="utf-8"', 'text/calendar; charset="utf-8"']


@pytest.mark.parametrize(("outlives", "status"), [(True, "sent"), (False, "cancelled")])
def test_a_mail_that_outlives_its_ask_leaves_all_the_same(outlives, status):
    one = asked()
    message = mail.queue(one.application, "candidates/reminder", key="x", at=NOW, ask=one, outlives_ask=outlives)
    asks.cancel(one, at=NOW)
    assert delivery.deliver(str(message.pk), at=NOW) == status
