"""A candidate works on a written exercise: its time, drafts, answers that are sent, the end, what comes late."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_user
from candidates.models import Ask, Event, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import asks
from candidates.tests.together import together
from interviews.exercises import actions, paper, sending
from interviews.exercises.builders import begin_exercise, hand_in, make_inbox, send_exercise
from interviews.exercises.models import Grading, Reply, Submission
from interviews.exercises.paper import Box, Paper

pytestmark = pytest.mark.django_db


def minutes(number):
    return NOW + timedelta(minutes=number)


def fresh(submission):
    return Submission.objects.select_related("ask", "application", "wording").get(pk=submission.pk)


def inbox():
    return begin_exercise(exercise=make_inbox())


def graders_asked():
    return Ask.objects.filter(scorecard__kind=Scorecard.Kind.EXERCISE).count()


# The clock


def test_the_time_runs_from_the_first_press():
    submission = begin_exercise(at=minutes(3), submission=send_exercise())
    actions.begin(submission, at=minutes(9))
    assert fresh(submission).ends_at == minutes(23)
    assert Event.objects.filter(name="exercise.begun").count() == 1


def test_the_end_of_the_time_is_the_deadline_then():
    assert Ask.objects.get(pk=begin_exercise().ask_id).due_at == minutes(20)


def test_nothing_is_written_before_the_begin():
    with pytest.raises(NotAllowed, match="Begin"):
        actions.keep(send_exercise(), {Box(1): "Early"}, at=NOW)


# Drafts


def test_what_is_typed_is_kept_and_can_be_changed():
    submission = begin_exercise()
    actions.keep(submission, {Box(1): "Dear"}, at=minutes(1))
    actions.keep(submission, {Box(1): "Dear Berta"}, at=minutes(2))
    reply = Reply.objects.get()
    assert (reply.text, reply.saved_at) == ("Dear Berta", minutes(2))


def test_a_text_for_no_mail_is_not_kept():
    submission = begin_exercise()
    actions.keep(submission, {Box(7): "x", Box(1, 2): "y"}, at=minutes(1))
    assert not Reply.objects.exists()


# The inbox


def test_a_customer_writes_back_once_answered():
    submission = inbox()
    assert len(list(Paper(submission).turns)) == 3
    actions.keep(submission, {Box(1): "Of course", Box(2): "Draft"}, at=minutes(1))
    actions.send_reply(submission, Box(1), at=minutes(2))
    turns = list(Paper(submission).turns)
    assert [turn.box for turn in turns] == [(1, 1), (1, 2), (2, 1), (3, 1)]
    assert turns[1].text == "And what does it cost me?"
    assert turns[2].written == "Draft"


def test_mails_are_answered_in_any_order():
    submission = inbox()
    for mail in (3, 1, 2):
        actions.keep(submission, {Box(mail): f"Answer {mail}"}, at=minutes(mail))
        actions.send_reply(submission, Box(mail), at=minutes(mail))
    assert {turn.box for turn in Paper(submission).open.values()} == {(1, 2)}


def test_a_sent_answer_stays_as_it_is():
    submission = inbox()
    actions.keep(submission, {Box(1): "First"}, at=minutes(1))
    actions.send_reply(submission, Box(1), at=minutes(1))
    actions.keep(submission, {Box(1): "Second thoughts"}, at=minutes(2))
    actions.send_reply(submission, Box(1), at=minutes(3))
    reply = Reply.objects.get(mail=1, turn=1)
    assert (reply.text, reply.sent_at) == ("First", minutes(1))


def test_an_empty_answer_and_one_to_nobody_are_not_sent():
    submission = inbox()
    with pytest.raises(NotAllowed, match="Write your answer"):
        actions.send_reply(submission, Box(1), at=minutes(1))
    with pytest.raises(NotAllowed, match="no such mail"):
        actions.send_reply(submission, Box(1, 2), at=minutes(1))


def test_drafts_are_handed_in_as_drafts():
    submission = inbox()
    actions.keep(submission, {Box(1): "Sent", Box(2): "Draft"}, at=minutes(1))
    actions.send_reply(submission, Box(1), at=minutes(1))
    actions.post(submission, at=minutes(2))
    assert [reply.sent_at for reply in submission.replies.all()] == [minutes(1), None]


# Handing in


def test_handing_in_closes_it_and_asks_the_graders():
    submission = hand_in()
    assert fresh(submission).posted_at == minutes(10)
    assert not fresh(submission).is_late
    assert submission.replies.get().sent_at == minutes(10)
    assert Event.objects.filter(name="exercise.posted").count() == 1
    assert graders_asked() == 2


def test_an_empty_page_is_not_handed_in_by_hand():
    with pytest.raises(NotAllowed, match="Nothing is written"):
        actions.post(begin_exercise(), at=minutes(1))


def test_it_is_handed_in_once():
    submission = hand_in()
    with pytest.raises(asks.NotOpen):
        actions.post(submission, at=minutes(11))
    assert graders_asked() == 2


def test_who_hands_in_after_the_time_is_late_and_keeps_the_text_of_the_end():
    submission = begin_exercise()
    actions.keep(submission, {Box(1): "By the end"}, at=minutes(20))
    actions.keep(submission, {Box(1): "By the end, and more"}, at=minutes(21))
    actions.post(submission, at=minutes(21))
    reply = submission.replies.get()
    assert (reply.text, reply.late_text, reply.late_at) == ("By the end", "By the end, and more", minutes(21))
    assert fresh(submission).is_late


def test_what_was_on_its_way_at_the_end_is_in_time():
    submission = begin_exercise()
    at = minutes(20) + timedelta(seconds=9)
    actions.keep(submission, {Box(1): "Just so"}, at=at)
    actions.post(submission, at=at)
    assert fresh(submission).posted_at == minutes(20)
    assert submission.replies.get().text == "Just so"


def test_what_comes_after_handing_in_is_kept_beside():
    submission = hand_in("Text")
    actions.keep(submission, {Box(1): "Text from the train"}, at=minutes(60))
    actions.keep(submission, {Box(1): "Another window"}, at=minutes(61))
    reply = submission.replies.get()
    assert reply.text == "Text"
    assert reply.late_text == "Text from the train\n\nAnother window"


def test_an_answer_is_not_sent_after_the_time():
    submission = inbox()
    actions.keep(submission, {Box(1): "Draft"}, at=minutes(19))
    with pytest.raises(NotAllowed, match="time is over"):
        actions.send_reply(submission, Box(1), at=minutes(21))


# The sweep


def test_at_the_end_it_is_handed_in_as_it_stood():
    submission = begin_exercise()
    actions.keep(submission, {Box(1): "As far as I came"}, at=minutes(19))
    assert actions.hand_in_due(at=minutes(21)) == 0  # somebody on a slow line may still press the button
    assert actions.hand_in_due(at=minutes(22)) == 1
    assert actions.hand_in_due(at=minutes(23)) == 0
    submission = fresh(submission)
    assert (submission.posted_at, submission.is_late) == (minutes(20), False)
    assert graders_asked() == 2


def test_extra_time_is_waited_for():
    submission = begin_exercise()
    sending.grant_extra(submission, minutes=30, reason="x", at=minutes(1), by=Actor.person(make_user()))
    assert actions.hand_in_due(at=minutes(40)) == 0
    assert actions.hand_in_due(at=minutes(52)) == 1


def test_an_empty_page_goes_to_nobody_and_the_recruiters_are_told():
    begin_exercise()
    assert actions.hand_in_due(at=minutes(30)) == 1
    assert graders_asked() == 0
    assert Message.objects.get(template="interviews/exercise_empty").to == "rita.recruiter@rapport.test"


def test_what_was_never_begun_or_taken_back_is_not_handed_in():
    send_exercise()
    sending.cancel(begin_exercise(), at=minutes(1), by=Actor.person(make_user()))
    assert actions.hand_in_due(at=NOW + timedelta(days=90)) == 0


def test_one_that_fails_does_not_stop_the_others(caplog):
    broken, whole = begin_exercise(), begin_exercise()
    for submission in (broken, whole):
        actions.keep(submission, {Box(1): "Text"}, at=minutes(1))
    Submission.objects.filter(pk=broken.pk).update(graders=[{"name": "no address"}])
    assert actions.hand_in_due(at=minutes(30)) == 1
    assert fresh(broken).posted_at is None
    assert "could not be handed in" in caplog.text


def test_leaving_the_stage_ends_it():
    submission = begin_exercise()
    move(submission.application, Stage.REFERENCES, at=minutes(1), by=Actor.person(make_user()))
    with pytest.raises(asks.NotOpen):
        actions.keep(submission, {Box(1): "x"}, at=minutes(2))
    assert actions.hand_in_due(at=minutes(60)) == 0


# Races


@pytest.mark.django_db(transaction=True)
def test_of_candidate_and_sweep_one_hands_in():
    submission = begin_exercise()
    actions.keep(submission, {Box(1): "Text"}, at=minutes(1))
    results = together(
        lambda: actions.post(fresh(submission), at=minutes(22)), lambda: actions.hand_in_due(at=minutes(22))
    )
    assert Event.objects.filter(name="exercise.posted").count() == 1
    assert Grading.objects.count() == 2
    assert [type(one) for one in results] in ([type(None), int], [asks.NotOpen, int])


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_keep_different_mails_lose_neither():
    submission = inbox()
    texts = [{Box(1): "One"}, {Box(2): "Two"}]
    together(*[lambda text=text: actions.keep(fresh(submission), text, at=minutes(1)) for text in texts])
    assert sorted(Reply.objects.values_list("text", flat=True)) == ["One", "Two"]


# For the live edit


def test_the_candidates_own_answer_is_known_once_it_is_handed_in():
    submission = begin_exercise()
    actions.keep(submission, {Box(1): "My answer"}, at=minutes(1))
    assert paper.own_email(submission.application) is None
    actions.post(submission, at=minutes(2))
    assert paper.own_email(submission.application) == "My answer"
