"""The pages of a referee, behind their link: step by step, save and return, a look at it all, declining."""

from datetime import timedelta
from itertools import product
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from candidates.builders import NOW, make_user
from candidates.models import Application, Ask, Event, Message, Rating, Scorecard
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks, links
from candidates.post.builders import open_link
from candidates.stages import Stage
from references.builders import decline, give, make_references
from references.models import Flag, Referee, Reference
from references.questionnaire import KEYS

pytestmark = pytest.mark.django_db
GARBAGE = "\x00<script>" + "x" * 30_000
STEPS = 6  # facts, three criteria, two last questions, the look at it all
FACTS = {"role": "Agent", "worked_from": "2027-03"}
LAST = {"would_hire_again": "yes", "summary": "Missed by all."}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)


@pytest.fixture
def nora(client):
    [reference, _leo] = make_references()
    open_link(client, reference.scorecard.ask)
    return reference


def everything_written():
    models = (Application, Ask, Event, Message, Rating, Scorecard, Referee, Reference, Flag)
    return [list(model.objects.order_by("pk").values()) for model in models]


def url(reference, page="references:answer", step=None):
    address = reverse(page, args=[reference.scorecard.ask_id])
    return f"{address}?step={step}" if step else address


def rating(key, score="4", evidence="Helped a customer."):
    return {f"score_{key}": score, f"evidence_{key}": evidence}


def fill_in(client, reference, **other):
    """Every step with "next"; `other` replaces what is typed on some."""
    typed = [FACTS, *[rating(key) for key in KEYS], LAST]
    for step, data in enumerate(typed, start=1):
        changed = {name: value for name, value in other.items() if name in data}
        response = client.post(url(reference, step=step), data | changed | {"action": "next"})
        assert response.status_code == 302, response.context["form"].errors
    return response.url


def send(client, reference):
    return client.post(url(reference, step=STEPS), {"action": "send"})


def fresh(reference):
    return Reference.objects.select_related("scorecard").get(pk=reference.pk)


def test_a_referee_answers_step_by_step_and_sends(client, nora):
    assert fill_in(client, nora) == url(nora, step=STEPS)
    assert not fresh(nora).scorecard.is_locked
    response = send(client, nora)
    given = fresh(nora)
    assert response.templates[0].name == "references/thanks.html"
    assert given.scorecard.is_locked
    assert (given.role, given.worked_from.isoformat(), given.would_hire_again) == ("Agent", "2027-03-01", "yes")
    assert dict(given.scorecard.ratings.values_list("criterion", "score")) == dict.fromkeys(KEYS, 4)


def test_the_first_page_says_who_asks_who_reads_it_and_who_never_does(client, nora):
    page = client.get(url(nora)).content.decode()
    for words in ("Max Manager", "about 6 minutes", "Who reads it", "Who never does", "Cara Candidate, and other"):
        assert words in page


def test_each_step_says_how_far_it_is(client, nora):
    assert "3 of 6" in client.get(url(nora, step=3)).content.decode()


def test_looking_at_a_referees_pages_writes_nothing(client, nora):
    before = everything_written()
    addresses = [url(nora), *[url(nora, step=step) for step in range(8)], url(nora, "references:decline")]
    for address in addresses:
        assert client.get(address).status_code == 200
        client.head(address)
    assert everything_written() == before


def test_beginning_is_noted_once_and_leads_to_the_first_step(client, nora, time_machine):
    assert client.post(url(nora), {"action": "begin"}).url == url(nora, step=1)
    time_machine.move_to(NOW + timedelta(hours=2))
    client.post(url(nora), {"action": "begin"})
    assert fresh(nora).began_at == NOW + timedelta(hours=1)


def test_who_comes_back_on_another_device_goes_on_where_they_were(client, nora):
    client.post(url(nora, step=1), FACTS | {"action": "next"})
    client.post(url(nora, step=2), rating(KEYS[0]) | {"action": "save"})
    phone = Client()
    open_link(phone, nora.scorecard.ask)
    assert "Go on where I was" in phone.get(url(nora)).content.decode()
    assert phone.post(url(nora), {"action": "begin"}).url == url(nora, step=3)
    assert "Helped a customer." in phone.get(url(nora, step=2)).content.decode()


def test_going_back_keeps_what_was_typed_and_asks_for_nothing(client, nora):
    response = client.post(url(nora, step=2), {f"evidence_{KEYS[0]}": "Half a", "action": "back"})
    assert response.url == url(nora, step=1)
    assert nora.scorecard.ratings.get().evidence == "Half a"


@pytest.mark.parametrize(
    ("step", "wrong", "field"),
    [
        (1, {"role": ""}, "role"),
        (1, {"worked_from": ""}, "worked_from"),
        (1, {"worked_from": "2031-01"}, "worked_from"),
        (1, {"worked_until": "2026-01"}, "worked_until"),
        (1, {"role": GARBAGE}, "role"),
        (3, {"score_teamwork": "6"}, "score_teamwork"),
        (3, {"score_teamwork": ""}, "score_teamwork"),
        (3, {"score_teamwork": "5", "evidence_teamwork": ""}, "evidence_teamwork"),
        (5, {"would_hire_again": "perhaps"}, "would_hire_again"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_step_stays(client, nora, step, wrong, field):
    typed = {1: FACTS, 3: rating("teamwork"), 5: LAST}[step] | wrong
    response = client.post(url(nora, step=step), typed | {"action": "next"})
    assert list(response.context["form"].errors) == [field]


def test_what_is_invalid_leaves_the_draft_as_it_was_and_stands_in_its_box(client, nora):
    client.post(url(nora, step=1), FACTS | {"action": "save"})
    response = client.post(url(nora, step=1), {"role": "Lead", "worked_from": "long ago", "action": "next"})
    assert 'value="long ago"' in response.content.decode()
    assert (fresh(nora).role, fresh(nora).worked_from.isoformat()) == ("Lead", "2027-03-01")


def test_an_unfinished_draft_is_no_error(client, nora):
    response = client.post(url(nora, step=1), {"action": "save", "role": "Half a"})
    assert response.context["form"].errors == {}
    assert "Saved 10:00" in response.content.decode()


def test_what_is_emptied_stays_empty_and_what_is_absent_stays(client, nora):
    client.post(url(nora, step=1), FACTS | {"action": "save"})
    client.post(url(nora, step=1), {"worked_from": "", "action": "autosave"})
    assert (fresh(nora).role, fresh(nora).worked_from) == ("Agent", None)


def test_who_cannot_say_need_not_and_sees_it_chosen_again(client, nora):
    client.post(url(nora, step=3), rating("teamwork", "not_seen", "") | {"action": "next"})
    assert client.get(url(nora, step=3)).context["form"].initial["score_teamwork"] == "not_seen"
    assert nora.scorecard.ratings.get().score is None


def test_sending_names_what_is_missing_with_a_link_to_its_step_and_locks_nothing(client, nora):
    client.post(url(nora, step=1), FACTS | {"action": "next"})
    response = send(client, nora)
    page = response.content.decode()
    assert 'href="?step=2"' in page.split("Before you can send it")[1].split("</div>")[0]
    assert not fresh(nora).scorecard.is_locked


def test_who_can_say_nothing_at_all_is_shown_the_way_to_decline(client, nora):
    for step, key in enumerate(KEYS, start=2):
        client.post(url(nora, step=step), rating(key, "not_seen", "") | {"action": "next"})
    client.post(url(nora, step=1), FACTS | {"action": "next"})
    client.post(url(nora, step=5), LAST | {"action": "next"})
    assert "you can decline" in send(client, nora).content.decode()
    assert not fresh(nora).scorecard.is_locked


def test_two_windows_lose_no_text(client, nora):
    client.post(url(nora, step=2), {"evidence_reliability": "First window", "action": "autosave"})
    other = {"evidence_reliability": "Second window", "was_evidence_reliability": "", "action": "save"}
    page = client.post(url(nora, step=2), other).content.decode()
    assert "First window" in page
    assert "Second window" in page
    assert nora.scorecard.ratings.get().evidence == "First window"


def test_declining_is_one_press_away_from_every_step(client, nora):
    for step in range(STEPS + 1):
        assert url(nora, "references:decline") in client.get(url(nora, step=step)).content.decode()


def test_declining_thanks_and_keeps_the_reason_but_not_the_draft(client, nora):
    client.post(url(nora, step=1), FACTS | {"action": "next"})
    response = client.post(url(nora, "references:decline"), {"reason": "policy", "note": "Dates only."})
    declined = fresh(nora)
    assert response.templates[0].name == "asks/done.html"
    assert (declined.declined_at, declined.role) == (NOW + timedelta(hours=1), "")
    assert (declined.decline_reason, declined.decline_note) == ("policy", "Dates only.")


def test_nobody_has_to_say_why_they_decline(client, nora):
    client.post(url(nora, "references:decline"))
    assert fresh(nora).decline_reason == Reference.Why.RATHER_NOT


@pytest.mark.parametrize("wrong", [{"reason": "x"}, {"note": GARBAGE}, {"reason": "\x00"}])
def test_a_wrong_reason_is_told_and_declines_nothing(client, nora, wrong):
    assert client.post(url(nora, "references:decline"), wrong).context["form"].errors
    assert fresh(nora).declined_at is None


@pytest.mark.parametrize("end", [give, decline])
def test_after_the_answer_nothing_more_is_taken(client, nora, end):
    end(nora)
    for page in ("references:answer", "references:decline"):
        assert client.post(url(nora, page, step=1), FACTS | {"action": "next"}).status_code == 410
    assert send(client, nora).status_code == 410


def test_sending_in_a_second_window_says_that_it_is_in(client, nora):
    fill_in(client, nora)
    send(client, nora)
    second = send(client, nora)
    assert (second.status_code, second.templates[0].name) == (410, "asks/answered.html")


def test_after_a_rejection_the_page_says_that_it_is_over(client, nora):
    move(nora.referee.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user()))
    assert client.post(url(nora, step=1), FACTS).templates[0].name == "asks/cancelled.html"


def test_a_link_that_ran_out_offers_a_new_one(client, nora, time_machine):
    time_machine.move_to(NOW + timedelta(days=60))
    assert client.post(url(nora, step=1), FACTS).templates[0].name == "asks/expired.html"


def test_a_referee_opens_nobody_elses_page(client, nora):
    leo = Reference.objects.exclude(pk=nora.pk).get()
    for page in ("references:answer", "references:decline", "references:given"):
        assert client.get(url(leo, page)).status_code == 404


def test_a_link_opens_no_page_of_another_kind(client, nora):
    client.cookies[asks.COOKIE] = links.ask_token(nora.scorecard.ask)
    response = client.get(reverse("references:name_referees", args=[nora.scorecard.ask_id]))
    assert (response.status_code, response.templates[0].name) == (404, "asks/unknown.html")


def test_strangers_the_candidate_and_colleagues_open_no_answer(client, nora):
    naming = nora.referee.application.asks.get(page="references:name_referees")
    candidate, colleague = Client(), Client()
    candidate.cookies[asks.COOKIE] = links.ask_token(naming)
    colleague.force_login(make_user("Max Manager"))
    for one in (Client(), candidate, colleague):
        for page in ("references:answer", "references:decline", "references:given"):
            assert one.get(url(nora, page)).status_code == 404
            assert one.post(url(nora, page, step=1), FACTS | {"action": "next"}).status_code == 404
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("action", ["save", "next", "back", "send", "autosave", GARBAGE])
def test_garbage_never_breaks_the_referees_page(client, nora, action):
    fields = [*FACTS, "worked_until", *rating("teamwork"), *LAST, "was_summary", "seen"]
    for step, value in product(("1", "3", "5", "6", "-1", "９\x00"), (GARBAGE, "9999-99", "１２", "")):
        address = f"{url(nora)}?{urlencode({'step': step})}"
        response = client.post(address, dict.fromkeys(fields, value) | {"action": action})
        assert response.status_code in (200, 302)


def test_a_megabyte_is_told_beside_its_box(client, nora):
    response = client.post(url(nora, step=5), {"summary": "x" * 1_000_000, "action": "save"})
    assert list(response.context["form"].errors) == ["summary"]


def test_text_of_a_referee_is_escaped(client, nora):
    evil = '<img src=x onerror="alert(1)">'
    fill_in(client, nora, role=evil, summary=evil)
    assert evil not in client.get(url(nora, step=STEPS)).content.decode()


def test_the_pages_ask_the_database_few_questions(client, nora, django_assert_max_num_queries):
    fill_in(client, nora)
    with django_assert_max_num_queries(3):
        client.get(url(nora, step=3))
    with django_assert_max_num_queries(20):
        client.post(url(nora, step=3), rating("teamwork", "3") | {"action": "next"})
