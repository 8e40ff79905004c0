"""The page of an interview by a kit: notes, routes, steps and ratings in one form; nothing typed is lost."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from candidates.builders import NOW, make_plan
from candidates.judging.forms import LONGEST_TEXT
from candidates.judging.views import rater
from candidates.models import Document, Event, Scorecard
from candidates.post import asks
from candidates.post.builders import open_link
from candidates.tests.together import together
from interviews.builders import IVAN, ask_of
from interviews.cards import actions
from interviews.cards.actions import CardAnswers, Coded, Heard
from interviews.cards.builders import make_kit_interview
from interviews.cards.forms import CardForm
from interviews.exercises.grading.builders import make_graded
from interviews.kits.builders import make_exercise, make_kit, make_question
from interviews.models import Exercise, Kit, KitPart

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(days=4), tick=False)
    return time_machine


@pytest.fixture
def ask():
    return ask_of(make_kit_interview())


@pytest.fixture
def card(ask):
    return card_of(ask)


def card_of(ask):
    return Scorecard.objects.select_related("application__plan", "application__candidate", "wording").get(ask=ask)


def form_of(card, data=None, **kwargs):
    sent = None
    if data is not None:
        sent = QueryDict(mutable=True)
        for name, value in data.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
    return CardForm(sent, card=card_of(card.ask), **kwargs)


def keys(card):
    return {row["name"]: row["key"] for row in card.wording.content["competencies"]}


def whole(card, **fields):
    """What a rater sends who has filled in everything that a lock asks for."""
    scores = {f"score_{key}": "4" for key in keys(card).values()}
    return {"seen": "", "recommendation": "yes", "summary": "Warm."} | scores | fields


def heard(card):
    return {one.part: (one.notes, one.route) for one in card.kit_answers.all()}


def coded(card):
    return {one.step: (one.answer, one.quote) for one in card.step_codings.all()}


def save(card, data, at=NOW + timedelta(days=4)):
    form = form_of(card, data)
    form.is_valid()
    actions.save_draft(card_of(card.ask), form.answers(), at=at)
    return form


# What it shows


def test_the_page_shows_the_kit_in_order_with_what_to_listen_for(client, ask):
    text = open_link(client, ask).content.decode()
    places = [text.index(title) for title in ("Welcome", "Angry caller", "Out of your way", "Irate customer")]
    assert places == sorted(places)
    for told in (
        "Angry caller, answer 1",
        "What did you say first?",
        "Never had that, and stops.",
        "Stop when it hurts.",
    ):
        assert told in text
    assert text.count('data-minutes="10"') == 4


def test_a_competency_told_by_two_parts_is_rated_once_and_the_first_part_says_where(client, ask):
    response = open_link(client, ask)
    parts = list(response.context["form"].parts)
    rated = [{one["competency"].name for one in part["ratings"]} for part in parts]
    assert rated == [set(), set(), {"Empathy", "Reliability"}, {"Patience"}]
    assert [part["later"] for part in parts] == [[], ["Empathy"], [], []]
    assert response.content.decode().count("<legend>Empathy</legend>") == 1


def test_only_what_somebody_did_has_a_route(card):
    parts = list(form_of(card).parts)
    assert [part["route"] is not None for part in parts] == [False, True, False, False]


def test_a_kit_that_names_no_competency_is_rated_at_the_end(client):
    kit = make_kit("Welcome", make_question("Hobby", (), is_scored=False))
    form = form_of(card_of(ask_of(make_kit_interview(kit, plan=make_plan(("Empathy",))))))
    assert [rating["competency"].name for rating in form.loose_ratings] == ["Empathy"]


def test_a_kit_emptied_while_in_use_harms_nobody(client, ask):
    KitPart.objects.all().delete()
    Kit.objects.update(name="Another", is_retired=True)
    assert "Angry caller: tell me about" in open_link(client, ask).content.decode()


def test_the_page_takes_as_many_queries_for_a_long_kit(client):
    counts = []
    for size in (1, 5):
        questions = [make_question(f"Q{size}.{number}", (f"C{size}.{number}",)) for number in range(size)]
        asked = ask_of(
            make_kit_interview(make_kit(*questions), plan=make_plan(tuple(f"C{size}.{n}" for n in range(size))))
        )
        open_link(client, asked)
        with CaptureQueriesContext(connection) as seen:
            client.get(asked.get_absolute_url())
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_the_resume_opens_for_the_interviewer_where_the_plan_shows_it(client, ask):
    content = ContentFile(b"%PDF-1.4", name="cara.pdf")
    document = Document.objects.create(
        application=ask.application, kind="resume", name="cara.pdf", content_type="application/pdf", size=8,
        sha256="0" * 64, file=content, at=NOW,
    )  # fmt: skip
    page = open_link(client, ask)
    address = f"{ask.get_absolute_url()}resume/"
    assert address in page.content.decode()
    response = client.get(address + "?inline=1")
    assert (response.status_code, response["X-Frame-Options"]) == (200, "SAMEORIGIN")
    assert document.name in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == b"%PDF-1.4"
    client.cookies.clear()
    assert client.get(address).status_code == 404


# Notes, routes and steps


def test_a_draft_keeps_notes_routes_and_steps(card):
    save(card, {"notes_2": "Named the worry", "route_2": "procedure", "step_1": "yes", "quote_1": "I hear you"})
    assert heard(card) == {2: ("Named the worry", "procedure")}
    assert coded(card) == {1: ("yes", "I hear you")}


def test_what_is_not_sent_stays_as_it_was(card):
    save(card, {"notes_2": "Named the worry", "step_1": "yes", "quote_1": "I hear you", "summary": "Warm"})
    save(card, {"notes_3": "Called back"})
    assert heard(card) == {2: ("Named the worry", ""), 3: ("Called back", "")}
    assert (coded(card), card_of(card.ask).summary) == ({1: ("yes", "I hear you")}, "Warm")


def test_a_note_can_be_taken_back(card):
    save(card, {"notes_2": "Too harsh"})
    save(card, {"notes_2": "", "was_notes_2": "Too harsh"})
    assert heard(card) == {2: ("", "")}


def test_two_windows_that_write_in_one_note_lose_neither_text(card):  # F29
    save(card, {"notes_2": "From the first", "was_notes_2": ""})
    form = save(card, {"notes_2": "From the second", "was_notes_2": ""})
    assert form.in_conflict
    assert "From the first" in str(form.errors["notes_2"])
    assert heard(card)[2] == ("From the first", "")


def test_a_window_that_was_cut_off_goes_on_from_what_it_sent(card):
    save(card, {"notes_2": "Listened, asked", "was_notes_2": ""})  # its answer was lost on the way
    form = save(card, {"notes_2": "Listened", "was_notes_2": ["", "Listened, asked"]})
    assert (form.in_conflict, heard(card)[2]) == (False, ("Listened", ""))


def test_lines_that_end_in_two_ways_are_one_text(card):
    save(card, {"notes_2": "One\r\ntwo"})
    form = save(card, {"notes_2": "One", "was_notes_2": "One\ntwo"})
    assert (form.in_conflict, heard(card)[2][0]) == (False, "One")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("route_2", "luck"),
        ("step_1", "perhaps"),
        ("notes_2", "a" * 1_000_000),
        ("quote_1", "\x00"),
        ("notes_2", "\x00"),
    ],
)
def test_what_is_invalid_has_a_message_and_leaves_the_kept_one(card, name, value):
    save(card, {"notes_2": "Kept", "route_2": "did", "step_1": "yes", "quote_1": "Kept"})
    form = save(card, {name: value, "summary": "New"})
    assert name in form.errors
    assert (heard(card), coded(card)) == ({2: ("Kept", "did")}, {1: ("yes", "Kept")})
    assert card_of(card.ask).summary == "New"


def test_a_megabyte_of_notes_stays_on_the_page(client, ask):
    open_link(client, ask)
    text = client.post(ask.get_absolute_url(), {"notes_2": "é" * 1_000_000, "action": "save"}).content.decode()
    assert f"at most {LONGEST_TEXT} characters" in text
    assert "é" * 1_000_000 in text


# Locking


def test_a_lock_keeps_all_and_completes_when_it_is_the_last(client):
    interview = make_kit_interview()
    for person in (None, IVAN):
        ask = ask_of(interview, *([person] if person else []))
        open_link(client, ask)
        fields = whole(card_of(ask), notes_2="Named the worry", action="lock")
        response = client.post(ask.get_absolute_url(), fields)
        assert "Locked. Thank you." in response.content.decode()
        assert heard(card_of(ask)) == {2: ("Named the worry", "")}
    assert Event.objects.filter(name="interviews.complete").count() == 1


def test_every_competency_has_a_score_or_was_not_seen(card):
    empathy = keys(card)["Empathy"]
    form = form_of(card, whole(card) | {f"score_{empathy}": ""}, locking=True)
    assert form.errors == {f"score_{empathy}": ["Give a score, or choose “Not seen”."]}
    assert [one.name for one in form.unrated] == ["Empathy"]


def test_the_rest_is_marked_as_not_seen_by_one_button(client, ask, card):
    empathy = keys(card)["Empathy"]
    open_link(client, ask)
    response = client.post(ask.get_absolute_url(), {"seen": "", f"score_{empathy}": "4", "action": "rest"})
    assert response.content.decode().count('value="not_seen"') == 3
    ratings = {one.competency_id: (one.score, one.not_seen) for one in card.ratings.all()}
    assert ratings.pop(empathy) == (4, False)
    assert set(ratings.values()) == {(None, True)}
    assert not card_of(ask).is_locked


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ({}, set()),
        ({f"step_{number}": "no" for number in range(1, 14)}, set()),
        ({f"step_{number}": "na" for number in range(1, 13)}, {"step_13"}),
        (
            {f"step_{number}": "yes" for number in range(1, 14)} | {f"quote_{n}": "So" for n in range(2, 14)},
            {"quote_1"},
        ),
    ],
)
def test_a_lock_wants_all_steps_or_none_and_words_for_each_yes(card, steps, wrong):
    form = form_of(card, whole(card, **steps), locking=True)
    assert set(form.errors) == wrong


def test_a_locked_card_takes_no_note_more(card):
    form = form_of(card, whole(card, notes_2="Kept"), locking=True)
    form.is_valid()
    actions.submit(card, form.answers(), at=NOW + timedelta(days=4), by=rater(card))
    late, at = CardAnswers(heard=[Heard(2, "Late")]), NOW + timedelta(days=5)
    for act in (actions.save_draft, partial(actions.submit, by=rater(card))):
        with pytest.raises(asks.NotOpen):
            act(card_of(card.ask), late, at=at)
    assert heard(card) == {2: ("Kept", "")}


def test_what_another_tab_sends_after_the_lock_stands_on_the_page_that_refuses_it(client, ask, card):  # F29
    open_link(client, ask)
    client.post(ask.get_absolute_url(), whole(card, notes_2="Kept", action="lock"))
    page = client.post(ask.get_absolute_url(), {"notes_2": "Typed <b>in</b> the other tab.", "seen": "1 2"})
    assert page.status_code == 410
    assert "Typed &lt;b&gt;in&lt;/b&gt; the other tab." in page.content.decode()
    assert "1 2" not in page.content.decode()
    assert heard(card) == {2: ("Kept", "")}


@pytest.mark.django_db(transaction=True)
def test_drafts_and_a_lock_at_once_end_locked_with_one_whole_answer():  # F29
    for _ in range(5):
        card, at = card_of(ask_of(make_kit_interview())), NOW + timedelta(days=4)
        draft = CardAnswers(heard=[Heard(2, "Draft")], coded=[Coded(1, "no")])
        final = CardAnswers(heard=[Heard(2, "Final"), Heard(3, "Too")], coded=[Coded(1, "yes", "I hear you")])
        drafts = [partial(actions.save_draft, card_of(card.ask), draft, at=at) for _ in range(3)]
        lock = partial(actions.submit, card_of(card.ask), final, at=at, by=rater(card))
        *saved, locked = together(*drafts, lock)
        assert locked is None
        assert {type(result) for result in saved} <= {type(None), asks.NotOpen}
        assert heard(card) == {2: ("Final", ""), 3: ("Too", "")}
        assert coded(card) == {1: ("yes", "I hear you")}


def test_a_live_edit_shows_what_the_candidate_wrote_themselves(client):
    kit = make_kit(make_exercise(Exercise.Kind.LIVE_EDIT))
    interview = make_kit_interview(kit)
    make_graded(interview.application, texts={(1, 1): "Dear Berta, the flight is moved."}, at=NOW)
    shown = open_link(client, ask_of(interview)).content.decode()
    assert "Dear Berta, the flight is moved." in shown


def test_a_kit_without_a_live_edit_shows_no_written_work(client):
    interview = make_kit_interview()
    make_graded(interview.application, texts={(1, 1): "Dear Berta, the flight is moved."}, at=NOW)
    assert "Dear Berta" not in open_link(client, ask_of(interview)).content.decode()


def test_a_part_that_is_drawn_once_shows_one_raters_words_to_nobody_else(client):
    interview = make_kit_interview()
    ida, ivan = ask_of(interview), ask_of(interview, IVAN)
    open_link(client, ida)
    number = card_of(ida).wording.content["parts"][1]["number"]
    actions.save_draft(card_of(ida), CardAnswers(heard=[Heard(number, "Only mine")]), at=NOW)
    assert "Only mine" in client.get(ida.get_absolute_url()).content.decode()
    assert "Only mine" not in open_link(client, ivan).content.decode()
