"""The list of open jobs and its filters."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine

from candidates.builders import NOW, make_job, make_plan, make_user
from candidates.careers import listing
from candidates.models import Company, Job

pytestmark = pytest.mark.django_db


def make_jobs():
    make_job("Chat hero", team="Care", place="Utrecht", channels=["chat", "email"], languages=["Dutch", "English"])
    make_job("Night owl", team="Nights", remote=True, channels=["phone"], languages=["English"])
    make_job("Post master", team="Care", place="Ghent", channels=["email"], languages=["Dutch"])


def titles(**given):
    return [job.title for job in listing.read(given, at=NOW).jobs]


@pytest.mark.parametrize(("given", "expected"), [
    ({"team": "Care"}, ["Chat hero", "Post master"]),
    ({"place": "Ghent"}, ["Post master"]),
    ({"remote": "yes"}, ["Night owl"]),
    ({"remote": "no"}, ["Chat hero", "Post master"]),
    ({"language": "English"}, ["Chat hero", "Night owl"]),
    ({"channel": "email"}, ["Chat hero", "Post master"]),
    ({"channel": "email", "language": "English"}, ["Chat hero"]),
    ({"team": "Nights", "place": "Ghent"}, []),
])  # fmt: skip
def test_each_filter_narrows_the_list(given, expected):
    make_jobs()
    assert titles(**given) == expected


@pytest.mark.parametrize("given", [
    {"team": "Nobody"}, {"channel": "fax"}, {"remote": "maybe"}, {"place": ""}, {"place": "\x00"}, {"team": "\ud800"},
    {"colour": "red"}, {"team": "x" * 1_000_000}, {"language": "' OR 1=1 --"},
])  # fmt: skip
def test_what_no_open_job_has_is_ignored(client, given):
    make_jobs()
    found = listing.read(given, at=NOW)
    assert (len(found.jobs), found.is_narrowed) == (3, False)
    query = "&".join(f"{name}={quote(value[:9000], errors='surrogatepass')}" for name, value in given.items())
    assert client.get(f"/?{query}").status_code == 200


def test_only_what_is_open_can_be_chosen_and_tells_how_often():
    make_jobs()
    make_job("Gone", team="Former", status="closed")
    make_job("Over", team="Former", closes_at=NOW)
    team = next(found for found in listing.read({}, at=NOW).filters if found.name == "team")
    assert [(choice.label, choice.jobs) for choice in team.choices] == [("Care", 2), ("Nights", 1)]


def test_a_filter_that_would_leave_all_jobs_is_not_shown():
    make_job(place="Utrecht", channels=["chat"])
    make_job(place="Utrecht", channels=["chat", "phone"])
    assert [found.name for found in listing.read({}, at=NOW).filters] == ["channel"]


def test_the_page_keeps_what_was_chosen_and_says_how_many(client):
    make_jobs()
    page = client.get("/?team=Care&channel=chat").content.decode()
    assert '<option value="Care" selected>Care (2)</option>' in page
    assert "1 of 3 open jobs." in page
    assert "Chat hero" in page
    assert "Night owl" not in page


def test_nothing_that_fits_offers_to_show_all_and_keeps_the_source(client):
    make_jobs()
    page = client.get("/?team=Nights&place=Ghent&source=fair").content.decode()
    assert "No open job is like this" in page
    assert '<a class="btn btn-primary" href="/?source=fair">Show all jobs</a>' in page
    assert '<input type="hidden" name="source" value="fair">' in page


def test_markup_in_what_can_be_chosen_stays_text(client):
    make_job(team='"><script>1</script>', place="<b>x", languages=["<i>"])
    make_job(team="Care")
    page = client.get("/").content.decode()
    assert "<script>1" not in page
    assert "<b>x" not in page
    assert "<i>" not in page


def test_a_job_leaves_the_list_at_its_closing_date_before_any_sweep(client):
    job = make_job("Last call", closes_at=NOW)
    with time_machine.travel(NOW - timedelta(seconds=1), tick=False):
        assert "Last call" in client.get("/").content.decode()
    with time_machine.travel(NOW, tick=False):
        assert "Last call" not in client.get("/").content.decode()
        assert client.get(f"/jobs/{job.slug}/").status_code == 410


def many(count):
    plan, user = make_plan(), make_user()
    Job.objects.bulk_create(
        Job(title=f"Job {number}", slug=f"many-{number}", description="Help.", plan=plan, status="open",
            opened_at=NOW, hiring_manager=user, team=f"Team {number % 9}", place=f"Town {number % 20}",
            channels=["chat"], languages=["English"])
        for number in range(count)
    )  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 3, 300])
@pytest.mark.parametrize(("path", "most"), [
    ("/", 1), ("/?team=Team 1", 1), ("/embed/", 1), ("/jobs.json", 1), ("/jobs.rss", 1), ("/sitemap.xml", 1),
    ("/feeds/indeed.xml", 1), ("/feeds/linkedin.xml", 1), ("/privacy/", 1), ("/robots.txt", 0),
])  # fmt: skip
def test_queries_do_not_grow_with_jobs(client, django_assert_num_queries, path, most, count):
    many(count)
    Company.current()
    with django_assert_num_queries(most):
        assert client.get(path).status_code == 200


def test_three_hundred_jobs_are_all_there(client):
    many(300)
    page = client.get("/").content.decode()
    assert page.count('class="card-link"') == 300
    assert "300 open jobs." in page


def test_the_list_answers_that_nothing_changed(client):
    make_job()
    first = client.get("/")
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_job("New one")
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 200
