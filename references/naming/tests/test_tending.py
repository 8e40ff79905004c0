"""What a recruiter does for references that do not come."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_user
from candidates.models import Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import asks, delivery, links
from candidates.tests.together import together
from references import actions
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

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + DAY
MIA = Named("Mia Chief", "mia@former.example", "manager", "Former Ltd")


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def sent(reference):
    """The mail with the link has left."""
    Message.objects.filter(ask=reference.scorecard.ask).update(status="sent", sent_at=NOW)


def naming_asks(application):
    return application.asks.open().filter(page="references:name_referees")


def opened(reference):
    """Nora's reference as the database has it now."""
    return Reference.objects.select_related("referee__application", "scorecard__ask").get(pk=reference.pk)


def delivered(mailoutbox, at):
    delivery.sweep(clock=lambda: at)
    return [(one.to[0], one.subject) for one in mailoutbox]


def test_a_corrected_address_gets_the_mail_that_was_still_waiting_and_the_old_one_none(mailoutbox):  # F19
    [nora, _leo] = make_references()
    actions.correct_address(nora, "nora@right.example", at=NOW, by=rita())
    addresses = [address for address, _subject in delivered(mailoutbox, NOW)]
    assert addresses.count("nora@right.example") == 1
    assert NORA.email not in addresses


def test_a_candidate_who_withdrew_after_queueing_costs_nobody_a_mail(mailoutbox):  # F19
    [nora, _leo] = make_references()
    move(nora.referee.application, Stage.WITHDRAWN, at=NOW, by=rita())
    assert not {NORA.email, LEO.email} & {address for address, _subject in delivered(mailoutbox, NOW)}


def test_the_link_that_went_to_a_wrong_address_opens_nothing_any_more():
    [nora, _leo] = make_references()
    sent(nora)
    old = links.read_ask_token(links.ask_token(nora.scorecard.ask))
    actions.correct_address(nora, "nora@right.example", at=LATER, by=rita())
    assert opened(nora).scorecard.ask.generation == old[1] + 1


def test_a_mail_that_left_already_is_sent_to_the_right_address_too(mailoutbox):
    [nora, _leo] = make_references()
    sent(nora)
    actions.correct_address(nora, "nora@right.example", at=LATER, by=rita())
    assert "nora@right.example" in dict(delivered(mailoutbox, LATER))


@pytest.mark.parametrize("email", [NORA.email, LEO.email, "leo+2@former.example", "CARA@example.org"])
def test_an_address_that_cannot_be_theirs_is_refused(email):
    application = of_plan()
    application.candidate.email = "cara@example.org"
    application.candidate.save()
    [nora, _leo] = make_references(application)
    with pytest.raises(NotAllowed):
        actions.correct_address(nora, email, at=LATER, by=rita())
    assert Referee.objects.get(pk=nora.referee_id).email == NORA.email


def test_only_the_letter_case_of_an_address_can_be_corrected():
    [nora, _leo] = make_references()
    actions.correct_address(nora, NORA.email.upper(), at=LATER, by=rita())
    assert Referee.objects.get(pk=nora.referee_id).email == NORA.email.upper()


def test_the_link_is_sent_again_and_the_old_one_goes_on_working():
    [nora, _leo] = make_references()
    sent(nora)
    actions.send_again(nora, at=LATER, by=rita())
    asked = opened(nora).scorecard.ask
    assert asked.messages.filter(status="queued").count() == 1
    assert asked.generation == 1


def test_what_is_sent_again_can_be_taken_back_as_long_as_the_first_mail(settings):
    settings.SOLEMN_MINUTES = 10
    [nora, _leo] = make_references()
    sent(nora)
    actions.send_again(nora, at=LATER, by=rita())
    again = nora.scorecard.ask.messages.get(status="queued")
    assert again.next_try_at == LATER + timedelta(minutes=10)


def test_pressing_send_again_twice_sends_once():
    [nora, _leo] = make_references()
    sent(nora)
    actions.send_again(nora, at=LATER, by=rita())
    with pytest.raises(NotAllowed):
        actions.send_again(nora, at=LATER, by=rita())
    assert nora.scorecard.ask.messages.count() == 2


def test_a_link_that_has_expired_works_again_after_it_is_sent_again():
    [nora, _leo] = make_references()
    sent(nora)
    late = nora.scorecard.ask.expires_at + DAY
    actions.send_again(nora, at=late, by=rita())
    assert not opened(nora).scorecard.ask.is_expired(late + DAY)


def test_who_has_had_our_mail_is_told_that_it_is_over(mailoutbox):
    [nora, leo] = make_references()
    sent(nora)
    for reference in (nora, leo):
        actions.withdraw(reference, at=LATER, by=rita())
    assert list(Message.objects.filter(template="references/withdrawn").values_list("to", flat=True)) == [NORA.email]
    assert [address for address, _subject in delivered(mailoutbox, LATER) if "former" in address] == [NORA.email]


def test_without_the_last_one_the_references_are_complete_and_nobody_is_asked_for_another():
    nora, leo = make_references(of_plan())
    give(nora)
    actions.withdraw(leo, at=LATER, by=rita())
    assert nora.referee.application.events.last().name == "references.complete"
    assert not naming_asks(nora.referee.application).exists()


def test_the_candidate_is_asked_for_somebody_else_beyond_the_limit_of_the_plan():
    nora, _leo = make_references(of_plan(replacements=0))
    actions.replace(nora, note="She is ill.", at=LATER, by=rita())
    asked = naming_asks(nora.referee.application).get()
    [mia] = name_referees(asked, MIA, at=LATER)[1:]
    assert mia.referee.replaces == nora.referee
    assert not Ask.objects.get(pk=nora.scorecard.ask_id).is_open


def test_nobody_is_named_twice_instead_of_one():
    nora, _leo = make_references(of_plan())
    actions.replace(nora, at=LATER, by=rita())
    name_referees(naming_asks(nora.referee.application).get(), MIA, at=LATER)
    with pytest.raises(NotAllowed):
        actions.replace(opened(nora), at=LATER, by=rita())


def test_two_who_are_replaced_in_a_row_are_named_on_one_page():
    nora, leo = make_references(of_plan())
    for reference in (nora, leo):
        actions.replace(reference, at=LATER, by=rita())
    asked = naming_asks(nora.referee.application).get()
    assert actions.wanted(asked).people == 2
    assert asked.messages.filter(template="references/name_another").count() == 2


def test_who_did_not_answer_is_asked_again_and_goes_on_with_their_draft():
    nora, _leo = make_references(of_plan(replacements=0))
    actions.save_draft(nora, make_facts(role="Agent"), make_answers(2), at=NOW)
    actions.expire_due(at=nora.scorecard.ask.due_at + 2 * DAY)
    actions.ask_again(opened(nora), at=LATER + 30 * DAY, by=rita())
    again = opened(nora)
    assert (again.expired_at, again.role, again.scorecard.ratings.count()) == (None, "Agent", 3)
    assert again.scorecard_id != nora.scorecard_id
    assert again.scorecard.ask.is_open


@pytest.mark.parametrize("settle", [give, decline])
def test_who_answered_or_declined_is_not_asked_again(settle):
    nora, _leo = make_references(of_plan(replacements=0))
    settle(nora)
    with pytest.raises(NotAllowed):
        actions.ask_again(opened(nora), at=LATER, by=rita())


def test_somebody_named_by_a_colleague_is_asked_at_once_and_the_candidate_less():
    asked = ask_for_referees(of_plan())
    actions.name_for_candidate(asked.application, MIA, at=LATER, by=rita())
    assert Ask.objects.open().get(role="referee").email == MIA.email
    assert actions.wanted(asked).people == 1


def test_when_a_colleague_has_named_all_the_candidate_is_not_asked_any_more():
    asked = ask_for_referees(of_plan())
    for person in (MIA, NORA):
        actions.name_for_candidate(asked.application, person, at=LATER, by=rita())
    assert not naming_asks(asked.application).exists()


def test_nobody_is_named_at_another_stage():
    asked = ask_for_referees(of_plan())
    move(asked.application, Stage.INTERVIEWS, at=LATER, by=rita())
    with pytest.raises(NotAllowed):
        actions.name_for_candidate(asked.application, MIA, at=LATER, by=rita())


@pytest.mark.django_db(transaction=True)
def test_a_referee_who_answers_while_a_colleague_does_without_them_does_one_of_both():
    nora, _leo = make_references(of_plan())
    sent(nora)
    who = rita()
    results = together(lambda: give(nora, at=LATER), lambda: actions.withdraw(opened(nora), at=LATER, by=who))
    assert sum(isinstance(result, asks.NotOpen) for result in results) == 1
    asked = Ask.objects.get(pk=nora.scorecard.ask_id)
    assert (asked.answered_at is None) != (asked.cancelled_at is None)


@pytest.mark.django_db(transaction=True)
def test_a_colleague_and_the_candidate_who_name_the_same_person_at_once_ask_them_once():
    asked = ask_for_referees(of_plan())
    who = rita()
    together(
        lambda: actions.name_for_candidate(asked.application, NORA, at=LATER, by=who),
        lambda: name_referees(asked, at=LATER),
    )
    assert Ask.objects.open().filter(email=NORA.email).count() == 1
