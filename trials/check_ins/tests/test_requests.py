"""Check-ins planned with a trial, moved with its days, called off with its end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from candidates.builders import NOW, make_application, make_competency, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers
from candidates.models import Ask, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.post import asks
from trials.builders import FIRST_DAY, make_trial
from trials.check_ins import requests
from trials.models import CheckIn
from trials.planning.builders import plan_check_ins

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = 7 * DAY
AMSTERDAM, NEW_YORK, LORD_HOWE = "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe"


@pytest.fixture
def trial():
    return make_trial()


def planned_trial(*days, **fields):
    plan = make_plan(("Empathy", "Patience", "Organisation"))
    plan_check_ins(plan, *days, **fields)
    return make_trial(make_application(stage=Stage.REFERENCES, job=make_job(plan=plan)))


def days_of(trial, **chosen):
    return list(trial.check_ins.filter(**chosen).values_list("due_on", flat=True))


def asks_of(trial, **chosen):
    return Ask.objects.filter(scorecard__check_in_card__check_in__trial=trial, **chosen).order_by("opens_at", "pk")


def ask_at(trial, number, role="buddy"):
    return asks_of(trial, scorecard__check_in_card__check_in__number=number).get(role=role)


def mail_of(ask):
    return Message.objects.get(key=f"ask:{ask.pk}")


def answer(ask, at=NOW):
    judging.lock(ask.scorecard, make_answers(ask.scorecard), at=at, by=Actor.outsider(ask.name))


def named(ask):
    return [row["name"] for row in ask.scorecard.wording.content["competencies"]]


def test_the_days_of_the_plan_are_the_days_of_the_trial():
    trial = planned_trial(2, 10, 28)
    assert days_of(trial) == [FIRST_DAY + 2 * DAY, FIRST_DAY + 10 * DAY, FIRST_DAY + 28 * DAY]


def test_what_lies_behind_the_end_is_not_planned():
    assert days_of(planned_trial(7, 29, 300)) == [FIRST_DAY + WEEK]


def test_a_plan_whose_days_all_lie_behind_the_end_asks_every_week():
    assert len(days_of(planned_trial(300))) == 4


def test_a_check_in_asks_those_of_the_plan_about_what_it_names():
    trial = planned_trial(7, roles=["manager", "candidate"], competencies=[make_competency("Patience").pk])
    assert sorted(asks_of(trial).values_list("role", flat=True)) == ["candidate", "manager"]
    assert {name for ask in asks_of(trial) for name in named(ask)} == {"Patience"}


def test_competencies_stand_in_the_plans_order():
    about = [make_competency("Organisation").pk, make_competency("Empathy").pk]
    assert named(asks_of(planned_trial(7, competencies=about)).first()) == ["Empathy", "Organisation"]


def test_a_competency_that_is_gone_is_left_out():
    about = [0, make_competency("Patience").pk]
    assert named(asks_of(planned_trial(7, competencies=about)).first()) == ["Patience"]


@pytest.mark.parametrize("about", [[], [0]])
def test_all_of_the_plan_is_asked_about_where_nothing_is_named_or_left(about):
    assert named(asks_of(planned_trial(7, competencies=about)).first()) == ["Empathy", "Patience", "Organisation"]


def test_planned_twice_is_planned_once(trial):
    requests.plan(trial, at=NOW)
    assert (trial.check_ins.count(), asks_of(trial).count()) == (4, 12)


def test_a_longer_trial_goes_on_as_its_last_planned_check_in():
    trial = planned_trial(14, 28, roles=["buddy"], competencies=[make_competency("Patience").pk])
    trial.ends_on += 14 * DAY
    requests.plan(trial, at=NOW, after=FIRST_DAY + 28 * DAY)
    assert days_of(trial) == [FIRST_DAY + number * DAY for number in (14, 28, 35, 42)]
    assert [(ask.role, named(ask)) for ask in asks_of(trial)] == [("buddy", ["Patience"])] * 4


def test_nothing_is_planned_after_the_end(trial):
    requests.plan(trial, at=NOW, after=trial.ends_on)
    assert trial.check_ins.count() == 4


def test_a_day_that_was_called_off_does_not_stand_in_the_way(trial):
    requests.call_off(trial, after=FIRST_DAY + 14 * DAY, at=NOW)
    requests.plan(trial, at=NOW, after=FIRST_DAY + 14 * DAY)
    assert days_of(trial, called_off_at=None)[-2:] == [FIRST_DAY + 22 * DAY, FIRST_DAY + 29 * DAY]
    assert list(trial.check_ins.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("zone", "changes"), [(AMSTERDAM, date(2030, 3, 31)), (NEW_YORK, date(2030, 3, 10)), (LORD_HOWE, date(2030, 4, 7))]
)
def test_moved_over_summer_time_they_still_begin_at_nine_on_the_wall(zone, changes):  # F37
    trial = make_trial(
        make_application(stage=Stage.REFERENCES, job=make_job(zone=zone)), starts_on=changes - 20 * DAY, at=NOW
    )
    requests.move(trial, days=14, from_day=trial.starts_on, at=NOW)
    on_the_wall = [ask.opens_at.astimezone(ZoneInfo(zone)) for ask in asks_of(trial, role="buddy")]
    assert [moment.date() for moment in on_the_wall] == days_of(trial)
    assert {(moment.hour, moment.minute) for moment in on_the_wall} == {(9, 0)}
    assert {ask.due_at.astimezone(ZoneInfo(zone)).hour for ask in asks_of(trial)} == {9}


def test_check_ins_move_with_the_start_with_their_mails_and_none_is_doubled(trial):
    messages = Message.objects.count()
    requests.move(trial, days=7, from_day=trial.starts_on, at=NOW)
    assert days_of(trial) == [FIRST_DAY + week * WEEK for week in (2, 3, 4, 5)]
    assert (asks_of(trial).count(), Message.objects.count()) == (12, messages)
    for ask in asks_of(trial):
        assert mail_of(ask).next_try_at == ask.opens_at
    first = ask_at(trial, 1)
    assert (first.opens_at, first.due_at, first.remind_at) == (
        datetime(2030, 1, 28, 9, tzinfo=UTC),
        datetime(2030, 1, 31, 9, tzinfo=UTC),
        datetime(2030, 1, 30, 9, tzinfo=UTC),
    )


def test_moved_there_and_back_they_stand_as_before(trial):
    before = list(asks_of(trial).values_list("opens_at", "due_at", "remind_at", "remind_later", "expires_at"))
    requests.move(trial, days=9, from_day=trial.starts_on, at=NOW)
    requests.move(trial, days=-9, from_day=trial.starts_on, at=NOW)
    assert list(asks_of(trial).values_list("opens_at", "due_at", "remind_at", "remind_later", "expires_at")) == before


def test_only_what_lies_behind_a_day_moves(trial):
    requests.move(trial, days=3, from_day=FIRST_DAY + 15 * DAY, at=NOW)
    assert days_of(trial) == [FIRST_DAY + number * DAY for number in (7, 14, 24, 31)]


def test_a_check_in_that_somebody_answered_stays_and_the_others_get_more_time(trial):
    answer(ask_at(trial, 1, "manager"))
    opened, due = ask_at(trial, 1).opens_at, ask_at(trial, 1).due_at
    requests.move(trial, days=7, from_day=trial.starts_on, at=NOW)
    assert days_of(trial) == [FIRST_DAY + number * DAY for number in (7, 21, 28, 35)]
    assert (ask_at(trial, 1).opens_at, ask_at(trial, 1).due_at) == (opened, due + WEEK)
    assert ask_at(trial, 1, "manager").answered_at == NOW


def test_a_mail_that_has_left_is_not_sent_again_but_its_reader_reminded(trial):
    Message.objects.filter(key=f"ask:{ask_at(trial, 1).pk}").update(status="sent", sent_at=NOW)
    requests.move(trial, days=7, from_day=trial.starts_on, at=datetime(2030, 1, 21, 10, tzinfo=UTC))
    moved = ask_at(trial, 1)
    assert mail_of(moved).status == "sent"
    assert moved.remind_at == datetime(2030, 1, 30, 9, tzinfo=UTC)


def test_two_never_come_to_one_day(trial):
    answer(ask_at(trial, 1))
    requests.move(trial, days=-7, from_day=trial.starts_on, at=NOW)
    assert days_of(trial) == [FIRST_DAY + number * DAY for number in (7, 8, 14, 21)]


def test_moved_into_the_past_only_the_last_is_asked_for(trial):
    requests.move(trial, days=-27, from_day=trial.starts_on, at=NOW + 5 * DAY)
    assert days_of(trial, called_off_at=None) == [FIRST_DAY - 6 * DAY, FIRST_DAY + DAY]
    assert asks_of(trial).open().count() == 6


def test_moving_by_nothing_writes_nothing(trial, django_assert_num_queries):
    with django_assert_num_queries(0):
        requests.move(trial, days=0, from_day=trial.starts_on, at=NOW)


def test_what_was_called_off_does_not_come_back_by_moving(trial):
    requests.call_off(trial, after=FIRST_DAY + WEEK, at=NOW)
    requests.move(trial, days=7, from_day=trial.starts_on, at=NOW)
    assert asks_of(trial).open().count() == 3


def test_called_off_check_ins_ask_nobody_any_more(trial):
    requests.call_off(trial, after=FIRST_DAY + 20 * DAY, at=NOW)
    assert days_of(trial, called_off_at=NOW) == [FIRST_DAY + 21 * DAY, FIRST_DAY + 28 * DAY]
    assert set(asks_of(trial).open().values_list("scorecard__check_in_card__check_in__number", flat=True)) == {1, 2}


def test_a_check_in_that_was_answered_is_not_called_off_but_the_others_are_asked_no_more(trial):
    answer(ask_at(trial, 4, "manager"))
    requests.call_off(trial, after=FIRST_DAY + 20 * DAY, at=NOW)
    assert days_of(trial, called_off_at=None)[-1] == FIRST_DAY + 28 * DAY
    with pytest.raises(asks.NotOpen):
        answer(ask_at(trial, 4))


def test_queries_of_a_move_grow_with_the_asks_alone(django_assert_max_num_queries):
    trial = make_trial()
    with django_assert_max_num_queries(6 + 2 * 12):
        requests.move(trial, days=7, from_day=trial.starts_on, at=NOW)


def test_the_leader_is_asked_by_account():
    trial = planned_trial(7, roles=["manager"])
    assert asks_of(trial).get().user == make_user("Max Manager")
    assert Scorecard.objects.get().rater == make_user("Max Manager")
    assert CheckIn.objects.get().competencies == []
