"""What happens when nobody answers: the end of a request, somebody else, word to the recruiters."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.builders import NOW, make_application, make_user
from candidates.models import Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import asks
from candidates.post.reminding import actions as reminding
from candidates.tests.together import together
from references import actions, tasks
from references.actions import Named
from references.builders import (
    LEO,
    NORA,
    ask_for_referees,
    decline,
    give,
    make_answers,
    make_facts,
    make_references,
    name_referees,
    of_plan,
)
from references.models import Referee, Reference
from references.naming.requests import evenly

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE = NOW + 7 * DAY
OVER = DUE + 2 * DAY
MIA = Named("Mia Chief", "mia@former.example", "manager", "Former Ltd")
MO = Named("Mo Mate", "mo@former.example", "colleague", "Former Ltd")


def events(application):
    return [name for name in application.events.values_list("name", flat=True) if name.startswith("references.")]


def naming(application):
    return application.asks.open().filter(page="references:name_referees").first()


def told(template):
    return Message.objects.filter(template=template)


def test_a_reference_is_waited_for_as_many_days_after_its_deadline_as_the_plan_says():
    nora, _leo = make_references(of_plan(expire_days=5))
    assert actions.expire_due(at=DUE + 5 * DAY - timedelta(seconds=1)) == 0
    assert actions.expire_due(at=DUE + 5 * DAY) == 2
    nora.refresh_from_db()
    assert nora.expired_at == DUE + 5 * DAY


def test_a_plan_that_says_nothing_waits_two_days():
    make_references(make_application(Stage.INTERVIEWS))
    assert actions.expire_due(at=OVER - timedelta(seconds=1)) == 0
    assert actions.expire_due(at=OVER) == 2


def test_the_candidate_is_asked_for_somebody_else_once_for_all_who_did_not_answer():
    nora, _leo = make_references(of_plan())
    actions.expire_due(at=OVER)
    application = nora.referee.application
    assert actions.wanted(naming(application)).people == 2
    assert events(application) == ["references.named", "references.expired", "references.expired"]
    assert told("references/name_another").get().data["names"] == [NORA.name, LEO.name]


def test_the_sweep_twice_ends_once():
    make_references(of_plan())
    tasks.expire_due()
    assert (actions.expire_due(at=OVER), actions.expire_due(at=OVER)) == (2, 0)


def test_who_is_named_instead_is_asked_and_stands_in_for_the_one():
    nora, leo = make_references(of_plan(managers=1))
    give(leo)
    actions.expire_due(at=OVER)
    [mia] = name_referees(naming(nora.referee.application), MIA, at=OVER)
    assert (mia.referee.replaces, mia.scorecard.ask.due_at) == (nora.referee, OVER + 7 * DAY)


def test_a_manager_stands_in_for_a_manager():
    boss = NORA
    mate = Named(LEO.name, LEO.email, "colleague", LEO.company)
    nora, _leo = name_referees_of(of_plan(managers=1), mate, boss)
    actions.expire_due(at=OVER)
    name_referees(naming(nora.referee.application), MIA, MO, at=OVER)
    paired = dict(Referee.objects.exclude(replaces=None).values_list("name", "replaces__name"))
    assert paired == {MIA.name: boss.name, MO.name: mate.name}


def name_referees_of(application, *people):
    return name_referees(ask_for_referees(application), *people)


def test_instead_of_a_manager_a_manager_is_wanted():
    mate = Named(LEO.name, LEO.email, "colleague", LEO.company)
    _mate, nora = name_referees_of(of_plan(managers=1), mate, NORA)
    decline(nora)
    asked = naming(nora.referee.application)
    assert (actions.wanted(asked).people, actions.wanted(asked).managers) == (1, 1)
    with pytest.raises(NotAllowed, match="manager or team lead"):
        actions.name_referees(asked, [MO], at=NOW, by=Actor.candidate("Cara"))


def test_more_were_named_than_needed_so_that_one_who_declines_need_not_be_replaced():
    nora, _leo = make_references(of_plan(needed=1))
    decline(nora)
    assert naming(nora.referee.application) is None


@pytest.mark.parametrize("person", [NORA, LEO])
def test_who_did_not_answer_or_is_asked_already_cannot_be_named_again(person):
    nora, _leo = make_references(of_plan())
    decline(nora)
    with pytest.raises(NotAllowed):
        name_referees(naming(nora.referee.application), person)


def test_somebody_else_is_asked_for_as_often_as_the_plan_allows_and_then_the_recruiters_are_told():
    nora, leo = make_references(of_plan(replacements=1))
    give(leo)
    decline(nora)
    [mia] = name_referees(naming(nora.referee.application), MIA)
    assert not told("references/short").exists()
    decline(mia)
    assert naming(nora.referee.application) is None
    assert told("references/short").get().to == "rita.recruiter@rapport.test"
    assert events(nora.referee.application)[-1] == "references.complete"


def test_nothing_is_complete_while_the_candidate_is_asked_for_somebody_else():
    nora, leo = make_references(of_plan())
    decline(nora)
    give(leo)
    assert "references.complete" not in events(nora.referee.application)


def test_a_candidate_who_names_nobody_else_is_waited_for_as_long_and_no_longer():
    nora, leo = make_references(of_plan())
    give(leo)
    decline(nora)
    assert actions.expire_due(at=OVER) == 1
    assert events(nora.referee.application)[-2:] == ["references.nobody_named", "references.complete"]
    assert told("references/short").count() == 1


def test_recruiters_are_told_once():
    nora, leo = make_references(of_plan(replacements=0))
    for reference in (nora, leo):
        decline(reference)
    assert told("references/short").count() == 1


def test_the_first_names_are_waited_for_and_the_recruiters_told_when_none_come():
    asked = ask_for_referees(of_plan())
    assert asked.escalate_at == OVER
    assert actions.expire_due(at=OVER) == 0
    assert reminding.escalate_due(at=OVER) == 1


def test_what_was_typed_lately_is_waited_for():
    nora, _leo = make_references(of_plan())
    actions.save_draft(nora, make_facts(), make_answers(), at=OVER - timedelta(hours=1))
    assert actions.expire_due(at=OVER) == 1
    assert actions.expire_due(at=OVER + DAY) == 1


def test_an_application_that_left_the_stage_is_left_alone():
    nora, _leo = make_references(of_plan())
    move(nora.referee.application, Stage.TRIAL, at=NOW, by=Actor.person(make_user()))
    assert actions.expire_due(at=OVER) == 0


def test_a_referee_is_reminded_evenly_and_at_the_deadline():
    [nora, _leo] = make_references(of_plan(reminders=2))
    asked = nora.scorecard.ask
    assert [asked.remind_at, *asked.remind_later] == [NOW + 2 * DAY, NOW + 5 * DAY, DUE]


@given(days=st.integers(0, 60), hours=st.integers(1, 23), times=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_reminders_lie_in_order_between_both_ends(days, hours, times):
    end = NOW + timedelta(days=days, hours=hours)
    moments = evenly(NOW, end, times)
    assert len(set(moments)) == times
    assert moments == sorted(moments)
    assert all(NOW < moment < end for moment in moments)


@pytest.mark.django_db(transaction=True)
def test_a_referee_who_answers_while_the_sweep_ends_it_has_answered_or_is_told_clearly():
    nora, _leo = make_references(of_plan())
    results = together(lambda: give(nora, at=OVER), *[lambda: actions.expire_due(at=OVER)] * 3)
    reference = Reference.objects.select_related("scorecard").get(pk=nora.pk)
    assert isinstance(results[0], asks.NotOpen) == (reference.expired_at is not None)
    assert reference.scorecard.is_locked == (reference.expired_at is None)
    assert not any(isinstance(result, Exception) for result in results[1:])


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_ask_for_somebody_else_once():
    nora, _leo = make_references(of_plan())
    together(*[lambda: actions.expire_due(at=OVER)] * 4)
    actions.expire_due(at=OVER)
    application = nora.referee.application
    assert events(application).count("references.expired") == 2
    assert Ask.objects.filter(application=application, template="references/name_another").count() == 1
