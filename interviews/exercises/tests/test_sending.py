"""A recruiter sends a written exercise: which case, to whom, who grades it; more time, taking it back, another case."""

from copy import copy
from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging.builders import make_card
from candidates.models import Ask, Event, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MovedMeanwhile, NotAllowed, move
from candidates.post import asks, rendering
from candidates.post.reminding import actions as reminding
from candidates.tests.together import together
from interviews.actions import Invited
from interviews.builders import IDA, make_interview
from interviews.exercises import actions, sending
from interviews.exercises.builders import GINA, GRETA, GUS, begin_exercise, hand_in, send_exercise
from interviews.exercises.models import MOST_EXTRA, Submission
from interviews.exercises.paper import Box
from interviews.kits.builders import make_case, make_exercise, make_round
from interviews.models import Exercise

pytestmark = pytest.mark.django_db
RITA = "rita.recruiter@rapport.test"


def by():
    return Actor.person(make_user())


def minutes(number):
    return NOW + timedelta(minutes=number)


def waiting(**fields):
    return make_application(Stage.INTERVIEWS, **fields)


def test_the_candidate_is_asked_and_the_mail_says_how_long_it_takes():
    submission = send_exercise(extra_minutes=10)
    asked = submission.ask
    assert (asked.page, asked.role, asked.due_at) == ("interviews:exercise", "candidate", NOW + timedelta(days=7))
    written = rendering.render(Message.objects.get(ask=asked))
    assert "30 minutes" in written.text
    assert "Opening the page begins nothing" in written.text
    assert Event.objects.filter(name="exercise.sent", application=submission.application).count() == 1


def test_it_keeps_the_words_of_its_case_whatever_is_edited_later():
    submission = send_exercise()
    submission.case.mails.all().delete()
    Exercise.objects.update(brief="Something else")
    content = Submission.objects.get().wording.content["exercise"]
    assert (content["text"], content["case"]["mails"][0]["sender"]) == ("Answer as our representative.", "Berta Buyer")


def test_the_code_name_is_drawn_by_lot():
    application = waiting()
    names = {send_exercise(application, exercise=make_exercise()).code_name for _number in range(5)}
    assert len(names) == 5
    assert {len(name) for name in names} == {6}


def test_a_candidate_never_gets_the_same_case_twice():
    exercise = make_exercise()
    make_case(exercise)
    first = send_exercise(exercise=exercise)
    other = send_exercise(waiting(candidate=first.application.candidate), exercise=exercise)
    assert first.case != other.case
    with pytest.raises(NotAllowed, match="every case"):
        send_exercise(waiting(candidate=first.application.candidate), exercise=exercise)


def test_a_retired_case_is_not_drawn():
    exercise = make_exercise()
    exercise.cases.update(is_retired=True)
    with pytest.raises(NotAllowed, match="no case yet"):
        send_exercise(exercise=exercise)


def test_a_case_of_another_exercise_or_one_that_was_had_is_refused():
    exercise = make_exercise()
    with pytest.raises(NotAllowed, match="is no case of"):
        send_exercise(exercise=exercise, case=make_exercise().cases.get())
    submission = hand_in(exercise=exercise)
    with pytest.raises(NotAllowed, match="had the case"):
        send_exercise(submission.application, exercise=exercise, case=submission.case)


def test_a_round_says_how_many_grade():
    exercise = make_exercise()
    plan = make_plan()
    round_ = make_round(plan, exercise, raters=3)
    application = waiting(job=make_job(plan=plan))
    with pytest.raises(NotAllowed, match="at least 3 graders"):
        send_exercise(application, exercise=exercise, round=round_)
    submission = send_exercise(application, exercise=exercise, round=round_, graders=[GRETA, GUS, GINA])
    assert (submission.raters, submission.round) == (3, round_)


def test_a_round_of_another_plan_is_refused():
    exercise = make_exercise()
    with pytest.raises(NotAllowed, match="does not belong"):
        send_exercise(exercise=exercise, round=make_round(make_plan(), exercise))


@pytest.mark.parametrize(
    ("graders", "words"),
    [
        ([GRETA], "at least 2 graders"),
        ([GRETA, Invited("Greta again", "GRETA@example.org")], "stands there twice"),
        ([GRETA, Invited("Rita", RITA.upper())], "because you send it"),
        ([Invited(f"G{number}", f"g{number}@example.org") for number in range(11)], "at most 10"),
    ],
)
def test_graders_who_cannot_grade_are_refused(graders, words):
    with pytest.raises(NotAllowed, match=words):
        send_exercise(graders=graders)
    assert not Submission.objects.exists()


def test_nobody_grades_whom_they_have_met():
    application = waiting()
    make_interview(application=make_application(Stage.SCREENING, candidate=application.candidate))
    with pytest.raises(NotAllowed, match="Ida Interviewer knows the candidate"):
        send_exercise(application, graders=[GRETA, IDA])


def test_neither_caller_nor_candidate_grade():
    application = waiting()
    make_card(application, Scorecard.Kind.PHONE, name="Pia Phone", email="pia@example.org")
    for name, email in (("Pia", "pia@example.org"), ("Cara", application.candidate.email)):
        with pytest.raises(NotAllowed, match="knows the candidate"):
            send_exercise(application, graders=[GRETA, Invited(name, email)])


def test_it_is_sent_in_the_interviews_alone():
    with pytest.raises(NotAllowed, match="stands at the interviews"):
        send_exercise(make_application(Stage.SCREENING))


def test_who_looked_before_a_move_is_told():
    application = waiting()
    seen = copy(application)
    move(application, Stage.REFERENCES, at=minutes(1), by=by())
    with pytest.raises(MovedMeanwhile):
        send_exercise(seen)


def test_what_is_done_in_a_conversation_or_has_no_rubric_is_not_sent():
    with pytest.raises(NotAllowed, match="in a conversation"):
        send_exercise(exercise=make_exercise(Exercise.Kind.TEACH))
    with pytest.raises(NotAllowed, match="no rubric"):
        send_exercise(exercise=make_exercise(competencies=()))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_it_at_once_one_does():
    application, exercise = waiting(), make_exercise()
    make_case(exercise)
    user = by()

    def send():
        return sending.send(application, exercise=exercise, graders=[GRETA, GUS], at=NOW, by=user)

    results = together(send, send)
    assert sorted(isinstance(one, NotAllowed) for one in results) == [False, True]
    assert Ask.objects.filter(page="interviews:exercise").count() == 1


# More time


def test_extra_time_moves_the_end_and_is_told_by_mail_with_its_reason_on_the_timeline():
    submission = begin_exercise()
    sending.grant_extra(submission, minutes=15, reason="Screen reader", at=minutes(5), by=by())
    submission.refresh_from_db()
    assert submission.ends_at == minutes(35)
    assert Ask.objects.get(pk=submission.ask_id).due_at == minutes(35)
    assert (
        "You have 15 minutes more" in rendering.render(Message.objects.get(template="interviews/exercise_time")).subject
    )
    event = Event.objects.get(name="exercise.extra_time")
    assert (event.data["minutes"], event.data["reason"]) == (15, "Screen reader")


def test_extra_time_before_it_was_begun_leaves_the_deadline():
    submission = send_exercise()
    sending.grant_extra(submission, minutes=15, reason="Asked for it", at=minutes(5), by=by())
    assert Ask.objects.get(pk=submission.ask_id).due_at == NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("number", "reason", "words"),
    [(10, " ", "Say why"), (MOST_EXTRA + 1, "x", "at most 240"), (0, "x", "more minutes"), (5, "x", "more minutes")],
)
def test_extra_time_that_helps_nobody_is_refused(number, reason, words):
    submission = begin_exercise()
    with pytest.raises(NotAllowed, match=words):
        sending.grant_extra(submission, minutes=number, reason=reason, at=minutes(26), by=by())
    assert Submission.objects.get().extra_minutes == 0


def test_what_came_late_counts_again_when_the_time_is_made_longer():
    submission = begin_exercise()
    actions.keep(submission, {Box(1): "In time"}, at=minutes(19))
    actions.keep(submission, {Box(1): "In time, and late"}, at=minutes(21))
    sending.grant_extra(submission, minutes=10, reason="Line broke", at=minutes(21), by=by())
    reply = submission.replies.get()
    assert (reply.text, reply.late_text) == ("In time, and late", "")


def test_nothing_is_granted_after_handing_in():
    submission = hand_in()
    with pytest.raises(NotAllowed, match="handed in"):
        sending.grant_extra(submission, minutes=10, reason="x", at=minutes(11), by=by())


# Taking back, another case


def test_what_is_taken_back_is_told_and_its_link_is_dead():
    submission = send_exercise()
    sending.cancel(submission, at=minutes(1), by=by())
    assert not Ask.objects.get(pk=submission.ask_id).is_open
    assert Message.objects.filter(template="interviews/exercise_cancelled").count() == 1
    with pytest.raises(asks.NotOpen):
        actions.begin(submission, at=minutes(2))
    with pytest.raises(NotAllowed, match="taken back before"):
        sending.cancel(submission, at=minutes(2), by=by())


def test_what_was_written_stays_when_it_is_taken_back():
    submission = begin_exercise()
    actions.keep(submission, {Box(1): "Dear Berta"}, at=minutes(1))
    sending.cancel(submission, at=minutes(2), by=by())
    assert submission.replies.get().text == "Dear Berta"


def test_another_case_goes_to_the_same_graders_with_the_same_extra_time():
    submission = send_exercise(extra_minutes=5)
    make_case(submission.exercise)
    other = sending.send_another(submission, at=minutes(1), by=by())
    assert (other.graders, other.extra_minutes) == (submission.graders, 5)
    assert other.case != submission.case
    assert list(Ask.objects.open()) == [other.ask]


def test_without_another_case_the_first_one_stays():
    submission = send_exercise()
    with pytest.raises(NotAllowed, match="every case"):
        sending.send_another(submission, at=minutes(1), by=by())
    assert Ask.objects.get(pk=submission.ask_id).is_open


# Reminders


def test_who_does_not_begin_is_reminded_and_then_the_recruiters_are_told():
    submission = send_exercise()
    reminding.remind_due(at=NOW + timedelta(days=5, minutes=1))
    assert Message.objects.filter(ask=submission.ask, template="candidates/reminder").count() == 1
    reminding.escalate_due(at=NOW + timedelta(days=8, minutes=1))
    assert Message.objects.get(template="candidates/overdue").to == RITA


def test_who_has_begun_is_not_reminded():
    begin_exercise()
    assert reminding.remind_due(at=NOW + timedelta(days=8)) == 0
    assert reminding.escalate_due(at=NOW + timedelta(days=9)) == 0
