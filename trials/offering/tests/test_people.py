"""Somebody else leads, or is the buddy: what is still to be asked goes to the new one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from candidates.builders import NOW, make_user
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers
from candidates.models import Ask, Message, Rating, Scorecard
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import rendering
from candidates.post.builders import link_to, open_link
from trials import actions
from trials.builders import decide, make_trial
from trials.models import Trial, VerdictDraft

pytestmark = pytest.mark.django_db
BEGUN = datetime(2030, 1, 21, 10, tzinfo=UTC)  # the first check-in has been asked for
DAY = timedelta(days=1)


@pytest.fixture
def trial():
    return make_trial()


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def hand_over(trial, name="Lena Leader", at=BEGUN, **fields):
    leader = make_user(name, zone="Europe/Berlin", **fields)
    actions.change_leader(trial, leader=leader, reason="Max has left.", at=at, by=rita())
    return leader


def new_buddy(trial, email="bea@rapport.test", at=BEGUN):
    actions.change_buddy(trial, buddy_name="Bea Buddy", buddy_email=email, reason="Bob is ill.", at=at, by=rita())


def asked(role, number=1):
    return Ask.objects.get(role=role, scorecard__check_in_card__check_in__number=number)


def sent(ask):
    ask.messages.update(status=Message.Status.SENT, sent_at=BEGUN)


def test_open_requests_of_a_lead_go_to_the_new_one(trial):
    card = asked("manager").scorecard
    judging.lock(card, make_answers(card), at=BEGUN, by=Actor.person(trial.leader))
    lena = hand_over(trial)
    assert Trial.objects.get().leader == lena
    theirs = Ask.objects.filter(role="manager")
    assert set(theirs.open().values_list("user", "email", "zone")) == {(lena.pk, lena.email, "Europe/Berlin")}
    assert set(theirs.exclude(answered_at=None).values_list("user", flat=True)) == {trial.leader.pk}
    assert Scorecard.objects.locked().get().rater == trial.leader


def test_the_scorecards_to_come_are_the_new_leads(trial):
    lena = hand_over(trial)
    cards = Scorecard.objects.filter(check_in_card__role="manager")
    assert set(cards.values_list("rater", "rater_name")) == {(lena.pk, "Lena Leader")}


def test_what_the_former_lead_had_typed_is_not_passed_on(trial):
    card = asked("manager").scorecard
    judging.save_draft(card, make_answers(card), at=BEGUN)
    VerdictDraft.objects.create(ask=trial.verdict_ask, data={"evidence": "Weak."}, saved_at=BEGUN)
    hand_over(trial)
    card.refresh_from_db()
    assert (card.summary, card.saved_at, Rating.objects.count(), VerdictDraft.objects.count()) == ("", None, 0, 0)


def test_a_link_that_was_sent_dies_and_the_new_lead_gets_their_own(trial, client, time_machine):
    time_machine.move_to(BEGUN, tick=False)
    ask = asked("manager")
    sent(ask)
    old = link_to(ask)
    lena = hand_over(trial)
    ask.refresh_from_db()
    assert Client().get(old, follow=True).status_code == 410
    assert open_link(client, ask).status_code == 200
    anew = ask.messages.get(key=f"ask:{ask.pk}:{ask.generation}")
    assert (rendering.address(anew), anew.template) == (lena.email, "trials/check_in")


def test_a_mail_that_still_waits_goes_to_the_new_one_once(trial):
    hand_over(trial)
    ask = asked("manager", number=3)
    assert ask.messages.get().to == "lena.leader@rapport.test"


def test_everybody_is_told_and_the_former_lead_that_it_is_over(trial):
    hand_over(trial)
    told = Message.objects.filter(template="trials/new_person")
    assert sorted(told.values_list("to", flat=True)) == sorted(
        [trial.application.candidate.email, "bob@rapport.test", "lena.leader@rapport.test"]
    )
    assert Message.objects.get(template="trials/relieved").to == "max.manager@rapport.test"


def test_who_has_left_is_not_written_to(trial):
    max = trial.leader
    max.is_active = False
    max.save()
    hand_over(trial)
    assert not Message.objects.filter(template="trials/relieved").exists()


def test_open_requests_of_a_buddy_go_to_the_new_one(trial):
    new_buddy(trial)
    assert set(Ask.objects.filter(role="buddy").values_list("name", "email")) == {("Bea Buddy", "bea@rapport.test")}
    assert Ask.objects.filter(role="manager", email="bea@rapport.test").count() == 0
    assert Message.objects.get(template="trials/relieved").to == "bob@rapport.test"


def test_the_new_lead_decides(trial):
    hand_over(trial)
    assert decide(Trial.objects.get(), "end").by == make_user("Lena Leader")


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}], ids=str)
def test_not_everybody_can_take_over(trial, fields):
    with pytest.raises(NotAllowed):
        hand_over(trial, **fields)
    assert Trial.objects.get().leader == trial.leader


@pytest.mark.parametrize("email", ["MAX.manager@rapport.test", "BOB@rapport.test"])
def test_neither_lead_nor_buddy_becomes_the_buddy(trial, email):
    with pytest.raises(NotAllowed):
        new_buddy(trial, email)


def test_who_leads_already_does_not_take_over(trial):
    with pytest.raises(NotAllowed, match="already"):
        actions.change_leader(trial, leader=trial.leader, reason="Why not.", at=NOW, by=rita())


def test_a_decided_trial_keeps_its_people(trial):
    decide(trial, "end", at=BEGUN)
    with pytest.raises(NotAllowed, match="decided"):
        hand_over(trial, at=BEGUN + DAY)
