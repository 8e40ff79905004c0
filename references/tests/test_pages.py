"""The pages of candidate and referee, behind their links."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from candidates.builders import NOW, make_user
from candidates.models import Application, Ask, Event, Message, Rating, Scorecard
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks, links, mail
from candidates.post.builders import open_link
from candidates.stages import Stage
from references.builders import LEO, NORA, ask_for_referees, make_references
from references.models import Referee, Reference
from references.questionnaire import KEYS

pytestmark = pytest.mark.django_db
GARBAGE = "\x00<script>" + "x" * 30_000


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)


def everything_written():
    models = (Application, Ask, Event, Message, Rating, Scorecard, Referee, Reference)
    return [list(model.objects.order_by("pk").values()) for model in models]


def typed_names(*people):
    fields = ("name", "email", "relation", "company")
    return {f"{field}_{place}": getattr(one, field) for place, one in enumerate(people) for field in fields}


def typed_reference(**fields):
    known = {"action": "send", "role": "Agent", "worked_from": "2027-03", "would_hire_again": "yes"}
    for key in KEYS:
        known |= {f"score_{key}": "4", f"evidence_{key}": "Helped a customer."}
    return known | fields


@pytest.fixture
def naming(client):
    asked = ask_for_referees()
    open_link(client, asked)
    return asked


@pytest.fixture
def nora(client):
    [reference, _leo] = make_references()
    open_link(client, reference.scorecard.ask)
    return reference


def url(reference, page="references:answer"):
    return reverse(page, args=[reference.scorecard.ask_id])


def test_the_candidate_names_referees(client, naming):
    response = client.post(naming.get_absolute_url(), typed_names(NORA, LEO))
    assert response.templates[0].name == "asks/done.html"
    assert list(Referee.objects.values_list("name", flat=True)) == [NORA.name, LEO.name]


def test_a_person_named_twice_is_told_beside_the_address_and_typed_names_are_kept(client, naming):
    response = client.post(naming.get_absolute_url(), typed_names(NORA, NORA))
    assert list(response.context["form"].errors) == ["email_1"]
    assert response.content.decode().count(f'value="{NORA.name}"') == 2
    assert Referee.objects.count() == 0


def test_an_address_with_letters_that_look_alike_is_refused(client, naming):
    data = typed_names(NORA, LEO) | {"email_1": "ſam@former.example"}
    response = client.post(naming.get_absolute_url(), data)
    assert list(response.context["form"].errors) == ["email_1"]


def test_sending_the_names_twice_shows_that_they_are_in(client, naming):
    client.post(naming.get_absolute_url(), typed_names(NORA, LEO))
    response = client.post(naming.get_absolute_url(), typed_names(NORA, LEO))
    assert (response.status_code, response.templates[0].name) == (410, "asks/answered.html")
    assert Referee.objects.count() == 2


def test_looking_at_the_pages_writes_nothing(client, naming):
    before = everything_written()
    client.get(naming.get_absolute_url())
    client.head(naming.get_absolute_url())
    assert everything_written() == before


def test_looking_at_a_referees_pages_writes_nothing(client, nora):
    before = everything_written()
    for page in ("references:answer", "references:decline"):
        assert client.get(url(nora, page)).status_code == 200
        client.head(url(nora, page))
    assert everything_written() == before


def test_a_referee_answers(client, nora):
    response = client.post(url(nora), typed_reference())
    nora.refresh_from_db()
    assert response.templates[0].name == "asks/done.html"
    assert nora.scorecard.is_locked
    assert nora.worked_from.isoformat() == "2027-03-01"


def test_a_referee_may_leave_out_what_they_have_not_seen(client, nora):
    client.post(url(nora), typed_reference(score_teamwork="unknown", evidence_teamwork=""))
    nora.refresh_from_db()
    assert nora.scorecard.is_locked
    assert nora.scorecard.ratings.get(criterion="teamwork").score is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": ""}, "role"),
        ({"worked_from": ""}, "worked_from"),
        ({"worked_from": "2031-01"}, "worked_from"),
        ({"worked_until": "2026-01"}, "worked_until"),
        ({"would_hire_again": "perhaps"}, "would_hire_again"),
        ({"score_teamwork": "6"}, "score_teamwork"),
        ({"score_teamwork": "5", "evidence_teamwork": ""}, "evidence_teamwork"),
        ({"score_teamwork": ""}, "score_teamwork"),
        ({f"score_{key}": "unknown" for key in KEYS}, "__all__"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_locked(client, nora, wrong, field):
    response = client.post(url(nora), typed_reference(**wrong))
    assert list(response.context["form"].errors) == [field]
    nora.refresh_from_db()
    assert not nora.scorecard.is_locked


def test_a_draft_comes_back(client, nora):
    client.post(url(nora), {"action": "save", "role": "Half a", "score_teamwork": "2", "worked_from": "2027-03"})
    page = client.get(url(nora)).content.decode()
    assert 'value="Half a"' in page
    assert 'value="2027-03"' in page
    assert "Saved 10:00" in page
    assert client.get(url(nora)).context["form"].initial["score_teamwork"] == 2


def test_what_is_emptied_in_a_draft_stays_empty(client, nora):
    client.post(url(nora), {"action": "save", "role": "Half a", "worked_from": "2027-03", "score_teamwork": "2"})
    client.post(url(nora), {"action": "save"})
    nora.refresh_from_db()
    assert (nora.role, nora.worked_from) == ("", None)
    assert nora.scorecard.ratings.get(criterion="teamwork").score is None


def test_an_unfinished_draft_is_no_error(client, nora):
    assert client.post(url(nora), {"action": "save", "role": "Half a"}).context["form"].errors == {}


def test_empty_names_are_asked_for_once_each(client, naming):
    errors = client.post(naming.get_absolute_url(), {}).context["form"].errors
    assert [len(error) for error in errors.values()] == [1] * 8


def test_what_is_invalid_leaves_the_draft_as_it_was(client, nora):
    client.post(url(nora), {"action": "save", "worked_from": "2027-03"})
    client.post(url(nora), {"action": "save", "worked_from": "long ago"})
    nora.refresh_from_db()
    assert nora.worked_from.isoformat() == "2027-03-01"


def test_declining_asks_once_and_then_thanks(client, nora):
    assert url(nora, "references:decline") in client.get(url(nora)).content.decode()
    response = client.post(url(nora, "references:decline"))
    nora.refresh_from_db()
    assert response.templates[0].name == "asks/done.html"
    assert nora.declined_at == NOW + timedelta(hours=1)


def test_after_declining_there_is_nothing_more_to_do(client, nora):
    client.post(url(nora, "references:decline"))
    assert client.post(url(nora), typed_reference()).status_code == 410
    assert client.post(url(nora, "references:decline")).status_code == 410


def test_a_link_opens_no_page_of_another_kind(client, nora):
    client.cookies[asks.COOKIE] = links.ask_token(nora.scorecard.ask)
    response = client.get(reverse("references:name_referees", args=[nora.scorecard.ask_id]))
    assert (response.status_code, response.templates[0].name) == (404, "asks/unknown.html")


def test_a_referee_opens_nobody_elses_page(client, nora):
    leo = Reference.objects.exclude(pk=nora.pk).get()
    assert client.get(url(leo)).status_code == 404


def test_strangers_see_nothing(nora):
    for page in ("references:answer", "references:decline"):
        assert Client().post(url(nora, page), typed_reference()).status_code == 404
    assert Rating.objects.count() == 0


def test_after_a_rejection_the_page_says_that_it_is_over(client, nora):
    move(nora.referee.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user()))
    assert client.post(url(nora), typed_reference()).templates[0].name == "asks/cancelled.html"


@pytest.mark.parametrize("action", ["save", "send", GARBAGE])
def test_garbage_never_breaks_the_referees_page(client, nora, action):
    fields = [*typed_reference(), "summary", "worked_until"]
    for value in (GARBAGE, "9999-99", "0001-01", "１２", "-1"):
        data = dict.fromkeys(fields, value) | {"action": action}
        assert client.post(url(nora), data).status_code == 200


def test_garbage_never_breaks_the_candidates_page(client, naming):
    for value in (GARBAGE, "a@b", "\ud7ff@x.org"):
        data = dict.fromkeys(typed_names(NORA, LEO), value)
        assert client.post(naming.get_absolute_url(), data).status_code == 200


def test_text_of_a_candidate_is_escaped(client, naming):
    evil = '<img src=x onerror="alert(1)">'
    page = client.post(naming.get_absolute_url(), typed_names(NORA, LEO) | {"name_0": evil, "email_0": ""})
    assert evil not in page.content.decode()


@pytest.mark.parametrize("template", ["references/name_referees", "references/request"])
def test_mails_of_equal_worth_with_the_link(template):
    make_references()
    rendered = mail.render(Message.objects.filter(template=template).first())
    for part in (rendered.text, rendered.html):
        assert mail.LINK in part
        assert "Max Manager" in part
        assert "You get this mail because" in part
    assert "{" not in rendered.subject + rendered.text


def test_a_mail_escapes_what_a_person_wrote_only_where_it_must():
    ask_for_referees(note="Tom & <b>Rita</b>")
    rendered = mail.render(Message.objects.get())
    assert "Tom & <b>Rita</b>" in rendered.text
    assert "Tom &amp; &lt;b&gt;Rita&lt;/b&gt;" in rendered.html
