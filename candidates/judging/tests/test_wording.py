"""The words a scorecard was rated against: kept once, whatever is edited later."""

import pytest
from django.db import IntegrityError

from candidates.builders import make_application, make_competency
from candidates.judging import wording
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import Competency, Stage, Wording

pytestmark = pytest.mark.django_db


def test_the_same_words_are_kept_once():
    first, second = (make_card(make_application(Stage.INTERVIEWS)) for _ in range(2))
    assert first.application.plan_id != second.application.plan_id
    assert (first.wording_id == second.wording_id, Wording.objects.count()) == (True, 1)


def test_a_card_keeps_the_words_it_was_asked_with():
    card = make_locked_card(make_application(Stage.INTERVIEWS), {"Empathy": 4})
    Competency.objects.filter(name="Empathy").update(name="Warmth", anchors=["a", "b", "c", "d", "e"])
    assert [trait.name for trait in wording.traits(card)] == ["Empathy", "Patience"]
    assert wording.traits(card)[0].anchors[4] == "Empathy, level 5"


def test_words_once_kept_are_never_changed():
    kept = wording.keep({"competencies": wording.described([make_competency()])})
    with pytest.raises(IntegrityError, match="stay as they were written"):
        Wording.objects.filter(pk=kept.pk).update(content={})


def test_a_locked_card_cannot_get_other_words():
    card = make_locked_card(make_application(Stage.INTERVIEWS), {"Empathy": 4})
    card.wording = wording.keep({"competencies": []})
    with pytest.raises(IntegrityError, match="a locked scorecard cannot be changed"):
        card.save(update_fields=["wording"])


def test_a_card_from_before_is_rated_on_its_plans_competencies():
    card = make_card(make_application(Stage.INTERVIEWS))
    card.wording = None
    assert [trait.name for trait in wording.traits(card)] == ["Empathy", "Patience"]
