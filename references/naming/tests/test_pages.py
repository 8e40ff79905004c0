"""The candidate's page on which referees are named."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Application, Ask, Event, Message, Rating, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post.builders import open_link
from references.builders import LEO, NORA, ask_for_referees, decline, make_references, of_plan
from references.models import Referee, Reference, SelfView

pytestmark = pytest.mark.django_db
GARBAGE = "\x00<script>" + "x" * 30_000
FIELDS = ("name", "email", "relation", "company", "phone", "language")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)


def everything_written():
    models = (Application, Ask, Event, Message, Rating, Scorecard, Referee, Reference, SelfView)
    return [list(model.objects.order_by("pk").values()) for model in models]


def typed(*people, **fields):
    names = {f"{field}_{place}": getattr(one, field) for place, one in enumerate(people) for field in FIELDS}
    for place in range(len(people)):
        names |= {f"worked_from_{place}": "2027-03", f"worked_until_{place}": "2028-09", f"agreed_{place}": "on"}
    return names | fields


@pytest.fixture
def naming(client):
    asked = ask_for_referees(of_plan(managers=1))
    open_link(client, asked)
    return asked


def post(client, asked, data, **headers):
    return client.post(asked.get_absolute_url(), data, **headers)


def test_the_candidate_names_referees(client, naming):
    response = post(client, naming, typed(NORA, LEO))
    assert response.templates[0].name == "asks/done.html"
    assert list(Referee.objects.values_list("name", "worked_from", "consent_at")) == [
        (NORA.name, date(2027, 3, 1), NOW + timedelta(hours=1)),
        (LEO.name, date(2027, 3, 1), NOW + timedelta(hours=1)),
    ]


def test_the_page_says_how_many_and_of_which_kind(client, naming):
    page = client.get(naming.get_absolute_url()).content.decode()
    assert "Please name 2 people who saw you at work." in page
    assert "At least one has to be a manager or team lead" in page


def test_a_number_is_kept_in_one_form_with_the_country_of_the_job(client):
    asked = ask_for_referees(make_application(Stage.INTERVIEWS, job=make_job(country="NL")))
    open_link(client, asked)
    post(client, asked, typed(NORA, LEO, phone_0="020 123 45 67", phone_1="+49 30 1234567"))
    assert list(Referee.objects.values_list("phone", flat=True)) == ["+31201234567", "+49301234567"]


def test_a_referee_is_asked_in_their_own_language(client, naming):
    post(client, naming, typed(NORA, LEO, language_1="de"))
    asked = Ask.objects.get(email=LEO.email)
    assert (asked.language, asked.title) == ("de", f"Give a reference for {naming.name}")


def test_network_and_browser_are_kept_as_digests(client, naming):
    post(client, naming, typed(NORA, LEO), REMOTE_ADDR="203.0.113.7", headers={"user-agent": "Firefox"})
    referee = Referee.objects.first()
    assert (len(referee.network), len(referee.browser)) == (64, 64)
    assert referee.network != referee.browser


def test_how_they_see_themselves_is_kept_beside_and_asked_once(client):
    asked = ask_for_referees(of_plan(replacements=1))
    open_link(client, asked)
    assert "It is never counted" in client.get(asked.get_absolute_url()).content.decode()
    post(client, asked, typed(NORA, LEO, self_teamwork="4"))
    assert list(SelfView.objects.values_list("criterion", "score")) == [("teamwork", 4)]
    decline(Reference.objects.last())
    again = asked.application.asks.open().get(page="references:name_referees")
    open_link(client, again)
    assert "It is never counted" not in client.get(again.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email_1": "CARA+jobs@example.org"}, "email_1"),
        ({"email_1": "Nora+work@Former.example"}, "email_1"),
        ({"email_1": "rita.recruiter@rapport.test"}, "email_1"),
        ({"email_1": "max.manager@rapport.test"}, "email_1"),
        ({"email_1": "ſam@former.example"}, "email_1"),
        ({"phone_0": "+31 20 123 4567", "phone_1": "+31201234567"}, "phone_1"),
        ({"phone_0": "+31 6 1111 2222"}, "phone_0"),
        ({"phone_0": "call me"}, "phone_0"),
        ({"worked_from_1": "2031-01", "worked_until_1": ""}, "worked_from_1"),
        ({"worked_until_0": "2031-01"}, "worked_until_0"),
        ({"worked_until_0": "2027-02"}, "worked_until_0"),
        ({"worked_from_0": "long ago"}, "worked_from_0"),
        ({"relation_0": "colleague", "relation_1": "client"}, "relation_1"),
        ({"relation_0": "mother"}, "relation_0"),
        ({"agreed_0": ""}, "agreed_0"),
        ({"language_0": "tlh"}, "language_0"),
        ({"name_0": "two\nlines"}, "name_0"),
        ({"name_0": "see https://evil.example"}, "name_0"),
        ({"self_teamwork": "9"}, "self_teamwork"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_that_was_typed_is_kept(client, wrong, field):
    cara = make_candidate(email="cara@example.org", phone="+31 6 11112222", country="NL")
    application = of_plan(managers=1)
    application.candidate = cara
    application.save()
    asked = ask_for_referees(application)
    open_link(client, asked)
    response = post(client, asked, data := typed(NORA, LEO, phone_1="+31 10 7654321") | wrong)
    form = response.context["form"]
    assert list(form.errors) == [field]
    kept = {name: form[name].value() or "" for name in data}
    assert kept == {name: value == "on" or value if "agreed" in name else value for name, value in data.items()}
    assert Referee.objects.count() == 0


def test_a_person_named_twice_stands_in_the_page_twice(client, naming):
    response = post(client, naming, typed(NORA, NORA))
    assert list(response.context["form"].errors) == ["email_1"]
    assert response.content.decode().count(f'value="{NORA.name}"') == 2


def test_empty_names_are_asked_for_once_each(client, naming):
    errors = post(client, naming, {}).context["form"].errors
    assert {name.rpartition("_")[0] for name in errors} == {*FIELDS, "worked_from", "agreed"} - {"phone"}
    assert [len(error) for error in errors.values()] == [1] * 14


def test_sending_the_names_twice_shows_that_they_are_in(client, naming):
    post(client, naming, typed(NORA, LEO))
    response = post(client, naming, typed(NORA, LEO))
    assert (response.status_code, response.templates[0].name) == (410, "asks/answered.html")
    assert Referee.objects.count() == 2


def test_after_a_rejection_the_page_says_that_it_is_over(client, naming):
    move(naming.application, Stage.REJECTED, at=NOW, by=Actor.person(make_user()))
    assert post(client, naming, typed(NORA, LEO)).templates[0].name == "asks/cancelled.html"


def test_looking_at_the_page_writes_nothing(client, naming):
    before = everything_written()
    client.get(naming.get_absolute_url())
    client.head(naming.get_absolute_url())
    assert everything_written() == before


def test_the_page_for_another_name_says_whose_reference_did_not_come(client):
    nora, leo = make_references(of_plan(replacements=1))
    decline(leo)
    asked = nora.referee.application.asks.open().get(page="references:name_referees")
    page = open_link(client, asked).content.decode()
    assert leo.referee.name in page
    assert nora.referee.name not in page
    assert "Person 1" in page
    assert "Person 2" not in page


def test_naming_needs_the_same_few_questions_of_the_database_however_many_are_named(client):
    def queries(referees):
        asked = ask_for_referees(of_plan(referees=referees))
        open_link(client, asked)
        with CaptureQueriesContext(connection) as captured:
            client.get(asked.get_absolute_url())
        return len(captured)

    assert queries(1) == queries(6)


@pytest.mark.parametrize("value", [GARBAGE, "a@b", "\ud7ff@x.org", "9" * 40, "9999-99"])
def test_garbage_never_breaks_the_page(client, naming, value):
    data = dict.fromkeys(typed(NORA, LEO, self_teamwork="1", worked_until_0=""), value)
    assert post(client, naming, data).status_code == 200


def test_half_a_character_never_breaks_the_page(client, naming):
    data = "&".join(f"{name}=%ED%B2%80" for name in typed(NORA, LEO, self_teamwork="1"))
    response = post(client, naming, data, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200


def test_a_megabyte_in_a_box_is_refused_beside_it(client, naming):
    response = post(client, naming, typed(NORA, LEO, company_0="x" * 1_000_000, phone_1="1" * 1_000_000))
    assert list(response.context["form"].errors) == ["company_0", "phone_1"]


def test_text_of_a_candidate_is_escaped(client, naming):
    evil = '<img src=x onerror="alert(1)">'
    page = post(client, naming, typed(NORA, LEO, company_0=evil, email_0=""))
    assert evil not in page.content.decode()


def test_nobody_names_with_the_link_of_a_referee(client):
    [nora, _leo] = make_references()
    open_link(client, nora.scorecard.ask)
    assert client.get(reverse("references:name_referees", args=[nora.scorecard.ask_id])).status_code == 404
