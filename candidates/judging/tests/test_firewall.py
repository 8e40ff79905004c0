"""Nobody sees what others thought while a rating is owed, whatever the stage."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging import actions, firewall
from candidates.judging.builders import make_answers, make_card, make_locked_card
from candidates.models import Application, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
RITA = "Rita Recruiter"


@pytest.fixture
def application():
    return make_application(Stage.INTERVIEWS)


@pytest.fixture
def locked(application):
    """What Ivan thought: there is something to see."""
    return make_locked_card(application, {"Empathy": 5}, name="Ivan")


def lock(card, *, at=LATER):
    actions.lock(card, make_answers(card), at=at, by=Actor.outsider(card.rater_name))


def seen(application, at=LATER):
    return list(firewall.cards(application, at=at))


def test_what_is_locked_may_be_seen_when_nobody_owes_a_rating(application, locked):
    assert firewall.is_open(application, at=LATER)
    assert seen(application) == [locked]


def test_nothing_is_seen_while_a_rating_is_owed(application, locked):
    make_card(application)
    assert not firewall.is_open(application, at=LATER)
    assert seen(application) == []


def test_everything_is_seen_after_the_last_lock(application, locked):
    card = make_card(application)
    lock(card)
    assert seen(application) == [locked, card]


def test_all_but_one_is_not_enough(application, locked):
    first, _second = make_card(application), make_card(application, name="Ina", email="ina@example.org")
    lock(first)
    assert seen(application) == []


def test_a_draft_is_never_seen(application, locked):
    card = make_card(application)
    actions.save_draft(card, make_answers(card), at=NOW)
    asks.cancel(card.ask, at=NOW)
    assert seen(application) == [locked]


def test_a_rating_that_is_no_longer_wanted_is_not_owed(application, locked):
    asks.cancel(make_card(application).ask, at=NOW)
    assert seen(application) == [locked]


@pytest.mark.parametrize("kind", Scorecard.Kind.values)
def test_a_rating_of_any_kind_closes_it(application, locked, kind):
    make_card(application, kind)
    assert seen(application) == []


def test_an_ask_for_something_else_does_not_close_it(application, locked):
    asked = make_card(application).ask
    Scorecard.objects.filter(ask=asked).delete()
    assert seen(application) == [locked]


def test_a_rating_of_another_application_does_not_close_it(application, locked):
    make_card(make_application(Stage.INTERVIEWS))
    assert seen(application) == [locked]


def test_a_rating_that_is_asked_for_later_closes_it_only_then(application, locked):
    opens = NOW + timedelta(days=7)
    make_card(application, Scorecard.Kind.CHECK_IN, opens_at=opens, due_at=opens + timedelta(days=2))
    assert seen(application, at=opens - timedelta(seconds=1)) == [locked]
    assert seen(application, at=opens) == []


def override(application, reason="The offer cannot wait", at=LATER):
    firewall.override(application, reason=reason, at=at, by=Actor.person(make_user(RITA)))


def test_a_recruiter_opens_it_with_a_reason_that_stays_on_the_timeline(application, locked):
    make_card(application)
    override(application)
    assert seen(application) == [locked]
    event = application.events.last()
    assert (event.name, event.by_name, event.data) == (firewall.OPENED, RITA, {"reason": "The offer cannot wait"})


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_it_is_not_opened_without_a_reason(application, locked, reason):
    make_card(application)
    with pytest.raises(NotAllowed, match="Say why"):
        override(application, reason=reason)
    assert seen(application) == []
    assert not application.events.filter(name=firewall.OPENED).exists()


def test_a_rating_that_is_asked_for_after_it_was_opened_closes_it_again(application, locked):
    make_card(application)
    override(application)
    make_card(application, at=LATER + timedelta(hours=1), name="Ina", email="ina@example.org")
    assert seen(application, at=LATER) == [locked]
    assert seen(application, at=LATER + timedelta(hours=1)) == []


def test_opening_one_application_opens_no_other(application, locked):
    other = make_application(Stage.INTERVIEWS)
    make_locked_card(other, {"Empathy": 5})
    make_card(other)
    make_card(application)
    override(application)
    assert seen(other) == []


def test_an_override_does_not_open_it_for_whoever_owes_a_rating(application, locked):
    ina = make_user("Ina Interviewer")
    make_card(application, user=ina, email=ina.email)
    override(application)
    assert firewall.is_open(application, at=LATER, reader=make_user(RITA))
    assert not firewall.is_open(application, at=LATER, reader=ina)
    assert list(firewall.cards(application, at=LATER, reader=ina)) == []


@pytest.mark.parametrize("address", ["ida@example.org", "IDA@Example.ORG"])
def test_an_account_with_the_address_that_was_asked_owes_it(application, locked, address):
    make_card(application)  # asked by mail, without an account
    override(application)
    assert not firewall.is_open(application, at=LATER, reader=make_user("Ida Interviewer", email=address))
    assert not firewall.is_open(application, at=LATER, reader=address)


def test_an_account_without_an_address_owes_only_its_own(application, locked):
    make_card(application, email="")
    override(application)
    assert firewall.is_open(application, at=LATER, reader=make_user("Nils Nowhere", email=""))


def test_who_will_interview_next_week_sees_nothing_today(application, locked):
    ina, opens = make_user("Ina Interviewer"), NOW + timedelta(days=7)
    make_card(application, user=ina, email=ina.email, opens_at=opens, due_at=opens + timedelta(days=2))
    assert firewall.is_open(application, at=LATER, reader=make_user(RITA))
    assert not firewall.is_open(application, at=LATER, reader=ina)


def test_a_check_in_that_is_still_to_come_hides_nothing_from_who_will_be_asked(application, locked):
    bob, opens = make_user("Bob Buddy"), NOW + timedelta(days=7)
    due = {"opens_at": opens, "due_at": opens + timedelta(days=2)}
    make_card(application, Scorecard.Kind.CHECK_IN, user=bob, email=bob.email, **due)
    assert firewall.is_open(application, at=LATER, reader=bob)
    assert not firewall.is_open(application, at=opens, reader=bob)


def test_after_the_own_lock_an_override_counts_again(application, locked):
    ina = make_user("Ina Interviewer")
    card = make_card(application, user=ina, email=ina.email)
    make_card(application)
    override(application)
    lock(card)
    assert firewall.is_open(application, at=LATER, reader=ina)


def test_who_owes_a_rating_cannot_open_it(application, locked):
    rita = make_user(RITA)
    make_card(application, user=rita, email=rita.email)
    with pytest.raises(NotAllowed, match="You owe a rating yourself"):
        override(application)


def test_nobody_who_is_not_signed_in_owes_anything(application, locked):
    make_card(application)
    assert not firewall.owed_by(AnonymousUser(), at=LATER).exists()


def test_a_filter_says_the_same_as_the_question_for_each(application, locked):
    rita, ina = make_user(RITA), make_user("Ina Interviewer")
    owing, overridden, clear = (make_application(Stage.INTERVIEWS) for _turn in range(3))
    make_card(owing)
    make_card(overridden, user=ina, email=ina.email)
    override(overridden)
    for reader in (rita, ina, "ida@example.org"):
        each = {one.pk for one in Application.objects.all() if firewall.is_open(one, at=LATER, reader=reader)}
        assert set(Application.objects.filter(firewall.open_for(reader, LATER)).values_list("pk", flat=True)) == each
    assert set(Application.objects.filter(firewall.open_for(ina, LATER))) == {application, clear}


def test_what_is_written_or_hidden_by_the_plan_is_read_blind(application):
    ina = make_user("Ina Interviewer")
    hiding = make_application(Stage.SCREENING, job=make_job(plan=make_plan(hides_identity=True)))
    for where, kind in ((application, "letter"), (hiding, "letter"), (hiding, "phone"), (application, "exercise")):
        make_card(where, kind, name="Ina", email=ina.email.upper(), user=None)
    found = firewall.blind_readings(ina).values_list("scorecard__kind", "application")
    assert sorted(found) == [("exercise", application.pk), ("letter", hiding.pk)]
