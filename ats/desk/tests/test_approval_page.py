"""The manager's last yes."""

import pytest
from django.apps import apps
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from candidates.builders import make_user
from candidates.judging.builders import make_locked_card
from candidates.models import Application, Message, Stage
from candidates.post import asks
from trials.builders import make_approval, make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def approval(rita):
    trial = make_trial()
    make_locked_card(trial.application, {"Empathy": 5, "Patience": 2})
    return make_approval(trial)


@pytest.fixture
def mona(approval):
    return signed_in(approval.approver)


def address(approval):
    return reverse("desk:approval", args=[approval.ask_id])


def stage_of(approval):
    return Application.objects.get(pk=approval.trial.application_id).stage


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def test_the_case_is_told(mona, approval):
    page = mona.get(address(approval)).content.decode()
    for told in ("Calm with every customer", "Composite", "Empathy: 5 of 5", "Patience: 2 of 5", "Approve the hire"):
        assert told in page


def test_reading_and_looking_change_nothing(mona, approval):
    before = counts()
    mona.get(address(approval))
    page = mona.post(address(approval), {"action": "approve"})
    assert "Yes, hire" in page.content.decode()
    assert [letter.address for letter in page.context["preview"].letters] == [
        approval.trial.application.candidate.email
    ]
    assert counts() == before
    assert stage_of(approval) == Stage.TRIAL
    approval.refresh_from_db()
    assert approval.decision == ""


def test_the_second_step_hires(mona, approval):
    assert mona.post(address(approval), {"action": "confirm"}).status_code == 302
    assert stage_of(approval) == Stage.HIRED
    assert Message.objects.filter(template="candidates/hired").count() == 1


def test_saying_yes_twice_hires_once(mona, approval):
    for _turn in range(2):
        mona.post(address(approval), {"action": "confirm"})
    assert Message.objects.filter(template="candidates/hired").count() == 1
    assert "You approved this" in mona.get(address(approval)).content.decode()


def test_sending_back_keeps_the_reason_and_moves_nothing(mona, approval):
    assert mona.post(address(approval), {"action": "refuse", "reason": "Too early"}).status_code == 302
    approval.refresh_from_db()
    assert (approval.decision, approval.reason) == ("refuse", "Too early")
    assert stage_of(approval) == Stage.TRIAL
    assert "You sent this back" in mona.get(address(approval)).content.decode()


def test_sending_back_needs_a_reason(mona, approval):
    page = mona.post(address(approval), {"action": "refuse", "reason": " "})
    assert page.context["form"].errors
    approval.refresh_from_db()
    assert approval.decision == ""


def test_what_is_no_longer_wanted_takes_no_answer(mona, approval):
    asks.cancel(approval.ask, at=approval.requested_at)
    page = mona.post(address(approval), {"action": "confirm"})
    assert "not needed any more" in page.content.decode()
    assert stage_of(approval) == Stage.TRIAL


@pytest.mark.parametrize("who", ["Rita Recruiter", "Max Manager", "Stella Stranger"])
def test_nobody_else_says_yes(approval, who):
    client = signed_in(make_user(who))
    assert client.get(address(approval)).status_code == 404
    assert client.post(address(approval), {"action": "confirm"}).status_code == 404
    assert stage_of(approval) == Stage.TRIAL


def test_who_is_no_manager_any_more_is_refused(mona, approval):
    approval.approver.groups.clear()
    page = mona.post(address(approval), {"action": "confirm"})
    assert "Only the manager who was asked" in page.content.decode()
    assert stage_of(approval) == Stage.TRIAL


def test_the_page_is_not_kept_by_caches(mona, approval):
    assert "no-store" in mona.get(address(approval))["Cache-Control"]
