"""The list on other sites: who may show it, and where its links lead."""

import pytest

from candidates.builders import make_job
from candidates.models import Company

pytestmark = pytest.mark.django_db


def embed(client, sites):
    Company.objects.create(pk=1, name="Care", embedded_by=sites)
    return client.get("/embed/")


def ancestors(answer):
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    return policy["frame-ancestors"]


def test_without_a_named_site_nobody_may_show_it(client):
    answer = embed(client, [])
    assert (ancestors(answer), answer["X-Frame-Options"]) == ("'none'", "DENY")


def test_exactly_the_named_sites_may_show_it(client):
    answer = embed(client, ["https://www.care.example", "http://localhost:8080"])
    assert ancestors(answer) == "https://www.care.example http://localhost:8080"
    assert "X-Frame-Options" not in answer


def test_the_rest_of_the_policy_stays(client):
    answer = embed(client, ["https://www.care.example"])
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("site", ["*", "https://*.example", "https://a.example; script-src *", "'self'", "data:",
                                  "https://a.example\r\nX: y", "javascript://a", ""])  # fmt: skip
def test_what_is_no_site_never_reaches_the_header(client, site):
    answer = embed(client, [site])
    assert (ancestors(answer), answer["X-Frame-Options"]) == ("'none'", "DENY")


@pytest.mark.parametrize("path", ["/", "/privacy/", "/admin/login/"])
def test_no_other_page_may_be_shown(client, path):
    Company.objects.create(pk=1, name="Care", embedded_by=["https://www.care.example"])
    answer = client.get(path)
    assert (ancestors(answer), answer["X-Frame-Options"]) == ("'none'", "DENY")


def test_links_leave_the_frame_and_tell_where_they_were(client):
    job = make_job()
    page = client.get("/embed/").content.decode()
    assert f'href="/jobs/{job.slug}/?source=embed" target="_top"' in page
    assert f'href="/jobs/{job.slug}/?source=blog" target="_top"' in client.get("/embed/?source=blog").content.decode()


def test_it_can_be_narrowed_and_asks_not_to_be_found(client):
    make_job("Chat hero", team="Care")
    make_job("Night owl", team="Nights")
    page = client.get("/embed/?team=Care").content.decode()
    assert "Chat hero" in page
    assert "Night owl" not in page
    assert '<meta name="robots" content="noindex">' in page
