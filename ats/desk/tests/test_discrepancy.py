"""Where referees, interviews and the candidate's own view differ."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk import discrepancy, evidence
from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_application, make_competency, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging import firewall, revisions
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import Ask, Scorecard, Stage
from candidates.people.actors import Actor
from references.models import SelfView
from references.questionnaires import wording
from references.questionnaires.builders import make_questionnaire

pytestmark = pytest.mark.django_db
Kind = Scorecard.Kind
PLAN = ("Empathy", "Patience", "Cooperation")


@pytest.fixture
def application():
    return make_application(Stage.TRIAL, job=make_job(plan=make_plan(PLAN)))


@pytest.fixture
def questionnaire():
    """Customers tell about Empathy and Patience, the team about Cooperation, reliability about nothing of the plan."""
    made = make_questionnaire(("customers", "team", "reliability"), languages=("en", "de"))
    about = {"customers": ("Empathy", "Patience"), "team": ("Cooperation",), "reliability": ("Organisation",)}
    for criterion in made.criteria.all():
        criterion.competencies.set(make_competency(name) for name in about[criterion.key])
    return made


def refer(application, questionnaire, scores, *, name="Nora Former", language="en"):
    """A locked reference with `scores` by criterion."""
    card = make_card(
        application,
        Kind.REFERENCE,
        name=name,
        email=f"{name[:4].lower()}@former.example",
        role=Ask.Role.REFEREE,
        words=wording.of(questionnaire, language),
    )
    told = [Score(criterion=key, score=score, evidence="Saw it.") for key, score in scores.items()]
    judging.lock(card, Answers(told), at=NOW, by=Actor.outsider(name))
    return card


def say_of_self(application, criterion, score, *names):
    keys = [make_competency(name).pk for name in names]
    return SelfView.objects.create(application=application, criterion=criterion, competencies=keys, score=score, at=NOW)


def found(application, reader=None):
    gathered = evidence.gather(application, at=NOW, reader=reader or make_user("Rita Recruiter"))
    return discrepancy.of(application, gathered)


def lines(application):
    return {line.name: {side.source: (side.told, side.n) for side in line.sides} for line in found(application).lines}


def test_referees_stand_beside_interviews_under_each_competency_that_their_criterion_tells_about(
    application, questionnaire
):
    make_locked_card(application, {"Empathy": 2, "Patience": 4, "Cooperation": 3})
    refer(application, questionnaire, {"customers": 4, "team": 5})
    refer(application, questionnaire, {"customers": 5, "team": None}, name="Leo Lead")
    assert lines(application) == {
        "Empathy": {"referees": ("4.5", 2), "interviews": ("2.0", 1)},
        "Cooperation": {"referees": ("5.0", 1), "interviews": ("3.0", 1)},
        "Patience": {"referees": ("4.5", 2), "interviews": ("4.0", 1)},
    }


def test_the_widest_gap_stands_first_and_says_between_whom(application, questionnaire):
    make_locked_card(application, {"Empathy": 4, "Patience": 1, "Cooperation": 3})
    refer(application, questionnaire, {"customers": 4, "team": 5})
    told = [(line.name, line.apart, line.told) for line in found(application).lines]
    assert told == [
        ("Patience", Decimal(3), "3.0 apart: Referees above Interviews"),
        ("Cooperation", Decimal(2), "2.0 apart: Referees above Interviews"),
        ("Empathy", Decimal(0), "they agree"),
    ]


def test_a_referee_who_was_asked_twice_about_one_competency_counts_once(application, questionnaire):
    questionnaire.criteria.get(key="team").competencies.add(make_competency("Empathy"))
    refer(application, questionnaire, {"customers": 5, "team": 2})
    assert lines(application)["Empathy"] == {"referees": ("3.5", 1)}


def test_a_criterion_that_tells_about_nothing_of_the_plan_has_a_line_of_its_own(application, questionnaire):
    refer(application, questionnaire, {"reliability": 2})
    say_of_self(application, "reliability", 5, "Organisation")
    assert lines(application) == {"Reliability (en)": {"referees": ("2.0", 1), "own": ("5.0", 1)}}


def test_referees_of_two_languages_stand_on_one_line(application, questionnaire):
    refer(application, questionnaire, {"reliability": 2})
    refer(application, questionnaire, {"reliability": 4}, name="Leo Lead", language="de")
    assert lines(application) == {"Reliability (en)": {"referees": ("3.0", 2)}}


def test_a_reference_from_before_words_were_kept_has_lines_by_what_we_shipped(application):
    refer(application, None, {"teamwork": 2})
    card = Scorecard.objects.get(kind=Kind.REFERENCE)
    assert card.wording.content["criteria"][1]["name"] == "Teamwork"
    assert lines(application) == {"Teamwork": {"referees": ("2.0", 1)}}


def test_what_the_candidate_says_when_naming_referees_and_at_check_ins_is_one_mean(application, questionnaire):
    say_of_self(application, "customers", 5, "Empathy", "Patience")
    refer(application, questionnaire, {"customers": 3})
    make_locked_card(application, {"Empathy": 4}, kind=Kind.CHECK_IN, role=Ask.Role.CANDIDATE, email="c@example.org")
    assert lines(application)["Empathy"] == {"referees": ("3.0", 1), "own": ("4.5", 2)}
    assert lines(application)["Patience"] == {"referees": ("3.0", 1), "own": ("5.0", 1)}


def test_check_ins_of_the_lead_and_letters_are_no_interviews(application, questionnaire):
    refer(application, questionnaire, {"customers": 3})
    make_locked_card(application, {"Empathy": 5}, kind=Kind.CHECK_IN, role=Ask.Role.MANAGER, email="m@example.org")
    make_locked_card(application, {"Empathy": 5}, kind=Kind.LETTER, email="l@example.org")
    assert lines(application)["Empathy"] == {"referees": ("3.0", 1)}


@pytest.mark.parametrize("kind", [Kind.PHONE, Kind.INTERVIEW, Kind.EXERCISE])
def test_phone_screens_interviews_and_written_work_are_interviews(application, questionnaire, kind):
    refer(application, questionnaire, {"customers": 3})
    make_locked_card(application, {"Empathy": 5}, kind=kind)
    assert lines(application)["Empathy"]["interviews"] == ("5.0", 1)


def test_a_revision_made_blind_counts_in_place_of_what_it_revises(application, questionnaire):
    card = make_locked_card(application, {"Empathy": 1, "Patience": 2})
    waiting = make_card(application, email="ivan@example.org")
    key = make_competency("Empathy").pk
    by = Actor.outsider(card.rater_name)
    revised = Answers([Score(competency=key, score=5, evidence="Heard it again.")], "yes")
    revisions.revise(card, revised, reason="I mixed two people up.", at=NOW, by=by)
    judging.lock(waiting, Answers([Score(competency=key, score=3, evidence="Seen.")], "yes"), at=NOW, by=by)
    refer(application, questionnaire, {"customers": 3})
    assert lines(application)["Empathy"]["interviews"] == ("4.0", 2)


def test_nothing_is_told_while_a_rating_is_owed(application, questionnaire):
    refer(application, questionnaire, {"customers": 3})
    make_card(application, email="ivan@example.org")
    assert found(application) is None


def test_who_owes_a_rating_is_told_nothing_after_an_override(application, questionnaire):
    refer(application, questionnaire, {"customers": 3})
    ivan = make_user("Ivan Interviewer")
    make_card(application, user=ivan, email=ivan.email, at=NOW - timedelta(hours=1))
    firewall.override(application, reason="It is urgent.", at=NOW, by=Actor.person(make_user()))
    assert found(application) is not None
    assert found(application, reader=ivan) is None


@pytest.mark.parametrize("stage", [Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEWS])
def test_before_the_references_the_database_is_asked_nothing(stage):
    application = make_application(stage)
    gathered = evidence.gather(application, at=NOW, reader=make_user())
    with CaptureQueriesContext(connection) as asked:
        assert discrepancy.of(application, gathered) is None
    assert len(asked) == 0


def test_the_panel_costs_one_query_however_many_referees_there_are(application, questionnaire):
    for number in range(6):
        refer(application, questionnaire, {"customers": 3, "team": 4}, name=f"R{number} Referee")
    gathered = evidence.gather(application, at=NOW, reader=make_user())
    panel = Template("{% load discrepancy %}{% discrepancy_panel application evidence %}")
    with CaptureQueriesContext(connection) as asked:
        assert "Empathy" in panel.render(Context({"application": application, "evidence": gathered}))
    assert len(asked) == 1


def test_without_references_and_own_views_there_is_no_panel(application):
    make_locked_card(application, {"Empathy": 3})
    assert found(application) is None


def test_the_page_of_the_application_shows_charts_with_their_table_and_says_what_does_not_count(
    application, questionnaire, rita
):
    make_locked_card(application, {"Empathy": 2, "Patience": 3})
    refer(application, questionnaire, {"customers": 5})
    say_of_self(application, "customers", 4, "Empathy")
    url = reverse("admin:candidates_application_change", args=[application.pk])
    page = signed_in(rita).get(url).content.decode()
    for told in (
        "3.0 apart: Referees above Interviews",
        'aria-label="Referees 5.0 (1), Interviews 2.0 (1), Candidate 4.0 (1)"',
        "counts nowhere",
        "referees: Customers (en)",
        '<td data-name="Gap">3.0</td>',
    ):
        assert told in page


def test_a_judgement_on_a_criterion_is_called_as_it_was_when_the_referee_was_asked(application, questionnaire):
    refer(application, questionnaire, {"team": 2})
    questionnaire.criteria.get(key="team").words.update(name="Something else", anchors=list("abcde"))
    [card] = evidence.gather(application, at=NOW, reader=make_user()).cards
    assert [(one.name, one.anchor) for one in card.ratings] == [("Team (en)", "Team (en), level 2")]


def test_the_composite_counts_no_reference_and_no_own_view(application, questionnaire):
    make_locked_card(application, {"Empathy": 2})
    before = evidence.gather(application, at=NOW, reader=make_user()).composite.score
    refer(application, questionnaire, {"customers": 5})
    say_of_self(application, "customers", 5, "Empathy")
    assert evidence.gather(application, at=NOW, reader=make_user()).composite.score == before
