"""The page of a check-in: what was seen, in words; of the new colleague also how they are."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.builders import make_application, make_job, make_plan
from candidates.models import Ask, Event, Message, Rating, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.post import asks
from candidates.post.builders import open_link
from candidates.tests.together import together
from trials.builders import FIRST_DAY, make_trial
from trials.check_ins import own_views
from trials.check_ins.actions import Own, OwnAnswers, keep_own, lock_own
from trials.check_ins.builders import ask_at, tell
from trials.models import CheckIn, CheckInCard, OwnView
from trials.planning.builders import plan_check_ins

pytestmark = pytest.mark.django_db
CARA = Actor.candidate("Cara Candidate")
THEN = datetime(2030, 2, 12, 10, tzinfo=UTC)  # every check-in has been asked for
WELL = {"support": "4", "drained": "2", "worn_out": "3", "stays": "5", "words": "A second screen."}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(THEN, tick=False)


@pytest.fixture
def trial():
    return make_trial()


@pytest.fixture
def own(client, trial):
    """The page of the new colleague, opened by their link."""
    ask = ask_at(trial, role="candidate")
    open_link(client, ask)
    return Page(client, ask)


class Page:
    def __init__(self, client, ask):
        self.client, self.ask, self.url = client, ask, ask.get_absolute_url()

    def get(self):
        return self.client.get(self.url)

    def post(self, action="lock", **fields):
        return self.client.post(self.url, scores(self.ask) | {"action": action} | fields)


def page_of(client, ask):
    open_link(client, ask)
    return Page(client, ask)


def scores(ask, score="4"):
    keys = [row["key"] for row in ask.scorecard.wording.content["competencies"]]
    return {f"score_{key}": score for key in keys} | {f"evidence_{key}": "Seen." for key in keys}


def view_of(ask):
    found = OwnView.objects.filter(card__scorecard__ask=ask).values(*WELL).first()
    return found and {name: str(value) if value is not None else "" for name, value in found.items()}


def text(response):
    return response.content.decode()


def test_how_they_are_is_kept_with_the_draft_and_locked_with_the_card(own):
    own.post("save", **WELL)
    assert (view_of(own.ask), Scorecard.objects.locked().count()) == (WELL, 0)
    own.post(**WELL | {"stays": "1"})
    assert view_of(own.ask) == WELL | {"stays": "1"}
    assert Scorecard.objects.locked().get().ask == own.ask


def test_autosave_answers_with_the_time_alone(own):
    response = own.post("autosave", **WELL)
    assert "Saved 10:00" in text(response)
    assert "<h1>" not in text(response)
    assert view_of(own.ask) == WELL


def test_the_draft_stands_on_the_page_again(own):
    own.post("save", **WELL)
    form = own.get().context["form"]
    assert {name: form[name].value() for name in WELL} == WELL


def test_everything_about_oneself_may_be_left_out(own):
    own.post(**dict.fromkeys(WELL, ""))
    assert (Scorecard.objects.locked().count(), OwnView.objects.count()) == (1, 0)


@pytest.mark.parametrize("nothing", ["none", ""])
def test_an_answer_can_be_taken_back(own, nothing):
    own.post("save", **WELL)
    own.post("save", seen=own.get().context["form"]["seen"].value(), **WELL | {"stays": nothing, "words": ""})
    assert view_of(own.ask) == WELL | {"stays": "", "words": ""}


def test_what_is_not_sent_stays_as_it_was_kept(own):
    own.post("save", **WELL)
    own.post("autosave", drained="5")
    assert view_of(own.ask) == WELL | {"drained": "5"}


@pytest.mark.parametrize("wrong", ["0", "None", "6", "-1", "4.5", "many", "\x00", "９", "1" * 400])
def test_what_is_no_answer_is_said_beside_its_question_and_the_rest_is_kept(own, wrong):
    response = own.post(**WELL | {"support": wrong})
    assert list(response.context["form"].errors) == ["support"]
    assert "How well were you supported?</a>: Choose one of the answers" in text(response)
    assert view_of(own.ask) == WELL | {"support": ""}
    assert Scorecard.objects.locked().count() == 0


def test_words_that_are_too_long_come_back_as_typed(own):
    long = "x" * 1_000_000
    response = own.post(words=long)
    assert list(response.context["form"].errors) == ["words"]
    assert long in text(response)


def test_whoever_sees_others_is_not_asked_how_they_are(client, trial):
    page = page_of(client, ask_at(trial))
    page.post(recommendation="yes", **WELL)
    assert (Scorecard.objects.locked().count(), OwnView.objects.count()) == (1, 0)
    assert "worn out" not in text(page_of(client, ask_at(trial, 2)).get())


def test_the_new_colleague_is_told_who_reads_it_and_that_it_decides_nothing(own):
    shown = text(own.get())
    assert "Max Manager, who leads your trial, the recruiters" in shown
    assert "It decides nothing: the scores that you give yourself are not counted." in shown
    assert "Would you go on" not in shown


def test_the_new_colleague_is_thanked_without_a_word_of_counting(own):
    shown = text(own.post(**WELL))
    assert "It decides nothing" in shown
    assert "counts from now on" not in shown


def test_the_question_says_since_when(client, trial):
    assert "What did you see or hear since Mon 14 Jan?" in text(page_of(client, ask_at(trial, 1)).get())
    assert "What did you see or hear since Mon 21 Jan?" in text(page_of(client, ask_at(trial, 2)).get())


def test_one_reads_ones_own_words_of_the_last_time_and_nobody_elses(client, trial):
    for role in ("buddy", "manager", "candidate"):
        tell(trial, 1, role)
    for role in ("buddy", "manager", "candidate"):
        shown = text(page_of(client, ask_at(trial, 2, role)).get())
        assert "What you wrote at check-in 1" in shown
        assert {one for one in ("buddy", "manager", "candidate") if f"Told by the {one}" in shown} == {role}


def test_a_new_buddy_does_not_read_what_the_old_one_wrote(client, trial):
    tell(trial, 1)
    Ask.objects.filter(pk=ask_at(trial, 2).pk).update(email="new.buddy@rapport.test")
    assert "Told by the buddy" not in text(page_of(client, ask_at(trial, 2)).get())


def test_a_draft_of_the_last_time_is_not_shown(client, trial):
    page_of(client, ask_at(trial, 1)).post("save")
    assert "What you wrote" not in text(page_of(client, ask_at(trial, 2)).get())


def test_a_check_in_asks_about_what_its_plan_names(client):
    plan = make_plan(("Empathy", "Patience"))
    plan_check_ins(plan, 7, roles=["buddy"], competencies=[plan.weights.last().competency_id])
    trial = make_trial(make_application(stage=Stage.REFERENCES, job=make_job(plan=plan)))
    shown = page_of(client, ask_at(trial)).get()
    assert [one.name for one in shown.context["form"].competencies] == ["Patience"]


def everything():
    models = (Ask, Event, Message, Rating, Scorecard, CheckIn, CheckInCard, OwnView)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_looking_writes_nothing(own):
    own.post("save", **WELL)
    before = everything()
    own.get()
    own.client.head(own.url)
    assert everything() == before


def test_other_verbs_are_refused(own):
    assert own.client.put(own.url).status_code == 405


@pytest.mark.parametrize("value", ["", "\x00<b>", "y" * 50_000, "-1", "1e9", "[]"])
def test_garbage_never_breaks_the_page(own, value):
    names = [*scores(own.ask), *WELL, "seen", "recommendation", "summary"]
    for action in ("lock", "save", "autosave", "rest", value[:50]):
        assert own.client.post(own.url, dict.fromkeys(names, value) | {"action": action}).status_code == 200
    assert own.client.post(own.url).status_code == 200


def test_the_database_keeps_a_locked_own_view_as_it_is(trial):
    tell(trial, 1, "candidate", own=Own(support=4))
    view = OwnView.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnView.objects.filter(pk=view.pk).update(support=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        view.delete()


def test_what_they_told_in_words(trial):
    tell(trial, 1, "candidate", own=Own(support=1, drained=5, words="A talk."))
    assert own_views.told(Scorecard.objects.locked().get()) == [
        ("Support", "1 of 5: I was left alone with most things"),
        ("Drained by the work", "5 of 5: Every day"),
        ("What would help", "A talk."),
    ]


def test_whoever_was_not_asked_how_they_are_told_nothing(trial):
    assert own_views.told(tell(trial, 1)) == []


def test_what_is_answered_is_not_kept_any_more(trial):
    card = tell(trial, 1, "candidate")
    with pytest.raises(asks.NotOpen):
        keep_own(card, OwnAnswers(own=Own(support=1)), at=THEN)


@pytest.mark.django_db(transaction=True)
def test_two_windows_lock_one_card():
    ask = ask_at(make_trial(), role="candidate")
    calls = [
        lambda stays=stays: lock_own(Scorecard.objects.get(ask=ask), OwnAnswers(own=Own(stays=stays)), at=THEN, by=CARA)
        for stays in (1, 2, 3)
    ]
    results = together(*calls)
    assert sum(isinstance(result, asks.NotOpen) for result in results) == 2
    assert OwnView.objects.get().stays in (1, 2, 3)


def queries_of(call):
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def queries_of_page(client, role, names):
    trial = make_trial(make_application(stage=Stage.REFERENCES, job=make_job(plan=make_plan(names))))
    tell(trial, 1, role)
    page = page_of(client, ask_at(trial, 2, role))
    page.post("save", **WELL)
    return queries_of(page.get), queries_of(lambda: page.post("autosave", **WELL | {"words": "Another."}))


@pytest.mark.parametrize(("role", "most"), [("candidate", (5, 12)), ("buddy", (4, 10))])
def test_queries_do_not_grow_with_competencies(client, role, most):
    few, many = (queries_of_page(client, role, names) for names in (("Empathy",), tuple("ABCDE")))
    assert few == many
    assert few <= most


def test_the_page_tells_its_day(own):
    assert own.get().context["check_in"].due_on > FIRST_DAY
