"""The questions of a job on the desk: written below the job, answered on the application."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from ats.desk.tests.test_admin_pages import change, job_fields
from ats.dev import axe
from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Answer, Ask, Document, JobQuestion
from candidates.people.tests import files
from candidates.post import asks

pytestmark = pytest.mark.django_db


def ask_for(application, user):
    return asks.ask(
        application, page="screening:letter", template="candidates/reminder", title="Read the letter",
        role=Ask.Role.MANAGER, name=str(user), email=user.email, user=user, due_at=NOW.replace(day=20), at=NOW,
    )  # fmt: skip


def make_question(job, kind="yes_no", label="May you work here?", **fields):
    return JobQuestion.objects.create(job=job, kind=kind, label=label, **fields)


def answer(application, question, value="No", **fields):
    row = {"question": question, "label": question.label, "value": value, **fields}
    return Answer.objects.create(application=application, **row)


def row(number, **fields):
    """What the admin's page sends for one question."""
    told = {"kind": "yes_no", "label": "May you work here?", "position": 0, "choices": "", "marking": ""} | fields
    return {f"questions-{number}-{name}": value for name, value in told.items()}


def save(desk, job, *rows, **more):
    rows = {"questions-TOTAL_FORMS": len(rows), **{name: value for one in rows for name, value in one.items()}}
    initial = sum(name.endswith("-id") for name in rows)
    return desk.post(
        change("job", job.pk),
        job_fields(job, plan=job.plan_id, **rows | more | {"questions-INITIAL_FORMS": initial}),
        follow=True,
    )


def errors(page):
    return [error for form in page.context["inline_admin_formsets"][0].formset.forms for error in form.errors]


def test_a_recruiter_adds_questions_of_every_kind(desk):
    job = make_job()
    kinds = {
        kind: {"choices": "Kindly\r\n\r\n Briefly, always \n"} if kind in ("choice", "several") else {}
        for kind in JobQuestion.Kind.values
    }
    save(desk, job, *[row(n, kind=kind, position=n, **more) for n, (kind, more) in enumerate(kinds.items())])
    assert list(job.questions.values_list("kind", flat=True)) == list(kinds)
    assert job.questions.get(kind="choice").choices == ["Kindly", "Briefly, always"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "choice"}, "choices"),
        ({"kind": "choice", "choices": "Kindly"}, "choices"),
        ({"kind": "several", "choices": "Kindly\nBriefly", "marking": "Rudely"}, "marking"),
        ({"kind": "yes_no", "marking": "perhaps"}, "marking"),
        ({"kind": "text", "marking": "no"}, "marking"),
        ({"kind": "number", "at_least": "3", "at_most": "2"}, "at_most"),
        ({"kind": "text", "at_least": "3"}, "at_least"),
        ({"kind": "choice", "choices": "x" * 121 + "\nb"}, "choices"),
        ({"kind": "yes_no", "marking": "no\x00"}, "marking"),
        ({"kind": "nonsense"}, "kind"),
        ({"label": ""}, "label"),
    ],
)
def test_what_does_not_fit_together_is_told_beside_its_box(desk, fields, wrong):
    job = make_job()
    assert errors(save(desk, job, row(0, **fields))) == [wrong]
    assert not job.questions.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "yes_no", "marking": "No"},
        {"kind": "choice", "choices": "Kindly\nBriefly", "marking": "Briefly"},
        {"kind": "number", "at_least": "2", "at_most": "2"},
    ],
)
def test_rules_that_fit_are_kept(desk, fields):
    job = make_job()
    save(desk, job, row(0, **fields))
    kept = job.questions.get()
    assert kept.marking or kept.at_least == 2


def test_a_question_that_has_answers_keeps_its_words_and_kind_and_is_retired_not_deleted(desk):
    job = make_job()
    question = make_question(job)
    answer(make_application(job=job), question)
    sent = row(0, id=question.pk, kind="text", label="Something else?", is_retired="on", DELETE="on")
    save(desk, job, sent)
    question.refresh_from_db()
    assert (question.kind, question.label, question.is_retired) == ("yes_no", "May you work here?", True)
    assert "People have answered this" in desk.get(change("job", job.pk)).content.decode()


def test_a_question_without_answers_is_deleted(desk):
    job = make_job()
    save(desk, job, row(0, id=make_question(job).pk, DELETE="on"))
    assert not job.questions.exists()


@pytest.mark.parametrize(("required", "is_warned"), [(3, False), (4, True)])
def test_a_form_that_asks_too_much_says_so(desk, required, is_warned):
    job = make_job()
    page = save(desk, job, *[row(n, label=f"{n}?", is_required="on") for n in range(required)])
    assert ("The form now has 9 boxes that must be filled." in page.content.decode()) == is_warned


def test_a_stranger_does_not_reach_the_questions(stranger):
    job = make_job()
    assert save(signed_in(stranger), job, row(0)).status_code == 404
    assert not job.questions.exists()


def test_queries_of_the_jobs_page_do_not_grow_with_questions(desk):
    job, counts = make_job(), []
    for number in range(20):
        make_question(job, label=f"Question {number}?")
        if number in (0, 19):
            with CaptureQueriesContext(connection) as queries:
                desk.get(change("job", job.pk))
            counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_recruiters_see_the_answers_with_a_quiet_mark(desk):
    application = make_application(is_marked=True)
    question = make_question(application.job, label="<b>May you work here?</b>")
    answer(application, question, "No & never", is_marked=True)
    page = desk.get(change("application", application.pk)).content.decode()
    assert ["&lt;b&gt;May you work here?" in page, "No &amp; never" in page, "Look here" in page] == [True] * 3


def test_a_file_that_answers_is_shown_with_its_question(desk):
    application = make_application()
    question = make_question(application.job, "file", "Show us your work")
    document = Document.objects.create(
        application=application, kind="answer", name="work.pdf", content_type="application/pdf", size=10, at=NOW
    )
    answer(application, question, "work.pdf", document=document)
    page = desk.get(change("application", application.pk)).content.decode()
    assert page.count("work.pdf") == 1
    assert reverse("people:document", args=[document.pk]) in page


def test_readers_of_the_letter_and_managers_do_not_see_them(rita, manager):
    application = make_application()
    answer(application, make_question(application.job), "Never", is_marked=True)
    reader = make_user("Rea Reader")
    ask_for(application, reader)
    for user in (reader, manager):
        page = signed_in(user).get(change("application", application.pk))
        assert (page.status_code, "Never" in page.content.decode(), "Look here" in page.content.decode()) == (
            200, False, False,
        )  # fmt: skip


def test_queries_of_the_application_do_not_grow_with_answers(desk):
    application = make_application()
    counts = []
    for number in range(20):
        answer(application, make_question(application.job, label=f"{number}?"))
        if number in (0, 19):
            with CaptureQueriesContext(connection) as queries:
                desk.get(change("application", application.pk))
            counts.append(len(queries))
    assert counts[1] <= counts[0]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing_on_a_form_with_every_kind_of_question(live_server, new_page, tmp_path, width, scheme):
    job, cv = make_job(), tmp_path / "cv.pdf"
    cv.write_bytes(files.pdf())
    for kind in JobQuestion.Kind.values:
        choices = ["Kindly", "Briefly"] if kind in ("choice", "several") else []
        make_question(job, kind, f"{kind}?", choices=choices, help="Say it in your words.", is_required=kind != "file")
    page = new_page(width=width, color_scheme=scheme)
    page.goto(f"{live_server.url}/jobs/{job.slug}/apply/")
    assert axe.violations(page) == []
    for label in ("Your résumé", "file?"):
        page.get_by_label(label).set_input_files(cv)
    page.get_by_role("button", name="Send my application").click()
    page.get_by_text("Choose another").first.wait_for()
    assert axe.violations(page) == []
