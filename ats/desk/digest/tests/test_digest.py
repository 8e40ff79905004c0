"""Once a day, at the hour a colleague chose, on the days they work: what waits, and nothing they may not know."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox

from ats.desk.digest import actions
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.judging import actions as judging
from candidates.judging.models import Scorecard
from candidates.models import Ask, Message, Stage, User
from candidates.post import asks, delivery
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def rita(**fields):
    return make_user("Rita Recruiter", **fields)


def asked(application, *, user=None, **fields):
    chosen = {
        "page": "screening:phone", "template": "screening/phone", "title": "Phone screen", "role": Ask.Role.RECRUITER,
        "name": str(user or "Ida"), "email": user.email if user else "ida@example.org", "user": user,
        "due_at": NOW + DAY, "at": NOW - DAY,
    }  # fmt: skip
    return asks.ask(application, **chosen | fields)


def working(**fields):
    """An application that Rita works on, with something that waits for her."""
    user = rita(**fields)
    application = make_application(Stage.SCREENING, job=make_job(recruiters=[user]))
    asked(application, user=user)
    return application


def digests():
    return Message.objects.filter(key__startswith="digest:")


def said(*, to_all=False):
    for one in digests():
        delivery.deliver(str(one.pk), at=NOW)
    return "\n".join(one.body for one in outbox.outbox if "rita" in one.to[0] or to_all)


def test_a_colleague_gets_one_a_day_at_their_hour():
    working()
    sent = [actions.send_due(at=NOW - 3 * HOUR + hours * HOUR) for hours in range(30)]
    assert (sent.index(1), sum(sent), digests().count()) == (2, 2, 2)
    assert digests().first().priority == Message.Priority.LATER


def test_it_names_what_is_asked_and_leads_there():
    application = working()
    actions.send_due(at=NOW)
    text = said()
    assert f"Phone screen: {application.candidate.name}" in text
    assert f"/screening/phone/{application.asks.get().pk}/" in text
    assert "/desk/reminders/" in text
    assert "1 thing waits for you" in outbox.outbox[0].subject


def test_nobody_for_whom_nothing_waits_gets_one():
    colleague = rita()
    assert (actions.send_due(at=NOW), digests().count()) == (0, 0)
    colleague.refresh_from_db()
    assert colleague.digest_on == NOW.date()  # and is not looked at again today


@pytest.mark.parametrize(
    "fields", [{"digest_hour": None}, {"is_active": False}, {"email": ""}, {"working_days": [2]}, {"is_staff": False}]
)
def test_who_wants_none_or_does_not_work_today_gets_none(fields):
    working(**fields)
    assert actions.send_due(at=NOW) == 0


def test_there_is_none_on_a_holiday():
    working(country="DE", zone="Europe/Berlin")
    new_year = datetime(2030, 1, 1, 12, tzinfo=UTC)
    Ask.objects.update(opens_at=new_year - DAY)
    assert [actions.send_due(at=new_year), actions.send_due(at=new_year + DAY)] == [0, 1]


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", date(2030, 3, 31)), ("Europe/Berlin", date(2030, 10, 27))])
@pytest.mark.parametrize("hour", [1, 2, 3])
def test_where_clocks_change_there_is_one_and_not_two(zone, day, hour):  # F37
    working(zone=zone, digest_hour=hour, working_days=[7])
    Ask.objects.update(opens_at=datetime(2030, 1, 1, tzinfo=UTC))
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - 2 * HOUR
    assert sum(actions.send_due(at=begin + quarter * HOUR / 4) for quarter in range(30 * 4)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_write_one():
    working()
    results = together(*[lambda: actions.send_due(at=NOW)] * 4)
    assert (sorted(results), digests().count()) == ([0, 0, 0, 1], 1)


def test_what_others_owe_is_told_to_who_recruits_and_who_decides():
    max_ = make_user("Max Manager")
    job = make_job(recruiters=[rita()], hiring_manager=max_)
    asked(make_application(Stage.INTERVIEWS, job=job), title="Scorecard", due_at=NOW - HOUR)
    actions.send_due(at=NOW)
    assert said(to_all=True).count("1 answer of others is overdue") == 2


def test_who_grades_is_told_to_nobody():
    job = make_job(recruiters=[rita()])
    asked(make_application(Stage.INTERVIEWS, job=job), page="interviews:grade", due_at=NOW - HOUR)
    assert (actions.send_due(at=NOW), digests().count()) == (0, 0)


def test_who_is_to_read_blind_is_told_no_name():
    user = rita()
    application = make_application(Stage.SCREENING, job=make_job(recruiters=[user]))
    name = application.candidate.name
    judging.request_scorecard(
        application, Scorecard.Kind.EXERCISE, page="interviews:grade", template="interviews/grade",
        title=f"Grade the work of {name}", role=Ask.Role.INTERVIEWER, name=str(user), email=user.email, user=user,
        due_at=NOW + DAY, at=NOW - DAY,
    )  # fmt: skip
    asked(application, name="Someone Else", title=f"Interview with {name}", due_at=NOW - HOUR)
    actions.send_due(at=NOW)
    text = said()
    assert "1 thing waits for you" in text
    assert "overdue" not in text
    assert name not in text


def test_what_the_last_one_said_goes_with_the_next():
    working()
    actions.send_due(at=NOW)
    said()
    actions.send_due(at=NOW + DAY)
    first, second = digests().filter(to__startswith="rita").order_by("created_at")
    assert (first.text, first.data, bool(second.data)) == ("", {}, True)


@pytest.mark.parametrize("number", [1, 4])
def test_many_colleagues_with_much_cost_no_more_queries(number, django_assert_max_num_queries):
    for count in range(number):
        user = make_user(f"Rita Recruiter{count}")
        job = make_job(recruiters=[user])
        for person in range(number):
            one = make_application(Stage.SCREENING, job=job, candidate=make_candidate(f"Person {count} {person}"))
            asked(one, user=user)
            asked(one, due_at=NOW - HOUR)
    with django_assert_max_num_queries(24):
        assert actions.send_due(at=NOW) == number + 1  # with the manager of them all


def test_a_sweep_that_finds_nobody_asks_once(django_assert_num_queries):
    working()
    User.objects.update(digest_hour=20)
    with django_assert_num_queries(1):
        actions.send_due(at=NOW)
