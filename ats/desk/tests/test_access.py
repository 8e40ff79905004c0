"""Who may open what: strangers get 404 on everything that is about an application that is not theirs."""

import pytest
from django.test import Client
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_application, make_user
from candidates.judging.builders import make_card
from candidates.models import Ask, Message, Stage
from candidates.post import mail
from trials.builders import make_approval

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(rita):
    application = make_application(Stage.INTERVIEWS)
    make_card(application)
    mail.queue(application, "candidates/rejected", key="test", at=NOW)
    return application


def pages(application):
    """Every address about this application, by GET."""
    args = {
        "application_change": [application.pk],
        "application_history": [application.pk],
        "application_delete": [application.pk],
        "candidate_change": [application.candidate_id],
        "candidate_history": [application.candidate_id],
        "candidate_delete": [application.candidate_id],
        "job_change": [application.job_id],
        "job_history": [application.job_id],
        "job_delete": [application.job_id],
        "ask_change": [Ask.objects.get().pk],
        "ask_history": [Ask.objects.get().pk],
        "message_change": [Message.objects.get(key="test").pk],
        "message_history": [Message.objects.get(key="test").pk],
    }
    addresses = [reverse(f"admin:candidates_{name}", args=values) for name, values in args.items()]
    addresses += [reverse("admin:candidates_application_move", args=[application.pk, to]) for to in Stage]
    addresses += [reverse("admin:candidates_job_step", args=[application.job_id, "close"])]
    return addresses


def posts(application):
    moves = [reverse("admin:candidates_application_move", args=[application.pk, to]) for to in Stage]
    own = [reverse(f"admin:candidates_application_{name}", args=[application.pk]) for name in ("note", "override")]
    return [*moves, *own, reverse("admin:candidates_job_step", args=[application.job_id, "close"])]


def test_the_recruiter_of_the_job_opens_them(desk, application):
    statuses = {address: desk.get(address).status_code for address in pages(application)}
    refused = [address for address, status in statuses.items() if status not in (200, 409)]
    assert [address.split("/")[-2] for address in refused] == ["delete", "delete", "delete"]


def test_a_stranger_gets_404_everywhere(stranger, application):
    client = signed_in(stranger)
    assert {client.get(address).status_code for address in pages(application)} == {404}


def test_a_stranger_gets_404_for_every_post(stranger, application):
    client = signed_in(stranger)
    typed = {"reason": "skills", "text": "Hello", "action": "confirm"}
    assert {client.post(address, typed).status_code for address in posts(application)} == {404}
    application.refresh_from_db()
    assert application.stage == Stage.INTERVIEWS
    assert not application.notes.exists()


def test_a_stranger_finds_nothing_in_the_lists(stranger, application):
    client = signed_in(stranger)
    for name in ("application", "candidate", "ask", "message", "job"):
        for query in ("", "?q=Cara", "?stage=all", f"?job={application.job_id}"):
            page = client.get(reverse(f"admin:candidates_{name}_changelist") + query)
            assert application.candidate.email not in page.content.decode()
            assert application.candidate.name not in page.content.decode()


def test_nobody_is_signed_in_by_a_link(application):
    for address in pages(application):
        assert Client().get(address).url.startswith("/admin/login/")


def test_a_manager_sees_but_does_not_move(manager, application):
    client = signed_in(manager)
    page = client.get(reverse("admin:candidates_application_change", args=[application.pk]))
    assert page.status_code == 200
    assert page.context["buttons"] == []
    address = reverse("admin:candidates_application_move", args=[application.pk, "rejected"])
    assert client.get(address).status_code == 403
    seen = f"{application.stage}@{application.stage_since.isoformat()}"
    typed = {"seen": seen, "action": "confirm", "reason": "skills"}
    assert client.post(address, typed).status_code == 403
    application.refresh_from_db()
    assert application.stage == Stage.INTERVIEWS


def test_who_was_asked_about_an_application_sees_it(stranger, application):
    address = reverse("admin:candidates_application_change", args=[application.pk])
    assert signed_in(stranger).get(address).status_code == 404
    make_card(application, user=stranger, email=stranger.email)
    page = signed_in(stranger).get(address)
    assert page.status_code == 200
    assert page.context["buttons"] == []


def test_who_was_asked_may_not_move(stranger, application):
    make_card(application, user=stranger, email=stranger.email)
    address = reverse("admin:candidates_application_move", args=[application.pk, "rejected"])
    assert signed_in(stranger).get(address).status_code == 403


@pytest.mark.parametrize("to", [Stage.REJECTED, Stage.SCREENING])
def test_an_administrator_moves_everything(admin, application, to):
    address = reverse("admin:candidates_application_move", args=[application.pk, to])
    assert signed_in(admin).get(address).status_code == 200


def test_who_lost_the_role_may_not_move(rita, application):
    rita.groups.clear()
    address = reverse("admin:candidates_application_move", args=[application.pk, "rejected"])
    assert signed_in(rita).get(address).status_code == 403


def test_roles_can_be_made_again_without_harm(rita):
    before = list(rita.groups.get().permissions.order_by("pk"))
    roles.ensure_roles()
    assert list(rita.groups.get().permissions.order_by("pk")) == before
    assert {permission.codename for permission in before} == set(roles.PERMISSIONS[roles.RECRUITERS])


def test_nothing_of_an_application_is_added_or_deleted_by_hand(admin, application):
    client = signed_in(admin)
    assert client.get(reverse("admin:candidates_application_add")).status_code == 403
    assert client.get(reverse("admin:candidates_application_delete", args=[application.pk])).status_code == 403


def test_the_approval_is_for_the_manager_who_was_asked(rita):
    asked = make_approval()
    address = reverse("desk:approval", args=[asked.ask_id])
    assert signed_in(asked.approver).get(address).status_code == 200
    for other in (rita, asked.trial.leader, make_user("Ada Admin", is_superuser=True)):
        assert signed_in(other).get(address).status_code == 404
    assert Client().get(address).url.startswith("/admin/login/")
