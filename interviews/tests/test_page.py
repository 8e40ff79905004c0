"""The interviewer's page: what it shows, what it keeps, what it asks for before it locks."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging.builders import make_answers, make_locked_card
from candidates.models import Ask, Event, Rating, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks
from candidates.post.builders import open_link
from interviews import actions
from interviews.builders import IVAN, ask_of, make_interview
from interviews.kits.builders import make_question

pytestmark = pytest.mark.django_db
MEGABYTE = "a" * 1_000_000


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(days=4, hours=5, minutes=3), tick=False)
    return time_machine


@pytest.fixture
def interview():
    return make_interview(make_application(Stage.SCREENING, job=make_job(zone="Europe/Amsterdam")))


@pytest.fixture
def ask(interview):
    return ask_of(interview)


@pytest.fixture
def page(client, ask):
    return Page(client, ask)


class Page:
    """A browser with the page of `ask` open; `seen` is what its last whole page carried."""

    def __init__(self, client, ask):
        self.client, self.ask = client, ask
        self.competencies = list(ask.application.plan.competencies.order_by("pk"))
        self.response = open_link(client, ask)
        self.seen = self.response.context["form"]["seen"].value()

    def fields(self, *scores, evidence="Told of a real case.", **fields):
        typed = {"seen": self.seen, "recommendation": "yes", "summary": "Warm."}
        for number, competency in enumerate(self.competencies):
            score = scores[number] if number < len(scores) else ""
            typed |= {f"score_{competency.pk}": score, f"evidence_{competency.pk}": evidence if score else ""}
        return typed | fields

    def evidence(self, text, number=0):
        return {f"evidence_{self.competencies[number].pk}": text}

    def post(self, action, fields):
        if action == "lock":  # what a test does not speak of was not seen
            fields = {name: value or (name.startswith("score_") and "not_seen") or "" for name, value in fields.items()}
        self.response = self.client.post(self.ask.get_absolute_url(), fields | {"action": action})
        if self.response.status_code == 200 and self.response.context.get("form"):
            self.seen = self.response.context["form"]["seen"].value()
        return self.response

    @property
    def errors(self):
        return dict(self.response.context["form"].errors)

    @property
    def text(self):
        return self.response.content.decode()


def card_of(ask):
    return Scorecard.objects.get(ask=ask)


def kept(ask):
    """The rows with a score or words; what was not seen is neither."""
    return list(
        Rating.objects.filter(scorecard__ask=ask, not_seen=False)
        .order_by("competency")
        .values_list("score", "evidence")
    )


def status_of(response):
    return response.status_code, response.templates[0].name


# What it shows


def test_the_whole_page_speaks_the_language_of_its_reader(client, ask):
    ask.language = "de"
    ask.save(update_fields=["language"])
    words = Page(client, ask).response.content.decode()
    assert "<h1>Gespräch mit Cara Candidate</h1>" in words
    assert "Do, 10. Jan. 2030, 10:00</time> (Europe/Amsterdam), 45 Minuten" in words
    assert "klares Ja" in words


def test_it_says_who_when_and_where_in_the_readers_zone(page):
    assert "Cara Candidate, for Support specialist" in page.text
    assert "Thu 10 Jan 2030, 10:00</time> (Europe/Amsterdam), 45 minutes" in page.text
    assert "Room 1" in page.text


def test_the_kit_has_a_question_and_five_anchors_for_every_competency(client, ask):
    make_question("Somebody upset", ("Empathy",))
    page = Page(client, ask)
    assert page.text.count("about 17 minutes") == 2
    assert "Somebody upset: tell me about a time when you helped somebody." in page.text
    assert "What empathy looks like" in page.text
    assert [f"Empathy, level {level}" in page.text for level in range(1, 6)] == [True] * 5


def test_a_competency_of_the_teams_own_has_a_plain_question(client):
    plan = make_plan(("Cheese knowledge",))
    interview = make_interview(make_application(Stage.SCREENING, job=make_job(plan=plan)))
    assert "or when you met it as a customer: Cheese knowledge" in Page(client, ask_of(interview)).text


def test_it_shows_nothing_of_what_others_thought(interview, ask, client):
    application = interview.application
    make_locked_card(application, {"Empathy": 5}, kind=Scorecard.Kind.PHONE, name="Pia Phone")
    ivan = ask_of(interview, IVAN).scorecard
    answers = make_answers(ivan, 1, summary="Secretly rude", recommendation="strong_no")
    actions.submit_scorecard(ivan, answers, at=NOW, by=Actor.outsider("Ivan"))
    text = Page(client, ask).text
    assert [word in text for word in ("Secretly", "Pia", "Ivan", "Told of a real case", "Seen.")] == [False] * 5


def test_it_shows_what_its_own_rater_wrote(page, ask):
    page.post("save", page.fields(4, evidence="Named the worry"))
    assert "Named the worry" in open_link(page.client, ask).content.decode()


def test_what_a_candidate_or_rater_types_is_never_markup(client):  # V7
    candidate = make_candidate(name="<script>alert(1)</script>")
    interview = make_interview(
        make_application(Stage.SCREENING, candidate=candidate), place="<img src=x onerror=alert(2)>"
    )
    page = Page(client, ask_of(interview))
    page.post("save", page.fields(4, evidence="</textarea><script>alert(3)</script>"))
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_it_writes_nothing(page, ask, method):
    page.post("save", page.fields(4))
    models = (Ask, Event, Rating, Scorecard)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    assert getattr(page.client, method)(ask.get_absolute_url()).status_code == 200
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_the_number_of_queries_does_not_grow_with_the_plan(client, django_assert_max_num_queries):
    counts = []
    for names in (("Empathy",), tuple(f"Trait {number}" for number in range(5))):
        job = make_job(plan=make_plan(names))
        page = Page(client, ask_of(make_interview(make_application(Stage.SCREENING, job=job))))
        page.post("save", page.fields(*[4] * len(names)))
        with django_assert_max_num_queries(10) as captured:
            client.get(page.ask.get_absolute_url())
        counts.append(len(captured))
    assert counts[0] == counts[1]


# Who comes in: the gate has its own tests; here is that this page stands behind it


def test_a_stranger_is_told_that_the_link_is_unknown(ask, client):
    assert status_of(client.get(ask.get_absolute_url())) == (404, "asks/unknown.html")


def test_the_other_interviewers_link_does_not_open_it(interview, ask, client):  # V28
    client.cookies[asks.COOKIE] = open_link(client, ask_of(interview, IVAN)).client.cookies[asks.COOKIE].value
    assert status_of(client.get(ask.get_absolute_url())) == (404, "asks/unknown.html")


@pytest.mark.parametrize("action", ["save", "autosave", "lock", ""])
@pytest.mark.parametrize("state", ["answered", "cancelled", "expired"])
def test_a_page_whose_time_is_over_takes_nothing(page, ask, clock, action, state):
    if state == "answered":
        page.post("lock", page.fields(4))
    elif state == "cancelled":
        move(ask.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user()))
    else:
        clock.move_to(ask.expires_at, tick=False)
    before = kept(ask)
    response = page.post(action, page.fields(1, 1, evidence="Later"))
    assert status_of(response) == (410, f"asks/{state}.html")
    assert kept(ask) == before


def test_an_interviewer_with_an_account_needs_no_link(client):
    user = make_user("Ida Interviewer", email="ida@example.org", is_staff=True)
    ask = ask_of(make_interview())
    client.force_login(user)
    assert status_of(client.get(ask.get_absolute_url())) == (200, "interviews/scorecard.html")


# Drafts


def test_a_draft_may_lack_anything(page, ask):
    page.post("save", page.fields(recommendation="", summary="", **page.evidence("Liste")))
    assert page.errors == {}
    assert kept(ask) == [(None, "Liste")]
    assert card_of(ask).saved_at == NOW + timedelta(days=4, hours=5, minutes=3)
    assert "Saved 15:03" in page.text


def test_what_was_never_touched_is_no_row(page, ask):
    page.post("save", page.fields())
    assert kept(ask) == []


def test_a_score_that_is_taken_back_is_not_seen(page, ask):
    page.post("save", page.fields(4, evidence="Heard it"))
    page.post("save", page.fields("", **page.evidence("")))
    assert kept(ask) == [(None, "")]


def test_autosave_keeps_the_draft_and_answers_with_a_line(page, ask):
    response = page.post("autosave", page.fields(3))
    assert status_of(response) == (200, "judging/autosaved.html")
    assert kept(ask) == [(3, "Told of a real case.")]
    assert "Saved 15:03" in page.text
    assert "<form" not in page.text


def test_autosave_hands_on_which_draft_it_kept(page, ask, clock):
    page.post("autosave", page.fields(3, evidence="First"))
    clock.shift(60)
    page.post("autosave", page.fields(3, evidence="Second"))
    assert kept(ask) == [(3, "Second")]
    assert f'name="seen" id="id_seen" value="{card_of(ask).saved_at.isoformat()}" hx-swap-oob="true"' in page.text


def test_enter_in_a_field_saves_and_does_not_lock(page):
    first = page.text[page.text.index('<form method="post"') :].split("<button", 2)[1]
    assert 'value="save"' in first


@pytest.mark.parametrize("action", ["", "delete", "LOCK", "\x00"])
def test_an_unknown_action_keeps_the_draft_and_locks_nothing(page, ask, action):
    assert page.post(action, page.fields(4)).status_code == 200
    assert card_of(ask).locked_at is None
    assert kept(ask) == [(4, "Told of a real case.")]


# What is invalid


@pytest.mark.parametrize("score", ["0", "6", "-1", "3.5", "abc", "٣", "1e0", "4" * 50, "\x00"])
@pytest.mark.parametrize("action", ["save", "autosave", "lock"])
def test_a_score_off_the_scale_is_a_message_and_keeps_the_kept_one(page, ask, score, action):
    page.post("save", page.fields(4, evidence="Kept"))
    response = page.post(action, page.fields(score, evidence="New"))
    assert response.status_code == 200
    if action != "autosave":
        assert page.errors[f"score_{page.competencies[0].pk}"] == ["Choose a score from 1 to 5, or “Not seen”."]
    assert kept(ask) == [(4, "New")]


def test_an_invalid_field_leaves_the_kept_draft_as_it_is(page, ask):
    page.post("save", page.fields(4, summary="Kept", evidence="Kept too"))
    page.post("save", page.fields(5, summary=MEGABYTE, recommendation="perhaps", evidence="New"))
    card = card_of(ask)
    assert (card.summary, card.recommendation) == ("Kept", "yes")
    assert kept(ask) == [(5, "New")]


def test_a_megabyte_of_notes_is_a_message_and_the_text_stays_on_the_page(page, ask):
    response = page.post("lock", page.fields(4, evidence=MEGABYTE))
    assert response.status_code == 200
    assert "at most 20000 characters" in page.errors[f"evidence_{page.competencies[0].pk}"][0]
    assert MEGABYTE in page.text
    assert card_of(ask).locked_at is None


def test_a_megabyte_of_notes_by_autosave_says_that_it_was_not_saved(page):
    page.post("autosave", page.fields(4, evidence=MEGABYTE))
    assert "Not all of this could be saved." in page.text
    assert len(page.text) < 1000


def test_more_than_the_server_reads_is_refused_without_a_crash(page):
    assert page.post("save", page.fields(4, evidence="ü" * 1_500_000)).status_code == 400


@pytest.mark.parametrize(
    "garbage",
    [
        {},
        {"score_": "1", "score_abc": "2", "evidence_999999": "x"},
        {"seen": "\x00", "recommendation": "\x00", "summary": "\x00"},
        {"seen": "x" * 100_000, "recommendation": ["a", "b"]},
    ],
)
@pytest.mark.parametrize("action", ["", "save", "autosave", "lock"])
def test_garbage_is_no_crash_and_wipes_nothing(page, ask, garbage, action):
    page.post("save", page.fields(4, evidence="Kept"))
    assert page.post(action, garbage).status_code == 200
    assert kept(ask) == [(4, "Kept")]
    assert card_of(ask).summary == "Warm."


# Locking


def test_a_lock_thanks_and_counts(page, ask):
    response = page.post("lock", page.fields(4, 3))
    assert status_of(response) == (200, "judging/thanks.html")
    card = card_of(ask)
    assert (card.is_locked, card.recommendation, card.summary) == (True, "yes", "Warm.")
    assert kept(ask) == [(4, "Told of a real case."), (3, "Told of a real case.")]


@pytest.mark.parametrize(
    ("scores", "fields", "message"),
    [
        ((4,), {"recommendation": ""}, "Choose one before you lock."),
        ((), {}, "Rate at least one competency before you lock."),
        ((1,), {"evidence": ""}, "A 1, 2 or 5 needs the evidence in words."),
        ((2,), {"evidence": " \n "}, "A 1, 2 or 5 needs the evidence in words."),
        ((5,), {"evidence": ""}, "A 1, 2 or 5 needs the evidence in words."),
    ],
)
def test_a_lock_that_lacks_something_says_what_and_keeps_what_was_typed(page, ask, scores, fields, message):
    page.post("lock", page.fields(*scores, summary="Typed before the lock", **fields))
    assert [message] in page.errors.values()
    assert "Typed before the lock" in page.text
    card = card_of(ask)
    assert (card.is_locked, card.summary) == (False, "Typed before the lock")


@pytest.mark.parametrize("action", ["save", "autosave", "lock"])
def test_a_recommendation_that_is_none_of_the_four_is_no_crash(page, ask, action):
    assert page.post(action, page.fields(4, recommendation="perhaps")).status_code == 200
    assert (card_of(ask).recommendation, kept(ask)) == ("", [(4, "Told of a real case.")])


def test_a_lock_of_an_invalid_score_and_nothing_kept_is_a_message(page, ask):
    page.post("lock", page.fields("6", evidence=""))
    assert page.errors[f"score_{page.competencies[0].pk}"]
    assert kept(ask) == []


@pytest.mark.parametrize("score", [3, 4])
def test_a_middling_score_needs_no_evidence(page, ask, score):
    page.post("lock", page.fields(score, evidence=""))
    assert card_of(ask).is_locked


def test_locking_twice_is_one_answer(page, ask):
    page.post("lock", page.fields(4))
    response = page.post("lock", page.fields(1))
    assert status_of(response) == (410, "asks/answered.html")
    assert kept(ask) == [(4, "Told of a real case.")]
    assert Event.objects.filter(name="scorecard.locked").count() == 1


def test_the_mailed_link_shows_the_locked_card_after_the_lock(page, ask):
    page.post("lock", page.fields(4))
    page.client.cookies.clear()
    assert status_of(open_link(page.client, ask)) == (200, "interviews/locked.html")


def test_the_event_names_who_locked(page):
    page.post("lock", page.fields(4))
    event = Event.objects.get(name="scorecard.locked")
    assert (event.by_kind, event.by_name) == ("outsider", "Ida Interviewer")


# Two windows of one rater (F29)


@pytest.fixture
def windows(client, ask, clock):
    """The same page twice, opened before anything was typed; a minute passes between any two saves."""
    return Window(client, ask, clock), Window(client, ask, clock)


class Window(Page):
    def __init__(self, client, ask, clock):
        super().__init__(client, ask)
        self.clock = clock

    def post(self, action, fields):
        self.clock.shift(60)
        return super().post(action, fields)


def test_what_one_window_leaves_empty_does_not_wipe_what_the_other_wrote(windows, ask):
    first, second = windows
    first.post("save", first.fields(4, evidence="From the first"))
    second.post("save", second.fields("", 3, evidence="From the second"))
    assert kept(ask) == [(4, "From the first"), (3, "From the second")]


def test_two_texts_in_one_box_are_both_shown_and_neither_is_lost(windows, ask):
    first, second = windows
    first.post("save", first.fields(4, evidence="From the first"))
    second.post("save", second.fields(4, evidence="From the second"))
    assert kept(ask) == [(4, "From the first")]
    assert "You wrote something else here in another window: “From the first”." in second.text
    assert ">\nFrom the second</textarea>" in second.text


def test_a_rater_who_has_seen_both_texts_decides(windows, ask):
    first, second = windows
    first.post("save", first.fields(4, evidence="From the first"))
    second.post("save", second.fields(4, evidence="From the second"))
    second.post("save", second.fields(4, evidence="Both together"))
    assert (second.errors, kept(ask)) == ({}, [(4, "Both together")])


def test_two_texts_in_one_box_are_not_locked_unseen(windows, ask):
    first, second = windows
    first.post("save", first.fields(4, evidence="From the first"))
    second.post("lock", second.fields(4, evidence="From the second"))
    assert not card_of(ask).is_locked
    second.post("lock", second.fields(4, evidence="Both together"))
    assert card_of(ask).is_locked


def test_autosave_does_not_settle_two_texts_by_itself(windows, ask):
    first, second = windows
    first.post("autosave", first.fields(4, evidence="From the first"))
    for text in ("From the s", "From the second"):
        second.post("autosave", second.fields(4, evidence=text) | {"seen": ""})
        assert "You also wrote in another window." in second.text
        assert "id_seen" not in second.text
    assert kept(ask) == [(4, "From the first")]


def test_text_that_goes_on_from_the_kept_one_is_no_second_text(windows, ask):
    """A save that was cut off on its way back leaves the page with an old `seen`."""
    first, _second = windows
    first.post("autosave", first.fields(4, evidence="Listened"))
    first.post("autosave", first.fields(4, evidence="Listened and asked") | {"seen": ""})
    assert kept(ask) == [(4, "Listened and asked")]


def test_in_one_window_a_text_may_be_emptied(page, ask, clock):
    page.post("save", page.fields(4, evidence="Too harsh"))
    clock.shift(60)
    page.post("save", page.fields(4, evidence=""))
    assert kept(ask) == [(4, "")]
