"""The debrief: evidence side by side once all is in, the decision, and decisions against the rule later on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import LATER, signed_in
from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging import decisions, firewall
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import Competency, Decision, Revision, Stage
from candidates.people.actors import Actor
from interviews.exercises.grading.builders import GINA, GRETA, GUS, lock, make_graded
from interviews.kits import wording as kit_wording
from interviews.kits.builders import make_kit, make_question
from interviews.models import KitAnswer, StepCoding
from trials.builders import decide as give_verdict
from trials.builders import make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(rita):
    """Ida and Ivan differ on empathy by three, on patience not at all; the composite is (2 * 3.5 + 2) / 3."""
    made = make_application(Stage.INTERVIEWS, job=make_job(plan=make_plan(line="3.00")))
    make_locked_card(made, {"Empathy": 5, "Patience": 2})
    make_locked_card(made, {"Empathy": 2, "Patience": 2}, name="Ivan", email="ivan@example.org")
    return made


def address(application):
    return reverse("desk:debrief", args=[application.pk])


def page_of(client, application):
    answer = client.get(address(application))
    assert answer.status_code == 200
    return answer


def test_the_widest_disagreement_comes_first(desk, application):
    answer = page_of(desk, application)
    assert [(one.name, one.line.range) for one in answer.context["sections"]] == [("Empathy", 3), ("Patience", 0)]
    assert [one.card.rater for one in answer.context["sections"][0].said] == ["Ivan", "Ida Interviewer"]


def test_the_rule_is_told_in_words(desk, application):
    text = page_of(desk, application).content.decode()
    assert "The rule says: go on." in text
    assert "The composite is 3.00; the plan asks for 3.00: reached." in text


def test_the_chart_says_in_words_what_its_dots_show(desk, application):
    text = page_of(desk, application).content.decode()
    assert 'aria-label="Ratings from 1 to 5: 2, 5."' in text
    assert text.count('class="debrief-dot"') == 4


def test_words_are_those_that_were_rated_against(desk, application):
    Competency.objects.filter(name="Empathy").update(name="Kindness", anchors=["new"] * 5)
    text = page_of(desk, application).content.decode()
    assert "Empathy, level 5" in text
    assert page_of(desk, application).context["sections"][0].name == "Empathy"


def test_notes_and_routes_stand_with_the_competency_they_tell_about(desk, application):
    kit = make_kit(make_question("An angry customer", ("Empathy",)), make_question("A queue", ("Patience",)))
    words = kit_wording.of_kit(kit, application.plan) | {"steps": [{"number": 8, "name": "Empathised"}]}
    card = make_card(application, words=words, name="Ina", email="ina@example.org")
    KitAnswer.objects.create(scorecard=card, part=1, route="procedure", notes="Would call back.")
    StepCoding.objects.create(scorecard=card, step=8, answer="yes", quote="I am so sorry.")
    _lock(card, Empathy=4)
    empathy, patience = page_of(desk, application).context["sections"]
    (noted,) = next(one for one in empathy.said if one.card.rater == "Ina").notes
    assert (noted.title, noted.notes) == ("An angry customer", "Would call back.")
    assert all(one.card.rater != "Ina" for one in patience.said)
    assert "I am so sorry." in page_of(desk, application).content.decode()


def _lock(card, **scores):
    keys = dict(Competency.objects.values_list("name", "pk"))
    given = [Score(competency=keys[name], score=score, evidence="Seen.") for name, score in scores.items()]
    judging.lock(card, Answers(given, "yes"), at=NOW, by=Actor.outsider(card.rater_name))


@pytest.mark.parametrize(
    ("is_blind", "counted", "told"),
    [(True, 4, "Revised before others' judgements"), (False, 2, "Revised later, not counted: 4")],
)
def test_revisions_are_marked(desk, application, is_blind, counted, told):
    card = application.scorecards.get(rater_name="Ivan")
    scores = [{"competency": Competency.objects.get(name="Empathy").pk, "score": 4, "evidence": "Misheard."}]
    Revision.objects.create(
        scorecard=card, at=NOW, by_name="Ivan", reason="Misheard.", scores=scores, is_blind=is_blind
    )
    answer = page_of(desk, application)
    (ivan,) = [one for one in answer.context["sections"][0].said if one.card.rater == "Ivan"]
    assert ivan.rated.score == counted
    assert told in answer.content.decode()


def test_gradings_stand_side_by_side_and_what_differed_is_marked(desk):
    work = make_graded(make_application(Stage.INTERVIEWS), late=timedelta(minutes=3))
    for grader, scores in ((GINA, (4, 5)), (GUS, (4, 2)), (GRETA, (3, None))):
        lock(work, grader, *scores)
    answer = page_of(desk, work.application)
    (one,) = answer.context["written"]
    first, second = one.graded.sides
    assert (first[0].name, first[0].differed, second[0].differed) == ("Patience", True, False)
    assert [(grader.name, mark.score) for grader, mark in first[1]] == [
        (GINA["name"], 5), (GUS["name"], 2), (GRETA["name"], None)
    ]  # fmt: skip
    text = answer.content.decode()
    told = ("the first graders differed", "3 minutes late", "asked because two differed", "I have moved your flight")
    assert [words for words in told if words not in text] == []


def test_more_written_works_cost_no_more_queries(desk):
    application = make_application(Stage.INTERVIEWS)
    counts = []
    for _number in range(3):
        work = make_graded(application)
        lock(work, GINA, 3, 3)
        lock(work, GUS, 3, 3)
        counts.append(_queries(desk, application))
    assert counts[1] == counts[2] <= 26


def test_while_one_is_owed_it_tells_for_whom_it_waits_and_nothing_else(desk, application):
    make_card(application, name="Ina Late", email="ina@example.org")
    answer = page_of(desk, application)
    assert "Ina Late" in answer.content.decode()
    assert answer.context["evidence"].composite is None
    assert "sections" not in answer.context
    assert "Seen." not in answer.content.decode()


def test_who_owes_a_rating_reads_nothing_although_it_was_opened(manager, application):
    make_card(application, name=str(manager), email=manager.email, user=manager)
    firewall.override(application, reason="Ends today.", at=LATER, by=Actor.person(make_user()))
    assert "Seen." not in page_of(signed_in(manager), application).content.decode()


def post(client, application, **fields):
    return client.post(address(application), {"choice": "go_on", "reason": "Warm."} | fields, follow=True)


def test_a_decision_is_recorded_and_leads_to_the_next_step(desk, application):
    text = post(desk, application).content.decode()
    made = Decision.objects.get()
    assert (made.choice, made.reason, made.is_override, made.by_name) == ("go_on", "Warm.", False, "Rita Recruiter")
    assert reverse("admin:candidates_application_move", args=[application.pk, "references"]) in text


def test_the_hiring_manager_may_decide_too(manager, application):
    post(signed_in(manager), application, choice="stop")
    made = Decision.objects.get()
    assert (made.by, made.is_override) == (manager, True)


def test_another_colleague_may_not(application):
    ina = make_user("Ina Interviewer")
    asked = make_card(application, user=ina, email=ina.email).ask
    application.asks.filter(pk=asked.pk).update(cancelled_at=LATER)
    client = signed_in(ina)
    assert "Record the decision" not in page_of(client, application).content.decode()
    assert post(client, application).status_code == 403


def test_a_stranger_finds_no_page(stranger, application):
    assert signed_in(stranger).get(address(application)).status_code == 404


@pytest.mark.parametrize("fields", [{"choice": ""}, {"choice": "x"}, {"reason": " "}, {"reason": "a\x00b"}])
def test_what_is_wrong_is_told_and_what_was_typed_stays(desk, application, fields):
    answer = post(desk, application, **{"reason": "KEPT-WORDS"} | fields)
    assert answer.status_code == 200
    assert not Decision.objects.exists()
    assert answer.context["form"].errors
    assert "KEPT-WORDS" in answer.content.decode() or "reason" in fields


def test_what_was_typed_is_kept_when_somebody_was_asked_meanwhile(desk, application):
    make_card(application, name="Ina Late", email="ina@example.org")
    text = post(desk, application, reason="KEPT-WORDS").content.decode()
    assert "KEPT-WORDS" in text
    assert "Not all judgements are in" in text
    assert not Decision.objects.exists()


def test_more_scorecards_cost_no_more_queries(desk, application):
    page_of(desk, application)
    few = _queries(desk, application)
    for number in range(8):
        make_locked_card(application, {"Empathy": 3}, email=f"rater{number}@example.org")
    assert _queries(desk, application) == few <= 20


def _queries(desk, application):
    with CaptureQueriesContext(connection) as queries:
        page_of(desk, application)
    return len(queries)


def against_the_rule(choice, stage, number):
    """A decision against the rule, and where the application went after it."""
    job = make_job(plan=make_plan(("Empathy",), line="3.00"))
    made = make_application(Stage.REFERENCES, job=job, candidate=make_candidate(f"Candidate {number}"))
    make_locked_card(made, {"Empathy": 2 if choice == "go_on" else 5})
    decisions.decide(made, choice=choice, reason=f"REASON-{number}", at=LATER, by=Actor.person(make_user()))
    if stage != Stage.REFERENCES:
        pipeline.move(made, stage, at=LATER, by=Actor.person(make_user()))
    return made


def test_decisions_against_the_rule_stand_beside_what_became_of_them(desk, application):
    kept = against_the_rule("go_on", Stage.REFERENCES, 1)
    against_the_rule("go_on", Stage.REJECTED, 2)
    against_the_rule("stop", Stage.REJECTED, 3)
    give_verdict(make_trial(kept, at=LATER), at=LATER + timedelta(days=28))
    kept.asks.open().update(cancelled_at=LATER)
    text = desk.get(reverse("desk:overrides")).content.decode()
    assert "Of 2 decisions to go on although the rule said no: hired 0, ended 1." in text
    assert "Of one decision to stop although the rule said go on: hired 0, ended 1." in text
    assert "too few to conclude anything" in text
    assert [f"REASON-{number}" in text for number in (1, 2, 3)] == [True] * 3
    assert "trial: Confirm" in text


def test_a_decision_by_the_rule_is_not_among_them(desk, application):
    post(desk, application)
    assert "Nobody has decided against the rule" in desk.get(reverse("desk:overrides")).content.decode()


def test_strangers_and_who_still_owes_a_rating_read_no_override(stranger, desk, rita):
    made = against_the_rule("go_on", Stage.REFERENCES, 1)
    assert "REASON-1" in desk.get(reverse("desk:overrides")).content.decode()
    assert "REASON-1" not in signed_in(stranger).get(reverse("desk:overrides")).content.decode()
    make_card(made, user=rita, email=rita.email)
    assert "REASON-1" not in desk.get(reverse("desk:overrides")).content.decode()


def test_more_overrides_cost_no_more_queries(desk, rita):
    against_the_rule("go_on", Stage.REFERENCES, 1)
    counts = []
    for number in (2, 3, 4):
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("desk:overrides"))
        counts.append(len(queries))
        against_the_rule("stop", Stage.REJECTED, number)
    assert counts[0] == counts[1] == counts[2]
