"""Before a trial: enough references, or a reason."""

from datetime import timedelta

import pytest

from ats import gate
from ats import pipeline as process
from ats.desk import timeline
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.models import Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.tests.together import together
from references.builders import decline, give, make_references
from references.questionnaires.builders import make_reference_plan
from trials.builders import FIRST_DAY
from trials.models import Trial

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
REASON = "Both worked for a firm that is gone; her manager has died."


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def of_plan(**fields):
    plan = make_plan()
    make_reference_plan(plan, **fields)
    return make_application(Stage.INTERVIEWS, job=make_job(plan=plan))


def begin(application, **more):
    told = {"starts_on": FIRST_DAY, "leader": make_user("Max Manager"), "buddy_name": "Bob"}
    told |= {"buddy_email": "bob@rapport.test"} | more
    application.refresh_from_db()
    return process.take(application, Stage.TRIAL, at=LATER, by=rita(), arguments=told)


def test_without_references_a_trial_does_not_begin():
    application = make_application(Stage.REFERENCES)
    with pytest.raises(NotAllowed, match="needs 2 references; given so far: 0"):
        begin(application)
    assert Trial.objects.count() == 0


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_empty_reason_is_none(reason):
    application = make_application(Stage.REFERENCES)
    with pytest.raises(NotAllowed):
        begin(application, references_reason=reason)
    assert Trial.objects.count() == 0


def test_with_a_reason_it_begins_and_the_timeline_says_who_and_why():
    application = make_application(Stage.REFERENCES)
    begin(application, references_reason=REASON)
    application.refresh_from_db()
    told = {one.title: one for one in timeline.entries(application, timeline.events(application))}
    entry = told["A trial may begin although references are missing"]
    assert application.stage == Stage.TRIAL
    assert (entry.by, entry.text) == ("Rita Recruiter", REASON)


def test_the_reason_is_a_remark_that_blind_readers_do_not_see():
    application = make_application(Stage.REFERENCES)
    begin(application, references_reason=REASON)
    told = timeline.entries(application, timeline.events(application), remarks=False)
    assert REASON not in str(told)


def test_enough_references_ask_no_reason():
    application = of_plan(needed=1, managers=1)
    give(make_references(application)[0])
    assert gate.shortfall(application) == ""
    begin(application)
    assert not application.events.filter(name=gate.OVERRIDDEN).exists()


def test_who_declined_gave_no_reference():
    application = of_plan(needed=2, managers=0)
    nora, leo = make_references(application)
    give(nora)
    decline(leo)
    assert gate.shortfall(application) == "The plan needs 2 references; given so far: 1."


def test_colleagues_alone_are_too_few_managers():
    application = of_plan(needed=1, managers=1)
    [nora, _leo] = make_references(application)
    nora.referee.relation = "colleague"
    nora.referee.save()
    give(nora)
    assert gate.shortfall(application) == "It needs 1 of a past manager or team lead; given so far: 0."


def test_a_refused_trial_keeps_no_reason():
    application = make_application(Stage.REFERENCES)
    with pytest.raises(NotAllowed):
        begin(application, references_reason=REASON, buddy_email=application.candidate.email)
    assert not application.events.filter(name=gate.OVERRIDDEN).exists()


def form(application, **typed):
    return process.step(application, Stage.TRIAL).form(typed or None, application=application, at=NOW)


def test_the_form_says_what_is_missing_before_all_else_and_wants_a_reason():
    application = make_application(Stage.REFERENCES)
    asking = form(application)
    assert next(iter(asking.fields)) == gate.REASON
    assert "given so far: 0" in asking.fields[gate.REASON].help_text
    typed = {"starts_on": "2030-01-14", "leader": make_user("Max Manager").pk, "buddy_name": "Bob"}
    assert list(form(application, **typed, buddy_email="bob@rapport.test").errors) == [gate.REASON]


def test_the_form_asks_nothing_about_references_that_are_enough():
    application = of_plan(needed=0, managers=0)
    assert gate.REASON not in form(application).fields


@pytest.mark.django_db(transaction=True)
def test_no_reason_is_kept_once_a_reference_that_arrives_at_the_same_time_is_in():
    application = of_plan(needed=1, managers=0)
    [nora, _leo] = make_references(application)
    who = rita()
    results = together(
        lambda: give(nora, at=LATER),
        lambda: gate.pass_references(application, reason=REASON, at=LATER, by=who),
    )
    happened = list(application.events.order_by("pk").values_list("name", flat=True))
    assert results == [None, None]
    assert gate.OVERRIDDEN not in happened[happened.index("scorecard.locked") :]
