"""Flags and wishes of referees on the desk: who sees them, who judges, what a deletion shows before it happens."""

from dataclasses import replace

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import NOW
from candidates.judging.builders import make_card
from candidates.models import Event, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from references import actions
from references.builders import LEO, NORA, ask_for_referees, decline, give, name_referees
from references.models import Flag, Reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(rita):
    """Nora writes from a free address and has answered; Leo has not."""
    nora, _leo = name_referees(ask_for_referees(), replace(NORA, email="nora@gmail.com"), LEO)
    give(nora)
    return nora


def panel(user, *references):
    request = RequestFactory().get("/")
    request.user = user
    told = {"request": request, "references": references, "application": references[0].referee.application}
    text = "{% load reference_flags %}{% for one in references %}{% flags_of one %}{% endfor %}"
    return Template(text).render(Context(told))


def owe(user, reference):
    """This colleague is still to judge the application."""
    make_card(reference.referee.application, user=user, name=str(user), email=user.email)


def act(client, name, pk, **typed):
    url = reverse(f"desk:{name}", args=[pk])
    seen = client.get(url).context["act"].seen
    shown = client.post(url, {"seen": seen, "action": "preview", **typed})
    return shown, client.post(url, {"seen": seen, "action": "confirm", **typed})


def test_a_flag_says_what_it_may_mean_and_how_it_may_be_nothing(given, rita):
    page = panel(rita, given)
    for words in ("free mail address (gmail.com)", "does not show that they work", "keep only their own address"):
        assert words in page


def test_who_owes_a_rating_or_does_not_recruit_here_sees_no_flag(given, rita, manager, stranger):
    owe(rita, given)
    for user in (rita, manager, stranger):
        assert "gmail.com" not in panel(user, given)


def test_the_panel_asks_the_same_however_many_there_are(given, rita):
    leo = Reference.objects.select_related("referee", "scorecard__ask").exclude(pk=given.pk).get()
    counts = []
    for references in ([given], [given, leo, given, leo]):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            panel(rita, *references)
        counts.append(len(asked))
    assert counts[0] >= counts[1]
    assert counts[1] <= 5


def test_a_recruiter_says_that_it_is_harmless(desk, given, rita):
    flag = given.flags.get()
    act(desk, "reference_flag", flag.pk, is_harmless="yes", note="She told us so.")
    flag.refresh_from_db()
    assert (flag.is_harmless, flag.judged_by_name) == (True, str(rita))
    assert "She told us so." in panel(rita, given)
    assert Event.objects.get(name="references.flag_judged").data == {"flag": flag.pk}


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "is_harmless"), ({"is_harmless": "\x00"}, "is_harmless"), ({"is_harmless": "no", "note": ""}, "note"),
     ({"is_harmless": "yes", "note": "x" * 1_000_000}, "note")],
)  # fmt: skip
def test_half_a_judgement_is_told_beside_its_field(desk, given, typed, field):
    url = reverse("desk:reference_flag", args=[given.flags.get().pk])
    response = desk.post(url, {"seen": "new", "action": "confirm", **typed})
    assert list(response.context["form"].errors) == [field]
    assert given.flags.get().is_harmless is None


def test_an_old_page_overwrites_no_colleagues_judgement(desk, given):
    flag = given.flags.get()
    actions.judge_flag(flag, is_harmless=False, note="Nobody knows her.", at=NOW, by=Actor.outsider("Ruth"))
    url = reverse("desk:reference_flag", args=[flag.pk])
    response = desk.post(url, {"seen": "new", "action": "confirm", "is_harmless": "yes"})
    assert "A colleague changed something" in response.content.decode()
    flag.refresh_from_db()
    assert not flag.is_harmless


def test_only_who_recruits_here_and_owes_nothing_judges_a_flag(given, desk, rita, stranger, manager, client):
    url = reverse("desk:reference_flag", args=[given.flags.get().pk])
    assert signed_in(stranger).get(url).status_code == 404
    assert signed_in(manager).get(url).status_code == 403
    assert client.get(url).status_code == 302
    owe(rita, given)
    assert desk.get(url).status_code == 404


def test_a_deletion_is_shown_before_it_happens_and_then_done(desk, given, rita):
    actions.want_deletion(given, at=NOW, by=Actor.outsider("Nora Former"))
    assert "that what they said be deleted" in panel(rita, given)
    shown, _done = act(desk, "reference_forget", given.pk, is_sure="on")
    assert "Nobody gets a mail." in shown.content.decode()
    given.referee.refresh_from_db()
    assert given.referee.forgotten_at >= LATER
    assert not given.referee.requests.filter(kind="deletion", done_at=None).exists()


def test_a_deletion_needs_its_tick(desk, given):
    response = desk.post(reverse("desk:reference_forget", args=[given.pk]), {"action": "confirm"})
    assert list(response.context["form"].errors) == ["is_sure"]
    given.referee.refresh_from_db()
    assert given.referee.forgotten_at is None


def test_a_deletion_is_possible_after_the_application_has_ended(desk, given, rita):
    application = given.referee.application
    application.refresh_from_db()
    move(application, Stage.REJECTED, at=LATER, by=Actor.person(rita))
    act(desk, "reference_forget", given.pk, is_sure="on")
    given.referee.refresh_from_db()
    assert given.referee.forgotten_at


def test_only_who_recruits_here_deletes(given, stranger, manager, client):
    url = reverse("desk:reference_forget", args=[given.pk])
    assert signed_in(stranger).post(url, {"action": "confirm", "is_sure": "on"}).status_code == 404
    assert signed_in(manager).post(url, {"action": "confirm", "is_sure": "on"}).status_code == 403
    assert client.post(url, {"action": "confirm", "is_sure": "on"}).status_code == 302
    assert Flag.objects.get().data


def test_the_phone_is_offered_where_an_answer_is_waited_for(given, rita):
    leo = Reference.objects.select_related("referee", "scorecard__ask").exclude(pk=given.pk).get()
    link = reverse("desk:reference_phone", args=[leo.pk])
    assert link in panel(rita, leo)
    assert reverse("desk:reference_phone", args=[given.pk]) not in panel(rita, given)
    decline(leo)
    leo = Reference.objects.select_related("referee", "scorecard__ask").get(pk=leo.pk)
    assert link not in panel(rita, leo)
