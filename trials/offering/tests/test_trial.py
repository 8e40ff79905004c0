"""Beginning a trial, and the leader's verdict."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers
from candidates.models import Application, Ask, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MovedMeanwhile, NotAllowed, move
from candidates.post import asks
from candidates.tests.together import together
from trials import actions
from trials.builders import FIRST_DAY, decide, last_day, make_trial
from trials.models import Trial, Verdict

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CANDIDATE = "cara@example.org"


@pytest.fixture
def application():
    return make_application(stage=Stage.REFERENCES, candidate=make_candidate(email=CANDIDATE))


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def step_back_and_forth(application, at):
    application.refresh_from_db()
    move(application, Stage.REFERENCES, at=at, by=rita())
    return make_trial(application, at=at)


def check_in_asks(trial):
    return trial.application.asks.filter(page="trials:check_in")


def test_a_trial_moves_the_application(application):
    assert make_trial(application).application.stage == Stage.TRIAL


def test_a_trial_lasts_as_long_as_the_plan_says(application):
    trial = make_trial(application)
    assert (trial.starts_on, trial.ends_on) == (FIRST_DAY, FIRST_DAY + 28 * DAY)


def test_every_check_in_asks_candidate_buddy_and_leader(application):
    trial = make_trial(application)
    asked = check_in_asks(trial).order_by("pk").values_list("role", "email", "scorecard__kind")
    three = [
        (role, mail, "check_in")
        for role, mail in zip(
            ("candidate", "buddy", "manager"), (CANDIDATE, "bob@rapport.test", trial.leader.email), strict=True
        )
    ]
    assert list(asked) == three * 4
    assert [check_in.due_on for check_in in trial.check_ins.all()] == [
        FIRST_DAY + week * 7 * DAY for week in (1, 2, 3, 4)
    ]


def test_the_leaders_asks_are_theirs_on_the_desk_too(application):
    trial = make_trial(application)
    assert set(trial.application.asks.filter(role="manager").values_list("user", flat=True)) == {trial.leader.pk}


def test_check_ins_open_at_nine_in_the_zone_of_the_job_also_after_the_clocks_change():  # F37
    job = make_job(zone="Europe/Amsterdam")
    trial = make_trial(
        make_application(stage=Stage.REFERENCES, job=job), starts_on=date(2030, 3, 18), at=NOW + 60 * DAY
    )
    opened = check_in_asks(trial).filter(role="buddy").order_by("opens_at").values_list("opens_at", flat=True)
    assert [moment.astimezone(UTC).hour for moment in opened] == [8, 7, 7, 7]


def test_mails_of_check_ins_wait_for_their_day(application):
    trial = make_trial(application)
    waiting = Message.objects.filter(template="trials/check_in", next_try_at__gt=NOW)
    assert waiting.count() == 12
    assert waiting.order_by("next_try_at").first().next_try_at == datetime(2030, 1, 21, 9, tzinfo=UTC)
    assert trial.verdict_ask.opens_at == datetime(2030, 1, 28, 9, tzinfo=UTC)  # two weeks before the end


def test_the_candidate_is_welcomed_at_once(application):
    make_trial(application)
    welcome = Message.objects.get(template="trials/welcome")
    assert (welcome.to, welcome.ask, welcome.next_try_at) == (CANDIDATE, None, NOW)


def test_check_ins_to_come_keep_nobodys_judgement_hidden_yet(application):
    trial = make_trial(application)
    assert not Ask.objects.begun(NOW + DAY).filter(application=trial.application).exists()


def test_a_trial_entered_late_asks_for_the_last_week_only(application):
    trial = make_trial(application, starts_on=NOW.date() - 20 * DAY)
    assert list(trial.check_ins.values_list("number", "due_on")) == [
        (2, NOW.date() - 6 * DAY),
        (3, NOW.date() + DAY),
        (4, NOW.date() + 8 * DAY),
    ]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"starts_on": NOW.date() - 29 * DAY}, "starts_on"),
        ({"starts_on": date.max}, "starts_on"),
        ({"starts_on": date.min}, "starts_on"),
        ({"buddy_email": CANDIDATE.upper()}, "buddy_email"),
        ({"buddy_email": "Max.Manager@rapport.test"}, "buddy_email"),
    ],
)
def test_what_stands_against_a_trial_is_refused_and_nothing_is_written(application, wrong, name):
    chosen = {"starts_on": FIRST_DAY, "leader": make_user("Max Manager"), "buddy_email": "bob@rapport.test"}
    assert list(actions.obstacles(application, at=NOW, **chosen | wrong)) == [name]
    with pytest.raises(NotAllowed):
        make_trial(application, **wrong)
    application.refresh_from_db()
    assert application.stage == Stage.REFERENCES
    assert Ask.objects.count() == Message.objects.count() == Trial.objects.count() == 0


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}, {"email": CANDIDATE}], ids=str
)
def test_not_everybody_can_lead_a_trial(application, fields):
    with pytest.raises(NotAllowed):
        make_trial(application, leader=make_user("Lena Leader", **fields))
    assert Trial.objects.count() == 0


def test_a_trial_cannot_begin_before_the_references():
    with pytest.raises(NotAllowed):
        make_trial(make_application(stage=Stage.INTERVIEWS))
    assert Trial.objects.count() == 0


def test_who_saw_an_older_stage_begins_no_trial(application):
    seen = Application.objects.get(pk=application.pk)
    move(application, Stage.INTERVIEWS, at=NOW, by=rita())
    with pytest.raises(MovedMeanwhile):
        make_trial(seen)


def test_a_second_trial_replaces_the_first(application):
    first = make_trial(application)
    second = step_back_and_forth(application, NOW + DAY)
    first.refresh_from_db()
    assert first.replaced_at == NOW + DAY
    assert application.trials.current().get() == second
    assert not Ask.objects.open().filter(scorecard__check_in_card__check_in__trial=first).exists()


def test_the_database_keeps_one_current_trial(application):
    first = make_trial(application)
    second = step_back_and_forth(application, NOW + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(pk=first.pk).update(replaced_at=None)
    assert second.replaced_at is None


def test_the_database_refuses_an_end_before_the_start(application):
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(pk=make_trial(application).pk).update(ends_on=FIRST_DAY)


@pytest.mark.parametrize("kind", ["confirm", "end"])
def test_a_verdict_is_kept_with_its_evidence_and_moves_nothing(application, kind):
    trial = make_trial(application)
    verdict = decide(trial, kind)
    application.refresh_from_db()
    assert (trial.verdict, verdict.kind, verdict.by) == (verdict, kind, trial.leader)
    assert application.stage == Stage.TRIAL
    assert application.events.last().name == "trial.verdict"


def test_after_the_last_word_nobody_is_asked_any_more_who_was_not_yet(application):
    trial = make_trial(application)
    decide(trial, at=datetime(2030, 2, 6, 12, tzinfo=UTC))
    opened = check_in_asks(trial).open().values_list("opens_at", flat=True)
    assert opened.count() == 9
    assert all(moment < datetime(2030, 2, 6, tzinfo=UTC) for moment in opened)


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": "  "},
        {"kind": "pass"},
        {"kind": "extend"},
        {"kind": "extend", "new_end": FIRST_DAY + 28 * DAY},
        {"kind": "extend", "new_end": date.max},
    ],
    ids=str,
)
def test_there_is_no_silent_pass(application, wrong):
    trial = make_trial(application)
    with pytest.raises(NotAllowed):
        decide(trial, **wrong)
    assert Verdict.objects.count() == 0
    assert Ask.objects.open().filter(pk=trial.verdict_ask_id).exists()


def test_only_the_leader_decides(application):
    trial = make_trial(application)
    with pytest.raises(NotAllowed):
        actions.decide(trial, "confirm", "Good.", at=NOW, by=rita())
    assert Verdict.objects.count() == 0


def test_an_extension_plans_more_check_ins_and_asks_for_a_new_verdict(application):
    trial = make_trial(application)
    first_ask = trial.verdict_ask
    decide(trial, "extend", new_end=trial.ends_on + 14 * DAY)
    trial = Trial.objects.get(pk=trial.pk)
    assert [check_in.number for check_in in trial.check_ins.all()] == [1, 2, 3, 4, 5, 6]
    assert trial.ends_on == FIRST_DAY + 42 * DAY
    assert trial.verdict is None
    assert trial.verdict_ask != first_ask
    assert trial.verdict_ask.opens_at == datetime(2030, 2, 18, 9, tzinfo=UTC)  # the middle of the extension


def test_an_extended_trial_can_be_confirmed(application):
    trial = make_trial(application)
    decide(trial, "extend", new_end=trial.ends_on + 14 * DAY)
    trial = Trial.objects.get(pk=trial.pk)
    assert decide(trial) == trial.verdict


def test_a_verdict_is_given_once(application):
    trial = make_trial(application)
    decide(trial)
    with pytest.raises(asks.NotOpen):
        decide(trial, "end")
    assert Verdict.objects.count() == 1


def test_a_replaced_trial_takes_no_verdict(application):
    first = make_trial(application)
    step_back_and_forth(application, NOW + DAY)
    with pytest.raises(asks.NotOpen):
        decide(first)


@pytest.mark.django_db(transaction=True)
def test_two_recruiters_begin_one_trial():
    application = make_application(stage=Stage.REFERENCES)
    seen = [Application.objects.get(pk=application.pk) for _ in range(2)]
    results = together(*[lambda one=one: make_trial(one) for one in seen])
    assert sorted(type(result).__name__ for result in results) == ["MovedMeanwhile", "Trial"]
    assert Scorecard.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_verdict_sent_from_two_tabs_is_given_once():
    trial = make_trial()
    at = last_day(trial)
    calls = [lambda kind=kind: decide(trial, kind, at=at) for kind in ("confirm", "end", "confirm")]
    results = together(*calls)
    assert sum(isinstance(result, asks.NotOpen) for result in results) == 2
    assert Verdict.objects.count() == 1


def test_check_ins_of_a_plan_with_one_day_are_daily():
    job = make_job(plan=make_plan(trial_days=3, check_in_days=1))
    trial = make_trial(make_application(stage=Stage.REFERENCES, job=job))
    assert trial.check_ins.count() == 3


def test_a_locked_check_in_counts(application):
    trial = make_trial(application)
    card = check_in_asks(trial).filter(role="buddy").first().scorecard
    judging.lock(card, make_answers(card), at=NOW, by=Actor.outsider("Bob Buddy"))
    assert Scorecard.objects.locked().get().rater_name == "Bob Buddy"
