"""The candidate's page of a written exercise: before, while and after; every state of its link; bad input."""

from datetime import timedelta

import pytest
from django.test import Client

from candidates.builders import NOW, make_application, make_candidate, make_user
from candidates.models import Ask, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post.builders import link_to, open_link
from interviews.exercises import actions, sending
from interviews.exercises.builders import hand_in, make_inbox, send_exercise
from interviews.exercises.models import Reply, Submission
from interviews.exercises.paper import Box, mark
from interviews.kits.builders import make_exercise
from interviews.models import Exercise

pytestmark = pytest.mark.django_db
MEGABYTE = "a" * 1_000_000


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def submission():
    return send_exercise(exercise=make_inbox())


@pytest.fixture
def paper(submission):
    return Paper(submission)


class Paper:
    """A browser on the page of `submission`, begun."""

    def __init__(self, submission, *, is_begun=True):
        self.ask, self.client = submission.ask, Client()
        self.response = open_link(self.client, self.ask)
        if is_begun:
            self.post("begin")

    def post(self, action, texts=None, seen=None, **fields):
        typed = {f"reply_{box}": text for box, text in (texts or {}).items()}
        known = {f"seen_{box}": (seen or {}).get(box, mark("")) for box in texts or {}}
        data = {"action": action} | typed | known | fields
        self.response = self.client.post(self.ask.get_absolute_url(), data, follow=True)
        return self.response

    @property
    def text(self):
        return self.response.content.decode()

    @property
    def template(self):
        return self.response.templates[0].name


def texts():
    return {f"{reply.mail}_{reply.turn}": reply.text for reply in Reply.objects.all()}


def minutes(number):
    return NOW + timedelta(minutes=number)


# Before


def test_opening_the_link_begins_nothing(submission):
    page = Paper(submission, is_begun=False)
    page.client.head(page.ask.get_absolute_url())
    assert page.template == "interviews/exercise_begin.html"
    assert "20 minutes" in page.text
    assert Submission.objects.get().begun_at is None


def test_the_case_is_not_shown_before_the_time_runs(submission):
    assert "Berta" not in Paper(submission, is_begun=False).text


def test_saving_before_the_begin_changes_nothing(submission):
    page = Paper(submission, is_begun=False)
    page.post("save", {"1_1": "Early"})
    assert page.template == "interviews/exercise_begin.html"
    assert texts() == {}


# While


def test_the_customers_and_the_minutes_left_are_shown_and_nothing_for_graders(paper, submission):
    assert paper.template == "interviews/exercise.html"
    assert [name in paper.text for name in ("Berta Buyer", "Carl Customer", "Dora Daring")] == [True] * 3
    assert "20 minutes left" in paper.text
    assert submission.code_name not in paper.text
    assert "Empathy" not in paper.text
    assert "And what does it cost me?" not in paper.text


def test_the_clock_goes_on_when_one_comes_back_from_another_device(paper, submission, clock):
    paper.post("save", {"1_1": "Dear Berta"})
    clock.move_to(minutes(6), tick=False)
    other = Paper(submission, is_begun=False)
    assert "14 minutes left" in other.text
    assert "Dear Berta" in other.text


def test_each_answer_is_sent_by_its_own_button_and_the_customer_writes_back(paper):
    paper.post("send:1_1", {"1_1": "Of course", "2_1": "Draft"})
    assert "And what does it cost me?" in paper.text
    assert "You answered at 09:00" in paper.text
    assert texts() == {"1_1": "Of course", "2_1": "Draft"}


def test_an_empty_answer_is_not_sent_and_says_so(paper):
    paper.post("send:1_1", {"1_1": "  ", "2_1": "Draft"})
    assert "Write your answer before you send it." in paper.text
    assert "Draft" in paper.text


def test_handing_in_thanks_and_shows_what_was_written(paper):
    paper.post("post", {"1_1": "Of course"})
    assert "Handed in. Thank you!" in paper.text
    assert "Of course" in paper.text
    assert "draft, not sent" in paper.text


def test_a_writing_sample_has_one_box(clock):
    exercise = make_exercise(Exercise.Kind.SAMPLE)
    exercise.cases.get().mails.all().delete()
    page = Paper(send_exercise(exercise=exercise))
    page.post("post", {"1_1": "My text"})
    assert texts() == {"1_1": "My text"}


def test_autosave_says_what_is_known_now_and_how_long_is_left(paper, clock):
    clock.move_to(minutes(5), tick=False)
    told = paper.post("autosave", {"1_1": "Dear"}).json()
    assert told["boxes"]["1_1"] == {"seen": mark("Dear"), "error": "", "other": ""}
    assert (told["left"], told["saved"], told["is_over"]) == (900, "Saved 09:05", False)
    assert told["kept"] == ["1_1"]


# Two windows (F29)


def test_an_empty_box_of_another_window_wipes_nothing(paper):
    paper.post("save", {"1_1": "Written here"})
    paper.post("save", {"1_1": "", "2_1": "Other"})
    assert texts() == {"1_1": "Written here", "2_1": "Other"}


def test_who_knows_the_text_may_empty_its_box(paper):
    paper.post("save", {"1_1": "Written here"})
    paper.post("save", {"1_1": ""}, seen={"1_1": mark("Written here")})
    assert texts() == {"1_1": ""}


def test_of_two_texts_in_one_box_both_are_shown_and_the_first_is_kept(paper):
    paper.post("save", {"1_1": "From the first"})
    paper.post("save", {"1_1": "From the second", "2_1": "Kept"})
    assert [words in paper.text for words in ("From the first", "From the second", "another window")] == [True] * 3
    assert texts() == {"1_1": "From the first", "2_1": "Kept"}
    assert f'name="seen_1_1" value="{mark("From the first")}"' in paper.text


def test_autosave_gives_the_other_text(paper):
    paper.post("save", {"1_1": "From the first"})
    box = paper.post("autosave", {"1_1": "From the second"}).json()["boxes"]["1_1"]
    assert box["other"] == "From the first"
    assert box["error"]


def test_an_answer_that_got_lost_is_no_other_window(paper):
    paper.post("autosave", {"1_1": "Dear"})
    seen = f"{mark('')} {mark('Dear')}"  # sent, and never told that it arrived
    assert paper.post("autosave", {"1_1": "Berta, dear"}, seen={"1_1": seen}).json()["boxes"]["1_1"]["error"] == ""
    assert texts() == {"1_1": "Berta, dear"}


def test_what_is_typed_for_an_answer_that_was_sent_is_shown_again(paper):
    paper.post("send:1_1", {"1_1": "Sent"})
    paper.post("save", {"1_1": "Second thoughts", "2_1": "Kept"})
    assert "was sent at 09:00 and stays as it is" in paper.text
    assert "Second thoughts" in paper.text
    assert texts() == {"1_1": "Sent", "2_1": "Kept"}
    strays = paper.post("autosave", {"1_1": "Third thoughts"}).json()["strays"]
    assert [stray["text"] for stray in strays] == ["Third thoughts"]


# Bad input


@pytest.mark.parametrize(
    ("text", "words"),
    [(MEGABYTE, "Shorten this to 20000 characters"), ("bad \x00 sign", "a sign that cannot be kept")],
)
def test_what_cannot_be_kept_is_said_beside_its_box_and_stays_typed(paper, text, words):
    paper.post("post", {"1_1": text, "2_1": "Fine"})
    assert words in paper.text
    assert text.strip("\x00")[:30].split(" ")[0] in paper.text
    assert texts() == {"2_1": "Fine"}
    assert Submission.objects.get().posted_at is None


def test_a_text_for_a_mail_that_is_none_is_shown_again(paper):
    paper.post("save", {"9_1": "To nobody", "1_1": "Kept"})
    assert "There is no such mail" in paper.text
    assert "To nobody" in paper.text
    assert texts() == {"1_1": "Kept"}


@pytest.mark.parametrize(
    "action", ["send:", "send:99_1", "send:x_y", "send:1_99999999999", "nonsense", "\x00", "begin"]
)
def test_a_button_that_is_none_loses_nothing(paper, action):
    assert paper.post(action, {"1_1": "Text"}).status_code == 200
    assert action == "begin" or texts() == {"1_1": "Text"}


@pytest.mark.parametrize("name", ["reply_", "reply_1", "reply_99999999_1", "reply_1_1_1", "reply_١_1", "reply_\x00"])
def test_a_field_that_is_none_is_no_error_of_ours(paper, name):
    assert paper.post("save", **{name: "text"}).status_code == 200


# After


def test_after_the_time_the_page_says_so_kindly(paper, clock):
    paper.post("save", {"1_1": "In time"})
    clock.move_to(minutes(21), tick=False)
    paper.response = paper.client.get(paper.ask.get_absolute_url())
    assert "The time is over. Thank you!" in paper.text
    assert "In time" in paper.text


def test_what_is_handed_in_after_the_time_is_kept_and_marked_late(paper, clock):
    paper.post("save", {"1_1": "In time"})
    clock.move_to(minutes(21), tick=False)
    paper.post("post", {"1_1": "In time, and late"}, seen={"1_1": mark("In time")})
    submission = Submission.objects.get()
    assert submission.is_late
    assert Reply.objects.get().text == "In time"
    assert Reply.objects.get().late_text == "In time, and late"
    assert "reached us after the time" in paper.text


def test_words_that_waited_on_the_device_are_late_words_and_no_conflict(paper, clock):
    paper.post("save", {"1_1": "In time"})
    clock.move_to(minutes(21), tick=False)
    assert paper.post("autosave", {"1_1": "From the device"}).json()["boxes"]["1_1"]["error"] == ""
    assert Reply.objects.get().late_text == "From the device"


def test_looking_at_the_clock_writes_nothing(paper):
    paper.post("autosave")
    assert Submission.objects.get().saved_at is None


def test_what_comes_after_the_sweep_is_still_kept(paper, clock):
    paper.post("save", {"1_1": "In time"})
    actions.hand_in_due(at=minutes(25))
    clock.move_to(minutes(30), tick=False)
    assert paper.post("autosave", {"1_1": "From the train", "2_1": "New"}).json()["is_over"]
    assert {reply.mail: reply.late_text for reply in Reply.objects.all()} == {1: "From the train", 2: "New"}
    paper.response = paper.client.get(paper.ask.get_absolute_url())
    assert "Handed in. Thank you!" in paper.text


def test_a_megabyte_after_the_time_is_shown_again(paper, clock):
    clock.move_to(minutes(30), tick=False)
    paper.post("save", {"1_1": MEGABYTE})
    assert "Shorten this" in paper.text
    assert MEGABYTE in paper.text


def test_a_new_window_of_what_was_handed_in_is_told(clock):
    submission = hand_in()
    assert "Already answered" in open_link(Client(), submission.ask).content.decode()


def test_what_was_taken_back_or_left_behind_does_not_open(paper, submission):
    sending.cancel(submission, at=NOW, by=Actor.person(make_user()))
    assert paper.post("autosave", {"1_1": "x"}).status_code == 410


def test_a_closed_application_takes_nothing_more(clock):
    submission = send_exercise()
    page = Paper(submission)
    page.post("post", {"1_1": "Text"})
    move(submission.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user()))
    assert page.post("save", {"1_1": "More"}).status_code == 410


def test_strangers_find_nothing(submission):
    assert Client().get(submission.ask.get_absolute_url()).status_code == 404
    other = Paper(send_exercise(make_application(Stage.INTERVIEWS, candidate=make_candidate("Olga Other"))))
    assert other.client.get(submission.ask.get_absolute_url()).status_code == 404
    hand_in()
    for asked in Ask.objects.filter(page="interviews:exercise"):
        assert Client().post(asked.get_absolute_url(), {"action": "save", "reply_1_1": "x"}).status_code == 404


def test_the_link_is_the_one_of_the_mail(submission):
    assert open_link(Client(), submission.ask).request["PATH_INFO"] == f"/interviews/exercise/{submission.ask_id}/"
    assert link_to(submission.ask).startswith("/link/")


def test_autosave_costs_no_more_queries_with_more_mails(paper, django_assert_max_num_queries):
    everything = {f"{mail}_1": f"Answer {mail}" for mail in (1, 2, 3)}
    with django_assert_max_num_queries(22):
        paper.post("autosave", everything)
    actions.send_reply(Submission.objects.get(), Box(1), at=NOW)
