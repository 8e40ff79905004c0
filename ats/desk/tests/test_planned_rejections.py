"""Rejecting with the button: planned unless chosen otherwise, previewed word for word, undone with one click."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import LATER, signed_in
from ats.rejections import actions
from ats.rejections.models import PlannedRejection
from candidates.builders import make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Application, Message, Stage
from candidates.people.actors import Actor
from candidates.post import delivery
from candidates.post.builders import without_links
from candidates.screening.builders import begin_screening

pytestmark = pytest.mark.django_db
DUE = LATER + timedelta(hours=24)
SHOWN = DUE + timedelta(minutes=15)  # the clock runs on from LATER, and times are rounded up


@pytest.fixture
def application(rita):
    return make_application(Stage.SCREENING, at=LATER - timedelta(hours=1))


def move(application):
    return reverse("admin:candidates_application_move", args=[application.pk, Stage.REJECTED])


def page_of(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def undo_of(application):
    return reverse("admin:candidates_application_undo_rejection", args=[application.pk])


def post(client, application, action, **typed):
    seen = f"{application.stage}@{application.stage_since.isoformat()}"
    return client.post(move(application), {"seen": seen, "action": action, "reason": "skills", "when": "later"} | typed)


def plan(application, by=None):
    by = Actor.person(by or make_user())
    return actions.plan(application, reason="skills", hours=24, at=LATER, by=by)


def test_the_form_offers_to_wait_first(desk, application):
    form = desk.get(move(application)).context["form"]
    assert form["when"].initial == "later"
    assert "In 24 hours, on Tue 8 Jan, 10:15" in str(form["when"])


def test_a_plan_of_hiring_that_rejects_at_once_offers_that_first(desk):
    job = make_job(plan=make_plan(rejection_hours=0))
    assert desk.get(move(make_application(job=job))).context["form"]["when"].initial == "now"


def test_the_hours_are_those_of_the_hiring_plan(desk):
    application = make_application(job=make_job(plan=make_plan(rejection_hours=48)))
    post(desk, application, "confirm")
    assert PlannedRejection.objects.get().due_at == SHOWN + timedelta(hours=24)


def test_confirming_plans_and_moves_nothing(desk, rita, application):
    answer = post(desk, application, "confirm")
    assert answer.url == page_of(application)
    assert "until then you can undo it" in desk.get(answer.url).content.decode()
    assert Application.objects.get().stage == Stage.SCREENING
    assert PlannedRejection.objects.get().by == rita
    assert not Message.objects.exists()


def test_the_preview_writes_nothing(desk, application):
    post(desk, application, "preview")
    assert not PlannedRejection.objects.exists()
    assert not application.events.filter(name__startswith="rejection").exists()


def test_the_preview_tells_when_it_leaves_and_whose_answers_are_not_wanted_then(desk, rita):
    application = begin_screening(make_application(at=LATER))
    page = post(desk, application, "preview")
    shown = page.context["preview"]
    assert (shown.happens_at, shown.letters[0].leaves_at) == (SHOWN, SHOWN)
    assert {ask.name for ask in shown.cancelled} == {"Rita Recruiter", "Max Manager"}
    assert "Tue 8 Jan, 10:15" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_is_what_was_shown_to_the_letter(desk, application):
    (shown,) = post(desk, application, "preview").context["preview"].letters
    post(desk, application, "confirm")
    actions.carry_out_due(at=SHOWN)
    delivery.sweep(clock=lambda: SHOWN)
    (sent,) = outbox.outbox
    assert shown.leaves_at == Application.objects.get().stage_since == SHOWN
    assert (sent.subject, sent.to) == (shown.subject, [shown.address])
    assert without_links(sent.body, instead="[their personal link]") == shown.text


def test_the_page_of_the_application_says_so_and_offers_the_way_back(desk, application):
    plan(application)
    text = desk.get(page_of(application)).content.decode()
    assert "Rejection planned for Tue 8 Jan, 10:00." in text
    assert undo_of(application) in text
    assert "Rejection planned for Tue 8 Jan, 10:00</strong>" in text  # on the timeline


def test_one_click_undoes(desk, application):
    plan(application)
    answer = desk.post(undo_of(application))
    text = desk.get(answer.url).content.decode()
    assert "Undone." in text
    assert undo_of(application) not in text
    assert "Planned rejection undone" in text
    assert actions.carry_out_due(at=DUE) == 0


def test_undoing_too_late_says_so(desk, application):
    plan(application)
    actions.carry_out_due(at=DUE)
    answer = desk.post(undo_of(application))
    assert "cannot be undone any more" in desk.get(answer.url).content.decode()


def test_undoing_what_was_never_planned_says_so(desk, application):
    answer = desk.post(undo_of(application))
    assert "No rejection of this application is planned" in desk.get(answer.url).content.decode()


def test_reading_the_address_of_undo_undoes_nothing(desk, application):
    plan(application)
    assert desk.get(undo_of(application)).status_code == 405
    assert PlannedRejection.objects.standing().exists()


def test_strangers_and_managers_undo_nothing(manager, stranger, application):
    plan(application)
    assert signed_in(stranger).post(undo_of(application)).status_code == 404
    assert signed_in(manager).post(undo_of(application)).status_code == 403
    assert undo_of(application) not in signed_in(manager).get(page_of(application)).content.decode()
    assert PlannedRejection.objects.standing().exists()


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nb: c", "\x00", ""]
)
def test_the_way_back_leads_to_our_own_pages_only(desk, application, back):
    plan(application)
    assert desk.post(undo_of(application), {"back": back}).url == page_of(application)


def test_planning_twice_is_told_with_what_was_typed(desk, application):
    plan(application, make_user("Rosa Recruiter"))
    page = post(desk, application, "confirm", reason="letter")
    assert "Rosa Recruiter planned to reject this application already" in page.content.decode()
    assert page.context["form"]["reason"].value() == "letter"


@pytest.mark.parametrize("when", ["", "never", "\x00", "later\ud800"])
def test_a_time_that_nobody_offered_is_refused(desk, application, when):
    seen = f"{application.stage}@{application.stage_since.isoformat()}"
    typed = urlencode({"seen": seen, "action": "confirm", "reason": "skills", "when": when}, errors="surrogatepass")
    page = desk.post(move(application), typed, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 200
    assert page.context["form"].errors["when"]


def test_who_still_owes_a_rating_does_not_see_the_reason(desk, rita):
    application = begin_screening(make_application(candidate=make_candidate("Nora"), at=LATER))
    plan(application)
    assert "Others showed more" not in desk.get(page_of(application)).content.decode()


def test_home_counts_them_and_leads_to_all(desk, application):
    plan(application)
    assert "Planned rejections (1)" in desk.get(reverse("admin:index")).content.decode()
    text = desk.get(reverse("desk:rejections")).content.decode()
    assert application.candidate.name in text
    assert "Others showed more of what the work needs" in text
    assert undo_of(application) in text


def test_what_is_planned_needs_no_next_step(desk, application):
    plan(application)
    assert desk.get(reverse("admin:index")).context["waiting"] == []


def test_the_page_of_planned_ones_shows_only_those_of_my_jobs(stranger, manager, application):
    plan(application)
    for user in (stranger, manager):
        text = signed_in(user).get(reverse("desk:rejections")).content.decode()
        assert "No rejection is planned." in text


def test_the_list_marks_what_is_planned_with_the_way_back(desk, application):
    plan(application)
    list_of_all = reverse("admin:candidates_application_changelist")
    text = desk.get(list_of_all).content.decode()
    assert "Rejection Tue 8 Jan, 10:00" in text
    assert undo_of(application) in text
    answer = desk.post(undo_of(application), {"back": f"{list_of_all}?stage=screening"})
    assert answer.url == f"{list_of_all}?stage=screening"
    assert "Rejection Tue" not in desk.get(list_of_all).content.decode()


def test_three_and_thirty_planned_ones_cost_the_same_queries(desk, rita):
    counts = []
    for number in (3, 30):
        for _turn in range(number):
            plan(make_application(candidate=make_candidate()))
        desk.get(reverse("desk:rejections"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("desk:rejections"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
