"""F28: two people have one form of the admin open, and both save. Nobody overwrites the other unseen."""

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ats.desk.editing import shown
from ats.desk.editing.admin import SavesApart
from ats.desk.lists import ReadOnlyAdmin
from ats.desk.tests.conftest import signed_in
from ats.desk.tests.form_page import FormPage, opened
from ats.desk.tests.test_company import PAGE
from candidates.builders import make_application, make_candidate, make_competency, make_job, make_plan, make_user
from candidates.models import Company, Job, JobQuestion, MailText
from candidates.tests.together import together
from interviews.kits.builders import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(admin):
    return signed_in(admin)


@pytest.fixture
def otto(db):
    return signed_in(make_user("Otto Other", is_superuser=True))


def page(row):
    return f"/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/"


def save(client, url, form, **typed):
    """Its answer: a redirect, or the page about a conflict; a mistake in the form is one of the test."""
    answer = client.post(url, form | typed)
    context = answer.context or {}
    assert not context.get("errors"), context["errors"]
    return answer


def again(answer):
    """What the page about a conflict sends when its button is pressed."""
    return FormPage(answer.content.decode()).sent


def differences(answer):
    return {(one.place, one.label): (one.theirs, one.yours, one.changed) for one in answer.context["differences"]}


def test_the_second_to_save_sees_both_versions_and_nothing_is_saved(ada, otto):
    job = make_job("Support specialist", team="Care")
    mine, theirs = opened(ada, page(job)), opened(otto, page(job))
    assert save(otto, page(job), theirs, title="Support hero", openings="3").status_code == 302
    answer = save(ada, page(job), mine, title="Support wizard", team="Mail")
    assert answer.status_code == 409
    assert differences(answer) == {
        ("", "Title"): ("Support hero", "Support wizard", "both"),
        ("", "Openings"): ("3", "1", "theirs"),
        ("", "Team"): ("Care", "Mail", "yours"),
    }
    assert "Otto Other" in answer.content.decode()
    assert Job.objects.values_list("title", "openings", "team").get() == ("Support hero", 3, "Care")


def test_who_takes_theirs_finds_the_form_as_it_was_saved(ada, otto):
    job = make_job()
    mine, theirs = opened(ada, page(job)), opened(otto, page(job))
    save(otto, page(job), theirs, title="Support hero")
    answer = save(ada, page(job), mine, title="Support wizard")
    assert f'<a class="button" href="{page(job)}">Take theirs</a>' in answer.content.decode()
    assert opened(ada, page(job))["title"] == ["Support hero"]


def test_who_saves_their_own_version_overwrites_after_seeing_it(ada, otto):
    job = make_job()
    mine, theirs = opened(ada, page(job)), opened(otto, page(job))
    save(otto, page(job), theirs, title="Support hero")
    answer = save(ada, page(job), mine, title="Support wizard", description="Words\r\nover lines & <b>signs</b>")
    assert ada.post(page(job), again(answer)).status_code == 302
    assert Job.objects.values_list("title", "description").get() == (
        "Support wizard", "Words\r\nover lines & <b>signs</b>",
    )  # fmt: skip


def test_a_third_one_between_the_question_and_the_answer_asks_again(ada, otto):
    job = make_job()
    mine, theirs = opened(ada, page(job)), opened(otto, page(job))
    save(otto, page(job), theirs, title="Support hero")
    answer = save(ada, page(job), mine, title="Support wizard")
    save(otto, page(job), opened(otto, page(job)), title="Support star")
    assert ada.post(page(job), again(answer)).status_code == 409
    assert Job.objects.get().title == "Support star"


def test_who_typed_the_same_is_not_asked(ada, otto):
    job = make_job()
    mine, theirs = opened(ada, page(job)), opened(otto, page(job))
    save(otto, page(job), theirs, title="Support hero")
    assert save(ada, page(job), mine, title="Support hero").status_code == 302


def test_saving_twice_in_a_row_from_two_windows_tells_that_it_was_oneself(ada):
    job = make_job()
    first, second = opened(ada, page(job)), opened(ada, page(job))
    save(ada, page(job), first, title="One")
    answer = save(ada, page(job), second, title="Two")
    assert "You saved it yourself" in answer.content.decode()


def test_a_form_that_tells_nothing_is_saved_as_ever(ada, otto):
    job = make_job()
    mine = opened(ada, page(job))
    save(otto, page(job), opened(otto, page(job)), title="Support hero")
    mine.pop(shown.NAME)
    assert save(ada, page(job), mine, title="Support wizard").status_code == 302


def test_a_broken_token_is_no_reason_to_lose_what_was_typed(ada):
    job = make_job()
    form = opened(ada, page(job))
    for number, token in enumerate(("", "x", "\x00", "é" * 50, "eyJ9:1:2")):
        assert save(ada, page(job), form, title=f"Other {number}", **{shown.NAME: token}).status_code == 302
        assert Job.objects.get().title == f"Other {number}"


def test_a_form_with_mistakes_remembers_what_it_was_opened_with(ada, otto):
    job = make_job()
    mine = opened(ada, page(job))
    wrong = ada.post(page(job), mine | {"title": ""})
    save(otto, page(job), opened(otto, page(job)), title="Support hero")
    assert ada.post(page(job), again(wrong) | {"title": "Mine"}).status_code == 409


def test_rows_below_a_form_are_told_apart_too(ada, otto):
    job = make_job()
    kept = JobQuestion.objects.create(job=job, kind="yes_no", label="May you work here?", position=1)
    gone = JobQuestion.objects.create(job=job, kind="yes_no", label="Do you drive?", position=2)
    mine, theirs = opened(ada, page(job)), opened(otto, page(job))
    theirs |= {"questions-0-label": "May you work in Spain?", "questions-1-DELETE": "on"}
    assert save(otto, page(job), theirs).status_code == 302
    answer = save(ada, page(job), mine, **{"questions-0-label": "May you work in France?", "questions-1-help": "A car"})
    assert answer.status_code == 409
    found = differences(answer)
    place = f"Question of the form: {JobQuestion.objects.get(pk=kept.pk)}"
    assert found[place, "Question"] == ("May you work in Spain?", "May you work in France?", "both")
    assert found["Question of the form", ""][0] == "deleted"
    assert "Do you drive?" in found["Question of the form", ""][1]
    assert ada.post(page(job), again(answer)).status_code == 302
    rows = list(JobQuestion.objects.order_by("position").values_list("label", "help"))
    assert rows == [("May you work in France?", ""), ("Do you drive?", "A car")]
    assert not JobQuestion.objects.filter(pk=gone.pk).exists()


def test_a_row_that_a_colleague_added_stays_and_is_shown(ada, otto):
    job = make_job()
    mine, theirs = opened(ada, page(job)), opened(otto, page(job))
    row = {"kind": "yes_no", "label": "Do you drive?", "position": "1", "help": "", "choices": "", "marking": ""}
    theirs |= {f"questions-0-{name}": value for name, value in row.items()} | {"questions-TOTAL_FORMS": "1"}
    assert save(otto, page(job), theirs).status_code == 302
    answer = save(ada, page(job), mine, title="Mine")
    assert answer.status_code == 409
    assert "Do you drive?" in str(differences(answer))
    assert ada.post(page(job), again(answer)).status_code == 302
    assert JobQuestion.objects.get().label == "Do you drive?"
    assert Job.objects.get().title == "Mine"


def test_the_page_of_the_company_asks_too(ada, otto):
    first = opened(ada, PAGE) | {"name": "Care", "addition": "We keep it a year."}
    assert ada.post(PAGE, first).status_code == 302
    mine, theirs = opened(ada, PAGE), opened(otto, PAGE)
    assert save(otto, PAGE, theirs, addition="We keep it two years.").status_code == 302
    answer = save(ada, PAGE, mine, name="Care & Co")
    assert answer.status_code == 409
    label = "What you add to the privacy notice"
    assert differences(answer)["", label] == ("We keep it two years.", "We keep it a year.", "theirs")
    assert Company.objects.get().name == "Care"


def test_competencies_people_plans_texts_questions_and_colleagues_ask(ada, otto):
    make_application(candidate=(cara := make_candidate()))
    text = MailText.objects.create(template="candidates/rejected", language="en", subject="No", text="Dear {name}")
    rows = {
        make_competency(): "name", cara: "name", make_plan(name="One"): "name", text: "subject",
        make_question(): "name", make_user("Tom Third"): "last_name",
    }  # fmt: skip
    for row, field in rows.items():
        mine, theirs = opened(ada, page(row)), opened(otto, page(row))
        assert save(otto, page(row), theirs, **{field: "Theirs"}).status_code == 302, row
        assert save(ada, page(row), mine, **{field: "Mine"}).status_code == 409, row
        row.refresh_from_db()
        assert getattr(row, field) == "Theirs"
        assert ada.post(page(row), again(save(ada, page(row), mine, **{field: "Mine"}))).status_code == 302, row
        row.refresh_from_db()
        assert getattr(row, field) == "Mine"


def test_every_form_of_the_admin_asks():
    forms = {
        type(one).__name__
        for one in django_admin.site._registry.values()
        if not isinstance(one, SavesApart | ReadOnlyAdmin)
    }
    assert not forms, "put SavesApart (ats/desk/editing) first among their bases"


def test_a_recruiter_of_other_jobs_learns_nothing_by_a_conflict(desk, stranger):
    job = make_job()
    mine = opened(desk, page(job))
    assert save(signed_in(stranger), page(job), mine, title="Mine").status_code == 404


def test_signing_in_is_no_conflict(ada, otto):
    tom = make_user("Tom Third")
    mine = opened(ada, page(tom))
    signed_in(tom)
    assert save(ada, page(tom), mine, first_name="Thomas").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_asked():
    job = make_job()
    clients = [signed_in(make_user(name, is_superuser=True)) for name in ("Ada Admin", "Otto Other")]
    forms = [opened(client, page(job)) | {"title": title} for client, title in zip(clients, "ab", strict=True)]
    answers = together(*[lambda c=c, f=f: c.post(page(job), f) for c, f in zip(clients, forms, strict=True)])
    assert sorted(answer.status_code for answer in answers) == [302, 409]


def queries_of(client, url, form):
    with CaptureQueriesContext(connection) as queries:
        client.post(url, form)
    return len(queries)


def test_looking_for_a_conflict_costs_the_same_queries_however_many_rows_a_form_has(ada):
    more = []
    for number in (2, 8):
        job = make_job()
        for one in range(number):
            JobQuestion.objects.create(job=job, kind="yes_no", label=f"Question {one}?", position=one)
        form = opened(ada, page(job))
        without = queries_of(ada, page(job), {name: value for name, value in form.items() if name != shown.NAME})
        more.append(queries_of(ada, page(job), form) - without)
    assert more[0] == more[1] <= 12
