"""The admin's pages of jobs, plans, competencies, people, mails, colleagues."""

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.admin.people import CandidateAdmin
from ats.desk.lists import ReadOnlyAdmin
from ats.desk.site import DeskSite
from ats.desk.tests.conftest import signed_in
from candidates.builders import NOW, make_application, make_candidate, make_competency, make_job, make_plan
from candidates.judging.builders import make_card
from candidates.models import Ask, Candidate, Competency, HiringPlan, Job, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import move
from candidates.post import mail

pytestmark = pytest.mark.django_db


def change(name, pk):
    return reverse(f"admin:candidates_{name}_change", args=[pk])


def lists():
    return [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in registered()]


def registered():
    return list(django_admin.site._registry)


def job_fields(job, **fields):
    return {
        "title": job.title, "slug": job.slug, "description": job.description, "zone": "Europe/Amsterdam", "openings": 1,
        "hiring_manager": job.hiring_manager_id, "recruiters": [user.pk for user in job.recruiters.all()],
        "channels": ["phone"], "languages": "English", "pay_from": "", "pay_to": "", "pay_period": "MONTH",
        "employment": "FULL_TIME", "questions-TOTAL_FORMS": 0, "questions-INITIAL_FORMS": 0,
    } | fields  # fmt: skip


def test_the_site_is_ours():
    assert django_admin.site.site_title == DeskSite.site_title


def test_an_administrator_opens_every_list_and_every_add_page(admin):
    make_application()
    client = signed_in(admin)
    assert {client.get(address).status_code for address in lists()} == {200}
    for name in ("job", "hiringplan", "competency", "user"):
        assert client.get(reverse(f"admin:candidates_{name}_add")).status_code == 200


def test_a_recruiter_writes_a_job_and_recruits_for_it(desk, rita, manager):
    plan = make_plan()
    fields = job_fields(make_job(), slug="new", title="New", plan=plan.pk, recruiters=[])
    answer = desk.post(reverse("admin:candidates_job_add"), fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    job = Job.objects.get(slug="new")
    assert (job.status, list(job.recruiters.all()), job.channels, job.languages) == (
        "draft", [rita], ["phone"], ["English"],
    )  # fmt: skip


def test_a_time_zone_that_does_not_exist_is_refused(desk):
    job = make_job()
    page = desk.post(change("job", job.pk), job_fields(job, zone="Europe/Atlantis"))
    assert "zone" in page.context["adminform"].form.errors


def test_plan_and_status_of_an_open_job_do_not_change_with_the_form(desk):
    job = make_job()
    other = make_plan()
    answer = desk.post(change("job", job.pk), job_fields(job, title="Better", plan=other.pk, status="closed"))
    assert answer.status_code == 302
    changed = Job.objects.get()
    assert (changed.title, changed.plan, changed.status) == ("Better", job.plan, "open")


def test_only_templates_can_be_chosen(desk):
    template = make_plan()
    HiringPlan.objects.create(name="Copy", copied_from=template)
    page = desk.get(reverse("admin:candidates_job_add"))
    assert list(page.context["adminform"].form.fields["plan"].queryset) == [template]


def test_the_buttons_of_a_job_open_and_close_it(desk):
    job = make_job(status=Job.Status.DRAFT, opened_at=None)
    step = reverse("admin:candidates_job_step", args=[job.pk, "open"])
    assert step in desk.get(change("job", job.pk)).content.decode()
    assert desk.get(step).status_code == 200
    job.refresh_from_db()
    assert job.status == Job.Status.DRAFT
    desk.post(step)
    job.refresh_from_db()
    assert (job.status, job.plan.copied_from is None) == (Job.Status.OPEN, False)
    assert "open" not in [url.split("/")[-2] for url, _label in desk.get(change("job", job.pk)).context["steps"]]


def test_closing_a_job_lists_everybody_who_has_had_no_answer(desk):
    job = make_job()
    make_application(job=job, candidate=make_candidate("Wanda Waits"))
    make_application(Stage.REJECTED, job=job, candidate=make_candidate("Rolf Rejected"))
    close = reverse("admin:candidates_job_step", args=[job.pk, "close"])
    page = desk.get(close).content.decode()
    assert "Wanda Waits" in page
    assert "Rolf Rejected" not in page
    after = desk.post(close, follow=True).content.decode()
    assert "1 person waits for an answer still." in after
    assert "Wanda Waits" in after


def test_home_keeps_a_closed_job_until_everybody_has_an_answer(desk):
    job = make_job("Night shift", status=Job.Status.CLOSED)
    application = make_application(job=job)
    assert "Night shift (closed)" in desk.get(reverse("admin:index")).content.decode()
    move(application, Stage.REJECTED, at=NOW, by=Actor.candidate("Cara"))
    assert "Night shift" not in desk.get(reverse("admin:index")).content.decode()


def test_who_wants_to_delete_a_job_is_told_to_close_it(admin, stranger):  # F33
    job = make_application().job
    address = f"/admin/candidates/job/{job.pk}/delete/"
    assert "Close it" in signed_in(admin).get(address, follow=True).content.decode()
    signed_in(admin).post(address, {"post": "yes"})
    assert Job.objects.filter(pk=job.pk).exists()
    assert signed_in(stranger).get(address).status_code == 404


def test_a_manager_reads_a_job_and_changes_nothing(manager):
    job = make_job()
    client = signed_in(manager)
    assert client.get(change("job", job.pk)).context["steps"] == []
    assert client.post(change("job", job.pk), job_fields(job, title="Mine")).status_code == 403
    assert client.post(reverse("admin:candidates_job_step", args=[job.pk, "close"])).status_code == 403


@pytest.mark.parametrize(
    ("name", "title"), [("job", "Jobs"), ("application", "Applications"), ("candidate", "People"), ("message", "Mails")]
)
def test_a_list_is_called_by_what_it_lists(desk, name, title):
    page = desk.get(reverse(f"admin:candidates_{name}_changelist"))
    assert page.context["title"] == title
    assert f"<h1>{title}</h1>" in page.content.decode()


def inline(prefix, rows=()):
    return {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}


def plan_fields(**fields):
    return {
        "name": "Ours", "interviewers": 2, "referees": 2, "trial_days": 28, "check_in_days": 7, "line": "3.50",
        "undo_minutes": 10, "rejection_hours": 24, "raters": 1, "card_reminder_hours": 24, "card_reminders": 2,
        "reschedules": 2, "reschedule_hours": 12, **inline("weights"), **inline("rounds"), **inline("stages"),
        **inline("reference_plan"), **inline("trial_plan"), **inline("trial_weeks"), **inline("planned_check_ins"),
        **inline("figure_targets"),
    } | fields  # fmt: skip


def test_an_unlocked_plan_can_be_changed(desk):
    plan = HiringPlan.objects.create(name="Plain")
    assert desk.post(change("hiringplan", plan.pk), plan_fields(referees=3)).status_code == 302
    assert HiringPlan.objects.get().referees == 3


def test_a_locked_plan_is_read_only_and_says_why(desk):
    plan = make_job().plan
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    page = desk.get(change("hiringplan", plan.pk))
    assert "stays as it is" in page.content.decode()
    assert 'name="_save"' not in page.content.decode()


def test_a_plan_that_was_locked_while_somebody_edited_it_stays_and_says_why(desk):
    plan = make_job().plan
    assert 'name="_save"' in desk.get(change("hiringplan", plan.pk)).content.decode()
    HiringPlan.objects.filter(pk=plan.pk).update(locked_at=NOW)
    answer = desk.post(change("hiringplan", plan.pk), plan_fields(referees=3), follow=True)
    assert "stays as it is" in answer.content.decode()
    assert HiringPlan.objects.get(pk=plan.pk).referees == 2


def test_the_plan_of_a_stranger_is_not_found(stranger):
    plan = make_plan(copied_from=make_plan())
    make_job(plan=plan)
    assert signed_in(stranger).get(change("hiringplan", plan.pk)).status_code == 404


def test_a_competency_has_five_anchors(desk):
    fields = {"name": "Humour", "meaning": "Laughs", "trainable": "hard", "position": 1}
    anchors = {f"anchors_{number}": f"Level {number + 1}" for number in range(5)}
    page = desk.post(reverse("admin:candidates_competency_add"), fields | anchors | {"anchors_4": ""})
    assert "anchors" in page.context["adminform"].form.errors
    assert desk.post(reverse("admin:candidates_competency_add"), fields | anchors).status_code == 302
    assert Competency.objects.get().anchors == [f"Level {level}" for level in range(1, 6)]


def test_correcting_an_address_follows_what_waits_for_the_candidate(desk):
    application = make_application(Stage.REFERENCES)
    mine = make_card(application, role=Ask.Role.CANDIDATE, name="Cara", email=application.candidate.email).ask
    other = make_card(application).ask
    fields = {"name": "Carla Candidate", "email": "carla@example.org", "phone": "", "zone": "UTC", "language": "en"}
    assert desk.post(change("candidate", application.candidate_id), fields).status_code == 302
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.name, mine.email) == ("Carla Candidate", "carla@example.org")
    assert other.email == "ida@example.org"


def test_an_address_that_another_person_has_is_refused(desk):
    application = make_application()
    make_candidate("Other", email="other@example.org")
    fields = {"name": "Cara", "email": "OTHER@example.org", "phone": "", "zone": "UTC", "language": "en"}
    page = desk.post(change("candidate", application.candidate_id), fields)
    assert page.context["adminform"].form.errors
    assert Candidate.objects.filter(email="OTHER@example.org").count() == 0


def test_a_person_is_listed_with_the_applications_one_may_see(desk, stranger):
    person = make_candidate()
    application = make_application(candidate=person)
    theirs = make_application(candidate=person, job=make_job("Theirs", recruiters=[stranger]))
    page = desk.get(change("candidate", person.pk)).content.decode()
    assert change("application", application.pk) in page
    assert change("application", theirs.pk) not in page


@pytest.mark.parametrize(("action", "status"), [("send_again", "queued"), ("was_sent", "sent")])
def test_mails_in_doubt_are_settled_in_the_list(desk, action, status):
    message = mail.queue(make_application(), "candidates/rejected", key="test", at=NOW)
    Message.objects.update(status="uncertain")
    address = reverse("admin:candidates_message_changelist")
    desk.post(address, {"action": action, "_selected_action": [str(message.pk)]})
    message.refresh_from_db()
    assert message.status == status


def test_a_mail_that_cannot_be_settled_says_so(desk):
    message = mail.queue(make_application(), "candidates/rejected", key="test", at=NOW)
    address = reverse("admin:candidates_message_changelist")
    page = desk.post(address, {"action": "was_sent", "_selected_action": [str(message.pk)]}, follow=True)
    assert "Only a mail that was perhaps sent" in page.content.decode()


def test_a_recruiter_does_not_see_the_accounts(desk):
    assert desk.get(reverse("admin:candidates_user_changelist")).status_code == 403


@pytest.mark.parametrize("state", ["", "?state=overdue", "?state=answered", "?state=cancelled", "?state=all"])
def test_the_list_of_requests_can_be_narrowed(desk, state):
    card = make_card(make_application(Stage.INTERVIEWS), due_at=NOW)
    shown = "Ida Interviewer" in desk.get(reverse("admin:candidates_ask_changelist") + state).content.decode()
    assert shown == (state in ("", "?state=overdue", "?state=all"))
    assert card.ask.is_open


def test_an_unknown_competency_in_use_keeps_its_place(admin):
    competency = make_competency()
    assert signed_in(admin).get(change("competency", competency.pk)).status_code == 200


@pytest.mark.parametrize("name", ["message", "ask", "candidate"])
def test_long_lists_page_by_key(desk, monkeypatch, name):
    monkeypatch.setattr(ReadOnlyAdmin, "list_per_page", 2)
    monkeypatch.setattr(CandidateAdmin, "list_per_page", 2)
    for _turn in range(5):
        application = make_application(Stage.INTERVIEWS)
        make_card(application)
    page, seen = desk.get(reverse(f"admin:candidates_{name}_changelist")), []
    seen += [row.pk for row in page.context["cl"].result_list]
    while page.context["cl"].next_url:
        page = desk.get(reverse(f"admin:candidates_{name}_changelist") + page.context["cl"].next_url)
        seen += [row.pk for row in page.context["cl"].result_list]
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("name", ["message", "ask", "candidate", "job", "hiringplan"])
def test_lists_cost_the_same_queries_for_three_and_thirty_rows(desk, name):
    counts = []
    for number in (3, 30):
        for _turn in range(number):
            make_card(make_application(Stage.INTERVIEWS))
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse(f"admin:candidates_{name}_changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
