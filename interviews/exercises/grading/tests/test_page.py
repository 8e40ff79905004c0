"""The grader's page: the work without its writer, the case, the rubric; and the way to the next one."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_user
from candidates.models import Event, Rating
from candidates.post import asks
from candidates.post.builders import open_link
from interviews.exercises.grading.builders import GINA, GRETA, GUS, grading_of, lock, make_graded
from interviews.exercises.grading.work import Work
from interviews.exercises.models import Grading
from interviews.kits.builders import make_case, make_exercise
from interviews.models import Exercise, Submission

pytestmark = pytest.mark.django_db
CUSTOMERS = ("Berta Buyer", "Carl Client", "Dora Dealer")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    return time_machine


def asked_of(work, grader=GINA):
    return grading_of(work, grader).scorecard.ask


def page_of(client, work, grader=GINA):
    return open_link(client, asked_of(work, grader)).content.decode()


def filled(work, grader=GINA, score="4", **fields):
    """A whole grading as the page sends it."""
    keys = [row["key"] for row in grading_of(work, grader).scorecard.wording.content["competencies"]]
    scores = {f"score_{key}": score for key in keys}
    return {"action": "lock", "recommendation": "yes"} | scores | fields


def inbox(**fields):
    """Three customers, of whom the first writes back; Carl was answered first."""
    exercise = make_exercise(Exercise.Kind.INBOX)
    exercise.cases.all().delete()
    make_case(exercise, CUSTOMERS, facts="Flights may be moved once.", points=["Names the new day"])
    texts = {(2, 1): "Dear Carl.", (1, 1): "Dear Berta.", (1, 2): "It is free, Berta."}
    return make_graded(exercise=exercise, texts=texts, **fields)


def test_the_page_shows_the_case_what_a_complete_answer_has_and_the_rubric(client):
    page = page_of(client, inbox())
    for told in ("Flights may be moved once.", "Names the new day", "Empathy in writing, level 3", "Dear Carl."):
        assert told in page, told


def test_of_an_inbox_each_answer_stands_with_its_mail_and_in_which_order_they_were_sent(client):
    work = Work(grading_of(inbox(), GINA))
    told = {one.sender: one for one in work.exchanges}
    assert {name: one.place for name, one in told.items()} == dict(zip(CUSTOMERS, [2, 1, None], strict=True))
    assert [turn.said for turn in told["Berta Buyer"].turns] == ["Please help me.", "And what does it cost me?"]
    assert [turn.is_answered for turn in told["Dora Dealer"].turns] == [False]


def test_answers_are_shuffled_for_each_grader_and_stay_so(client):
    work, orders = inbox(), set()
    grading = grading_of(work, GINA)
    for shuffle in range(20):
        grading.shuffle = shuffle
        order = tuple(one.number for one in Work(grading).exchanges)
        assert order == tuple(one.number for one in Work(grading).exchanges)
        orders.add(order)
    assert len(orders) > 3


def test_no_time_of_writing_stands_on_the_page(client):
    page = page_of(client, make_graded())
    assert "2030-01-07" not in page.replace("2030-01-14", "")
    assert "08:4" not in page


def test_lateness_is_told_apart_from_the_work(client):
    work = make_graded(late=timedelta(minutes=3, seconds=30))
    work.replies.update(late_text="Dear Berta, I am sorry. And one more thing.")
    page = page_of(client, work)
    assert "Handed in 4 minutes late." in page
    assert "And one more thing." in page.partition("Written after the time was over")[2]
    assert "Handed in" not in page_of(client, make_graded(), GUS)


def test_what_is_typed_is_kept_and_locking_takes_it(client):
    work = make_graded()
    address = open_link(client, asked_of(work)).request["PATH_INFO"]
    client.post(address, filled(work, action="autosave", score="3"))
    assert list(Rating.objects.values_list("score", flat=True)) == [3, 3]
    page = client.post(address, filled(work)).content.decode()
    assert "Locked. Thank you." in page
    assert grading_of(work, GINA).scorecard.is_locked
    assert "Already answered" in client.get(address).content.decode()


def test_a_lock_without_the_evidence_keeps_all_that_was_typed(client):
    work = make_graded()
    address = open_link(client, asked_of(work)).request["PATH_INFO"]
    page = client.post(address, filled(work, score="5", summary="Warm and clear")).content.decode()
    assert "needs the evidence in words" in page
    assert "Warm and clear" in page
    assert not grading_of(work, GINA).scorecard.is_locked


def test_after_one_work_the_page_leads_to_the_next_at_random(client):
    works = [make_graded() for _number in range(3)]
    Grading.objects.filter(submission=works[1], email=GINA["email"]).update(shuffle=1)
    Grading.objects.filter(submission=works[2], email=GINA["email"]).update(shuffle=0)
    address = open_link(client, asked_of(works[0])).request["PATH_INFO"]
    done = client.post(address, filled(works[0]))
    assert works[2].code_name in done.content.decode()
    assert works[2].code_name in client.get(done.context["next_url"], follow=True).content.decode()


def test_the_last_work_leads_nowhere(client):
    work = make_graded()
    make_graded(graders=[GUS, GRETA])
    address = open_link(client, asked_of(work)).request["PATH_INFO"]
    assert "next_url" not in client.post(address, filled(work)).context


def test_who_recognises_the_person_says_so_on_a_page_of_its_own(client):
    work = make_graded()
    address = open_link(client, asked_of(work)).request["PATH_INFO"] + "recognised/"
    assert "Do you know whose work this is?" in client.get(address).content.decode()
    assert grading_of(work, GINA).recused_at is None
    assert "somebody else grades this work" in client.post(address, {"reason": "A cousin"}).content.decode()
    assert Event.objects.get(name="grading.recused").data["reason"] == "A cousin"
    assert asked_of(work, GRETA).is_open


@pytest.mark.parametrize("reason", ["\x00", "x" * 1_000_000])
def test_a_reason_that_can_not_be_kept_gets_a_message_and_hands_nothing_back(client, reason):
    work = make_graded()
    address = open_link(client, asked_of(work)).request["PATH_INFO"] + "recognised/"
    answer = client.post(address, {"reason": reason})
    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    assert grading_of(work, GINA).recused_at is None


def test_a_grader_opens_only_what_they_were_asked(client):
    first, second = make_graded(), make_graded()
    open_link(client, asked_of(first))
    assert client.get(asked_of(second).get_absolute_url()).status_code == 404
    assert client.get(asked_of(first, GUS).get_absolute_url() + "recognised/").status_code == 404


def test_nobody_opens_a_grading_of_others_by_signing_in(client):
    asked = asked_of(make_graded())
    client.force_login(make_user("Olaf Other", is_superuser=True))
    assert client.get(asked.get_absolute_url()).status_code == 404


def test_the_page_costs_a_number_of_queries_that_does_not_grow(client, django_assert_max_num_queries):
    work = inbox()
    lock(work, GUS, 4)
    asked = asked_of(work)
    open_link(client, asked)
    with django_assert_max_num_queries(8):
        client.get(asked.get_absolute_url())


def test_a_grading_of_work_whose_exercise_was_emptied_keeps_its_words(client):
    work = make_graded()
    Exercise.objects.get(pk=work.exercise_id).rubric.all().delete()
    assert "Empathy in writing, level 3" in page_of(client, work)
    assert Submission.objects.get().wording.content["competencies"]


def test_a_locked_grading_is_over(client):
    work = make_graded()
    asked = asked_of(work)
    address = open_link(client, asked).request["PATH_INFO"]
    lock(work, GINA, 3, 3)
    assert client.post(address, filled(work)).status_code == 410
    assert asks.find(asked.pk).answered_at


def locked_page(client, work):
    """Graded, and opened once more by the link of the mail."""
    address = open_link(client, asked_of(work)).request["PATH_INFO"]
    done = client.post(address, filled(work)).content.decode()
    assert f'href="{address}locked/"' in done
    again = open_link(client, asked_of(work))
    assert again.request["PATH_INFO"] == f"{address}locked/"
    return again


def test_a_locked_grading_is_read_again_by_the_link_and_names_nobody(client):
    work = make_graded()
    candidate = work.application.candidate
    page = locked_page(client, work).content.decode()
    assert work.code_name in page
    assert [word for word in (candidate.name, candidate.email, GUS["name"]) if word in page] == []


def test_a_locked_grading_is_changed_with_a_reason(client):
    work = make_graded()
    address = locked_page(client, work).request["PATH_INFO"]
    typed = filled(work, score="3", seen="0", reason="Misread.") | {"action": ""}
    answer = client.post(address, typed)
    assert (answer.status_code, answer.url) == (302, address)
    revision = grading_of(work, GINA).scorecard.revisions.get()
    assert (revision.reason, revision.is_blind, {row["score"] for row in revision.scores}) == ("Misread.", True, {3})
