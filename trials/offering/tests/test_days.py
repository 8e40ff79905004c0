"""The days of a trial: moved, paused, prolonged, ended; what is done stays, what is not follows, nothing doubles."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers
from candidates.models import Ask, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import rendering
from candidates.post.reminding import actions as reminding
from candidates.tests.together import together
from trials import actions
from trials.builders import FIRST_DAY, decide, make_offer, make_trial
from trials.models import Pause, Trial
from trials.offering import holding, standing
from trials.offering.standing import State

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHY = "A cold."
VERBS = {
    "move": lambda trial, at: actions.move_start(trial, starts_on=trial.starts_on + DAY, reason=WHY, at=at, by=rita()),
    "pause": lambda trial, at: actions.pause(trial, from_on=at.date(), reason=WHY, at=at, by=rita()),
    "resume": lambda trial, at: actions.resume(trial, on=at.date(), at=at, by=rita()),
    "extend": lambda trial, at: actions.extend(trial, ends_on=trial.ends_on + 7 * DAY, reason=WHY, at=at, by=rita()),
    "end": lambda trial, at: actions.end_early(trial, reason=WHY, at=at, by=rita()),
}


@pytest.fixture
def trial():
    return make_trial()


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def noon(number):
    """Noon of so many days after the first."""
    return datetime(2030, 1, 14, 12, tzinfo=UTC) + number * DAY


def fresh(trial):
    return Trial.objects.get(pk=trial.pk)


def move(trial, days, at=NOW, **more):
    return actions.move_start(trial, starts_on=FIRST_DAY + days * DAY, reason=WHY, at=at, by=rita(), **more)


def pause(trial, number, until=None, **more):
    until_on = FIRST_DAY + until * DAY if until else None
    told = {"from_on": FIRST_DAY + number * DAY, "until_on": until_on, "reason": WHY, "at": noon(number), "by": rita()}
    return actions.pause(trial, **told | more)


def resume(trial, number, at=None):
    return actions.resume(trial, on=FIRST_DAY + number * DAY, at=at or noon(number), by=rita())


def days_of(trial):
    """The days of the check-ins, as days after the first one that was planned."""
    found = trial.check_ins.filter(called_off_at=None).order_by("number").values_list("due_on", flat=True)
    return [(day - FIRST_DAY).days for day in found]


def opened_on(trial, role="buddy"):
    found = Ask.objects.open().filter(page="trials:check_in", role=role, application=trial.application)
    return [
        (moment.date() - FIRST_DAY).days for moment in found.order_by("opens_at").values_list("opens_at", flat=True)
    ]


def answer(trial, number, role="buddy", at=NOW):
    card = Scorecard.objects.get(check_in_card__check_in__number=number, check_in_card__role=role)
    return judging.lock(card, make_answers(card), at=at, by=Actor.outsider("Bob Buddy"))


def told(template):
    return Message.objects.filter(template=f"trials/{template}")


def counted(trial):
    """What must not double."""
    first = Message.objects.filter(key__startswith="ask:")
    return (trial.check_ins.count(), trial.application.asks.count(), first.count())


def test_all_that_is_not_done_moves_with_the_first_day(trial):
    before = counted(trial)
    move(trial, 7)
    after = fresh(trial)
    assert (after.starts_on, after.ends_on) == (FIRST_DAY + 7 * DAY, FIRST_DAY + 35 * DAY)
    assert days_of(trial) == opened_on(trial) == [14, 21, 28, 35]
    assert after.verdict_ask.due_at.date() == after.ends_on
    assert counted(trial) == before


def test_mails_that_wait_leave_on_the_new_day(trial):
    move(trial, 3)
    waiting = Message.objects.filter(template="trials/check_in").order_by("next_try_at").first()
    assert waiting.next_try_at == datetime(2030, 1, 24, 9, tzinfo=UTC)


def test_it_may_move_earlier(trial):
    move(trial, -6)
    assert days_of(trial) == [1, 8, 15, 22]


def test_what_was_answered_stays(trial):
    answer(trial, 1)
    move(trial, 2, at=noon(7))
    assert days_of(trial) == [7, 16, 23, 30]
    assert Scorecard.objects.locked().count() == 1


def test_everybody_is_told_once_in_their_language(trial):
    candidate = trial.application.candidate
    candidate.language = "de"
    candidate.save()
    move(trial, 7, note="The office was flooded.")
    assert sorted(told("moved").values_list("to", flat=True)) == sorted(
        [candidate.email, "bob@rapport.test", "max.manager@rapport.test"]
    )
    for message in told("moved"):
        assert "The office was flooded." in rendering.render(message).text
        assert WHY not in rendering.render(message).text
    assert "Mo, 21. Jan" in rendering.render(told("moved").get(to=candidate.email)).subject


def test_a_lead_who_moves_it_needs_no_mail(trial):
    by = Actor.person(trial.leader)
    actions.move_start(trial, starts_on=FIRST_DAY + DAY, reason=WHY, at=NOW, by=by)
    assert not told("moved").filter(to=trial.leader.email).exists()


def test_a_buddys_mail_holds_no_link(trial):
    move(trial, 7)
    rendered = rendering.render(told("moved").get(to="bob@rapport.test"))
    assert rendering.LINK not in rendered.text + rendered.html
    assert "Hello Bob Buddy" in rendered.text


def test_days_count_in_the_zone_of_the_job_over_summer_time():  # F37
    job = make_job(zone="Europe/Amsterdam")
    trial = make_trial(
        make_application(Stage.REFERENCES, job=job), starts_on=date(2030, 3, 11), at=datetime(2030, 3, 4, 9, tzinfo=UTC)
    )
    actions.move_start(
        trial, starts_on=date(2030, 3, 18), reason=WHY, at=datetime(2030, 3, 5, 9, tzinfo=UTC), by=rita()
    )
    opened = Ask.objects.filter(page="trials:check_in", role="buddy").order_by("opens_at")
    assert [one.opens_at.astimezone(UTC).hour for one in opened] == [8, 7, 7, 7]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "begins on this day already"),
        (-30, "too far back"),
        (400, "more than a year"),
        (10**5, "more than a year"),
    ],
)
def test_a_first_day_that_cannot_be_is_refused(trial, days, words):
    with pytest.raises(NotAllowed, match=words):
        move(trial, days)
    assert days_of(trial) == [7, 14, 21, 28]


def test_the_first_day_stays_before_what_was_answered(trial):
    answer(trial, 1)
    with pytest.raises(NotAllowed, match="answered before"):
        move(trial, 8, at=noon(1))


def test_no_check_in_to_come_is_moved_before_one_that_was_answered(trial):
    answer(trial, 2)
    with pytest.raises(NotAllowed, match="before one that has been answered"):
        move(trial, -7)


def test_a_change_needs_a_reason(trial):
    with pytest.raises(NotAllowed, match="Say why"):
        actions.move_start(trial, starts_on=FIRST_DAY + DAY, reason=" ", at=NOW, by=rita())


def test_while_it_is_paused_nobody_is_asked(trial):
    pause(trial, 2)
    assert standing.of(fresh(trial), at=noon(20)).state == State.PAUSED
    assert not Ask.objects.begun(noon(60)).filter(application=trial.application).exists()
    assert reminding.remind_due(at=noon(60)) == 0
    due = Message.objects.due(noon(60), stale_before=noon(60)).filter(
        template__in=["trials/check_in", "trials/verdict"]
    )
    assert not due.exists()


def test_what_lies_after_a_pause_moves_by_its_days(trial):
    before = counted(trial)
    pause(trial, 8)
    resume(trial, 18)
    assert days_of(trial) == opened_on(trial) == [7, 24, 31, 38]
    assert fresh(trial).ends_on == FIRST_DAY + 38 * DAY
    assert fresh(trial).verdict_ask.due_at.date() == FIRST_DAY + 38 * DAY
    assert counted(trial) == before


def test_a_pause_with_an_end_needs_no_further_word(trial):
    pause(trial, 8, until=18)
    assert days_of(trial) == opened_on(trial) == [7, 24, 31, 38]
    assert standing.of(fresh(trial), at=noon(10)).state == State.PAUSED
    assert standing.of(fresh(trial), at=noon(18)).state == State.RUNNING


def test_it_may_go_on_earlier_than_was_said(trial):
    pause(trial, 8, until=18)
    resume(trial, 10)
    assert days_of(trial) == opened_on(trial) == [7, 16, 23, 30]
    assert fresh(trial).ends_on == FIRST_DAY + 30 * DAY


def test_a_pause_that_ends_on_its_first_day_changes_nothing(trial):
    pause(trial, 8)
    resume(trial, 8)
    assert days_of(trial) == opened_on(trial) == [7, 14, 21, 28]


def test_weeks_do_not_go_on_while_it_rests(trial):
    pause(trial, 8, until=18)
    weeks = [standing.of(fresh(trial), at=noon(day)).week for day in (0, 6, 7, 12, 23, 24, 38, 39)]
    assert weeks == [1, 1, 2, 2, 2, 3, 4, 0]
    assert standing.of(fresh(trial), at=noon(8)).weeks == 4
    assert standing.of(fresh(trial), at=noon(8)).first_day_of(3) == FIRST_DAY + 24 * DAY


def test_a_lead_who_extends_a_paused_trial_asks_nobody_before_it_goes_on(trial):
    pause(trial, 8)
    decide(fresh(trial), "extend", new_end=FIRST_DAY + 42 * DAY, at=noon(9))
    assert not Ask.objects.begun(noon(60)).filter(application=trial.application, page="trials:verdict").exists()
    assert opened_on(trial)[0] == 7
    assert min(opened_on(trial)[1:]) > 1000
    resume(trial, 18)
    assert days_of(trial) == opened_on(trial) == [7, 24, 31, 38, 45, 52]
    assert fresh(trial).ends_on == FIRST_DAY + 52 * DAY
    assert fresh(trial).verdict_ask.due_at.date() == FIRST_DAY + 52 * DAY


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"from_on": FIRST_DAY - DAY}, "not begun by then"),
        ({"from_on": FIRST_DAY + 29 * DAY}, "over by then"),
        ({"until_on": FIRST_DAY + 2 * DAY}, "after the first day"),
        ({"until_on": date.max}, "more than a year"),
        ({"reason": ""}, "Say why"),
    ],
    ids=str,
)
def test_a_pause_that_cannot_be_is_refused(trial, fields, words):
    with pytest.raises(NotAllowed, match=words):
        pause(trial, 2, **fields)
    assert not Pause.objects.exists()


def test_the_pause_mail_says_that_the_end_moves(trial):
    pause(trial, 8)
    text = rendering.render(told("paused").get(to=trial.application.candidate.email)).text
    assert "from Tue 22 Jan 2030 on" in text
    assert "not known yet" in text


def test_a_longer_trial_has_more_check_ins_and_a_later_verdict(trial):
    ask = trial.verdict_ask
    actions.extend(trial, ends_on=FIRST_DAY + 42 * DAY, reason=WHY, at=noon(20), by=rita())
    assert days_of(trial) == [7, 14, 21, 28, 35, 42]
    assert fresh(trial).verdict_ask == ask
    assert fresh(trial).verdict_ask.due_at.date() == FIRST_DAY + 42 * DAY
    assert told("extended").count() == 3


def test_a_trial_past_its_end_without_a_verdict_can_go_on(trial):
    actions.extend(trial, ends_on=FIRST_DAY + 50 * DAY, reason=WHY, at=noon(32), by=rita())
    assert days_of(trial)[-1] > 32
    assert standing.of(fresh(trial), at=noon(33)).state == State.RUNNING


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [
        (FIRST_DAY - DAY, "later than the present end"),
        (FIRST_DAY + 28 * DAY, "later than the present end"),
        (FIRST_DAY + 130 * DAY, "92 days at most"),
        (date.max, "92 days at most"),
    ],
    ids=str,
)
def test_an_end_that_cannot_be_is_refused(trial, ends_on, words):
    with pytest.raises(NotAllowed, match=words):
        actions.extend(trial, ends_on=ends_on, reason=WHY, at=noon(1), by=rita())
    assert fresh(trial).ends_on == FIRST_DAY + 28 * DAY


def test_who_ends_it_early_ends_every_request_and_moves_nothing(trial):
    answer(trial, 1)
    actions.end_early(trial, reason="They found other work.", note="We wish you all the best.", at=noon(10), by=rita())
    after = fresh(trial)
    assert not Ask.objects.open().exists()
    assert after.application.stage == Stage.TRIAL
    assert (after.ended_at, after.end_reason) == (noon(10), "They found other work.")
    assert [one.called_off_at for one in trial.check_ins.all()] == [None, noon(10), noon(10), noon(10)]
    text = rendering.render(told("ended").get(to=trial.application.candidate.email)).text
    assert "We wish you all the best." in text
    assert "other work" not in text


def test_a_paused_trial_can_be_ended(trial):
    pause(trial, 8)
    actions.end_early(trial, reason=WHY, at=noon(9), by=rita())
    assert standing.of(fresh(trial), at=noon(9)).state == State.ENDED
    assert Pause.objects.get().until_on == FIRST_DAY + 9 * DAY


@pytest.mark.parametrize(
    ("before", "verb", "words"),
    [
        ("pause", "pause", "paused already"),
        ("pause", "move", "let it go on first"),
        ("pause", "extend", "let it go on first"),
        ("end", "end", "was ended"),
        ("end", "move", "was ended"),
        ("end", "resume", "was ended"),
        (None, "resume", "not paused"),
    ],
)
def test_what_cannot_be_done_to_it_is_said(trial, before, verb, words):
    if before:
        VERBS[before](trial, noon(3))
    with pytest.raises(NotAllowed, match=words):
        VERBS[verb](fresh(trial), noon(4))


@pytest.mark.parametrize("verb", VERBS)
def test_a_decided_trial_stays_as_it_is(trial, verb):
    decide(trial, at=noon(20))
    with pytest.raises(NotAllowed, match="decided"):
        VERBS[verb](fresh(trial), noon(21))


@pytest.mark.parametrize("verb", VERBS)
def test_an_offer_has_no_days_yet(verb):
    with pytest.raises(NotAllowed, match="not said yes"):
        VERBS[verb](make_offer(), NOW)


def test_before_its_first_day_a_trial_is_moved_not_paused(trial):
    with pytest.raises(NotAllowed, match="move its first day"):
        VERBS["pause"](trial, NOW)


def test_a_trial_over_its_end_is_not_moved(trial):
    with pytest.raises(NotAllowed, match="past its end"):
        VERBS["move"](trial, noon(30))


STEPS = st.lists(
    st.tuples(st.sampled_from(["move", "pause", "until", "resume", "extend", "answer", "wait"]), st.integers(-9, 20)),
    max_size=6,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, zone=st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe"]))
def test_whatever_happens_no_check_in_no_day_and_no_mail_is_there_twice(db, steps, zone):  # F37, F39
    at = datetime(2030, 3, 4, 9, tzinfo=UTC)
    job = make_job(zone=zone, plan=make_plan(("Empathy",)))
    trial = make_trial(make_application(Stage.REFERENCES, job=job, at=at), at=at, starts_on=date(2030, 3, 11))
    for name, number in steps:
        at += timedelta(days=abs(number) / 3)
        send_what_is_due(trial, at)
        take(name, number, fresh(trial), at)
        check(trial, zone, at)


def take(name, number, trial, at):
    today, by = at.date(), Actor.person(trial.leader)
    days = timedelta(days=number)
    verbs = {
        "move": lambda: actions.move_start(trial, starts_on=trial.starts_on + days, reason=WHY, at=at, by=by),
        "pause": lambda: actions.pause(trial, from_on=today + days, reason=WHY, at=at, by=by),
        "until": lambda: actions.pause(trial, from_on=today, until_on=today + days, reason=WHY, at=at, by=by),
        "resume": lambda: actions.resume(trial, on=today + days, at=at, by=by),
        "extend": lambda: actions.extend(trial, ends_on=trial.ends_on + days, reason=WHY, at=at, by=by),
        "answer": lambda: answer_one(trial, at),
        "wait": lambda: None,
    }
    with suppress(NotAllowed):
        verbs[name]()


def answer_one(trial, at):
    asked = Ask.objects.begun(at).filter(application=trial.application, page="trials:check_in").first()
    if asked:
        judging.lock(asked.scorecard, make_answers(asked.scorecard), at=at, by=Actor.outsider("Bob"))


def send_what_is_due(trial, at):
    """As the sweep does; a mail to somebody that left is never sent again."""
    reminding.remind_due(at=at)
    due = Message.objects.due(at, stale_before=at).filter(application=trial.application)
    due.update(status=Message.Status.SENT, sent_at=at)


def check(trial, zone, at):
    standing_ones = trial.check_ins.filter(called_off_at=None).order_by("number")
    days = [one.due_on for one in standing_ones]
    assert days == sorted(set(days))
    for one in standing_ones:
        assert sorted(one.cards.values_list("role", flat=True)) == ["buddy", "candidate", "manager"]
    for asked in trial.application.asks.all():
        assert asked.messages.filter(key=f"ask:{asked.pk}").count() == 1
    to_come = trial.application.asks.open().filter(opens_at__gt=at, opens_at__lt=at + holding.FAR)
    for asked in to_come.filter(page="trials:check_in"):
        assert asked.opens_at.astimezone(ZoneInfo(zone)).hour == 9
    now = fresh(trial)
    assert now.starts_on < now.ends_on
    assert Ask.objects.open().filter(page="trials:verdict", application=trial.application).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_pause_it_once():
    trial = make_trial()
    at, who = noon(3), [Actor.person(make_user("Rita Recruiter")), Actor.person(make_user("Ron Recruiter"))]
    results = together(*[lambda by=by: actions.pause(trial, from_on=at.date(), reason=WHY, at=at, by=by) for by in who])
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotAllowed"]
    assert Pause.objects.count() == 1
    assert told("paused").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_check_in_answered_while_the_start_moves_is_kept_and_in_order():
    trial = make_trial()
    at, by = noon(7), rita()
    results = together(
        lambda: answer(trial, 1, at=at),
        lambda: actions.move_start(trial, starts_on=FIRST_DAY + 3 * DAY, reason=WHY, at=at, by=by),
    )
    assert not any(isinstance(result, Exception) for result in results)
    assert Scorecard.objects.locked().count() == 1
    assert days_of(trial) in ([7, 17, 24, 31], [10, 17, 24, 31])
