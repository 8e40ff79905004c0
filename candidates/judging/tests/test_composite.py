"""The composite, against examples computed by hand."""

from decimal import Decimal

import pytest

from candidates.builders import NOW, make_application, make_job, make_plan
from candidates.judging import actions, composite
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_answers, make_card, make_locked_card
from candidates.models import Ask, Stage
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db


def make(*competencies, must_have=(), line="3.50"):
    """Weights count down: of two competencies the first weighs 2, the second 1."""
    plan = make_plan(competencies, line=line)
    plan.weights.filter(competency__name__in=must_have).update(must_have=True)
    return make_application(Stage.INTERVIEWS, job=make_job(plan=plan))


def computed(application):
    application.plan.refresh_from_db()
    return composite.compute(application)


def test_one_rating_is_its_own_composite():
    application = make("Empathy")
    make_locked_card(application, {"Empathy": 4})
    assert computed(application).score == Decimal("4.00")


def test_the_heavier_competency_counts_more():
    application = make("Empathy", "Patience")
    make_locked_card(application, {"Empathy": 5, "Patience": 2})
    assert computed(application).score == Decimal("4.00")  # (2 * 5 + 1 * 2) / 3


def test_each_competency_is_the_mean_of_its_raters_before_it_is_weighed():
    application = make("Empathy", "Patience", "Communication")
    make_locked_card(application, {"Empathy": 5, "Patience": 4, "Communication": 2})
    make_locked_card(application, {"Empathy": 2, "Communication": 3})
    make_locked_card(application, {"Empathy": 3})
    # Empathy 10/3 weighs 3, Patience 4 weighs 2, Communication 5/2 weighs 1: (10 + 8 + 2.5) / 6 = 3.41666...
    assert computed(application).score == Decimal("3.42")


def test_half_a_hundredth_is_rounded_up():
    application = make("Empathy")
    for score in (3, 3, 3, 3, 3, 3, 3, 4):
        make_locked_card(application, {"Empathy": score})
    assert computed(application).score == Decimal("3.13")  # 25/8 = 3.125


def test_a_competency_that_nobody_rated_does_not_count():
    application = make("Empathy", "Patience")
    make_locked_card(application, {"Patience": 4})
    result = computed(application)
    assert result.score == Decimal("4.00")
    assert [(line.competency.name, line.mean, line.n) for line in result.lines] == [
        ("Empathy", None, 0),
        ("Patience", Decimal(4), 1),
    ]


def test_not_seen_is_no_rating():
    application = make("Empathy", "Patience")
    make_locked_card(application, {"Empathy": None, "Patience": 2})
    assert computed(application).score == Decimal("2.00")


def test_without_a_rating_there_is_no_composite_and_no_pass():
    result = computed(make("Empathy"))
    assert (result.score, result.passes) == (None, False)


def test_a_line_tells_the_spread_and_the_number_of_ratings():
    application = make("Empathy")
    for score in (5, 2, 3):
        make_locked_card(application, {"Empathy": score})
    (line,) = computed(application).lines
    assert (line.lowest, line.highest, line.n) == (2, 5, 3)


def test_a_draft_does_not_count():
    application = make("Empathy")
    make_locked_card(application, {"Empathy": 2})
    card = make_card(application)
    actions.save_draft(card, make_answers(card, 5), at=NOW)
    assert computed(application).score == Decimal("2.00")


def test_what_candidates_say_of_themselves_does_not_count():
    application = make("Empathy")
    make_locked_card(application, {"Empathy": 2}, role=Ask.Role.BUDDY)
    make_locked_card(application, {"Empathy": 5}, role=Ask.Role.CANDIDATE)
    assert computed(application).score == Decimal("2.00")


def test_what_referees_said_on_a_criterion_does_not_count():
    application = make("Empathy")
    make_locked_card(application, {"Empathy": 2})
    card = make_card(application)
    answers = Answers([Score(criterion="would_hire_again", score=5)])
    actions.lock(card, answers, at=NOW, by=Actor.outsider("Rolf"))
    assert computed(application).score == Decimal("2.00")


def test_ratings_of_another_application_do_not_count():
    application = make("Empathy")
    make_locked_card(application, {"Empathy": 2})
    make_locked_card(make("Empathy"), {"Empathy": 5})
    assert computed(application).score == Decimal("2.00")


@pytest.mark.parametrize(("scores", "passes"), [((3, 4), True), ((3, 3), False)])
def test_the_line_is_reached_at_the_line(scores, passes):
    application = make("Empathy", line="3.50")
    for score in scores:
        make_locked_card(application, {"Empathy": score})
    assert computed(application).passes is passes


@pytest.mark.parametrize(
    ("scores", "missed"), [((3, 3), []), ((2, 3), ["Patience"]), ((2, 5), []), ((None,), ["Patience"])]
)
def test_a_must_have_is_missed_below_three_and_when_nobody_saw_it(scores, missed):
    application = make("Empathy", "Patience", must_have=["Patience"])
    for score in scores:
        make_locked_card(application, {"Empathy": 5, "Patience": score})
    result = computed(application)
    assert [line.competency.name for line in result.missed] == missed
    assert result.passes is (not missed)


def test_a_missed_must_have_ends_it_whatever_the_composite():
    application = make("Empathy", "Patience", must_have=["Patience"])
    make_locked_card(application, {"Empathy": 5, "Patience": 2})
    result = computed(application)
    assert (result.score, result.passes) == (Decimal("4.00"), False)


def test_other_competencies_may_be_low():
    application = make("Empathy", "Patience")
    make_locked_card(application, {"Empathy": 5, "Patience": 2})
    assert computed(application).passes is True
