"""Handing back, standing in, and interviews that did not take place."""

from datetime import timedelta
from functools import partial

import pytest

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging.builders import make_answers
from candidates.models import Ask, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, delivery, rendering
from candidates.post.reminding import actions as reminding
from candidates.tests.together import together
from interviews import actions
from interviews.actions import Invited
from interviews.availability.actions import choose
from interviews.availability.builders import make_interviewer
from interviews.builders import IDA, IVAN, ask_of, make_interview
from interviews.exercises.models import Submission
from interviews.kits.builders import make_exercise
from interviews.models import Panelist
from interviews.scheduling import booking, standing_in

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INA, IGOR = Invited("Ina Third", "ina@example.org"), Invited("Igor Fourth", "igor@example.org")


def by():
    return Actor.person(make_user("Rita Recruiter"))


def seat(interview, invited=IDA):
    return Panelist.objects.get(interview=interview, email=invited.email)


def hand_back(interview, invited=IDA, *, at=NOW + HOUR, reason="On holiday"):
    standing_in.hand_back(seat(interview, invited), reason=reason, at=at, by=Actor.outsider(invited.name))


def sent_to(email, at=NOW + HOUR):
    return list(Message.objects.filter(to=email, created_at=at).values_list("template", flat=True))


def test_who_hands_back_is_free_and_the_recruiters_hear_why():
    interview = make_interview()
    hand_back(interview)
    gone = seat(interview)
    assert (gone.released_at, gone.released_because, gone.starts_at) == (NOW + HOUR, "On holiday", None)
    assert not ask_of(interview).is_open
    assert sent_to(IDA.email) == ["interviews/panel_cancelled"]
    told = rendering.render(Message.objects.get(template="interviews/handed_back"))
    assert told.subject == "Ida Interviewer cannot interview Cara Candidate"
    assert "On holiday" in told.text


def test_nobody_else_is_disturbed():
    interview = make_interview()
    hand_back(interview)
    new = standing_in.replace(seat(interview), INA, at=NOW + HOUR, by=by())
    assert sent_to(IVAN.email) == []
    assert sent_to(interview.application.candidate.email) == []
    assert sent_to(INA.email) == ["interviews/scorecard"]
    assert (new.starts_at, new.replaces.name) == (interview.starts_at, IDA.name)
    assert ask_of(interview, INA).remind_at == interview.ends_at + HOUR


def test_the_cancellation_is_for_them_alone_and_really_leaves():
    interview = make_interview()
    delivery.sweep(clock=lambda: NOW)
    hand_back(interview)
    delivery.sweep(clock=lambda: NOW + HOUR)
    off = Message.objects.get(template="interviews/panel_cancelled")
    assert (off.status, off.to, "METHOD:CANCEL" in off.calendar, "SEQUENCE:1" in off.calendar) == (
        "sent", IDA.email, True, True
    )  # fmt: skip
    assert rendering.LINK not in off.text


def test_a_recruiter_replaces_somebody_who_said_nothing():
    interview = make_interview()
    standing_in.replace(seat(interview), INA, at=NOW + HOUR, by=by())
    assert sent_to(IDA.email) == ["interviews/panel_cancelled"]
    assert not ask_of(interview).is_open
    assert standing_in.short_of(interview) == 0


def test_who_comes_back_gets_a_higher_number_than_the_cancellation():
    interview = make_interview()
    hand_back(interview)
    standing_in.replace(seat(interview), IDA, at=NOW + 2 * HOUR, by=by())
    entry = Message.objects.filter(to=IDA.email).latest("created_at").calendar
    assert "METHOD:REQUEST" in entry
    assert "SEQUENCE:2" in entry


def test_somebody_who_is_elsewhere_then_cannot_stand_in():
    interview = make_interview()
    make_interview(interviewers=[INA, IGOR], starts_at=interview.starts_at)
    with pytest.raises(booking.Taken, match="Ina Third has another interview"):
        standing_in.replace(seat(interview), INA, at=NOW + HOUR, by=by())
    assert seat(interview).released_at is None  # nothing of it happened


def test_who_stands_in_may_judge():
    interview = make_interview()
    candidate = interview.application.candidate
    work = make_exercise()
    ask = asks.ask(
        interview.application, page="interviews:exercise", template="candidates/received", title="Work",
        role=Ask.Role.CANDIDATE, name="Cara", email=candidate.email, due_at=NOW + DAY, at=NOW,
    )  # fmt: skip
    Submission.objects.create(
        application=interview.application, ask=ask, exercise=work, case=work.cases.get(), code_name="Blue Heron",
        wording=ask_of(interview).scorecard.wording, minutes=20, created_at=NOW,
        graders=[{"name": INA.name, "email": INA.email}],
    )  # fmt: skip
    for invited, match in ((Invited("C", candidate.email), "own address"), (IVAN, "here already"), (INA, "grades")):
        with pytest.raises(NotAllowed, match=match):
            standing_in.replace(seat(interview), invited, at=NOW + HOUR, by=by())
    with pytest.raises(NotAllowed, match="grades"):
        actions.check_panel(interview.application, [INA, IGOR])


def test_nobody_stands_in_once_it_has_begun():
    interview = make_interview()
    with pytest.raises(NotAllowed, match="begun"):
        standing_in.replace(seat(interview), INA, at=interview.starts_at, by=by())


def test_a_locked_card_cannot_be_handed_back():
    interview = make_interview()
    card = ask_of(interview).scorecard
    actions.submit_scorecard(card, make_answers(card), at=interview.ends_at, by=Actor.outsider("Ida"))
    with pytest.raises(asks.NotOpen):
        hand_back(interview, at=interview.ends_at)
    with pytest.raises(asks.NotOpen):
        hand_back(handed(), at=NOW + 2 * HOUR)


def handed():
    interview = make_interview()
    hand_back(interview)
    return interview


def test_the_panel_says_how_many_it_lacks():
    assert standing_in.short_of(handed()) == 1


def test_the_stage_is_complete_when_those_who_are_left_have_judged():
    interview = make_interview()
    card = ask_of(interview, IVAN).scorecard
    actions.submit_scorecard(card, make_answers(card), at=interview.ends_at, by=Actor.outsider("Ivan"))
    assert not interview.application.events.filter(name="interviews.complete").exists()
    hand_back(interview, at=interview.ends_at + HOUR)
    assert interview.application.events.filter(name="interviews.complete").count() == 1


@pytest.mark.parametrize("who", ["candidate", "interviewer"])
def test_what_did_not_take_place_is_owed_by_nobody(who):
    interview = make_interview()
    standing_in.miss(interview, who=who, at=interview.ends_at, by=Actor.outsider(IDA.name))
    interview.refresh_from_db()
    assert (interview.missed, interview.application.asks.open().count()) == (who, 0)
    assert Message.objects.filter(template="interviews/missed").count() == 1
    assert interview.application.events.last().name == "interviews.missed"
    assert reminding.remind_due(at=interview.ends_at + 9 * DAY) == 0
    actions.arrange(
        interview.application, interviewers=[IDA, IVAN], starts_at=interview.ends_at + DAY, minutes=45, place="Room 1",
        at=interview.ends_at + HOUR, by=by(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "who", "match"),
    [(NOW, "candidate", "has not begun"), (NOW + 9 * DAY, "nobody", "Say who")],
)
def test_what_cannot_have_been_missed_is_refused(at, who, match):
    with pytest.raises(NotAllowed, match=match):
        standing_in.miss(make_interview(), who=who, at=at, by=by())


def test_what_was_judged_took_place():
    interview = make_interview()
    card = ask_of(interview).scorecard
    actions.submit_scorecard(card, make_answers(card), at=interview.ends_at, by=Actor.outsider("Ida"))
    with pytest.raises(NotAllowed, match="took place"):
        standing_in.miss(interview, who="candidate", at=interview.ends_at + HOUR, by=by())


# Races


@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_one_interviewer_at_once_one_learns_of_the_other():
    interview = make_interview()
    old = seat(interview)
    calls = [partial(standing_in.replace, old, who, at=NOW + HOUR, by=by()) for who in (INA, IGOR)]
    results = together(*calls)
    assert sorted(type(one).__name__ for one in results) == ["NotAllowed", "Panelist"]
    assert interview.panelists.standing().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_panels_that_want_each_others_people_do_not_wait_for_each_other_for_ever():
    for number in range(4):
        applications = [make_application(Stage.SCREENING) for _each in range(2)]
        start = NOW + (5 + number) * DAY
        panels = [[IDA, IVAN], [IVAN, IDA]]
        results = together(
            *[
                partial(make_interview, application, interviewers=panel, starts_at=start)
                for application, panel in zip(applications, panels, strict=True)
            ]
        )
        assert sorted(type(one).__name__ for one in results) == ["Interview", "Taken"]


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_hand_back_at_once_are_one_of_both():
    interview = make_interview()
    card = Scorecard.objects.select_related("application__plan", "ask").get(ask=ask_of(interview))
    results = together(
        partial(actions.submit_scorecard, card, make_answers(card), at=NOW + HOUR, by=Actor.outsider("Ida")),
        partial(hand_back, interview),
    )
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "NotOpen"]
    assert (seat(interview).released_at is None) == Scorecard.objects.get(pk=card.pk).is_locked


@pytest.mark.django_db(transaction=True)
def test_a_change_and_a_cancellation_at_once_end_cancelled_or_refused():
    interview = make_interview(make_application(Stage.SCREENING, job=make_job(plan=make_plan())))
    facts = {"starts_at": NOW + 9 * DAY, "minutes": 45, "place": "Room 1"}
    results = together(
        partial(actions.change, interview, at=NOW + HOUR, by=by(), **facts),
        partial(actions.cancel, interview, at=NOW + HOUR, by=by()),
    )
    assert results[1] is None
    interview.refresh_from_db()
    assert interview.cancelled_at == NOW + HOUR
    last = Message.objects.filter(to=IDA.email, status="queued")
    assert list(last.values_list("template", flat=True)) == ["interviews/panel_cancelled"]


@pytest.mark.django_db(transaction=True)
def test_a_candidate_who_chooses_while_it_is_called_off_waits_for_nobody():  # F19
    for who in (IDA, IVAN):
        make_interviewer(who)
    interview = make_interview(starts_at=None)
    asked = Ask.objects.select_related("application__candidate", "application__plan").get(pk=interview.ask_id)
    results = together(
        partial(choose, asked, NOW + 2 * DAY, at=NOW + HOUR),
        partial(actions.cancel, interview, at=NOW + HOUR, by=by()),
    )
    assert results[1] is None
    interview.refresh_from_db()
    assert interview.cancelled_at == NOW + HOUR
    delivery.sweep(clock=lambda: NOW + HOUR)
    sent = Message.objects.filter(status="sent", to=IDA.email).values_list("template", flat=True)
    assert set(sent) <= {"interviews/panel_cancelled"}
    assert not Panelist.objects.exclude(starts_at=None).exists()
