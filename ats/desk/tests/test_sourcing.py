"""The talent pool and recommendations on the desk."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from ats.desk.tests.conftest import signed_in
from ats.spreadsheets import harmless
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Invitation, Message, PoolMember, Referrer, Stage
from candidates.post import rendering

pytestmark = pytest.mark.django_db
INVITE = "/desk/invite/"
POOL = "/admin/candidates/poolmember/"


@pytest.fixture
def job(rita):
    return make_job("Chat hero")


def member(name="Ana López", **fields):
    told = {"consent_at": NOW, "consent_version": "1", "confirmed_at": NOW} | fields
    return PoolMember.objects.create(candidate=make_candidate(name), **told)


def keys(*people):
    return ",".join(str(person.pk) for person in people)


def test_the_preview_shows_the_mail_that_is_sent(desk, job):
    person = member().candidate
    page = desk.get(INVITE, {"people": keys(person), "job": job.pk})
    letter = page.context["letters"][0]
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()
    desk.post(INVITE, {"people": keys(person), "job": job.pk, "action": "confirm"})
    sent = rendering.render(Message.objects.get())
    assert letter.text == sent.text.replace(rendering.LINK, "[their personal link]")
    assert escape(letter.subject) in page.content.decode()


def test_of_several_those_are_named_who_get_none(desk, job):
    ana, bea = member("Ana").candidate, member("Bea", left_at=NOW).candidate
    page = desk.get(INVITE, {"people": keys(ana, bea), "job": job.pk}).content.decode()
    assert "They do not want to hear of new jobs" in page
    answer = desk.post(INVITE, {"people": keys(ana, bea), "job": job.pk, "action": "confirm"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Bea: They do not want to hear of new jobs.", "One person is invited: Chat hero.",
    ]  # fmt: skip
    assert Message.objects.count() == 1


def test_sending_twice_sends_once(desk, job):
    person = member().candidate
    for _time in range(2):
        desk.post(INVITE, {"people": keys(person), "job": job.pk, "action": "confirm"})
    assert Message.objects.count() == 1


def test_a_past_candidate_is_invited_from_their_page(desk, job):
    person = make_application(Stage.REJECTED, job=make_job()).candidate
    page = desk.get(reverse("admin:candidates_candidate_change", args=[person.pk])).content.decode()
    assert f"{INVITE}?people={person.pk}" in page
    answer = desk.post(INVITE, {"people": keys(person), "job": job.pk, "action": "confirm"}, follow=True)
    assert "Chat hero" in answer.content.decode()
    assert Invitation.objects.get().by_name == "Rita Recruiter"


def test_one_invites_to_jobs_that_one_recruits_for_and_people_whom_one_sees(desk, stranger, manager, job):
    elsewhere = make_job("Elsewhere", recruiters=[stranger], hiring_manager=make_user("Moa"))
    hidden = make_application(Stage.REJECTED, job=elsewhere).candidate
    person = member().candidate
    for people, to in ((person, elsewhere), (hidden, job)):
        desk.post(INVITE, {"people": keys(people), "job": to.pk, "action": "confirm"})
    assert signed_in(manager).get(INVITE, {"people": keys(person)}).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("people", ["", "x", "1,,2", "9" * 40, "1\0", "-1", "٣", "1," * 5000])
def test_odd_choices_send_nothing(desk, job, people):
    for typed in ({"people": people}, {"people": people, "job": "x\0"}):
        assert desk.get(INVITE, typed).status_code in (200, 302)
        assert desk.post(INVITE, typed | {"action": "confirm"}).status_code in (200, 302)
    assert not Invitation.objects.exists()


def test_the_pool_is_searched_by_interests_and_leaves_out_who_is_no_member(desk):
    member("Ana", interests="chat, Spanish")
    member("Bea", interests="phone")
    member("Cid", interests="chat", left_at=NOW)
    member("Dan", interests="chat", confirmed_at=None)
    page = desk.get(POOL, {"q": "chat"})
    assert [one.candidate.name for one in page.context["cl"].result_list] == ["Ana"]


def test_the_selected_members_are_taken_to_the_invitation(desk, job):
    one = member()
    answer = desk.post(POOL, {"action": "invite", "_selected_action": [one.pk]})
    assert answer.url == f"{INVITE}?people={one.candidate_id}"


def test_the_export_holds_no_formula(desk):  # V25
    one = member("=HYPERLINK(1)", interests="+1")
    answer = desk.post(POOL, {"action": "export", "_selected_action": [one.pk]})
    assert answer.content.decode().splitlines()[1].startswith("'=HYPERLINK(1),")
    assert "'+1" in answer.content.decode()


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx", " =1", "\0=1"])
def test_what_begins_like_a_formula_is_text(cell):
    assert harmless(cell).startswith("'")


def test_a_manager_sees_neither_the_pool_nor_recommendations(manager):
    client = signed_in(manager)
    assert client.get(POOL).status_code == 403
    assert client.get("/admin/candidates/referrer/").status_code == 403


def test_a_recruiter_adds_an_employee_who_gets_a_mail(desk, job):
    add = reverse("admin:candidates_referrer_add")
    assert desk.post(add, {"name": "Eve", "email": "eve@rapport.test"}).status_code == 302
    eve = Referrer.objects.get()
    assert Message.objects.get().to == "eve@rapport.test"
    make_application(job=job, referrer=eve)
    page = desk.get("/admin/candidates/referrer/")
    assert page.context["cl"].result_list[0].came == 1
    assert "Cara" in desk.get(reverse("admin:candidates_referrer_change", args=[eve.pk])).content.decode()


def test_an_employee_is_added_once(desk):
    add = reverse("admin:candidates_referrer_add")
    for email in ("eve@rapport.test", "EVE@rapport.test"):
        answer = desk.post(add, {"name": "Eve", "email": email})
    assert answer.status_code == 200
    assert Referrer.objects.count() == 1


def test_links_are_sent_again_but_not_twice_a_day(desk):
    eve = Referrer.objects.create(name="Eve", email="eve@rapport.test", created_at=NOW)
    for _time in range(2):
        desk.post("/admin/candidates/referrer/", {"action": "send_links", "_selected_action": [eve.pk]})
    assert Message.objects.count() == 1
