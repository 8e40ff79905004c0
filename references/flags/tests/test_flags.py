"""What is noticed in a given reference, and what is not; a person judges."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import RequestFactory

from candidates.builders import NOW, make_application, make_candidate, make_user
from candidates.judging.actions import Answers, Score
from candidates.models import Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from references import actions
from references.actions import Trace
from references.builders import LEO, NORA, ask_for_referees, make_facts, make_references, name_referees
from references.flags import fingerprints, words
from references.models import Flag, Referee
from references.questionnaire import KEYS
from references.questionnaires import wording

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
OWN = (
    "She stayed late to help a customer whose order was lost, rang the depot herself and wrote to him the next morning."
)
OTHER = "He closed more tickets than anybody in spring, taught two new people, and never lost his temper with a caller."
Kind = Flag.Kind


def answer(reference, text=OWN, *, began=NOW, at=LATER, trace=Trace(), key=KEYS[0]):  # noqa: B008 - it cannot change
    if began:
        actions.begin(reference, at=began)
        reference.refresh_from_db(fields=["began_at"])
    said = Answers([Score(criterion=key, score=4, evidence=text)])
    by = Actor.outsider(reference.referee.name)
    actions.answer(reference, make_facts(), said, at=at, by=by, trace=trace)


def kinds(reference):
    return set(reference.flags.values_list("kind", flat=True))


def named(**fields):
    """What Nora is asked for, whom the candidate named with other `fields`."""
    asked = ask_for_referees(make_application(Stage.INTERVIEWS))
    return name_referees(asked, replace(NORA, **fields), LEO)[0]


def traced(reference, **digests):
    """The candidate named this referee from there."""
    Referee.objects.filter(pk=reference.referee_id).update(**digests)
    reference.referee.refresh_from_db()


def test_an_ordinary_reference_raises_nothing():
    [nora, leo] = make_references()
    traced(nora, network="n1", browser="b1")
    answer(nora, trace=Trace("n2", "b2"))
    answer(leo, OTHER)
    assert kinds(nora) == kinds(leo) == set()


def test_a_free_address_is_noticed_and_not_told_twice():
    nora = named(email="nora@gmail.com")
    answer(nora)
    assert kinds(nora) == {Kind.FREE_MAIL}


def test_an_address_of_another_company_is_noticed():
    nora = named(email="nora@elsewhere.example")
    answer(nora)
    assert kinds(nora) == {Kind.OTHER_DOMAIN}
    assert "elsewhere.example" in words.noticed(nora.flags.get())


def test_the_candidates_network_and_browser_are_noticed():
    [nora, _leo] = make_references()
    traced(nora, network="n1", browser="b1")
    answer(nora, trace=Trace("n1", "b1"))
    assert kinds(nora) == {Kind.SAME_NETWORK, Kind.SAME_BROWSER}


def test_two_that_tell_nothing_of_themselves_are_not_the_same():
    [nora, _leo] = make_references()
    answer(nora, trace=Trace("", ""))
    assert kinds(nora) == set()


def test_the_digest_of_one_network_differs_between_applications():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "Firefox"})
    one, two = make_application(), make_application(candidate=make_candidate("Carl"))
    assert fingerprints.network(request, one) == fingerprints.network(request, one) != ""
    assert fingerprints.network(request, one) != fingerprints.network(request, two)
    assert fingerprints.browser(request, one) != fingerprints.browser(request, two)


@pytest.mark.parametrize(("seconds", "flagged"), [(59, {Kind.QUICK}), (60, set()), (600, set())])
def test_less_than_a_minute_is_noticed(seconds, flagged):
    [nora, _leo] = make_references()
    answer(nora, at=NOW + timedelta(seconds=seconds))
    assert kinds(nora) == flagged


def test_who_was_never_seen_to_begin_was_not_quick():
    [nora, _leo] = make_references()
    answer(nora, began=None)
    assert kinds(nora) == set()


def test_the_words_of_another_reference_are_noticed_without_naming_it():
    [nora, leo] = make_references()
    answer(nora)
    answer(leo, f"Well. {OWN}", key=KEYS[1])
    assert kinds(nora) == set()
    assert kinds(leo) == {Kind.SAME_TEXT}
    assert "another reference for this person" in words.noticed(leo.flags.get())


def test_the_words_of_a_reference_for_somebody_else_are_noticed():
    [nora, _leo] = make_references()
    answer(nora)
    asked = ask_for_referees(make_application(Stage.INTERVIEWS, candidate=make_candidate("Carl")))
    [vera, _leo] = name_referees(asked, replace(NORA, name="Vera", email="vera@former.example"), LEO)
    answer(vera)
    assert "for somebody else" in words.noticed(vera.flags.get())


def test_who_says_the_same_of_somebody_again_copies_nobody():
    [nora, _leo] = make_references()
    answer(nora)
    asked = ask_for_referees(make_application(Stage.INTERVIEWS, candidate=make_candidate("Carl")))
    again = name_referees(asked)[0]
    answer(again)
    assert kinds(again) == set()


@pytest.mark.parametrize("text", ["Always on time, always kind.", "", "Good. " * 4])
def test_short_texts_are_alike_by_chance(text):
    [nora, leo] = make_references()
    answer(nora, text)
    answer(leo, text)
    assert kinds(leo) == set()


def test_one_sentence_in_common_among_many_is_no_copy():
    [nora, leo] = make_references()
    answer(nora)
    answer(
        leo, f"{OTHER} {OTHER.replace('spring', 'autumn').replace('two', 'three')} She stayed late to help a customer."
    )
    assert kinds(leo) == set()


def test_who_quotes_the_question_copies_nobody():
    [nora, leo] = make_references()
    asked = wording.criteria(nora.scorecard)[0]
    quoted = f"{asked['anchors'][4]} {asked['anchors'][3]} {asked['example']}."
    answer(nora, quoted)
    answer(leo, quoted)
    assert kinds(leo) == set()


def test_a_recruiter_says_that_a_flag_is_harmless():
    nora = named(email="nora@gmail.com")
    answer(nora)
    flag, rita = nora.flags.get(), make_user()
    actions.judge_flag(flag, is_harmless=True, note="Her own.", at=LATER, by=Actor.person(rita))
    flag.refresh_from_db()
    assert (flag.is_harmless, flag.note, flag.judged_by, flag.judged_at) == (True, "Her own.", rita, LATER)
    assert nora.referee.application.events.get(name="references.flag_judged").by_name == str(rita)


def test_what_is_not_harmless_needs_a_reason():
    nora = named(email="nora@gmail.com")
    answer(nora)
    with pytest.raises(NotAllowed):
        actions.judge_flag(nora.flags.get(), is_harmless=False, note=" ", at=LATER, by=Actor.person(make_user()))


def test_every_kind_has_its_meaning_and_its_innocent_ways():
    assert set(words.MEANINGS) == set(Kind.values)
