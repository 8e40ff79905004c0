"""Inviting people we know to a new job, once, and only those who may be asked."""

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Invitation, Job, Message, PoolMember, Referrer, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import delivery
from candidates.sourcing import actions
from candidates.tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return Actor.person(make_user())


@pytest.fixture
def job():
    return make_job("Chat hero", slug="chat-hero")


def member(**fields):
    told = {"consent_at": NOW, "consent_version": "1", "confirmed_at": NOW} | fields
    return PoolMember.objects.create(candidate=make_candidate("Ana López"), **told)


def refused(person, job, by, why):
    before = Invitation.objects.count(), Message.objects.count()
    with pytest.raises(NotAllowed, match=why):
        actions.invite(person, job, at=NOW, by=by)
    assert (Invitation.objects.count(), Message.objects.count()) == before


def test_a_member_gets_a_mail_with_the_job_and_the_way_out(job, by, mailoutbox):
    actions.invite(member().candidate, job, at=NOW, by=by)
    delivery.sweep(clock=lambda: NOW)
    body = mailoutbox[0].body
    assert "/jobs/chat-hero/?source=invitation" in body
    assert "because you asked" in body
    assert "/pool/" in body
    assert "Rita Recruiter" in body
    assert "link.invalid" not in body + mailoutbox[0].alternatives[0].content
    assert "/pool/" not in Message.objects.get().text


def test_who_applied_before_is_told_so_and_can_say_no(job, by, mailoutbox):
    person = make_application(Stage.REJECTED).candidate
    actions.invite(person, job, at=NOW, by=by)
    delivery.sweep(clock=lambda: NOW)
    assert "because you applied" in mailoutbox[0].body
    row = PoolMember.objects.get(candidate=person)
    assert (row.consent_at, row.is_active, PoolMember.objects.active().exists()) == (None, False, False)
    actions.leave(row, at=NOW)
    refused(person, make_job(), by, "do not want")


def test_those_who_may_not_be_asked(job, by):
    refused(member(left_at=NOW).candidate, job, by, "do not want")
    refused(member(confirmed_at=None).candidate, job, by, "not in the talent pool")
    refused(make_application(job=job).candidate, job, by, "open application")
    refused(member().candidate, make_job(status=Job.Status.PAUSED), by, "no applications")


def test_a_person_is_invited_to_a_job_once(job, by):
    person = member().candidate
    actions.invite(person, job, at=NOW, by=by)
    refused(person, job, by, "Rita Recruiter invited them")
    actions.invite(person, make_job(), at=NOW, by=by)
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_one_person_at_once_write_one_mail(job, by):
    person = member().candidate
    results = together(*[lambda: actions.invite(person, job, at=NOW, by=by)] * 2)
    assert sorted(type(one).__name__ for one in results) == ["Invitation", "NotAllowed"]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_leaves_while_being_invited_gets_no_mail(job, by):
    row = member()
    together(lambda: actions.invite(row.candidate, job, at=NOW, by=by), lambda: actions.leave(row, at=NOW))
    assert not Message.objects.exclude(status="cancelled").exists()


class TestRecommending:
    @pytest.fixture
    def eve(self):
        eve = Referrer(name="Eve Employee", email="eve@rapport.test")
        actions.add_referrer(eve, at=NOW)
        return eve

    def test_an_employee_gets_a_page_with_a_link_for_each_open_job(self, eve, job, client, mailoutbox):
        make_job("Closed", status=Job.Status.CLOSED)
        make_application(job=job, referrer=eve)
        delivery.sweep(clock=lambda: NOW)
        address = next(word for word in mailoutbox[0].body.split() if "/pool/links/" in word)
        page = client.get(address, follow=True).content.decode()
        assert f"/jobs/chat-hero/?ref={eve.code}" in page
        assert "One application came by your links" in page
        assert "Closed" not in page
        assert "Cara" not in page

    def test_links_that_are_switched_off_open_nothing(self, eve, client, mailoutbox):
        delivery.sweep(clock=lambda: NOW)
        Referrer.objects.update(is_active=False)
        address = next(word for word in mailoutbox[0].body.split() if "/pool/links/" in word)
        assert client.get(address, follow=True).status_code == 404
        with pytest.raises(NotAllowed, match="switched off"):
            actions.send_links(Referrer.objects.get(), at=NOW)
