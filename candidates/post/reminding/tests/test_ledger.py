"""Every reminder that was due is a row, whatever became of it; nobody is disturbed at night or on a holiday."""

from datetime import time, timedelta

import pytest

from candidates.builders import NOW, make_application, make_job, make_user
from candidates.company.models import Company
from candidates.models import Ask, Message, Reminder, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, delivery
from candidates.post.reminding import actions
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RITA = Actor.outsider("Rita")


def asked(**fields):
    application = fields.pop("application", None) or make_application(Stage.INTERVIEWS)
    chosen = {
        "page": "interviews:scorecard", "template": "interviews/scorecard", "title": "Scorecard",
        "role": Ask.Role.INTERVIEWER, "name": "Ida", "email": "ida@example.org", "due_at": NOW + 7 * DAY, "at": NOW,
        "reminders": [NOW + DAY],
    }  # fmt: skip
    return asks.ask(application, **chosen | fields)


def rows():
    return list(Reminder.objects.order_by("due_at", "pk").values_list("number", "why", "is_last"))


def only_mail():
    return Message.objects.get(key__startswith="remind:")


def send(at):
    delivery.deliver(str(only_mail().pk), at=at)
    return only_mail().status


def test_a_reminder_that_goes_has_a_row_with_its_mail():
    asked(reminders=[NOW + DAY, NOW + 2 * DAY])
    actions.remind_due(at=NOW + DAY)
    row = Reminder.objects.get()
    assert (row.message, row.number, row.is_last, row.why, row.leaves_at) == (only_mail(), 1, False, "", NOW + DAY)


def test_of_three_that_were_missed_the_latest_goes_and_the_others_say_why():  # F10
    asked(reminders=[NOW + DAY, NOW + 1.5 * DAY, NOW + 2 * DAY, NOW + 5 * DAY])
    assert actions.remind_due(at=NOW + 2 * DAY + 2 * HOUR) == 1
    assert rows() == [(1, "late", False), (2, "late", False), (3, "", False)]
    assert only_mail().key.endswith(f"{NOW + 2 * DAY:%Y%m%dT%H%M}")


def test_at_night_it_waits_for_the_morning_and_says_so():
    asked(zone="Asia/Tokyo", reminders=[NOW + DAY + 4 * HOUR])  # ten in the evening there
    actions.remind_due(at=NOW + DAY + 4 * HOUR)
    row = Reminder.objects.get()
    assert (row.why, row.leaves_at) == ("quiet", NOW + DAY + 13 * HOUR)
    assert only_mail().next_try_at == row.leaves_at
    assert send(NOW + DAY + 5 * HOUR) == "queued"
    assert send(NOW + DAY + 13 * HOUR) == "sent"


def test_the_company_says_when_people_outside_are_left_alone():
    Company(pk=1, name="Acme", quiet_from=time(9), quiet_until=time(10)).save()
    asked()
    actions.remind_due(at=NOW + DAY)
    assert Reminder.objects.get().leaves_at == NOW + DAY + HOUR


def test_who_interviews_rests_at_the_weekend_and_a_candidate_is_reminded_then():
    application = make_application(Stage.INTERVIEWS)
    saturday = NOW + 5 * DAY
    asked(application=application, reminders=[saturday])
    asked(application=application, reminders=[saturday], role=Ask.Role.CANDIDATE, name="Cora")
    actions.remind_due(at=saturday)
    assert dict(Reminder.objects.values_list("ask__name", "why")) == {"Ida": "holiday", "Cora": ""}


def test_a_colleague_has_days_and_hours_of_their_own():
    ida = make_user("Ida Reader", working_days=[2, 3], quiet_from=time(0), quiet_until=time(0), country="DE")
    asked(user=ida, email=ida.email, reminders=[NOW + 2 * DAY + HOUR, NOW + 3 * DAY])
    actions.remind_due(at=NOW + 3 * DAY)  # a Thursday
    assert Reminder.objects.latest("due_at").leaves_at == NOW + 8 * DAY - 9 * HOUR


def test_who_answers_while_it_waits_gets_no_mail():
    one = asked(zone="Asia/Tokyo", reminders=[NOW + DAY + 4 * HOUR])
    actions.remind_due(at=NOW + DAY + 4 * HOUR)
    asks.close(one, at=NOW + DAY + 6 * HOUR)
    assert send(NOW + DAY + 13 * HOUR) == "cancelled"


def test_after_the_answer_three_days_pass_without_a_mail():  # check 8
    one = asked(reminders=[NOW + HOUR, NOW + DAY, NOW + 2 * DAY], escalate_at=NOW + 3 * DAY)
    actions.remind_due(at=NOW + HOUR)
    send(NOW + HOUR)
    asks.close(one, at=NOW + 2 * HOUR)
    for hours in range(2, 74):
        actions.remind_due(at=NOW + hours * HOUR)
        actions.escalate_due(at=NOW + hours * HOUR)
    assert (Reminder.objects.count(), Message.objects.filter(template__contains="overdue").count()) == (1, 0)


def test_a_later_reminder_takes_the_place_of_one_that_still_waits():
    asked(zone="Asia/Tokyo", reminders=[NOW + DAY + 4 * HOUR, NOW + DAY + 6 * HOUR])
    actions.remind_due(at=NOW + DAY + 4 * HOUR)
    actions.remind_due(at=NOW + DAY + 6 * HOUR)
    assert sorted(Message.objects.filter(key__startswith="remind:").values_list("status", flat=True)) == [
        "cancelled",
        "queued",
    ]


def test_who_wants_reminders_in_the_digest_gets_no_mail_but_a_row():
    ida = make_user("Ida Reader", reminded_in_digest=True)
    asked(user=ida, email=ida.email)
    actions.remind_due(at=NOW + DAY)
    assert (rows(), Message.objects.filter(key__startswith="remind:").count()) == ([(1, "digest", True)], 0)


def test_without_a_digest_there_is_a_mail_all_the_same():
    ida = make_user("Ida Reader", reminded_in_digest=True, digest_hour=None)
    asked(user=ida, email=ida.email)
    actions.remind_due(at=NOW + DAY)
    assert rows() == [(1, "", True)]


def test_nobody_without_an_address_is_reminded():
    asked(email="")
    actions.remind_due(at=NOW + DAY)
    assert rows() == [(1, "nobody", True)]


def test_others_are_told_as_the_plan_says_and_the_ledger_keeps_whom():
    rita, manager = make_user("Rita Recruiter"), make_user("Max Manager")
    application = make_application(Stage.INTERVIEWS, job=make_job(recruiters=[rita], hiring_manager=manager))
    one = asked(application=application, escalate_at=NOW + DAY)
    Ask.objects.update(escalate_to="both")
    assert (actions.escalate_due(at=NOW + DAY), actions.escalate_due(at=NOW + 2 * DAY)) == (1, 0)
    told = Reminder.objects.filter(kind="escalation", ask=one).values_list("message__to", flat=True)
    assert sorted(told) == sorted([rita.email, manager.email])


def test_where_nobody_is_there_to_tell_the_ledger_says_so():
    rita = make_user("Rita Recruiter", is_active=False)
    application = make_application(Stage.INTERVIEWS, job=make_job(recruiters=[rita]))
    asked(application=application, escalate_at=NOW + DAY)
    actions.escalate_due(at=NOW + DAY)
    assert Reminder.objects.get().why == "nobody"


@pytest.mark.parametrize("number", [2, 12])
def test_telling_others_asks_the_database_as_often_for_many_as_for_few(number, django_assert_max_num_queries):
    application = make_application(Stage.INTERVIEWS)
    for count in range(number):
        asked(application=application, escalate_at=NOW + DAY, email=f"ida{count}@example.org")
    with django_assert_max_num_queries(13):
        actions.escalate_due(at=NOW + DAY)


@pytest.mark.parametrize("number", [2, 12])
def test_reminding_asks_the_database_as_often_for_many_as_for_few(number, django_assert_max_num_queries):
    application = make_application(Stage.INTERVIEWS)
    for count in range(number):
        asked(application=application, email=f"ida{count}@example.org")
    with django_assert_max_num_queries(14):  # with the look that finds no more
        actions.remind_due(at=NOW + DAY)


def test_by_hand_somebody_is_reminded_at_once_whatever_the_hour():
    one = asked(zone="Asia/Tokyo", reminders=[NOW + DAY + 4 * HOUR])
    actions.remind_due(at=NOW + DAY + 4 * HOUR)
    message = actions.remind_now(one, at=NOW + DAY + 5 * HOUR, by=RITA)
    assert message.next_try_at == NOW + DAY + 5 * HOUR
    assert Message.objects.filter(key__startswith="remind:", status="queued").count() == 1
    assert one.application.events.filter(name="ask.reminded").count() == 1


def test_nobody_is_reminded_twice_in_ten_minutes_or_after_the_answer():
    one = asked()
    actions.remind_now(one, at=NOW + HOUR, by=RITA)
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.remind_now(one, at=NOW + HOUR + timedelta(minutes=1), by=RITA)
    asks.close(one, at=NOW + 2 * HOUR)
    with pytest.raises(NotAllowed, match="answered meanwhile"):
        actions.remind_now(one, at=NOW + 3 * HOUR, by=RITA)


@pytest.mark.django_db(transaction=True)
def test_of_six_who_remind_by_hand_at_once_one_does():
    one = asked()
    together(*[lambda: actions.remind_now(one, at=NOW + HOUR, by=RITA)] * 6)
    assert Message.objects.filter(key__startswith="remind:").count() == 1


def test_what_is_put_off_is_reminded_then_and_the_deadline_stays():
    one = asked(reminders=[NOW + DAY, NOW + 4 * DAY])
    actions.put_off(one, until=NOW + 2 * DAY, at=NOW + HOUR, by=RITA)
    assert [actions.remind_due(at=NOW + days * DAY) for days in (1, 2, 4)] == [0, 1, 1]
    one.refresh_from_db()
    assert (one.due_at, one.snoozed_until) == (NOW + 7 * DAY, NOW + 2 * DAY)
    assert [why for _number, why, _last in rows()] == ["snoozed", "", ""]


def test_nothing_is_put_off_past_the_time_when_others_are_told_or_into_the_past():
    one = asked(escalate_at=NOW + 2 * DAY)
    for until, words in ((NOW + 2 * DAY, "others are told"), (NOW, "past")):
        with pytest.raises(NotAllowed, match=words):
            actions.put_off(one, until=until, at=NOW + HOUR, by=RITA)


def test_putting_off_lets_a_reminder_that_waits_for_the_morning_stay():
    one = asked(zone="Asia/Tokyo", reminders=[NOW + DAY + 4 * HOUR])
    actions.remind_due(at=NOW + DAY + 4 * HOUR)
    actions.put_off(one, until=NOW + 3 * DAY, at=NOW + DAY + 5 * HOUR, by=RITA)
    assert only_mail().status == "cancelled"


def test_a_deadline_that_was_computed_never_lies_before_it_is_asked():
    assert asked(due_at=NOW - DAY).due_at == NOW
