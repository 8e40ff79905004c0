"""Questionnaires for referees in the desk: criteria, words in several languages, what uses them, the preview."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from candidates.builders import make_competency, make_job, make_plan
from references.models import Criterion, CriterionWords, Questionnaire
from references.questionnaires import wording
from references.questionnaires.builders import make_questionnaire, make_reference_plan

pytestmark = pytest.mark.django_db
ANCHORS = {f"anchors_{number}": f"Level {number + 1}" for number in range(5)}


def address(name, *arguments):
    return reverse(f"admin:references_{name}", args=arguments)


def text(page):
    return page.content.decode()


def inline(prefix, *rows, known=0):
    told = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known}
    for number, row in enumerate(rows):
        told |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return told


def words(**fields):
    told = {"language": "en", "name": "Care", "meaning": "Takes care.", "example": "One time when they took care"}
    return told | ANCHORS | fields


def test_a_recruiter_makes_a_questionnaire_and_writes_what_its_criterion_means(desk):
    competency = make_competency("Empathy")
    row = {"key": "care", "position": 0, "competencies": [competency.pk]}
    fields = {"name": "For kind people", "minutes": 5} | inline("criteria", row)
    page = desk.post(address("questionnaire_add"), fields, follow=True)
    assert "nobody is asked about: care" in text(page)
    criterion = Criterion.objects.get()
    changed = {"key": "care", "position": 0, "competencies": [competency.pk]} | inline("words", words())
    answer = desk.post(address("criterion_change", criterion.pk), changed)
    assert answer.url == address("questionnaire_change", criterion.questionnaire_id)
    [told] = wording.of(criterion.questionnaire, "en")["criteria"]
    assert (told["name"], told["competencies"], told["anchors"][4]) == ("Care", [competency.pk], "Level 5")


@pytest.mark.parametrize(
    ("change", "box"),
    [
        ({"anchors_2": ""}, "anchors"),
        ({"anchors_2": "x" * 301}, "anchors"),
        ({"name": "a\0b"}, "name"),
        ({"language": "klingon"}, "language"),
        ({"example": ""}, "example"),
    ],
)
def test_words_that_lack_something_are_refused_beside_their_box(desk, change, box):
    criterion = make_questionnaire(("care",), languages=()).criteria.get()
    fields = {"key": "care", "position": 0} | inline("words", words(**change))
    page = desk.post(address("criterion_change", criterion.pk), fields)
    [inlines] = page.context["inline_admin_formsets"]
    assert list(inlines.formset.forms[0].errors) == [box]
    assert "Level 5" in text(page)
    assert not CriterionWords.objects.exists()


def test_the_same_language_twice_is_refused_in_words(desk):
    criterion = make_questionnaire(("care",), languages=()).criteria.get()
    fields = {"key": "care", "position": 0} | inline("words", words(), words())
    assert "correct the duplicate data" in text(desk.post(address("criterion_change", criterion.pk), fields))


def test_a_questionnaire_in_use_names_plans_and_jobs_and_is_retired_not_deleted(desk, stranger):
    questionnaire = make_questionnaire()
    mine, theirs = make_plan(name="Template"), make_plan(name="Hidden")
    for plan in (mine, theirs):
        make_reference_plan(plan, questionnaire=questionnaire)
    make_job("My job", plan=mine)
    make_job("Her secret job", plan=theirs, recruiters=[stranger])
    page = text(desk.get(address("questionnaire_change", questionnaire.pk)))
    for told in ("Template v1", "My job", "1 job of colleagues"):
        assert told in page
    assert "Her secret job" not in page
    assert desk.get(address("questionnaire_delete", questionnaire.pk)).status_code == 403


def test_a_questionnaire_that_nobody_uses_can_be_deleted(desk):
    questionnaire = make_questionnaire()
    assert desk.post(address("questionnaire_delete", questionnaire.pk), {"post": "yes"}).status_code == 302
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize(("language", "told"), [("en", "Care (en)"), ("de", "Care (de)"), ("xx", "Care (en)")])
def test_the_preview_shows_what_a_referee_reads_in_a_language(desk, language, told):
    questionnaire = make_questionnaire(("care",), languages=("en", "de"))
    page = text(desk.get(address("questionnaire_preview", questionnaire.pk), {"language": language}))
    assert told in page
    assert f"{told}, level 5" in page


def test_managers_and_strangers_neither_edit_nor_preview(manager, client):
    questionnaire = make_questionnaire()
    for page in ("questionnaire_change", "questionnaire_preview"):
        assert signed_in(manager).get(address(page, questionnaire.pk)).status_code == 403
        assert client.get(address(page, questionnaire.pk)).status_code == 302


def test_an_unknown_questionnaire_has_no_preview(desk):
    assert desk.get(address("questionnaire_preview", 99_999)).status_code == 404


def test_the_page_of_a_questionnaire_costs_the_same_queries_for_two_and_eight_criteria(desk):
    counts = []
    for many in (2, 8):
        questionnaire = make_questionnaire(tuple(f"k{number}" for number in range(many)))
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address("questionnaire_change", questionnaire.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
