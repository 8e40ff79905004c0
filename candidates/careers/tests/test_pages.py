"""The career pages: what is open, one job, and what they never show."""

import pytest
from django.test import Client

from candidates.builders import NOW, make_job, make_plan
from candidates.careers.forms import ApplyForm
from candidates.company import notice

pytestmark = pytest.mark.django_db
STATUSES = [("draft", 404), ("open", 200), ("paused", 410), ("closed", 410)]


def test_the_list_shows_open_jobs_with_place_hours_pay_and_channels(client):
    make_job("Chat hero", place="Utrecht", remote=True, hours="32-36", pay_from=2900, pay_to=3400,
             pay_currency="EUR", channels=["email", "chat"])  # fmt: skip
    page = client.get("/").content.decode()
    assert "Chat hero" in page
    assert "Utrecht or remote · 32-36 h · 2,900–3,400 EUR a month · e-mail, chat" in page


@pytest.mark.parametrize("status", ["draft", "paused", "closed"])
def test_the_list_shows_nothing_else(client, status):
    make_job("Secret plan", status=status)
    page = client.get("/").content.decode()
    assert "Secret plan" not in page
    assert "Nothing is open just now" in page


@pytest.mark.parametrize(("status", "answer"), STATUSES)
@pytest.mark.parametrize("page", ["", "apply/"])
def test_only_an_open_job_has_a_page_and_a_form(client, status, answer, page):
    job = make_job(status=status)
    assert client.get(f"/jobs/{job.slug}/{page}").status_code == answer


@pytest.mark.parametrize(("status", "answer"), STATUSES)
def test_only_an_open_job_takes_a_form(client, status, answer):
    job = make_job(status=status)
    assert client.post(f"/jobs/{job.slug}/apply/").status_code == answer


def test_a_job_shows_the_work_the_facts_and_the_stages_with_their_days(client):
    plan = make_plan(trial_days=21)
    plan.stages.filter(stage="interviews").update(days=9)
    job = make_job(plan=plan, description="Help people.\n\nEvery day.", languages=["Dutch", "English"], team="Care")
    page = client.get(job.get_absolute_url()).content.decode()
    for words in (
        "<p>Help people.</p>",
        "<p>Every day.</p>",
        "Dutch, English",
        "Care",
        "About 9 days.",
        "About 21 days.",
    ):
        assert words in page


def test_what_recruiters_write_is_never_markup(client):
    job = make_job("<script>1</script>", description="<script>2</script>", letter_prompt="<script>3</script>",
                   team="<script>4</script>", languages=["<script>5</script>"])  # fmt: skip
    pages = [client.get(f"/{path}").content.decode() for path in ("", f"jobs/{job.slug}/", f"jobs/{job.slug}/apply/")]
    assert ["<script>" in page for page in pages] == [False, False, False]
    assert "&lt;script&gt;3" in pages[2]


def test_where_somebody_came_from_goes_along_to_the_form(client):
    job = make_job()
    assert f"/jobs/{job.slug}/?source=a%26b" in client.get("/?source=a%26b").content.decode()
    assert f"/jobs/{job.slug}/apply/?source=a%26b" in client.get(f"/jobs/{job.slug}/?source=a%26b").content.decode()
    assert f"/jobs/{job.slug}/?source=a%26b" in client.get(f"/jobs/{job.slug}/apply/?source=a%26b").content.decode()


def test_the_thank_you_page_says_what_comes_next_and_by_when(client):
    plan = make_plan()
    plan.stages.filter(stage="applied").update(days=4)
    page = client.get(f"/jobs/{make_job(plan=plan).slug}/thanks/").content.decode()
    assert "answers you within 4 days" in page


def test_the_privacy_notice_names_its_version(client):
    assert f"Version {notice.BASE}." in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("path", ["", "jobs/{slug}/", "jobs/{slug}/thanks/", "privacy/"])
def test_pages_to_read_take_nothing(client, method, path):
    assert getattr(client, method)(f"/{path.format(slug=make_job().slug)}").status_code == 405


def test_the_form_needs_its_token():
    job = make_job()
    assert Client(enforce_csrf_checks=True).post(f"/jobs/{job.slug}/apply/").status_code == 403


@pytest.mark.parametrize("path", ["", "jobs/{slug}/", "jobs/{slug}/apply/", "jobs/{slug}/thanks/", "privacy/"])
@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_the_database_little_and_no_more_for_many_jobs(client, django_assert_max_num_queries, path, count):
    for _number in range(count):
        job = make_job()
    with django_assert_max_num_queries(4):
        client.get(f"/{path.format(slug=job.slug)}")


def test_no_more_than_eight_inputs_are_required():
    required = [name for name, field in ApplyForm(job=make_job(), at=NOW).fields.items() if field.required]
    assert required == ["name", "email", "letter", "resume", "consent"]
