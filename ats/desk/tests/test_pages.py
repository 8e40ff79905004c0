"""The page of one application."""

import pytest
from django.urls import reverse

from ats import pipeline
from candidates.builders import make_application
from candidates.models import Stage
from candidates.pipeline import MOVES

pytestmark = pytest.mark.django_db


def address(name, application, *args):
    return reverse(f"admin:candidates_application_{name}", args=[application.pk, *args])


@pytest.mark.parametrize("stage", Stage)
def test_a_recruiter_sees_the_page_at_every_stage(desk, stage):
    application = make_application(stage)
    page = desk.get(address("change", application))
    assert page.status_code == 200
    assert application.candidate.name in page.content.decode()
    for to in MOVES[stage]:
        assert address("move", application, to) in page.content.decode()


EVERY_BUTTON = [(stage, to) for stage, moves in MOVES.items() for to in sorted(moves)]


@pytest.mark.parametrize(("stage", "to"), EVERY_BUTTON)
def test_every_button_of_every_stage_opens_its_form(desk, stage, to):
    application = make_application(stage)
    page = desk.get(address("move", application, to))
    assert page.status_code == 200
    assert str(pipeline.step(application, to).label) in page.content.decode()
