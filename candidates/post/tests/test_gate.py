"""The gate of a mailed link: who comes in, who is told why not, and that looking changes nothing.

The reader's page of the screening is the example; every other page stands behind the same gate.
"""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from candidates.builders import NOW, make_application, make_user
from candidates.models import Application, Ask, Event, Message, Rating, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import asks, links
from candidates.post.builders import link_to, open_link
from candidates.screening.builders import ask_for, begin_screening

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LETTER, PHONE = Scorecard.Kind.LETTER, Scorecard.Kind.PHONE


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + DAY, tick=False)
    return time_machine


@pytest.fixture
def ask():
    return ask_for(begin_screening(), LETTER)


def everything_written():
    models = (Application, Ask, Event, Message, Rating, Scorecard)
    return [list(model.objects.order_by("pk").values()) for model in models]


def status_of(response):
    return response.status_code, response.templates[0].name


def test_the_link_leads_to_a_clean_address_and_the_page(ask, client):
    response = open_link(client, ask)
    assert response.redirect_chain == [(f"/screening/letter/{ask.pk}/", 302)]
    assert status_of(response) == (200, "screening/letter.html")


def test_the_cookie_is_for_the_page_alone_and_out_of_reach_of_scripts(ask, client):
    cookie = client.get(link_to(ask)).cookies[asks.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/screening/letter/{ask.pk}/", True, "Lax")


def test_the_cookie_is_secure_where_the_site_is(ask, client):
    assert client.get(link_to(ask), secure=True).cookies[asks.COOKIE]["secure"] is True


@pytest.mark.parametrize("step", ["the link", "the page"])
def test_no_page_is_kept_by_caches_or_told_to_other_sites(ask, client, step):
    response = client.get(link_to(ask), follow=step == "the page")
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_writes_nothing(ask, client, method):  # V24, F17
    before = everything_written()
    for _ in range(3):
        response = getattr(client, method)(link_to(ask), follow=True)
        assert response.status_code == 200
    assert everything_written() == before


def test_posting_to_the_link_itself_is_refused(ask, client):
    assert client.post(link_to(ask)).status_code == 405


def test_a_clean_address_without_the_cookie_is_unknown(ask, client):
    assert status_of(client.get(ask.get_absolute_url())) == (404, "asks/unknown.html")


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "ü", "a" * 3000])
def test_a_token_that_we_never_signed_is_unknown(client, token):
    assert status_of(client.get(f"/link/{token}/")) == (404, "asks/unknown.html")


def test_a_token_with_a_changed_letter_is_unknown(ask, client):
    token = links.ask_token(ask)
    swapped = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert client.get(f"/link/{token}/").status_code == 302
    assert status_of(client.get(f"/link/{swapped}/")) == (404, "asks/unknown.html")


def test_a_token_that_was_signed_for_another_purpose_is_unknown(ask, client):
    token = links.application_token(ask.application)
    assert links.read_application_token(token) == ask.application_id
    assert status_of(client.get(f"/link/{token}/")) == (404, "asks/unknown.html")


def test_a_token_of_an_ask_that_is_gone_is_unknown(client):
    token = signing.dumps([999_999, 1], salt=links.ASK)
    assert status_of(client.get(f"/link/{token}/")) == (404, "asks/unknown.html")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_of_another_ask_does_not_open_the_page(ask, client, method):  # V28
    other = ask_for(begin_screening(make_application()), LETTER)
    client.cookies[asks.COOKIE] = links.ask_token(ask)
    assert getattr(client, method)(ask.get_absolute_url()).status_code == 200
    assert status_of(getattr(client, method)(other.get_absolute_url())) == (404, "asks/unknown.html")


def test_a_token_does_not_open_a_page_of_another_kind_with_its_own_number(ask, client):  # V28
    open_link(client, ask)
    assert client.get(f"/screening/letter/{ask.pk}/").status_code == 200
    assert status_of(client.get(f"/screening/phone/{ask.pk}/")) == (404, "asks/unknown.html")


def end(ask, how):
    if how == "answered":
        asks.close(ask, at=NOW)
    elif how == "cancelled":
        asks.cancel(ask, at=NOW)
    else:
        move(ask.application, Stage.REJECTED, at=NOW + DAY, by=Actor.person(make_user()))


@pytest.mark.parametrize(
    ("how", "page"),
    [("answered", "answered"), ("cancelled", "cancelled"), ("application closed", "cancelled")],
)
@pytest.mark.parametrize("way", ["the link", "the page", "a post"])
def test_an_ask_that_has_ended_says_so(ask, client, how, page, way):
    open_link(client, ask)
    end(ask, how)
    address = link_to(ask) if way == "the link" else ask.get_absolute_url()
    response = client.post(address, {"action": "lock"}) if way == "a post" else client.get(address)
    assert status_of(response) == (410, f"asks/{page}.html")


@pytest.fixture
def expired(ask, clock):
    clock.move_to(ask.expires_at, tick=False)
    return ask


@pytest.mark.parametrize("way", ["the link", "the page", "a post"])
def test_a_link_that_ran_out_offers_a_new_one(ask, client, clock, way):
    link = link_to(ask)
    token = client.get(link, follow=True).client.cookies[asks.COOKIE].value
    clock.move_to(ask.expires_at, tick=False)
    address = link if way == "the link" else ask.get_absolute_url()
    response = client.post(address, {"action": "lock"}) if way == "a post" else client.get(address)
    assert status_of(response) == (410, "asks/expired.html")
    assert f'name="token" value="{token}"' in response.content.decode()


def test_a_link_lives_through_one_change_of_the_secret_key_and_not_through_two(ask, settings):  # F45
    sent, first = link_to(ask), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second key " * 4, [first]
    assert status_of(Client().get(sent, follow=True)) == (200, "screening/letter.html")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the third key " * 4, ["the second key " * 4]
    assert Client().get(sent, follow=True).status_code == 404


def test_a_link_works_until_the_moment_it_runs_out(ask, client, clock):
    clock.move_to(ask.expires_at - timedelta(seconds=1), tick=False)
    assert open_link(client, ask).status_code == 200


def renew(client, token):
    return client.post("/link/renew/", {"token": token})


def test_a_new_link_goes_to_the_address_of_the_first(expired, client):
    assert status_of(renew(client, links.ask_token(expired))) == (200, "asks/renewed.html")
    message = Message.objects.get(key__startswith="renew:")
    assert (message.to, message.ask_id, message.template) == (expired.email, expired.pk, "screening/letter")


def test_a_new_link_opens_the_page(expired, client):
    renew(client, links.ask_token(expired))
    expired.refresh_from_db()
    assert open_link(client, expired).status_code == 200


def test_a_new_link_comes_in_the_same_words_and_as_solemnly(expired, client):
    expired.messages.update(data={"number": 3}, solemn=True)
    renew(client, links.ask_token(expired))
    message = Message.objects.get(key__startswith="renew:")
    assert (message.data, message.solemn) == ({"number": 3}, True)


def test_the_old_link_stays_dead_after_a_renewal(expired, client):
    old = links.ask_token(expired)
    renew(client, old)
    expired.refresh_from_db()
    assert links.ask_token(expired) != old
    assert status_of(client.get(f"/link/{old}/")) == (410, "asks/expired.html")


def test_the_cookie_of_the_old_link_stays_dead_after_a_renewal(ask, client, clock):
    open_link(client, ask)
    clock.move_to(ask.expires_at, tick=False)
    renew(client, links.ask_token(ask))
    assert status_of(client.get(ask.get_absolute_url())) == (410, "asks/expired.html")


def test_pressing_for_a_new_link_five_times_sends_one(expired, client):
    for _ in range(5):
        renew(client, links.ask_token(expired))
    assert Message.objects.filter(key__startswith="renew:").count() == 1


@pytest.mark.parametrize("case", ["never signed", "still alive", "answered", "no token"])
def test_asking_for_a_new_link_tells_nothing_and_sends_nothing(ask, client, clock, case):
    token = {"never signed": "x:y:z", "no token": ""}.get(case, links.ask_token(ask))
    if case == "answered":
        clock.move_to(ask.expires_at, tick=False)
        asks.close(ask, at=NOW)
    assert status_of(renew(client, token)) == (200, "asks/renewed.html")
    assert not Message.objects.filter(key__startswith="renew:").exists()


def test_a_new_link_is_asked_for_by_a_post_alone(expired, client):  # V24
    assert client.get("/link/renew/", {"token": links.ask_token(expired)}).status_code == 405
    assert not Message.objects.filter(key__startswith="renew:").exists()


def test_a_colleague_who_is_signed_in_opens_what_they_were_asked(ask, client):
    client.force_login(make_user("Rita Recruiter"))
    assert status_of(client.get(ask.get_absolute_url())) == (200, "screening/letter.html")


def test_a_colleague_who_is_signed_in_needs_no_link_and_so_none_that_lives(expired, client):
    client.force_login(make_user("Rita Recruiter"))
    assert status_of(client.get(expired.get_absolute_url())) == (200, "screening/letter.html")


def test_a_colleague_who_is_signed_in_does_not_open_what_another_was_asked(ask, client):
    client.force_login(make_user("Max Manager"))
    assert status_of(client.get(ask.get_absolute_url())) == (404, "asks/unknown.html")


def test_an_administrator_does_not_open_what_another_was_asked(ask, client):
    client.force_login(make_user("Ada Administrator", is_superuser=True))
    assert status_of(client.get(ask.get_absolute_url())) == (404, "asks/unknown.html")


def test_opening_a_link_signs_nobody_in(ask, client):
    response = open_link(client, ask)
    assert response.context["user"].is_anonymous
    assert set(client.cookies) <= {asks.COOKIE, "csrftoken"}


def test_a_page_is_not_answered_without_a_form_of_ours(ask):  # V20
    strict = Client(enforce_csrf_checks=True)
    open_link(strict, ask)
    assert strict.post(ask.get_absolute_url(), {"action": "save"}).status_code == 403


def test_the_page_names_no_token(ask, client):  # V23
    page = open_link(client, ask).content.decode()
    assert client.cookies[asks.COOKIE].value not in page
