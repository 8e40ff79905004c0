"""What machines read: parsed by their own parsers, with texts that try to break out."""

import re

import pytest
from defusedxml import ElementTree  # type: ignore[import-untyped]
from django.test import override_settings
from django.urls import URLResolver, get_resolver

from candidates.builders import NOW, make_job
from candidates.models import Company

pytestmark = pytest.mark.django_db
FEEDS = ["/feeds/indeed.xml", "/feeds/linkedin.xml", "/jobs.rss", "/sitemap.xml"]
# https://docs.indeed.com and https://learn.microsoft.com/linkedin/talent/job-postings/xml-feeds-development-guide
INDEED = ["title", "date", "referencenumber", "requisitionid", "url", "company", "sourcename", "city", "state",
          "country", "email", "description"]  # fmt: skip
LINKEDIN = ["partnerJobId", "company", "title", "description", "applyUrl", "location", "posterEmail"]
PUBLIC = {"", "company/", "robots.txt", "sitemap.xml", "jobs.rss", "jobs.json", "feeds/indeed.xml",
          "feeds/linkedin.xml", "privacy/", "jobs/<slug:slug>/"}  # fmt: skip
HOSTILE = ["]]>", "]]]]><![CDATA[>", "<b>&amp;</b>", "\x01\x0b\ufffe", "🙂 العربية", "</title></job>", "%s {0}"]


def parsed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content)


def fields(client, path):
    return {child.tag: child for child in parsed(client, path).find("job")}


def full_job(**more):
    return make_job(**{"title": "Chat hero", "place": "Utrecht", "region": "Utrecht", "country": "NL", "pay_from": 2900,
                       "pay_to": 3400, "pay_currency": "EUR"} | more)  # fmt: skip


@pytest.mark.parametrize(("path", "names"), [("/feeds/indeed.xml", INDEED), ("/feeds/linkedin.xml", LINKEDIN)])
def test_every_required_field_is_there_and_filled(client, path, names):
    full_job()
    found = fields(client, path)
    assert [name for name in names if not (found[name].text or "").strip()] == []


@override_settings(SITE_URL="https://jobs.example.org")
def test_addresses_are_absolute_and_tell_the_source(client):
    job = full_job()
    page = f"https://jobs.example.org/jobs/{job.slug}/"
    assert fields(client, "/feeds/indeed.xml")["url"].text == f"{page}?source=indeed"
    assert fields(client, "/feeds/linkedin.xml")["applyUrl"].text == f"{page}?source=linkedin"
    assert parsed(client, "/jobs.rss").findtext("channel/item/link") == f"{page}?source=rss"
    assert f"<loc>{page}</loc>" in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("path", FEEDS)
def test_a_text_survives_and_breaks_nothing(client, path, text):
    Company.objects.create(pk=1, name=f"Care {text}", intro=text, about=text)
    make_job(f"Hero {text}", description=text, place=text, team=text)
    root = parsed(client, path)
    if path != "/sitemap.xml":
        title = root.findtext("job/title") or root.findtext("channel/item/title")
        assert title == "Hero " + re.sub("[\x01\x0b\ufffe]", "", text)


def test_a_remote_job_says_so_to_the_job_boards(client):
    make_job(remote=True, country="NL")
    indeed, linkedin = fields(client, "/feeds/indeed.xml"), fields(client, "/feeds/linkedin.xml")
    assert (indeed["city"].text, indeed["remotetype"].text) == ("Remote", "Fully remote")
    assert linkedin["workplaceTypes"].text == "Remote"


def test_pay_is_told_to_linkedin_in_its_parts(client):
    full_job()
    salary = fields(client, "/feeds/linkedin.xml")["salaries"].find("salary")
    parts = ("lowEnd/amount", "highEnd/amount", "highEnd/currencyCode", "period")
    assert [salary.findtext(part) for part in parts] == ["2900", "3400", "EUR", "MONTHLY"]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "paused"}, {"status": "closed"},
                                    {"closes_at": NOW.replace(year=2001)}])  # fmt: skip
@pytest.mark.parametrize("path", [*FEEDS, "/jobs.json", "/embed/"])
def test_what_is_not_open_is_in_no_feed(client, path, fields):
    make_job(slug="secret-plan", **fields)
    assert b"secret-plan" not in client.get(path).content


@pytest.mark.parametrize("path", [*FEEDS, "/jobs.json", "/embed/"])
def test_what_is_open_is_in_every_feed(client, path):
    make_job(slug="chat-hero")
    assert b"chat-hero" in client.get(path).content


def test_developers_get_json_that_any_site_may_read(client):
    job = full_job(channels=["chat"])
    answer = client.get("/jobs.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    told = answer.json()["jobs"][0]
    assert (told["id"], told["pay"]["from"], told["channels"]) == (job.slug, 2900, ["chat"])
    assert told["apply_url"].endswith(f"/jobs/{job.slug}/apply/")


@pytest.mark.parametrize("path", [*FEEDS, "/jobs.json", "/robots.txt"])
def test_who_has_it_already_is_told_that_nothing_changed(client, path):
    make_job()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", [*FEEDS, "/jobs.json", "/robots.txt", "/", "/embed/"])
def test_head_is_answered_and_nothing_can_be_sent(client, path):
    make_job()
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.post(path).status_code == 405


def test_robots_keep_out_of_everything_that_is_not_the_career_site(client):
    rules = client.get("/robots.txt").content.decode()
    told = re.findall(r"^Disallow: /(.*)$", rules, re.MULTILINE)
    for path in addresses():
        is_kept_out = any(path.startswith(prefix) for prefix in told)
        assert is_kept_out == (path not in PUBLIC and not path.startswith("jobs/")), path
    assert "Sitemap: http://localhost/sitemap.xml" in rules


def addresses():
    for one in get_resolver().url_patterns:
        inner = one.url_patterns if isinstance(one, URLResolver) and not str(one.pattern) else [one]
        yield from (str(each.pattern) for each in inner)
