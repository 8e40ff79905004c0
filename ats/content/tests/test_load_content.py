"""Loading what ships."""

import pytest

from ats.content import actions, shipped
from candidates.jobs.models import Competency, HiringPlan

pytestmark = pytest.mark.django_db


def test_a_first_load_creates_every_competency_and_plan():
    loaded = actions.load()
    assert (Competency.objects.count(), HiringPlan.objects.count()) == (20, 3)
    assert len(loaded.created) == 23


def test_a_second_load_changes_nothing():
    actions.load()
    loaded = actions.load()
    assert (loaded.created, loaded.updated, loaded.edited) == ([], [], [])


def test_an_edited_competency_is_left_alone():
    actions.load()
    Competency.objects.filter(name="Patience").update(meaning="What patience means to us.")
    assert actions.load().edited == ["Patience"]
    assert Competency.objects.get(name="Patience").meaning == "What patience means to us."


def test_an_unedited_competency_of_an_earlier_release_is_brought_up_to_date(
    monkeypatch,
):
    actions.load()
    Competency.objects.filter(name="Patience").update(meaning="What an earlier release said.")
    earlier = shipped.fingerprint(shipped.ShippedCompetency.of(Competency.objects.get(name="Patience")))
    known = shipped.fingerprints() | {earlier}
    monkeypatch.setattr(shipped, "fingerprints", lambda: known)
    assert actions.load().updated == ["Patience"]
    assert "friendly" in Competency.objects.get(name="Patience").meaning


def test_a_plan_with_another_weight_is_left_alone():
    actions.load()
    plan = HiringPlan.objects.get(name="Phone support")
    plan.weights.filter(competency__name="Empathy").update(weight=1)
    assert actions.load().edited == ["Phone support"]
    assert plan.weights.get(competency__name="Empathy").weight == 1


def test_an_unedited_plan_of_an_earlier_release_is_brought_up_to_date(monkeypatch):
    actions.load()
    plan = HiringPlan.objects.get(name="Phone support")
    plan.stages.filter(stage="trial").update(days=30)
    earlier = shipped.fingerprint(shipped.ShippedPlan.of(plan))
    known = shipped.fingerprints() | {earlier}
    monkeypatch.setattr(shipped, "fingerprints", lambda: known)
    assert actions.load().updated == ["Phone support"]
    assert plan.stages.get(stage="trial").days == 3


def test_a_copy_of_a_plan_is_never_touched():
    actions.load()
    template = HiringPlan.objects.get(name="Phone support")
    copy = HiringPlan.objects.create(name=template.name, copied_from=template, trial_days=3)
    actions.load()
    copy.refresh_from_db()
    assert (copy.trial_days, copy.weights.count()) == (3, 0)
