"""The content itself."""

from ats.content import shipped
from candidates.jobs.models import Competency
from candidates.stages import OPEN

WEIGHED_MOST = {"Empathy", "Communication", "Desire to help"}


def test_every_text_has_its_line_in_the_list_of_what_shipped():
    everything = [*shipped.competencies(), *shipped.plans()]
    missing = [f"{shipped.fingerprint(one)} {one.name}" for one in everything
               if shipped.fingerprint(one) not in shipped.fingerprints()]  # fmt: skip
    assert missing == [], "append these lines to ats/content/shipped.txt and keep the old ones"


def test_all_anchors_differ():
    anchors = [anchor for one in shipped.competencies() for anchor in one.anchors]
    assert len(anchors) == len(set(anchors)) == 100


def test_every_competency_says_whether_it_can_be_trained():
    assert {one.trainable for one in shipped.competencies()} == set(Competency.Trainable.values)


def test_names_are_unique():
    names = [one.name for one in shipped.competencies()]
    assert len(names) == len(set(names))


def test_plans_name_only_competencies_that_ship():
    names = {one.name for one in shipped.competencies()}
    assert all(set(plan.weights) <= names for plan in shipped.plans())


def test_empathy_communication_and_the_desire_to_help_weigh_more_than_the_average():
    for plan in shipped.plans():
        average = sum(weight for weight, _must_have in plan.weights.values()) / len(plan.weights)
        assert all(plan.weights[name][0] > average for name in WEIGHED_MOST)


def test_plans_have_a_deadline_for_every_open_stage():
    assert all(set(plan.deadlines) == {stage.value for stage in OPEN} for plan in shipped.plans())


def test_one_plan_asks_for_references_by_itself():
    assert [plan.name for plan in shipped.plans() if plan.settings["references_by_itself"]] == ["E-mail and chat"]


def test_the_fingerprint_does_not_depend_on_the_order_of_weights():
    plan = shipped.plans()[0]
    turned = shipped.ShippedPlan(plan.name, plan.settings, dict(reversed(plan.weights.items())), plan.deadlines)
    assert shipped.fingerprint(turned) == shipped.fingerprint(plan)
