"""A card keeps the words it was rated against, whatever becomes of the content afterwards."""

import pytest

from ats.content import actions, shipped
from ats.content.kits import ShippedKit
from ats.content.questions import ShippedQuestion
from candidates.builders import make_application, make_job
from candidates.jobs.actions import copy_plan
from candidates.jobs.models import Competency, HiringPlan
from candidates.judging import wording
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import Scorecard, Stage
from interviews.kits import wording as kit_wording
from interviews.models import Exercise, Kit, Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    actions.load()
    plan = copy_plan(HiringPlan.objects.get(name="Phone support"), version=1)
    return make_application(Stage.INTERVIEWS, job=make_job(plan=plan))


@pytest.fixture
def kit(application):
    return Kit.objects.get(name="First phone call")


@pytest.fixture
def card(application, kit):
    """A locked card, rated by the kit."""
    return make_locked_card(application, {"Empathy": 4}, words=kit_wording.of_kit(kit, application.plan))


def parts(card):
    """What the card was rated against: the texts of its questions."""
    kept = Scorecard.objects.get(pk=card.pk).wording.content
    return [part["text"] for part in kept["parts"] if part["kind"] == "question"]


def change(name, **fields):
    """An earlier release's text of a question, so that the next load brings it up to date."""
    Question.objects.filter(name=name).update(**fields)
    return Question.objects.get(name=name)


def test_a_locked_card_keeps_its_questions_when_a_team_edits_them(card):
    before = parts(card)
    change("Why support", text="Why us?")
    assert parts(card) == before
    assert "draws you" in before[0]


def test_a_locked_card_keeps_its_anchors_when_a_team_edits_them(card):
    before = wording.traits(Scorecard.objects.get(pk=card.pk))
    Competency.objects.update(meaning="Something else.", anchors=["a", "b", "c", "d", "e"])
    assert wording.traits(Scorecard.objects.get(pk=card.pk)) == before


def test_a_card_keeps_its_questions_when_a_load_brings_them_up_to_date(application, kit, monkeypatch):
    question = change("Why support", text="Why do you want this?")
    card = make_locked_card(application, {"Empathy": 4}, words=kit_wording.of_kit(kit, application.plan))
    known = shipped.fingerprints() | {shipped.fingerprint(ShippedQuestion.of(question))}
    monkeypatch.setattr(shipped, "fingerprints", lambda: known)
    assert actions.load().updated == ["Why support"]
    assert parts(card)[0] == "Why do you want this?"


def test_a_draft_keeps_its_questions_too_when_a_load_rewrites_the_kit(application, kit, monkeypatch):
    kit.parts.filter(question__name="Why support").delete()
    card = make_card(application, words=kit_wording.of_kit(kit, application.plan))
    known = shipped.fingerprints() | {shipped.fingerprint(ShippedKit.of(Kit.objects.get(pk=kit.pk)))}
    monkeypatch.setattr(shipped, "fingerprints", lambda: known)
    assert actions.load().updated == ["First phone call"]
    assert (len(parts(card)), kit.parts.count()) == (2, 6)


def test_the_next_card_gets_the_new_words(application, kit, card):
    change("Why support", text="Why us?")
    following = make_card(application, email="ivan@example.org", words=kit_wording.of_kit(kit, application.plan))
    assert parts(following)[0] == "Why us?"
    assert following.wording != card.wording


def test_a_card_for_written_work_keeps_its_rubric(application):
    exercise = Exercise.objects.get(name="Support e-mail")
    words = kit_wording.of_exercise(exercise, exercise.cases.first())
    card = make_locked_card(application, {"Empathy": 4}, kind=Scorecard.Kind.EXERCISE, words=words)
    exercise.rubric.update(anchors=["a", "b", "c", "d", "e"])
    kept = Scorecard.objects.get(pk=card.pk).wording.content
    assert kept["competencies"][0]["anchors"][0].startswith("The customer does not learn")
