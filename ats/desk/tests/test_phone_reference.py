"""A recruiter asks a referee on the phone, writes down what is said, and records it."""

import pytest
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests.conftest import LATER, signed_in, with_role
from candidates.builders import NOW
from candidates.judging.builders import make_card
from candidates.models import Message, Scorecard
from candidates.people.actors import Actor
from candidates.post import rendering
from candidates.post.builders import open_link
from candidates.tests.together import together
from references import actions
from references.builders import decline, give, make_answers, make_facts, make_references
from references.models import Reference
from references.questionnaire import KEYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(rita):
    [reference, _leo] = make_references()
    return reference


def url(reference):
    return reverse("desk:reference_phone", args=[reference.pk])


def typed(**fields):
    known = {"role": "Agent", "worked_from": "2027-03", "would_hire_again": "yes", "summary": "Missed by all."}
    for key in KEYS:
        known |= {f"score_{key}": "4", f"evidence_{key}": "Helped a customer."}
    return known | fields


def begin(client, reference):
    return client.post(url(reference), {"action": "begin", "agreed": "on"})


def record(client, reference, **fields):
    return client.post(url(reference), typed(action="record", **fields))


def fresh(reference):
    related = ("scorecard__ask", "referee__application", "recorded_by")
    return Reference.objects.select_related(*related).get(pk=reference.pk)


def test_the_script_comes_first_and_the_questions_after_their_consent(desk, nora):
    page = desk.get(url(nora)).content.decode()
    assert "Hello Nora Former, this is Rita Recruiter" in page
    assert 'name="score_reliability"' not in page
    assert desk.post(url(nora), {"action": "begin"}).context["consent"].errors
    assert fresh(nora).mode == Reference.Mode.LINK
    begin(desk, nora)
    assert 'name="score_reliability"' in desk.get(url(nora)).content.decode()


def test_looking_writes_nothing(desk, nora):
    desk.get(url(nora))
    assert (fresh(nora).mode, fresh(nora).began_at) == (Reference.Mode.LINK, None)


def test_what_is_said_is_recorded_as_such(desk, nora, rita):
    begin(desk, nora)
    record(desk, nora)
    given = fresh(nora)
    assert (given.mode, given.recorded_by, given.scorecard.is_locked) == (Reference.Mode.PHONE, rita, True)
    assert (given.role, given.network, given.browser) == ("Agent", "", "")
    assert given.referee.application.events.get(name="references.recorded").by_name == str(rita)


def test_the_referee_is_mailed_the_way_to_what_was_written_down(desk, client, nora):
    begin(desk, nora)
    record(desk, nora)
    copy = Message.objects.get(template="references/copy_of_call")
    rendered = rendering.render(copy)
    assert rendering.address(copy) == "nora@former.example"
    assert "Rita Recruiter" in rendered.text
    assert "Helped a customer." not in rendered.text + str(copy.data)
    assert "wrote this down" in open_link(client, nora.scorecard.ask).content.decode()


def test_their_link_says_that_they_answer_on_the_phone(desk, client, nora):
    open_link(client, nora.scorecard.ask)
    begin(desk, nora)
    response = client.post(nora.scorecard.ask.get_absolute_url() + "?step=1", {"role": "Agent", "action": "next"})
    assert (response.status_code, response.templates[0].name) == (410, "references/on_the_phone.html")
    assert fresh(nora).role == ""


def test_what_they_typed_by_their_link_is_never_shown_to_who_calls(desk, nora):
    actions.save_draft(nora, make_facts(role="Secretly typed"), make_answers(1), at=NOW)
    page = desk.get(url(nora)).content.decode()
    assert "They have begun to answer by their link" in page
    begin(desk, nora)
    assert "Secretly typed" not in page + desk.get(url(nora)).content.decode()
    assert fresh(nora).scorecard.ratings.count() == 0


def test_notes_are_kept_as_they_are_typed(desk, nora):
    begin(desk, nora)
    desk.post(url(nora), {"action": "autosave", "evidence_teamwork": "Half a", "worked_from": "long ago"})
    assert 'name="evidence_teamwork"' in desk.get(url(nora)).content.decode()
    assert fresh(nora).scorecard.ratings.get().evidence == "Half a"
    assert not fresh(nora).scorecard.is_locked


def test_what_is_missing_is_said_and_nothing_is_locked_or_lost(desk, nora):
    begin(desk, nora)
    response = record(desk, nora, score_teamwork="5", evidence_teamwork="", summary="x" * 20_001)
    assert set(response.context["form"].errors) == {"evidence_teamwork", "summary"}
    assert "x" * 20_001 in response.content.decode()


def test_a_call_that_did_not_take_place_gives_the_link_back(desk, client, nora):
    begin(desk, nora)
    desk.post(url(nora), {"action": "save", "summary": "Engaged."})
    desk.post(url(nora), {"action": "leave"})
    left = fresh(nora)
    assert (left.mode, left.recorded_by, left.scorecard.summary, left.began_at) == ("link", None, "", None)
    assert open_link(client, nora.scorecard.ask).status_code == 200


def test_who_still_owes_a_rating_may_not_call(desk, nora, rita):
    make_card(nora.referee.application, user=rita, name=str(rita), email=rita.email)
    for response in (desk.get(url(nora)), begin(desk, nora), record(desk, nora)):
        assert response.status_code == 409
        assert "You still owe a rating" in response.content.decode()
    assert fresh(nora).mode == Reference.Mode.LINK


def test_a_second_recruiter_reads_nothing_of_a_call_that_goes_on(desk, nora):
    begin(desk, nora)
    desk.post(url(nora), {"action": "save", "summary": "Said in confidence."})
    ruth = with_role("Ruth Recruiter", roles.RECRUITERS)
    nora.referee.application.job.recruiters.add(ruth)
    response = signed_in(ruth).get(url(nora))
    assert response.status_code == 409
    assert "Rita Recruiter is on the phone with them" in response.content.decode()
    assert "Said in confidence." not in response.content.decode()


@pytest.mark.parametrize("end", [give, decline])
def test_who_has_answered_or_declined_is_not_called(desk, nora, end):
    end(nora)
    assert desk.get(url(nora)).status_code == 409
    assert begin(desk, nora).status_code == 409


def test_strangers_managers_and_outsiders_get_nowhere(nora, client, stranger, manager):
    assert signed_in(stranger).get(url(nora)).status_code == 404
    assert signed_in(manager).get(url(nora)).status_code == 403
    assert client.get(url(nora)).status_code == 302
    open_link(client, nora.scorecard.ask)
    assert client.get(url(nora)).status_code == 302


@pytest.mark.parametrize("action", ["", "begin", "save", "autosave", "record", "leave", "x\x00"])
def test_garbage_never_breaks_the_page(desk, nora, action):
    garbage = dict.fromkeys(typed(), "\x00<b>" + "9" * 30000) | {"agreed": "\x00", "action": action}
    assert desk.post(url(nora), garbage).status_code in (200, 302, 409)
    begin(desk, nora)
    assert desk.post(url(nora), garbage).status_code in (200, 302, 409)
    assert not fresh(nora).scorecard.is_locked


def test_a_reference_on_the_phone_is_never_noticed_as_quick_or_copied(desk, nora):
    begin(desk, nora)
    record(
        desk, nora, summary="One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen."
    )
    assert list(fresh(nora).flags.all()) == []


@pytest.mark.django_db(transaction=True)
def test_a_call_and_an_answer_by_link_at_once_are_one(rita):
    [nora, _leo] = make_references()
    by = Actor.person(rita)
    results = together(
        lambda: give(Reference.objects.get(pk=nora.pk)),
        lambda: actions.begin_call(Reference.objects.get(pk=nora.pk), at=LATER, by=by),
    )
    given = fresh(nora)
    assert (results[0] is None) or (results[1] is None)
    assert given.scorecard.is_locked == (results[0] is None)
    assert Scorecard.objects.filter(pk=given.scorecard_id, ratings__isnull=False).exists() == given.scorecard.is_locked
