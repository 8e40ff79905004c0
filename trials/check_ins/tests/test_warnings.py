"""What should be looked at early: found once, told to who may know, seen to."""

from datetime import UTC, datetime, timedelta

import pytest

from candidates.builders import make_application, make_job, make_plan, make_user
from candidates.judging import firewall
from candidates.models import Event, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, rendering
from candidates.tests.together import together
from trials.builders import FIRST_DAY, decide, make_trial
from trials.check_ins import actions, signs, warnings
from trials.check_ins.actions import Own
from trials.check_ins.builders import ask_at, tell
from trials.figures.metrics import Metric
from trials.models import Agent, EarlyWarning, Figure, Pause
from trials.planning.builders import want_figure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LAST = datetime(2030, 2, 11, 10, tzinfo=UTC)
RITA, MAX = "Rita Recruiter", "Max Manager"
EVERYBODY = ("candidate", "buddy", "manager")


@pytest.fixture
def trial():
    return make_trial()


def rita():
    return Actor.person(make_user(RITA))


def due(trial, number=1):
    return ask_at(trial, number).due_at


def all_tell(trial, *numbers, but=(), **scores):
    for number in numbers:
        for role in EVERYBODY:
            if role not in but:
                tell(trial, number, role, **scores)


def found(trial, at):
    return [(sign.kind, sign.occurrence) for sign in signs.of(trial, at=at)]


def mails():
    return Message.objects.filter(template="trials/warning")


def told(name):
    return mails().filter(to=make_user(name).email).count()


# Late


def test_a_deadline_that_has_just_passed_is_no_warning(trial):
    assert found(trial, due(trial) + 2 * DAY - timedelta(seconds=1)) == []


def test_two_days_over_the_deadline_is_one_for_all_who_are_late(trial):
    tell(trial, 1, "manager")
    (sign,) = signs.of(trial, at=due(trial) + 2 * DAY)
    assert (sign.kind, sign.occurrence) == ("late", "over:1")
    assert sign.data == {"roles": ["candidate", "buddy"], "check_ins": [1]}


def test_nothing_from_one_person_twice_in_a_row_is_one_as_soon_as_the_second_is_due(trial):
    all_tell(trial, 1, 2, but=["buddy"])
    assert found(trial, due(trial, 2) - timedelta(seconds=1)) == [("late", "over:1")]
    assert found(trial, due(trial, 2)) == [("late", "row:buddy:1")]


def test_a_third_silence_is_the_same_warning(trial):
    all_tell(trial, 1, 2, 3, but=["buddy"])
    assert found(trial, due(trial, 3) + 2 * DAY) == [("late", "row:buddy:1")]


def test_who_answers_in_between_is_not_silent_twice_in_a_row(trial):
    all_tell(trial, 1, 3, but=["buddy"])
    all_tell(trial, 2)
    assert found(trial, due(trial, 3) + DAY) == [("late", "over:1")]


def test_what_nobody_is_asked_any_more_is_not_late(trial):
    for role in EVERYBODY:
        asks.cancel(ask_at(trial, 1, role), at=due(trial))
    assert found(trial, due(trial) + 2 * DAY) == []


# Low ratings


@pytest.mark.parametrize(
    ("low", "expected"),
    [
        ([(1, "buddy")], []),
        ([(1, "buddy"), (1, "manager")], ["1"]),
        ([(1, "buddy"), (2, "buddy")], ["2"]),
        ([(1, "buddy"), (3, "buddy")], []),
        ([(1, "buddy"), (3, "manager")], ["3"]),
        ([(1, "buddy"), (2, "buddy"), (3, "buddy")], ["3"]),
        ([(1, "candidate"), (1, "buddy")], []),
        ([(1, "candidate"), (2, "candidate")], []),
    ],
    ids=str,
)
def test_low_twice_by_two_people_or_at_two_check_ins_in_a_row(trial, low, expected):
    for number in (1, 2, 3):
        for role in EVERYBODY:
            tell(trial, number, role, **({"empathy": 2} if (number, role) in low else {}))
    assert [occurrence.split(":")[1] for _kind, occurrence in found(trial, due(trial, 3))] == expected


def test_low_on_two_competencies_is_no_warning(trial):
    tell(trial, 1, "buddy", empathy=1)
    tell(trial, 1, "manager", patience=1)
    assert found(trial, due(trial)) == []


def test_a_three_is_not_low(trial):
    all_tell(trial, 1, 2, empathy=3)
    assert found(trial, due(trial)) == []


def test_a_low_rating_warning_tells_what_it_stands_on(trial):
    tell(trial, 1, "buddy", empathy=1)
    tell(trial, 2, "buddy", empathy=2)
    (sign,) = (one for one in signs.of(trial, at=due(trial)) if one.kind == "ratings")
    assert sign.data == {
        "competency": "Empathy",
        "said": [{"check_in": 1, "role": "buddy", "score": 1}, {"check_in": 2, "role": "buddy", "score": 2}],
    }


# Exhausted


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (Own(drained=4, worn_out=4), (True, False)),
        (Own(drained=5, worn_out=3), None),
        (Own(drained=5), None),
        (Own(stays=2), (False, True)),
        (Own(stays=3, drained=3, worn_out=5), None),
        (Own(stays=1, drained=5, worn_out=5), (True, True)),
        (Own(support=1), None),
    ],
    ids=str,
)
def test_exhausted_or_without_the_wish_to_stay(trial, own, expected):
    tell(trial, 1, "candidate", own=own)
    data = [(sign.data["tired"], sign.data["leaving"]) for sign in signs.of(trial, at=due(trial))]
    assert data == ([expected] if expected else [])


def test_a_draft_warns_of_nothing(trial):
    ask = ask_at(trial, 1, "candidate")
    actions.keep_own(ask.scorecard, actions.OwnAnswers(own=Own(stays=1)), at=ask.opens_at)
    assert found(trial, due(trial)) == []


# Figures


def measured_trial(metric, target, *weeks, n=20):
    plan = make_plan()
    want_figure(plan, metric, target)
    trial = make_trial(make_application(stage=Stage.REFERENCES, job=make_job(plan=plan)))
    part = {"part": Agent.Part.TRIAL, "application": trial.application}
    agent = Agent.objects.create(tool="zendesk", key="17", **part)
    for number, value in enumerate(weeks):
        monday = FIRST_DAY + 7 * number * DAY
        days = {"starts_on": monday, "ends_on": monday + 6 * DAY}
        if value is not None:
            Figure.objects.create(agent=agent, metric=metric, value=value, n=n, **days)
    all_tell(trial, 1, 2, 3, 4)
    return trial


@pytest.mark.parametrize(
    ("metric", "weeks", "expected"),
    [
        (Metric.SATISFACTION, [80, 80], True),
        (Metric.SATISFACTION, [80, 90, 80], False),
        (Metric.SATISFACTION, [80, None, 80], False),
        (Metric.SATISFACTION, [95, 90], False),
        (Metric.FIRST_REPLY, [95, 91], True),
        (Metric.FIRST_REPLY, [20, 20], False),
    ],
    ids=str,
)
def test_a_wanted_figure_worse_than_its_target_two_weeks_running(metric, weeks, expected):
    assert bool(found(measured_trial(metric, 90, *weeks), LAST)) is expected


def test_few_cases_warn_of_nothing():
    assert found(measured_trial(Metric.SATISFACTION, 90, 10, 10, n=4), LAST) == []


def test_a_week_that_is_not_over_warns_of_nothing():
    trial = measured_trial(Metric.SATISFACTION, 90, 80, 80)
    assert found(trial, datetime(2030, 1, 27, 10, tzinfo=UTC)) == []
    assert found(trial, datetime(2030, 1, 28, 10, tzinfo=UTC)) == [("figures", "satisfaction:zendesk:2030-01-14")]


def test_a_figure_that_nobody_wants_warns_of_nothing():
    trial = measured_trial(Metric.SATISFACTION, 90)
    agent = Agent.objects.get()
    for monday in (FIRST_DAY, FIRST_DAY + 7 * DAY):
        Figure.objects.create(
            agent=agent, metric="reopened", value=99, n=50, starts_on=monday, ends_on=monday + 6 * DAY
        )
    assert found(trial, LAST) == []


# Raised once, for trials that go on


def test_a_warning_is_raised_once(trial):
    at = due(trial) + 2 * DAY
    assert [warnings.raise_due(at=at), warnings.raise_due(at=at), warnings.raise_due(at=at + DAY)] == [1, 0, 0]
    assert EarlyWarning.objects.get().raised_at == at


@pytest.mark.django_db(transaction=True)
def test_five_sweeps_at_once_raise_and_tell_once():  # F8, F9
    trial = make_trial()
    at = due(trial) + 2 * DAY
    together(*[lambda: warnings.raise_due(at=at)] * 5)
    assert (EarlyWarning.objects.count(), mails().count()) == (1, 2)


def pause(trial):
    Pause.objects.create(trial=trial, from_on=FIRST_DAY, reason="Ill", at=LAST, by_name=RITA)


def end(trial):
    trial.ended_at, trial.end_reason = LAST, "Another job"
    trial.save()


def replace(trial):
    trial.replaced_at = LAST
    trial.save()


@pytest.mark.parametrize("change", [pause, end, replace, decide], ids=lambda one: one.__name__)
def test_a_trial_that_does_not_go_on_raises_nothing(trial, change):
    change(trial)
    assert warnings.raise_due(at=due(trial, 4) + 9 * DAY) == 0


def test_an_application_that_left_the_trial_raises_nothing(trial):
    type(trial.application).objects.filter(pk=trial.application.pk).update(stage=Stage.REFERENCES)
    assert warnings.raise_due(at=due(trial, 4) + 9 * DAY) == 0


def test_one_broken_trial_does_not_silence_the_others(trial, monkeypatch):  # F11
    other = make_trial()
    of = signs.of

    def broken(one, *, at):
        if one.pk == trial.pk:
            raise ValueError
        return of(one, at=at)

    monkeypatch.setattr(signs, "of", broken)
    assert warnings.raise_due(at=due(trial) + 2 * DAY) == 1
    assert EarlyWarning.objects.get().trial == other


def test_queries_of_a_trial_do_not_grow_with_its_check_ins(django_assert_num_queries):
    plan = make_plan(("Empathy", "Patience"), check_in_days=1)
    trial = make_trial(make_application(stage=Stage.REFERENCES, job=make_job(plan=plan)))
    tell(trial, 1, "buddy", empathy=1)
    tell(trial, 2, "buddy", empathy=1)
    with django_assert_num_queries(3):
        assert signs.of(trial, at=LAST)


# Told


def test_the_lead_and_the_recruiters_are_told_of_missing_check_ins_at_once(trial):
    tell(trial, 1, "manager")
    warnings.raise_due(at=due(trial) + 2 * DAY)
    warnings.raise_due(at=due(trial) + 3 * DAY)
    assert (told(RITA), told(MAX)) == (1, 1)
    assert EarlyWarning.objects.get().told_at == due(trial) + 2 * DAY


def test_several_things_are_told_in_one_mail(trial):
    warnings.raise_due(at=due(trial, 2) + 2 * DAY)
    assert EarlyWarning.objects.count() == 3
    assert (told(RITA), told(MAX)) == (1, 1)
    assert "There are 3 things to look at" in rendering.render(mails().first()).text


def test_what_tells_of_judgements_waits_until_the_firewall_is_open(trial):
    tell(trial, 1, "candidate", own=Own(stays=1))
    at = due(trial)
    warnings.raise_due(at=at)
    assert (EarlyWarning.objects.get().told_at, mails().count()) == (None, 0)
    tell(trial, 1, "buddy", at=at)
    warnings.raise_due(at=at)
    assert mails().count() == 0
    tell(trial, 1, "manager", at=at)
    warnings.raise_due(at=at)
    assert (told(RITA), told(MAX)) == (1, 1)


def test_who_still_owes_a_rating_waits_while_others_are_told(trial):
    tell(trial, 1, "candidate", own=Own(stays=1))
    tell(trial, 1, "buddy")
    at = due(trial)
    firewall.override(trial.application, reason="A talk is needed now.", at=at, by=rita())
    warnings.raise_due(at=at)
    assert (told(RITA), told(MAX), EarlyWarning.objects.get().told_at) == (1, 0, None)
    tell(trial, 1, "manager", at=at)
    warnings.raise_due(at=at + DAY)
    assert (told(RITA), told(MAX)) == (1, 1)
    assert EarlyWarning.objects.get().told_at == at + DAY


def test_what_was_low_meanwhile_is_told_with_it(trial):
    tell(trial, 1, "candidate")
    tell(trial, 1, "buddy", empathy=1)
    tell(trial, 2, "buddy", empathy=1, at=due(trial))
    warnings.raise_due(at=due(trial))
    tell(trial, 1, "manager", empathy=2, at=due(trial))
    tell(trial, 2, "manager", empathy=2, at=due(trial))
    warnings.raise_due(at=due(trial))
    last = EarlyWarning.objects.get(occurrence__endswith=":2")
    assert len(last.data["said"]) == 4


def test_the_mail_tells_no_score_and_leads_to_the_application(trial):
    all_tell(trial, 1, 2, empathy=1)
    warnings.raise_due(at=due(trial, 2))
    assert mails().count() == 2
    for message in mails():
        rendered = rendering.render(message)
        for part in (rendered.subject, rendered.text, rendered.html):
            assert "Empathy" not in part
            assert " low" not in part
        assert rendering.LINK in rendered.text
        assert "You get this mail because you" in rendered.text


def test_what_was_seen_to_before_it_was_told_is_not_told(trial):
    tell(trial, 1, "candidate", own=Own(stays=1))
    warnings.raise_due(at=due(trial))
    actions.see_to(EarlyWarning.objects.get(), note="Talked.", at=due(trial), by=rita())
    tell(trial, 1, "buddy", at=due(trial))
    tell(trial, 1, "manager", at=due(trial))
    warnings.raise_due(at=due(trial))
    assert mails().count() == 0


# Seen to


@pytest.fixture
def warning(trial):
    warnings.raise_due(at=due(trial) + 2 * DAY)
    return EarlyWarning.objects.get()


def test_somebody_says_what_was_done(warning):
    actions.see_to(warning, note=" Talked with Bob. ", at=LAST, by=rita())
    warning.refresh_from_db()
    assert (warning.seen_at, warning.seen_by_name, warning.note) == (LAST, RITA, "Talked with Bob.")
    event = Event.objects.get(name="trial.warning_seen")
    assert event.data == {"warning": warning.pk}


def test_nothing_is_seen_to_without_a_word(warning):
    with pytest.raises(NotAllowed):
        actions.see_to(warning, note=" ", at=LAST, by=rita())


def test_a_second_look_keeps_the_first_note(warning):
    actions.see_to(warning, note="First.", at=LAST, by=rita())
    with pytest.raises(NotAllowed, match="Rita Recruiter has seen to it already"):
        actions.see_to(warning, note="Second.", at=LAST, by=rita())
    assert EarlyWarning.objects.get().note == "First."
