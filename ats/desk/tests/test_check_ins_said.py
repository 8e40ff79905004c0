"""What was said at check-ins, and how the new colleague is: on the desk for who owes nothing, and for nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from ats.desk import evidence
from candidates.builders import make_user
from trials.builders import make_trial
from trials.check_ins.actions import Own
from trials.check_ins.builders import ask_at, tell

pytestmark = pytest.mark.django_db
RITA, MAX = "Rita Recruiter", "Max Manager"


@pytest.fixture
def trial():
    return make_trial()


def all_tell(trial, *roles):
    for role in roles:
        tell(trial, 1, role, own=Own(support=2, drained=5, words="A second screen."))


def read_by(name, trial, **shift):
    at = ask_at(trial).opens_at + timedelta(**shift)
    return evidence.gather(trial.application, at=at, reader=make_user(name))


def own_view(gathered):
    return next(card.facts for card in gathered.cards if card.is_own_view and card.is_told)


def test_a_lead_who_owes_nothing_reads_what_others_said(trial):
    all_tell(trial, "candidate", "buddy", "manager")
    gathered = read_by(MAX, trial, hours=1)
    assert {card.rater for card in gathered.check_ins} == {"Cara Candidate", "Bob Buddy", MAX}
    assert ("Support", "2 of 5: I had to ask several times") in own_view(gathered)
    assert ("What would help", "A second screen.") in own_view(gathered)


@pytest.mark.parametrize("name", [RITA, MAX])
def test_while_the_lead_owes_their_own_nobody_reads_anything(trial, name):
    all_tell(trial, "candidate", "buddy")
    gathered = read_by(name, trial, hours=1)
    assert (gathered.is_open, gathered.check_ins) == (False, [])
    assert all(card.facts == () for card in gathered.cards)


def test_who_owes_the_next_one_reads_nothing_once_it_has_begun(trial):
    all_tell(trial, "candidate", "buddy", "manager")
    assert read_by(MAX, trial, days=6).is_open
    assert not read_by(MAX, trial, days=7).is_open


def test_how_they_are_stands_on_their_card_and_is_not_counted(trial):
    all_tell(trial, "candidate", "buddy", "manager")
    gathered = read_by(RITA, trial, hours=1)
    card = next(one for one in gathered.cards if one.is_own_view and one.is_told)
    page = render_to_string("desk/scorecard.html", {"card": card})
    assert "5 of 5: Every day" in page
    assert gathered.composite.score == 4


def test_own_views_cost_no_query(trial, django_assert_num_queries):
    tell(trial, 1, "candidate")
    tell(trial, 1, "buddy")
    tell(trial, 1, "manager")
    with CaptureQueriesContext(connection) as without:
        read_by(RITA, trial, hours=1)
    for role in ("candidate", "buddy", "manager"):
        tell(trial, 2, role, own=Own(stays=5))
    with django_assert_num_queries(len(without)):
        read_by(RITA, trial, hours=1)
