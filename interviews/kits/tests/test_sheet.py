"""The kit on paper, by the link of an interviewer's mail."""

import pytest
from django.urls import reverse

from candidates.builders import make_application, make_candidate, make_job, make_plan
from candidates.models import Stage
from candidates.post import asks
from candidates.post.builders import open_link
from interviews.builders import IDA, ask_of, make_interview
from interviews.kits import sheet
from interviews.kits.builders import make_kit, make_question, make_round


def text(page):
    return page.content.decode()


@pytest.fixture
def asked(db):
    plan = make_plan()
    make_round(plan, make_kit("Welcome", make_question("Anger"), name="First talk"))
    person = make_candidate("Secret Person", email="secret@example.org")
    application = make_application(Stage.SCREENING, job=make_job(plan=plan), candidate=person)
    interview = make_interview(application, round=plan.rounds.get())
    return ask_of(interview, IDA)


def paper(client, asked):
    open_link(client, asked)
    return client.get(reverse("interviews:kit_print", args=[asked.pk]))


def test_an_interviewer_prints_the_words_of_their_scorecard_whatever_was_edited_since(client, asked):
    for part in asked.scorecard.panelist.interview.round.kit.parts.exclude(question=None):
        part.question.text = "Something else."
        part.question.save()
    page = text(paper(client, asked))
    assert "Anger: tell me about a time" in page
    assert "Something else." not in page


def test_nothing_about_the_candidate_is_on_paper(client, asked):
    page = text(paper(client, asked))
    assert "Secret" not in page
    assert "secret@example.org" not in page


def test_nobody_prints_it_without_the_link(client, asked):
    assert client.get(reverse("interviews:kit_print", args=[asked.pk])).status_code == 404


def test_an_answered_request_prints_nothing_more(client, asked):
    open_link(client, asked)
    asks.close(asked, at=asked.created_at)
    assert client.get(reverse("interviews:kit_print", args=[asked.pk])).status_code == 410


def test_words_from_before_there_were_kits_have_competencies_alone():
    old = {"competencies": [{"key": 1, "name": "Empathy", "meaning": "Sees it", "anchors": list("12345")}]}
    told = sheet.of(old)
    assert (told.parts, told.minutes, [one.name for one in told.competencies]) == ([], 0, ["Empathy"])


def test_parts_follow_one_another_in_minutes():
    words = [{"number": number, "kind": "talk", "title": "Talk", "minutes": 7} for number in (1, 2, 3)]
    told = sheet.of({"competencies": [], "parts": words})
    assert [(part.begins, part.ends) for part in told.parts] == [(0, 7), (7, 14), (14, 21)]
    assert told.minutes == 21
