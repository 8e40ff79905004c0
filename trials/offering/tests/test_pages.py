"""The page of an offer, behind its link: what it says, yes, no, and what cannot be."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.models import Application, Ask, Event, Message, Stage
from candidates.people.actors import Actor
from candidates.post import asks, links
from candidates.post.builders import open_link
from trials import actions
from trials.builders import FIRST_DAY, make_offer, make_trial
from trials.models import Trial
from trials.planning.builders import make_trial_plan, plan_check_ins, plan_weeks

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GARBAGE = "\x00<script>" + "x" * 1_000_000
THEN = NOW + timedelta(days=1)
YES = {"starts_on": "2030-01-14"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(THEN, tick=False)
    return time_machine


@pytest.fixture
def trial():
    plan = make_plan()
    make_trial_plan(plan, note="A laptop is lent to you.")
    plan_weeks(plan, "Learn the product", "Answer easy tickets")
    plan_check_ins(plan, 3, 10)
    return make_offer(make_application(Stage.REFERENCES, job=make_job(plan=plan)), starts_until=FIRST_DAY + 7 * DAY)


@pytest.fixture
def candidate(client, trial):
    open_link(client, trial.offer_ask)
    return client


def address(trial, page=""):
    return trial.offer_ask.get_absolute_url() + page


def written():
    return [list(model.objects.order_by("pk").values()) for model in (Application, Ask, Event, Message, Trial)]


def test_the_page_says_what_the_trial_is(candidate, trial):
    page = candidate.get(address(trial)).content.decode()
    for words in (
        "from Mon 14 Jan to Mon 21 Jan 2030", "4 weeks", "20 hours a week at most", "15.00 EUR an hour", "Max Manager",
        "Bob Buddy", "Week 2: tickets", "Answer easy tickets", "A laptop is lent to you.",
        "They come 3, 10 days after your first one", 'min="2030-01-14"', 'max="2030-01-21"',
    ):  # fmt: skip
        assert words in page


def test_a_yes_by_the_link(candidate, trial):
    response = candidate.post(address(trial), {"starts_on": "2030-01-16"})
    assert "Your first day is Wed 16 Jan 2030" in response.content.decode()
    assert Trial.objects.get().agreed_at == THEN
    assert Event.objects.filter(name="trial.agreed", by_kind="candidate").count() == 1


def test_a_no_by_the_link_with_a_reason(candidate, trial):
    assert candidate.get(address(trial, "decline/")).status_code == 200
    response = candidate.post(address(trial, "decline/"), {"reason": "I found other work."})
    assert response.templates[0].name == "asks/done.html"
    assert Trial.objects.get().decline_reason == "I found other work."


def test_a_no_needs_no_reason(candidate, trial):
    candidate.post(address(trial, "decline/"), {})
    assert Trial.objects.get().declined_at == THEN


def test_a_fixed_day_asks_for_one_click(client):
    trial = make_offer()
    page = open_link(client, trial.offer_ask).content.decode()
    assert "Your first day would be Monday 14 January 2030" in page
    client.post(address(trial), YES)
    assert Trial.objects.get().agreed_at


@pytest.mark.parametrize(
    "typed", ["", "soon", "2030-01-13", "2030-01-22", "9999-12-31", "0001-01-01", "2030-02-30", "١٤", GARBAGE], ids=len
)
def test_a_wrong_day_is_said_beside_its_field_and_nothing_is_written(candidate, trial, typed):
    before = written()
    response = candidate.post(address(trial), {"starts_on": typed})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["starts_on"])
    assert written() == before


def test_a_reason_that_is_too_long_or_odd_is_kept_in_its_box(candidate, trial):
    response = candidate.post(address(trial, "decline/"), {"reason": "x" * 3000})
    assert list(response.context["form"].errors) == ["reason"]
    assert "x" * 3000 in response.content.decode()
    assert candidate.post(address(trial, "decline/"), {"reason": GARBAGE}).status_code == 200
    assert (
        candidate.post(address(trial, "decline/"), {"reason": "\ud800".encode("utf-8", "surrogatepass")}).status_code
        == 200
    )


def test_looking_writes_nothing(candidate, trial):
    before = written()
    for page in ("", "decline/"):
        candidate.get(address(trial, page))
        candidate.head(address(trial, page))
    assert written() == before


def test_strangers_see_nothing(trial):
    for page in ("", "decline/"):
        assert Client().get(address(trial, page)).status_code == 404
        assert Client().post(address(trial, page), YES).status_code == 404
    assert not Trial.objects.agreed().exists()


def test_the_link_of_another_offer_opens_nothing(client, trial):
    client.cookies[asks.COOKIE] = links.ask_token(make_offer().offer_ask)
    assert client.get(address(trial)).status_code == 404


def test_an_answer_is_given_once(candidate, trial):
    candidate.post(address(trial), YES)
    again = candidate.post(address(trial, "decline/"), {})
    assert (again.status_code, again.templates[0].name) == (410, "asks/answered.html")


def test_an_offer_that_was_taken_back_says_so(candidate, trial):
    actions.take_back(trial, reason="Frozen.", at=THEN, by=Actor.person(make_user()))
    response = candidate.post(address(trial), YES)
    assert (response.status_code, response.templates[0].name) == (410, "asks/cancelled.html")


def test_days_that_are_over_are_told_in_words(candidate, trial, clock):
    clock.move_to(datetime(2030, 1, 25, 9, tzinfo=UTC), tick=False)
    page = candidate.get(address(trial)).content.decode()
    assert "The days that we offered are over" in page
    assert "Yes, I take the trial" not in page
    assert candidate.post(address(trial), {"starts_on": "2030-01-21"}).status_code == 200
    assert not Trial.objects.agreed().exists()


def test_the_page_asks_the_database_little(candidate, trial, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        candidate.get(address(trial))


def test_a_trial_agreed_in_conversation_has_no_page():
    assert make_trial().offer_ask is None
