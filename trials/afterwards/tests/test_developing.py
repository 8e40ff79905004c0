"""A plan to grow by: drafted, edited, shared, read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.builders import NOW, make_application, make_competency, make_user
from candidates.models import Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import rendering
from candidates.tests.together import together
from trials.afterwards import developing
from trials.afterwards.builders import make_development_plan, make_hired
from trials.afterwards.developing import Line, fingerprint
from trials.builders import make_trial
from trials.models import DevelopmentPlan, DevelopmentShare

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def rita():
    return Actor.person(make_user())


def titles(plan):
    return list(plan.items.values_list("title", flat=True))


def as_lines(plan, **changed):
    return [
        Line(**{name: getattr(one, name) for name in ("pk", *developing.WRITTEN)} | changed) for one in plan.items.all()
    ]


def change(plan, lines, seen=None):
    developing.change(plan, lines, seen=seen or fingerprint(plan), at=LATER, by=rita())


def test_only_who_was_hired_gets_a_plan():
    with pytest.raises(NotAllowed):
        developing.draft(make_application(Stage.TRIAL), [], at=NOW, by=rita())


def test_drafting_again_adds_what_is_missing_and_leaves_what_was_written():
    empathy, patience = make_competency(), make_competency("Patience")
    trial = make_hired()
    drafted = [Line("Empathy", competency=empathy.pk), Line("Apologised")]
    assert developing.draft(trial.application, drafted, at=NOW, by=rita()) == 2
    plan = DevelopmentPlan.objects.get()
    plan.items.filter(competency=empathy).update(title="See their side", why="My own words")
    more = [*drafted, Line("Patience", competency=patience.pk)]
    assert developing.draft(trial.application, more, at=LATER, by=rita()) == 1
    assert titles(plan) == ["See their side", "Apologised", "Patience"]
    assert plan.items.first().why == "My own words"
    assert DevelopmentPlan.objects.get().drafted_at == NOW


def test_lines_are_written_ordered_added_and_taken_out():
    plan = make_development_plan(None, "One", "Two", "Three")
    one, two, three = as_lines(plan)
    change(
        plan, [three, replace(one, is_done=True, by_when=date(2030, 6, 1)), replace(two, is_removed=True), Line("Four")]
    )
    assert titles(plan) == ["Three", "One", "Four"]
    assert plan.items.get(title="One").is_done
    assert plan.application.events.last().name == "development.changed"


def test_a_line_that_was_not_sent_is_not_lost():
    plan = make_development_plan(None, "One", "Two")
    change(plan, as_lines(plan)[1:])
    assert titles(plan) == ["Two", "One"]


def test_what_a_colleague_changed_meanwhile_is_not_overwritten():
    plan = make_development_plan()
    seen = fingerprint(plan)
    change(plan, as_lines(plan, why="First"))
    with pytest.raises(NotAllowed, match="meanwhile"):
        change(plan, as_lines(plan, why="Second"), seen=seen)
    assert plan.items.get().why == "First"


def test_saving_without_a_change_is_no_event():
    plan = make_development_plan()
    change(plan, as_lines(plan))
    assert plan.application.events.last().name == "development.drafted"


def test_nobody_learns_thirty_one_things():
    plan = make_development_plan()
    with pytest.raises(NotAllowed, match="at most"):
        change(plan, [*as_lines(plan), *(Line(f"Thing {number}") for number in range(developing.MOST_ITEMS))])
    assert plan.items.count() == 1


def test_it_is_shared_by_a_mail_with_a_link_and_without_its_words():
    plan = make_development_plan(None, "Pause more")
    shared = developing.share(plan, note=" Well done. ", at=LATER, by=rita())
    told = Message.objects.get(ask=shared.ask)
    assert told.to == plan.application.candidate.email
    rendered = rendering.render(told)
    assert "Pause more" not in rendered.text + rendered.html
    assert (shared.content["note"], [one["title"] for one in shared.content["items"]]) == ("Well done.", ["Pause more"])


def test_an_empty_plan_is_not_shared():
    trial = make_hired()
    developing.draft(trial.application, [], at=NOW, by=rita())
    with pytest.raises(NotAllowed):
        developing.share(DevelopmentPlan.objects.get(), at=LATER, by=rita())


def test_what_was_shared_and_said_stays_as_it_was():
    shared = developing.share(make_development_plan(), at=LATER, by=rita())
    developing.read(shared, reply="Fine.", at=LATER, by=Actor.candidate("Cara"))
    for changed in ({"content": {}}, {"reply": "No."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DevelopmentShare.objects.update(**changed)


def test_lead_and_recruiters_read_what_the_new_colleague_says():
    shared = developing.share(
        make_development_plan(make_hired(make_trial(leader=make_user("Lena Lead")))), at=LATER, by=rita()
    )
    developing.read(shared, reply="More chat, please.", at=LATER, by=Actor.candidate("Cara"))
    told = Message.objects.filter(template="trials/development_answered")
    assert sorted(told.values_list("to", flat=True)) == ["lena.lead@rapport.test", "rita.recruiter@rapport.test"]
    assert all("More chat, please." in rendering.render(one).text for one in told)


@pytest.mark.django_db(transaction=True)
def test_two_who_draft_at_once_make_one_plan_with_each_thing_once():
    trial, by = make_hired(), rita()
    lines = [Line("Empathy", competency=make_competency().pk), Line("Apologised")]
    results = together(*[lambda: developing.draft(trial.application, lines, at=LATER, by=by)] * 2)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert titles(DevelopmentPlan.objects.get()) == ["Empathy", "Apologised"]
