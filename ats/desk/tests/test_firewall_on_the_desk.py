"""What others thought is nowhere on the desk while a rating is owed; and it could be."""

import pytest
from django.urls import reverse

from ats.desk.actions import add_note
from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import NOW, make_application, make_user
from candidates.judging import actions
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_card
from candidates.models import Ask, Competency, Scorecard, Stage
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db
PLANTED = ("PLANTED-EVIDENCE", "PLANTED-SUMMARY", "Strong no", "Composite")


@pytest.fixture
def application(rita):
    """Ivan has said what he thinks; what Ida thinks is owed in the tests that close the firewall."""
    application = make_application(Stage.INTERVIEWS)
    card = make_card(application, name="Ivan", email="ivan@example.org")
    scores = [
        Score(competency=pk, score=1, evidence=PLANTED[0]) for pk in Competency.objects.values_list("pk", flat=True)
    ]
    actions.lock(card, Answers(scores, "strong_no", PLANTED[1]), at=NOW, by=Actor.outsider("Ivan"))
    return application


def change(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def text_of(client, address):
    return client.get(address).content.decode()


def test_when_all_are_in_everything_is_told(desk, application):
    page = text_of(desk, change(application))
    assert [word in page for word in PLANTED] == [True] * 4


@pytest.mark.parametrize("show", ["", "?show=events", "?show=mails", "?show=notes"])
def test_while_one_is_owed_nothing_is_told(desk, application, show):
    make_card(application)
    page = text_of(desk, change(application) + show)
    assert [word in page for word in PLANTED] == [False] * 4
    assert "Ida Interviewer" in page


def test_what_is_hidden_is_not_even_handed_to_the_template(desk, application):
    make_card(application)
    evidence = desk.get(change(application)).context["evidence"]
    assert evidence.composite is None
    assert {(card.recommendation, card.summary, card.ratings) for card in evidence.cards} == {("", "", ())}


@pytest.mark.parametrize("query", ["", "?q=PLANTED", "?stage=all", "?o=3"])
def test_no_list_tells_it(desk, application, query):
    make_card(application)
    for name in ("application", "ask", "message", "candidate"):
        page = text_of(desk, reverse(f"admin:candidates_{name}_changelist") + query)
        assert [word in page.replace("PLANTED", "", 1) for word in PLANTED[1:]] == [False] * 3


def test_the_home_tells_nothing(desk, application):
    make_card(application)
    page = text_of(desk, reverse("admin:index"))
    assert [word in page for word in PLANTED] == [False] * 4


def test_a_draft_is_not_shown_even_when_all_others_are_in(desk, application):
    card = make_card(application)
    actions.save_draft(card, Answers([], "strong_yes", "DRAFTED"), at=NOW)
    application.asks.filter(pk=card.ask_id).update(cancelled_at=NOW)
    page = text_of(desk, change(application))
    assert "DRAFTED" not in page
    assert PLANTED[0] in page


def test_the_recruiter_may_open_it_with_a_reason(desk, application):
    make_card(application)
    url = reverse("admin:candidates_application_override", args=[application.pk])
    assert desk.post(url, {"reason": "The other offer ends today"}).status_code == 302
    page = text_of(desk, change(application))
    assert PLANTED[0] in page
    assert "The other offer ends today" in page


def test_without_a_reason_it_stays_closed(desk, application):
    make_card(application)
    desk.post(reverse("admin:candidates_application_override", args=[application.pk]), {"reason": " "})
    assert PLANTED[0] not in text_of(desk, change(application))


def test_a_manager_may_not_open_it(manager, application):
    make_card(application)
    url = reverse("admin:candidates_application_override", args=[application.pk])
    client = signed_in(manager)
    assert client.post(url, {"reason": "I want to know"}).status_code == 403
    assert url not in text_of(client, change(application))


def test_who_owes_a_rating_reads_no_note_of_a_colleague(manager, application):
    add_note(application, text="NOTED", at=NOW, by=make_user())
    client = signed_in(manager)
    assert "NOTED" in text_of(client, change(application))
    make_card(application, Scorecard.Kind.LETTER, user=manager, name=str(manager), role=Ask.Role.MANAGER)
    assert "NOTED" not in text_of(client, change(application))


def test_who_owes_nothing_reads_notes_while_others_owe(desk, application):
    add_note(application, text="NOTED", at=LATER, by=make_user())
    make_card(application)
    assert "NOTED" in text_of(desk, change(application))
