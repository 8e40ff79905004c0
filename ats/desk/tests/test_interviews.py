"""Interviews on the application's page: who sees what, each button with its preview, and what cannot be."""

from datetime import time, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from ats.desk.tests.conftest import LATER, signed_in
from ats.templatetags.interview_panel import interview_panel
from candidates.builders import NOW, make_application, make_job, make_plan
from candidates.judging.builders import make_answers
from candidates.models import Message, Stage
from candidates.people.actors import Actor
from interviews import actions
from interviews.builders import IDA, IVAN, ask_of, make_interview
from interviews.kits.builders import make_round
from interviews.models import Interview, Interviewer, Panelist
from interviews.scheduling import standing_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PANEL = f"{IDA.name} <{IDA.email}>\n{IVAN.name} <{IVAN.email}>"
NEXT_WEEK = "2030-01-14T14:00"


@pytest.fixture
def interview(rita):
    return make_interview()


def page_of(client, application):
    url = reverse("admin:candidates_application_change", args=[application.pk])
    return client.get(url).content.decode()


def seat(interview, invited=IDA):
    return Panelist.objects.get(interview=interview, email=invited.email, released_at=None)


def do(client, view, pk, /, **typed):
    """Open the page, see the preview, confirm; returns the preview and the answer."""
    url = reverse(f"desk:{view}", args=[pk])
    seen = client.get(url).context["act"].seen
    shown = client.post(url, {"seen": seen, "action": "preview", **typed})
    return shown, client.post(url, {"seen": seen, "action": "confirm", **typed})


def mails():
    return Message.objects.filter(created_at__gt=NOW)


def test_the_page_tells_when_with_whom_and_whose_scorecard_is_in(desk, interview):
    card = ask_of(interview).scorecard
    actions.submit_scorecard(card, make_answers(card), at=LATER, by=Actor.outsider(IDA.name))
    page = page_of(desk, interview.application)
    assert "Thu 10 Jan, 09:00" in page
    assert page.count("scorecard in") == 1
    assert "Change the time" in page
    assert "Warm and clear" not in page


def test_one_who_hands_back_leaves_a_gap_that_the_page_names(desk, interview):
    standing_in.hand_back(seat(interview), reason="Ill", at=LATER, by=Actor.outsider(IDA.name))
    page = page_of(desk, interview.application)
    assert "One interviewer too few for the plan." in page
    assert f"Replace {IDA.name}" in page


def test_a_manager_sees_the_interviews_without_buttons(manager, interview):
    page = page_of(signed_in(manager), interview.application)
    assert IDA.name in page
    assert "Call it off" not in page
    for name, pk in (("interview_cancel", interview.pk), ("interview_release", seat(interview).pk)):
        assert signed_in(manager).get(reverse(f"desk:{name}", args=[pk])).status_code == 403


@pytest.mark.parametrize("name", ["change", "cancel", "missed", "replace", "release", "of"])
def test_strangers_find_nothing(stranger, interview, name):
    addresses = {
        "of": ("interview_arrange", interview.application_id),
        "replace": ("interview_replace", seat(interview).pk),
        "release": ("interview_release", seat(interview).pk),
    }
    view, pk = addresses.get(name, (f"interview_{name}", interview.pk))
    client = signed_in(stranger)
    assert client.get(reverse(f"desk:{view}", args=[pk])).status_code == 404
    assert client.post(reverse(f"desk:{view}", args=[pk]), {"action": "confirm"}).status_code == 404
    assert client.get(reverse(f"desk:{view}", args=[10**9])).status_code == 404


def test_a_change_shows_every_mail_and_then_sends_it(desk, interview):
    typed = {"starts_at": NEXT_WEEK, "minutes": "60", "place": "Room 2"}
    shown, done = do(desk, "interview_change", interview.pk, **typed)
    assert shown.content.decode().count("mail-text") == 3
    assert "Mon 14 Jan 2030, 14:00 (UTC), 60 minutes" in shown.content.decode()
    assert done.status_code == 302
    assert mails().count() == 3
    interview.refresh_from_db()
    assert (interview.minutes, interview.place, interview.sequence) == (60, "Room 2", 1)


def test_calling_off(desk, interview):
    _shown, done = do(desk, "interview_cancel", interview.pk, reason="Frozen")
    assert done.status_code == 302
    assert Interview.objects.get().cancelled_at
    assert "called off" in page_of(desk, interview.application)


def test_finding_somebody_out_of_those_who_interview(desk, interview):
    ina = Interviewer.objects.create(name="Ina Third", email="ina@example.org")
    shown, _done = do(desk, "interview_replace", seat(interview).pk, known=str(ina.pk))
    assert "ina@example.org" in shown.content.decode()
    assert set(interview.panelists.standing().values_list("name", flat=True)) == {"Ina Third", IVAN.name}
    assert "Ina Third stands in" in page_of(desk, interview.application)


def test_doing_without_one(desk, interview):
    _shown, done = do(desk, "interview_release", seat(interview).pk, reason="")
    assert done.status_code == 302
    assert interview.panelists.standing().count() == 1
    assert not Message.objects.filter(template="interviews/handed_back").exists()


def test_saying_that_nobody_came(desk, interview, clock):
    Interview.objects.update(starts_at=LATER - DAY / 24, ends_at=LATER, created_at=NOW - DAY)
    assert "It did not take place" in page_of(desk, interview.application)
    do(desk, "interview_missed", interview.pk, who="candidate")
    assert Interview.objects.get().missed == "candidate"


def test_the_next_round_is_suggested_with_its_kit(desk):
    plan = make_plan()
    rounds = [make_round(plan, name=name) for name in ("First", "Second")]
    application = make_application(Stage.SCREENING, job=make_job(plan=plan))
    make_interview(application, round=rounds[0])
    assert "Not begun yet: Second" in page_of(desk, application)
    form = desk.get(reverse("desk:interview_arrange", args=[application.pk])).context["form"]
    assert (form["round"].value(), form["minutes"].value()) == (rounds[1].pk, 10)
    typed = {"round": str(rounds[1].pk), "interviewers": PANEL, "starts_at": NEXT_WEEK, "minutes": "10", "place": "x"}
    shown, done = do(desk, "interview_arrange", application.pk, **typed)
    assert "Kit:" in shown.content.decode()
    assert done.status_code == 302
    assert application.interviews.filter(round=rounds[1]).count() == 1


def test_the_candidate_may_be_asked_to_choose(desk):
    application = make_application(Stage.SCREENING)
    for who in (IDA, IVAN):
        person = Interviewer.objects.create(name=who.name, email=who.email)
        person.hours.create(weekday=0, begins=time(9), ends=time(17))
    url = reverse("admin:candidates_application_move", args=[application.pk, Stage.INTERVIEWS])
    typed = {
        "seen": f"{application.stage}@{application.stage_since.isoformat()}", "chooses_time": "on", "minutes": "45",
        "known": [str(one.pk) for one in Interviewer.objects.all()], "place": "Room 1", "starts_at": "whenever",
    }  # fmt: skip
    shown = desk.post(url, typed | {"action": "preview"}).content.decode()
    assert shown.count("mail-text") == 1
    assert "Choose a time" in shown
    assert desk.post(url, typed | {"action": "confirm"}).status_code == 302
    assert "the candidate chooses" in page_of(desk, application)


def test_what_cannot_be_is_told_beside_its_field_and_what_was_typed_stays(desk, interview):
    url = reverse("desk:interview_change", args=[interview.pk])
    seen = desk.get(url).context["act"].seen
    typed = {"seen": seen, "action": "preview", "starts_at": "2030-01-01T10:00", "minutes": "9999", "video_link": "x y"}
    page = desk.post(url, typed)
    assert set(page.context["form"].errors) == {"starts_at", "minutes", "video_link"}
    assert 'value="9999"' in page.content.decode()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("interview_change", {"starts_at": "9999-12-31T23:59", "minutes": "1" * 400, "place": "x" * 1_000_000}),
        ("interview_change", {"starts_at": "\x00", "minutes": "\x00", "place": "\x00", "video_link": "\x00"}),
        ("interview_change", {}),
        ("interview_cancel", {"reason": "x" * 1_000_000}),
        ("interview_missed", {"who": "everybody"}),
        ("interview_replace", {"known": "nonsense"}),
        ("interview_replace", {"name": "I\x00", "email": "a" * 300 + "@example.org"}),
    ],
)
def test_no_input_breaks_a_page(desk, interview, name, typed):
    pk = seat(interview).pk if name == "interview_replace" else interview.pk
    shown, done = do(desk, name, pk, **typed)
    assert (shown.status_code, done.status_code) == (200, 200)
    assert shown.context["form"].errors
    assert mails().count() == 0


def test_a_page_that_is_old_says_so_and_does_nothing(desk, interview):
    url = reverse("desk:interview_cancel", args=[interview.pk])
    old = desk.get(url).context["act"].seen
    do(desk, "interview_change", interview.pk, starts_at=NEXT_WEEK, minutes="45", place="Room 1")
    page = desk.post(url, {"seen": old, "action": "confirm", "reason": "typed"}).content.decode()
    assert "A colleague changed something here meanwhile" in page
    assert 'value="typed"' in page
    assert Interview.objects.get().cancelled_at is None


def test_somebody_elses_time_is_a_message(desk, interview):
    other = make_interview()
    typed = {"starts_at": other.starts_at.strftime("%Y-%m-%dT%H:%M"), "minutes": "45", "place": "Room 1"}
    shown, done = do(desk, "interview_change", interview.pk, **typed)
    assert escape("One of the interviewers has another interview at that time.") in shown.content.decode()
    assert done.status_code == 200


def test_queries_do_not_grow_with_interviews(interview, django_assert_num_queries):
    application = interview.application
    assert len(interview_panel(application, may_work=True)["rows"]) == 1
    for number in range(1, 5):
        facts = {"starts_at": NOW + number * DAY + DAY * 9, "minutes": 45, "place": "Room"}
        actions.arrange(application, interviewers=[IDA, IVAN], at=LATER, by=Actor.outsider("x"), **facts)
    with django_assert_num_queries(3):
        context = interview_panel(application, may_work=True)
        assert len(render_to_string("desk/interviews.html", context)) > 1000
