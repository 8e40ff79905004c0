"""The forms of the desk's buttons about a trial."""

import pytest

from candidates.builders import NOW, make_application
from candidates.models import Stage
from trials.builders import FIRST_DAY, make_trial
from trials.offering import day_forms, standing
from trials.offering.forms import TrialForm

pytestmark = pytest.mark.django_db
BOB = {"buddy_name": "Bob Buddy", "buddy_email": "bob@rapport.test"}


@pytest.fixture
def application():
    return make_application(stage=Stage.REFERENCES)


def filled(application, **typed):
    start = {"leader": application.job.hiring_manager_id, "starts_on": "2030-01-14", "starts_until": ""}
    return TrialForm(start | BOB | typed, application=application, at=NOW)


def test_the_form_suggests_the_hiring_manager_and_next_monday(application):
    form = TrialForm(application=application, at=NOW)
    assert form.initial == {"leader": application.job.hiring_manager_id, "starts_on": FIRST_DAY}


@pytest.mark.parametrize(("way", "is_agreed"), [("offer", False), ("agreed", True), ("", False)])
def test_the_form_says_whether_they_are_asked(application, way, is_agreed):
    form = filled(application, way=way, starts_until="2030-01-21")
    assert form.is_valid()
    assert form.arguments()["is_agreed"] is is_agreed
    assert (form.arguments()["starts_until"] is None) is is_agreed


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_on": "1990-01-01"}, "starts_on"),
        ({"starts_on": "1990-01-01", "way": "agreed"}, "starts_on"),
        ({"starts_on": "2030-01-06"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_until": "2030-01-13"}, "starts_until"),
        ({"leader": "0"}, "leader"),
        ({"leader": "9" * 40}, "leader"),
        ({"buddy_email": "max.manager@rapport.test"}, "buddy_email"),
        ({"buddy_name": ""}, "buddy_name"),
        ({"buddy_name": "Bob\x00"}, "buddy_name"),
        ({"way": "by pigeon"}, "way"),
    ],
    ids=str,
)
def test_the_form_says_what_is_wrong_beside_its_field(application, wrong, field):
    assert list(filled(application, **wrong).errors) == [field]


def test_who_agreed_already_may_have_begun(application):
    assert filled(application, starts_on="2030-01-02", way="agreed").is_valid()


GARBAGE = ("\x00<script>" + "x" * 30_000, "9999-99-99", "0001-01-01", "9999-12-31", "-1", "")


@pytest.mark.parametrize(
    "form",
    [
        day_forms.MoveForm, day_forms.PauseForm, day_forms.ResumeForm, day_forms.ExtendForm, day_forms.LeaderForm,
        day_forms.BuddyForm, day_forms.ToldForm,
    ],
)  # fmt: skip
def test_garbage_is_refused_in_words(form):
    stands = standing.of(make_trial(), at=NOW)
    empty = form({}, stands=stands, at=NOW)
    names = list(empty.fields)
    for value in GARBAGE:
        bound = form(dict.fromkeys(names, value), stands=stands, at=NOW)
        assert not bound.is_valid() or form is day_forms.ToldForm
