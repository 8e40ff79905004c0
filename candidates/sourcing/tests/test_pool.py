"""The talent pool: joining by mail, leaving with one click, and forgetting."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.careers.forms import TRAP
from candidates.company import notice
from candidates.models import Candidate, Invitation, Message, PoolMember, Stage
from candidates.people import merging
from candidates.people.actors import Actor
from candidates.post import delivery, links, mail
from candidates.sourcing import actions, tasks

pytestmark = pytest.mark.django_db
JOIN = "/pool/"
TYPED = {"name": "Ana López", "email": "ana@example.org", "interests": "chat, Spanish", "consent": "on"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def by():
    return Actor.person(make_user())


def join(client, **typed):
    return client.post(JOIN, TYPED | typed)


def member_of(email="ana@example.org", **fields):
    person = Candidate.objects.filter(email=email).first() or make_candidate("Ana López", email=email)
    told = {"consent_at": NOW, "consent_version": "1", "confirmed_at": NOW} | fields
    return PoolMember.objects.create(candidate=person, **told)


def link_in(mailed):
    return urlsplit(re.search(r"http\S+/pool/\S+", mailed.body).group()).path


def deliver(mailoutbox):
    delivery.sweep(clock=lambda: NOW)
    return mailoutbox[-1]


def opened(client, member):
    client.get(urlsplit(links.personal_url(links.personal("pool", member.pk))).path)
    return reverse("sourcing:own", args=[member.pk])


def test_somebody_joins_by_the_button_behind_the_mailed_link(client, mailoutbox):
    assert join(client).url == reverse("sourcing:sent")
    member = PoolMember.objects.get()
    assert (member.confirmed_at, member.consent_version, member.interests) == (None, notice.BASE, "chat, Spanish")
    page = client.get(link_in(deliver(mailoutbox)), follow=True)
    assert "May we tell you about new jobs?" in page.content.decode()
    client.post(page.request["PATH_INFO"], {"action": "confirm", "interests": "chat"})
    member.refresh_from_db()
    assert (member.is_active, member.confirmed_at, member.interests) == (True, NOW, "chat")


def test_scanners_that_open_every_link_join_nobody(client, mailoutbox):
    join(client)
    path = link_in(deliver(mailoutbox))
    for method in (client.get, client.head):
        method(path, follow=True)
    assert not PoolMember.objects.get().is_active


@pytest.mark.parametrize("known", ["unknown", "candidate", "unconfirmed", "active", "left"])
def test_the_answer_is_the_same_for_known_and_unknown(client, known):
    if known == "candidate":
        make_application(candidate=make_candidate(email="ana@example.org"))
    elif known != "unknown":
        states = {"unconfirmed": {"confirmed_at": None}, "left": {"left_at": NOW}, "active": {}}
        member_of(**states[known])
    answer = join(client, email="ANA@example.org")
    assert (answer.status_code, answer.url, answer.content) == (302, reverse("sourcing:sent"), b"")
    assert Message.objects.filter(template="sourcing/confirm").count() == 1
    assert Candidate.objects.filter(email__iexact="ana@example.org").count() == 1


def test_what_a_member_said_is_not_overwritten_by_a_stranger(client, mailoutbox):
    member = member_of(interests="phone")
    join(client, name="Mallory", interests="rubbish")
    member.refresh_from_db()
    assert (member.interests, member.candidate.name) == ("phone", "Ana López")
    assert "already" in deliver(mailoutbox).subject


def test_one_mailbox_is_asked_once_a_day(client, clock):
    for _time in range(3):
        join(client)
    assert Message.objects.count() == 1
    clock.shift(timedelta(days=1))
    join(client)
    assert Message.objects.count() == 2


def test_without_consent_nothing_is_kept_and_nothing_typed_is_lost(client):
    page = client.post(JOIN, TYPED | {"consent": ""}).content.decode()
    assert "Without your permission" in page
    assert 'value="chat, Spanish"' in page
    assert not PoolMember.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "a\0b"}, {"name": "Ana https://evil.example"}, {"name": "x" * 300}, {"email": "nobody"},
        {"email": "a@b.c\nBcc: x@y.z"}, {"interests": "x" * 301}, {"interests": "\ud800"}, {"name": "", "email": ""},
    ],
)  # fmt: skip
def test_bad_input_is_told_beside_its_box(client, bad):
    bad = {name: value.encode("utf-8", "surrogatepass").decode("latin-1") for name, value in bad.items()}
    answer = client.post(JOIN, TYPED | bad)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == set(bad)
    assert not PoolMember.objects.exists()


def test_a_program_that_fills_every_box_joins_nobody(client):
    assert client.post(JOIN, TYPED | {TRAP: "x"}).url == reverse("sourcing:sent")
    assert not PoolMember.objects.exists()


def test_too_many_forms_of_one_sender_wait(client, settings):
    settings.APPLY_LIMIT_IP = 1
    statuses = [client.post(JOIN, TYPED, REMOTE_ADDR="192.0.2.77").status_code for _time in range(3)]
    assert statuses == [302, 429, 429]


def test_a_member_leaves_by_a_button(client):
    member = member_of()
    client.post(opened(client, member), {"action": "leave"})
    member.refresh_from_db()
    assert member.left_at == NOW


def test_a_mail_program_leaves_with_one_click_and_without_a_cookie():
    member = member_of()
    path = urlsplit(links.personal_url(links.personal("pool", member.pk))).path
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    member.refresh_from_db()
    assert (answer.status_code, member.left_at) == (200, NOW)


def test_the_one_click_only_ends(client):
    member = member_of(confirmed_at=None)
    path = urlsplit(links.personal_url(links.personal("pool", member.pk))).path
    for typed in ({"action": "confirm"}, {}, {"List-Unsubscribe": "x"}):
        client.post(path, typed)
    member.refresh_from_db()
    assert (member.is_active, member.left_at) == (False, None)


def test_the_page_itself_asks_for_the_token_of_the_form():
    member = member_of()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(opened(strict, member), {"action": "leave"}).status_code == 403


def test_mails_of_the_pool_can_be_ended_in_the_mail_program_and_others_cannot(client, mailoutbox, by):
    join(client)
    headers = deliver(mailoutbox).extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http\S+/pool/\S+>", headers["List-Unsubscribe"])
    mail.queue(make_application(), "candidates/received", key="x", at=NOW)
    assert "List-Unsubscribe" not in deliver(mailoutbox).extra_headers


def test_leaving_stops_the_mails_that_wait(by, mailoutbox):
    member = member_of()
    actions.invite(member.candidate, make_job(), at=NOW, by=by)
    actions.leave(member, at=NOW)
    delivery.sweep(clock=lambda: NOW)
    assert (Message.objects.get().status, mailoutbox) == ("cancelled", [])


def test_leaving_by_an_old_address_counts_for_the_person_who_was_kept(by):
    kept, old = member_of(), member_of("old@example.org")
    merging.merge(kept.candidate, old.candidate, at=NOW, by=by)
    actions.leave(old, at=NOW)
    kept.refresh_from_db()
    assert kept.left_at == NOW


def test_who_left_comes_back_by_the_mailbox_alone(client, clock):
    member = member_of(left_at=NOW)
    join(client)
    member.refresh_from_db()
    assert not member.is_active
    clock.shift(timedelta(hours=1))
    client.post(opened(client, member), {"action": "confirm", "interests": ""})
    member.refresh_from_db()
    assert (member.is_active, member.consent_at) == (True, NOW + timedelta(hours=1))


@pytest.mark.parametrize("token", ["x", "1", "9" * 30, "%00", "Wzk5OSwxXQ:x:y"])
def test_unknown_links_are_told_so(client, token):
    assert client.get(f"/pool/{token}/").status_code == 404
    assert client.post(f"/pool/{token}/", {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert client.get(f"/pool/links/{token}/").status_code == 404


def test_a_link_opens_no_other_page(client):
    ana, bea = member_of(), member_of("bea@example.org")
    opened(client, ana)
    client.cookies["pool"] = links.personal_token("pool", ana.pk)
    assert client.get(reverse("sourcing:own", args=[bea.pk])).status_code == 404
    client.cookies["pool"] = links.personal_token("draft", bea.pk)
    assert client.get(reverse("sourcing:own", args=[bea.pk])).status_code == 404


def test_who_never_confirmed_is_forgotten_after_a_month(client, clock):
    join(client)
    make_application(candidate=make_candidate(email="bea@example.org"))
    join(client, email="bea@example.org")
    member_of("cid@example.org")
    clock.shift(timedelta(days=31))
    tasks.forget_unconfirmed()
    assert sorted(Candidate.objects.values_list("email", flat=True)) == ["bea@example.org", "cid@example.org"]
    assert [member.candidate.email for member in PoolMember.objects.all()] == ["cid@example.org"]
    assert not Message.objects.exists()


def test_who_was_invited_keeps_the_way_out(by, clock):
    person = make_application(Stage.REJECTED).candidate
    actions.invite(person, make_job(), at=NOW, by=by)
    clock.shift(timedelta(days=400))
    tasks.forget_unconfirmed()
    assert PoolMember.objects.filter(candidate=person).exists()
    assert Invitation.objects.exists()
