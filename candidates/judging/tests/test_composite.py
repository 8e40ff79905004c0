"""The composite, against examples computed by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from candidates.builders import NOW, make_application, make_job, make_plan
from candidates.judging import actions, composite
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_answers, make_card, make_locked_card
from candidates.models import Ask, Competency, Revision, Stage
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db


def make(*competencies, must_have=(), line="3.50", raters=1):
    """Weights count down: of two competencies the first weighs 2, the second 1."""
    plan = make_plan(competencies, line=line, raters=raters)
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


def test_the_rule_does_not_say_go_on_while_a_competency_has_too_few_raters():
    application = make("Empathy", "Patience", raters=2)
    make_locked_card(application, {"Empathy": 5, "Patience": 5})
    make_locked_card(application, {"Empathy": 4}, email="ivan@example.org")
    result = computed(application)
    assert [(line.competency.name, line.raters) for line in result.short] == [("Patience", 1)]
    assert (result.is_over_the_line, result.passes) == (True, False)
    make_locked_card(application, {"Patience": 4}, email="ivan@example.org")
    assert computed(application).passes is True


def test_one_person_on_two_occasions_is_one_rater():
    application = make("Empathy", raters=2)
    make_locked_card(application, {"Empathy": 5})
    make_locked_card(application, {"Empathy": 3}, email="IDA@example.org")
    (line,) = computed(application).lines
    assert (line.n, line.raters, line.mean) == (2, 1, Decimal(4))


def test_the_rule_says_nothing_of_go_on_for_what_nobody_rated():
    application = make("Empathy", "Patience")
    make_locked_card(application, {"Empathy": 5})
    assert (computed(application).is_over_the_line, computed(application).passes) == (True, False)


def revise(card, *, is_blind, hours=1, **scores):
    keys = dict(Competency.objects.values_list("name", "pk"))
    rows = [{"competency": keys[name], "score": score, "evidence": "On reflection."} for name, score in scores.items()]
    Revision.objects.create(
        scorecard=card,
        at=NOW + timedelta(hours=hours),
        by_name="Ida",
        reason="Misheard.",
        scores=rows,
        is_blind=is_blind,
    )


def test_a_blind_revision_counts_in_place_of_what_it_revises():
    application = make("Empathy", "Patience")
    card = make_locked_card(application, {"Empathy": 2, "Patience": 4})
    make_locked_card(application, {"Empathy": 4})
    revise(card, is_blind=True, Empathy=3)
    # Empathy (3 + 4) / 2 weighs 2, Patience 4 weighs 1: (7 + 4) / 3 = 3.666...
    assert computed(application).score == Decimal("3.67")


def test_the_latest_blind_revision_counts():
    application = make("Empathy")
    card = make_locked_card(application, {"Empathy": 2})
    revise(card, is_blind=True, Empathy=3)
    revise(card, is_blind=True, hours=2, Empathy=5)
    assert computed(application).score == Decimal("5.00")


def test_a_revision_after_others_could_be_seen_does_not_count():
    application = make("Empathy")
    revise(make_locked_card(application, {"Empathy": 2}), is_blind=False, Empathy=5)
    assert computed(application).score == Decimal("2.00")


def test_a_blind_revision_may_take_a_score_back():
    application = make("Empathy", "Patience")
    card = make_locked_card(application, {"Empathy": 2, "Patience": 4})
    revise(card, is_blind=True, Empathy=None)
    assert computed(application).score == Decimal("4.00")


def test_what_the_candidate_revises_does_not_count_either():
    application = make("Empathy")
    make_locked_card(application, {"Empathy": 2})
    revise(make_locked_card(application, {"Empathy": 4}, role=Ask.Role.CANDIDATE), is_blind=True, Empathy=5)
    assert computed(application).score == Decimal("2.00")


def test_the_widest_disagreement_comes_first_and_of_equals_the_heavier():
    application = make("Empathy", "Patience", "Communication")
    make_locked_card(application, {"Empathy": 4, "Patience": 2, "Communication": 1})
    make_locked_card(application, {"Empathy": 5, "Patience": 5, "Communication": 4})
    ordered = [(line.competency.name, line.range) for line in computed(application).by_disagreement]
    assert ordered == [("Patience", 3), ("Communication", 3), ("Empathy", 1)]


@pytest.mark.parametrize("number", [1, 20])
def test_many_composites_take_three_queries(django_assert_num_queries, number):
    applications = [make("Empathy", "Patience") for _turn in range(number)]
    for application in applications:
        make_locked_card(application, {"Empathy": 4, "Patience": 1})
    with django_assert_num_queries(3):
        scores = {one.score for one in composite.computed(applications).values()}
    assert scores == {Decimal("3.00")}
