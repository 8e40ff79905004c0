"""Inviting by rounds, further interviews, changing, calling off; what is refused."""

from datetime import time, timedelta

import pytest

from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging.builders import make_answers
from candidates.models import Ask, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MovedMeanwhile, NotAllowed
from candidates.post import asks, delivery, links, rendering
from candidates.post.reminding import actions as reminding
from interviews import actions
from interviews.builders import IDA, IVAN, ask_of, make_interview
from interviews.kits.builders import make_exercise, make_kit, make_question, make_round
from interviews.models import Interview, Interviewer, Kit, Round
from interviews.scheduling.booking import Taken
from interviews.scheduling.deadlines import UNKNOWN

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def by():
    return Actor.person(make_user("Rita Recruiter"))


def with_round(**fields):
    """An application whose plan has a round, and the round."""
    plan = make_plan()
    content = fields.pop("content", None) or make_kit(make_question("Angry customer", ("Patience",)), name="First talk")
    round = make_round(plan, content, **fields)
    return make_application(Stage.SCREENING, job=make_job(plan=plan)), round


def bookable(*people):
    for one in people:
        interviewer = Interviewer.objects.create(name=one.name, email=one.email)
        interviewer.hours.create(weekday=0, begins=time(9), ends=time(17))


def facts(**fields):
    return {"starts_at": NOW + 5 * DAY, "minutes": 45, "place": "Room 1"} | fields


def test_a_card_is_rated_against_the_words_of_the_kit():
    application, round = with_round()
    interview = make_interview(application, round=round)
    content = ask_of(interview).scorecard.wording.content
    assert content["kit"] == "First talk"
    assert [one["name"] for one in content["competencies"]] == ["Patience"]


def test_a_kit_that_is_emptied_while_in_use_harms_no_card():
    application, round = with_round()
    interview = make_interview(application, round=round)
    round.kit.parts.all().delete()
    content = Scorecard.objects.get(ask=ask_of(interview)).wording.content
    assert [part["title"] for part in content["parts"]] == ["Angry customer"]


def test_a_round_with_separate_talks_has_one_after_the_other():
    application, round = with_round(kind=Round.Kind.SEPARATE)
    make_interview(application, round=round, minutes=30, starts_at=NOW + DAY)
    told = [(one.starts_at, [who.name for who in one.panelists.all()]) for one in Interview.objects.order_by("pk")]
    assert told == [(NOW + DAY, [IDA.name]), (NOW + DAY + timedelta(minutes=30), [IVAN.name])]


def test_without_a_time_the_candidate_is_asked_and_the_interviewers_wait_for_it():
    bookable(IDA, IVAN)
    interview = make_interview(starts_at=None)
    assert (interview.ask.page, interview.ask.role) == ("interviews:choose_time", "candidate")
    assert list(Message.objects.values_list("template", flat=True)) == ["interviews/choose_time"]
    card = ask_of(interview)
    assert (card.opens_at, card.due_at, card.remind_at, card.escalate_at) == (NOW, NOW + UNKNOWN, None, None)


def test_fixing_the_time_for_a_candidate_who_does_not_choose_invites_everybody():
    bookable(IDA, IVAN)
    interview = make_interview(starts_at=None)
    actions.change(interview, at=NOW + HOUR, by=by(), **facts())
    assert set(Message.objects.filter(created_at=NOW + HOUR).values_list("template", flat=True)) == {
        "interviews/agreed", "interviews/scorecard"
    }  # fmt: skip
    asked = Ask.objects.get(pk=interview.ask_id)
    assert (asked.is_open, asked.remind_at, asked.escalate_at) == (True, None, None)


def test_another_interview_is_arranged_without_a_move():
    application = make_interview().application
    before = application.events.filter(name="stage.interviews").count()
    actions.arrange(application, interviewers=[IDA, IVAN], at=NOW + HOUR, by=by(), **facts())
    assert application.interviews.count() == 2
    assert application.events.filter(name="stage.interviews").count() == before
    assert application.events.last().name == "interviews.arranged"


def refused(match, application, **fields):
    before = (Interview.objects.count(), Ask.objects.count(), Message.objects.count())
    with pytest.raises(NotAllowed, match=match):
        make_interview(application, **fields)
    assert (Interview.objects.count(), Ask.objects.count(), Message.objects.count()) == before


def test_a_kit_without_parts_is_refused():
    application, round = with_round(content=Kit.objects.create(name="Empty", purpose="none"), name="Second")
    refused("Second has no kit with questions", application, round=round)


def test_a_retired_kit_is_fine():
    application, round = with_round()
    Kit.objects.update(is_retired=True)
    assert make_interview(application, round=round).round == round


def test_written_work_is_no_interview():
    application, round = with_round(content=make_exercise(), name="Mail")
    refused("Mail has no kit", application, round=round)


def test_a_round_of_another_plan_is_refused():
    _application, round = with_round(name="Elsewhere")
    refused("Elsewhere belongs to another hiring plan", make_application(Stage.SCREENING), round=round)


def test_a_round_may_want_more_interviewers_than_the_plan():
    application, round = with_round(raters=3)
    refused("at least 3 interviewers", application, round=round)


def test_nobody_can_choose_a_time_with_people_who_never_said_when():
    bookable(IDA)
    refused("Ivan Interviewer: not known when they can", make_application(Stage.SCREENING), starts_at=None)


def test_it_takes_place_somewhere_and_within_a_year():
    application = make_application(Stage.SCREENING)
    refused("Say where", application, place="")
    refused("more than a year", application, starts_at=NOW + 400 * DAY)


def test_nobody_is_in_two_interviews_at_once():
    make_interview(starts_at=NOW + DAY)
    application = make_application(Stage.SCREENING)
    with pytest.raises(Taken, match="interviewers has another interview"):
        make_interview(application, starts_at=NOW + DAY + timedelta(minutes=44))
    application.refresh_from_db()
    assert make_interview(application, starts_at=NOW + DAY + timedelta(minutes=45))


def test_an_interview_is_arranged_only_while_the_application_stands_there():
    application = make_application(Stage.REFERENCES)
    with pytest.raises(NotAllowed, match="stands at interviews"):
        actions.arrange(application, interviewers=[IDA, IVAN], at=NOW, by=by(), **facts())
    seen = make_interview().application
    pipeline.move(type(seen).objects.get(pk=seen.pk), Stage.REFERENCES, at=NOW + HOUR, by=by())
    with pytest.raises(MovedMeanwhile):
        actions.arrange(seen, interviewers=[IDA, IVAN], at=NOW + HOUR, by=by(), **facts())


# Times of the cards


def test_a_card_is_asked_for_an_hour_after_the_end_then_at_the_plans_intervals_then_the_recruiters_are_told():
    plan = make_plan(card_reminder_hours=10, card_reminders=2)
    interview = make_interview(make_application(Stage.SCREENING, job=make_job(plan=plan)))
    end = interview.ends_at
    card = ask_of(interview)
    assert [card.remind_at, *card.remind_later] == [end + HOUR, end + 11 * HOUR, end + 21 * HOUR]
    assert card.escalate_at == end + 31 * HOUR


def test_all_of_it_moves_with_the_interview_and_nothing_stale_leaves():
    interview = make_interview()
    old_end = interview.ends_at
    actions.change(interview, at=NOW + HOUR, by=by(), **facts(starts_at=NOW + 20 * DAY))
    interview.refresh_from_db()
    card = ask_of(interview)
    assert (card.remind_at, interview.remind_at) == (interview.ends_at + HOUR, interview.starts_at - DAY)
    assert reminding.remind_due(at=old_end + 5 * DAY) == 0
    delivery.sweep(clock=lambda: NOW + HOUR)
    left = Message.objects.filter(status="sent").values_list("template", flat=True)
    assert sorted(left) == ["interviews/changed", "interviews/panel_changed", "interviews/panel_changed"]


def test_what_was_held_is_overtaken_too_and_cannot_be_released_later():
    interview = make_interview()
    Message.objects.update(status="held")
    actions.change(interview, at=NOW + HOUR, by=by(), **facts(starts_at=NOW + 20 * DAY))
    assert not Message.objects.filter(status="held").exists()


def test_a_link_that_is_sent_anew_comes_with_the_present_time():
    interview = make_interview()
    actions.change(interview, at=NOW + HOUR, by=by(), **facts(starts_at=NOW + 20 * DAY))
    card = ask_of(interview)
    at = card.expires_at + HOUR
    assert asks.renew(links.ask_token(card), at=at)
    sent = rendering.render(Message.objects.get(ask=card, created_at=at))
    assert sent.subject.endswith("Sun 27 Jan, 09:00")
    assert "When: Sun 27 Jan 2030, 09:00 (UTC)" in sent.text


def test_the_first_reminder_asks_how_it_was():
    interview = make_interview()
    reminding.remind_due(at=interview.ends_at + HOUR)
    sent = rendering.render(Message.objects.get(ask=ask_of(interview), template="interviews/scorecard_due"))
    assert sent.subject == "How was it? Your scorecard for Cara Candidate"
    assert sent.text.count(rendering.LINK) == 1


def test_nobody_who_has_locked_is_reminded():
    interview = make_interview()
    card = ask_of(interview).scorecard
    over = interview.ends_at + HOUR
    reminding.remind_due(at=over)  # queued, not yet sent
    actions.submit_scorecard(card, make_answers(card), at=over, by=Actor.outsider("Ida"))
    for days in range(3):
        reminding.remind_due(at=over + days * DAY)
        reminding.escalate_due(at=over + days * DAY)
        delivery.sweep(clock=lambda days=days: over + days * DAY)
    to_ida = Message.objects.filter(ask=card.ask, template="interviews/scorecard_due")
    assert set(to_ida.values_list("status", flat=True)) == {"cancelled"}
    assert not Message.objects.filter(template="candidates/overdue", data__who=IDA.name).exists()


def test_the_recruiters_hear_of_a_card_that_never_came():
    interview = make_interview()
    late = ask_of(interview).escalate_at
    reminding.remind_due(at=late)
    reminding.escalate_due(at=late)
    told = Message.objects.filter(template="candidates/overdue")
    assert {(one.to, one.data["who"]) for one in told} == {
        ("rita.recruiter@rapport.test", IDA.name), ("rita.recruiter@rapport.test", IVAN.name)
    }  # fmt: skip


# Calling off


def test_who_is_called_off_is_free_again():
    interview = make_interview(starts_at=NOW + DAY)
    actions.cancel(interview, reason="", at=NOW, by=by())
    assert not interview.application.asks.open().exists()
    assert make_interview(starts_at=NOW + DAY)


def test_calling_the_only_interview_off_completes_nothing():
    application = make_interview().application
    actions.cancel(application.interviews.get(), at=NOW, by=by())
    assert not application.events.filter(name="interviews.complete").exists()


@pytest.mark.parametrize("to", [Stage.REJECTED, Stage.WITHDRAWN, Stage.SCREENING, Stage.REFERENCES])
def test_interviews_of_an_application_that_went_elsewhere_are_called_off(to):
    interview = make_interview()
    actions.tend(at=NOW)
    assert Interview.objects.standing().count() == 1
    pipeline.move(interview.application, to, at=NOW + HOUR, by=by())
    assert actions.tend(at=NOW + HOUR) == 1
    assert actions.tend(at=NOW + HOUR) == 0
    off = Message.objects.filter(template__in=["interviews/cancelled", "interviews/panel_cancelled"])
    assert sorted(off.values_list("to", flat=True)) == sorted(
        [interview.application.candidate.email, IDA.email, IVAN.email]
    )
    delivery.sweep(clock=lambda: NOW + HOUR)
    assert set(off.values_list("status", flat=True)) == {"sent"}  # although what was asked is cancelled


def test_an_interview_of_an_earlier_stay_is_called_off_too():
    interview = make_interview()
    application = interview.application
    pipeline.move(application, Stage.SCREENING, at=NOW + HOUR, by=by())
    make_interview(application, at=NOW + 2 * HOUR, starts_at=NOW + 9 * DAY)
    assert actions.tend(at=NOW + 2 * HOUR) == 1
    assert list(Interview.objects.standing().values_list("starts_at", flat=True)) == [NOW + 9 * DAY]


def test_what_was_held_is_not_called_off():
    interview = make_interview()
    pipeline.move(interview.application, Stage.REFERENCES, at=interview.ends_at, by=by())
    assert actions.tend(at=interview.ends_at) == 0


def test_an_interview_that_has_begun_is_neither_changed_nor_called_off():
    interview = make_interview()
    for act in (actions.cancel, lambda one, **given: actions.change(one, **given, **facts(starts_at=NOW + 30 * DAY))):
        with pytest.raises(NotAllowed, match="has begun"):
            act(interview, at=interview.starts_at, by=by())


def test_one_that_was_called_off_stays_off():
    interview = make_interview()
    actions.cancel(interview, at=NOW, by=by())
    with pytest.raises(NotAllowed, match="called off"):
        actions.change(interview, at=NOW, by=by(), **facts())


def test_the_candidates_request_ends_with_the_first_scorecard():
    bookable(IDA, IVAN)
    interview = make_interview(starts_at=None)
    actions.change(interview, at=NOW + HOUR, by=by(), **facts())
    for invited in (IDA, IVAN):
        card = ask_of(interview, invited).scorecard
        actions.submit_scorecard(card, make_answers(card), at=NOW + 6 * DAY, by=Actor.outsider(invited.name))
    assert interview.application.events.filter(name="interviews.complete").count() == 1
    assert Ask.objects.get(pk=interview.ask_id).answered_at == NOW + 6 * DAY
