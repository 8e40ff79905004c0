"""The career site in a browser: filters with and without JavaScript, on a phone, in a frame of another site."""

import http.server
import re
import threading
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from candidates.builders import make_job
from candidates.models import Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_jobs():
    make_job("Chat hero", team="Care", place="Utrecht", channels=["chat"], languages=["Dutch"])
    make_job("Night owl", team="Nights", remote=True, channels=["phone"], languages=["English"])


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def titles(page):
    return page.locator("#jobs strong")


def test_the_list_is_narrowed_on_a_phone_without_loading_the_page_anew(live_server, new_page):
    make_jobs()
    page = new_page(width=360)
    page.goto(f"{live_server.url}/?source=fair")
    page.evaluate("window.isSamePage = true")
    page.get_by_text("Filter the jobs").click()
    page.get_by_label("Team").focus()
    page.get_by_label("Team").select_option("Nights")
    page.get_by_text("1 of 2 open jobs.").wait_for()
    expect(titles(page)).to_have_text(["Night owl"])
    expect(page.get_by_role("status")).to_have_text(re.compile("^1 of 2 open jobs[.]"))
    expect(page).to_have_url(re.compile("team=Nights"))
    assert page.get_by_role("link", name="Night owl").get_attribute("href").endswith("?source=fair")
    assert page.evaluate("[window.isSamePage, document.activeElement.id]") == [True, "filter-team"]
    assert fits(page)


def test_the_way_back_shows_what_was_there_before(live_server, new_page):
    make_jobs()
    page = new_page()
    page.goto(live_server.url)
    page.get_by_label("Team").select_option("Care")
    page.get_by_text("1 of 2 open jobs.").wait_for()
    page.go_back()
    page.get_by_text("2 open jobs.", exact=True).wait_for()
    expect(titles(page)).to_have_text(["Chat hero", "Night owl"])
    expect(page.get_by_label("Team")).to_have_value("")


def test_nothing_that_fits_can_be_undone_by_one_press(live_server, new_page):
    make_jobs()
    page = new_page(width=360)
    page.goto(f"{live_server.url}/?team=Care&channel=phone")
    page.get_by_role("heading", name="No open job is like this").wait_for()
    page.get_by_role("link", name="Show all jobs").click()
    page.get_by_text("2 open jobs.", exact=True).wait_for()
    expect(titles(page)).to_have_count(2)


def test_filters_work_without_javascript(live_server, new_page):
    make_jobs()
    page = new_page(width=360, java_script_enabled=False)
    page.goto(f"{live_server.url}/?source=fair")
    page.get_by_text("Filter the jobs").click()
    page.get_by_label("Language of the customers").select_option("Dutch")
    page.get_by_role("button", name="Show these jobs").click()
    expect(titles(page)).to_have_text(["Chat hero"])
    expect(page).to_have_url(re.compile("source=fair"))
    expect(page.get_by_label("Language of the customers")).to_have_value("Dutch")


def test_a_job_page_breaks_no_rule_of_its_own_and_asks_nobody_else(live_server, new_page):
    Company.objects.create(pk=1, name="Care", accent="#7a1f5c", about="Founded by friends.")
    job = make_job(place="Utrecht", country="NL", description="Help.\n\n</script><script>window.isHurt = 1</script>")
    page = new_page(width=360)
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}{job.get_absolute_url()}")
    page.wait_for_load_state("networkidle")
    assert complaints == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert page.evaluate("window.isHurt") is None
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.btn-primary')).backgroundColor") == "rgb(122, 31, 92)"
    )
    assert fits(page)


@pytest.mark.parametrize(("scheme", "colour"), [("light", "rgb(122, 31, 92)"), ("dark", "rgb(240, 160, 208)")])
def test_the_companys_colours_are_those_of_light_and_of_dark_pages(live_server, new_page, scheme, colour):
    Company.objects.create(pk=1, name="Care", accent="#7a1f5c", accent_dark="#f0a0d0")
    page = new_page(width=360, color_scheme=scheme)
    page.goto(f"{live_server.url}{make_job().get_absolute_url()}")
    assert page.evaluate("getComputedStyle(document.querySelector('.btn-primary')).backgroundColor") == colour


def test_a_frame_is_light_and_speaks_to_those_who_hear_it(live_server, new_page):
    make_jobs()
    page = new_page(width=360, color_scheme="dark")
    page.goto(f"{live_server.url}/embed/")
    expect(page.get_by_role("main").get_by_role("heading", name="Open jobs")).to_have_count(1)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.card-link')).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert fits(page)


@pytest.mark.parametrize("snippet", [
    '<div data-rapport-jobs="team=Care"></div><script src="{site}/static/rapport/embed.js" async></script>',
    '<script src="{site}/static/rapport/embed.js"></script><iframe src="{site}/embed/?team=Care" height="50"></iframe>',
])  # fmt: skip
def test_another_site_shows_the_list_as_high_as_it_is(live_server, new_page, snippet):
    with other_site(snippet.format(site=live_server.url)) as site:
        Company.objects.create(pk=1, name="Care", embedded_by=[site])
        for _number in range(8):
            make_job("Chat hero", team="Care")
        make_job("Night owl", team="Nights")
        page = new_page(width=360)
        page.goto(site)
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="Chat hero").first.wait_for()
        page.wait_for_function("Number(document.querySelector('iframe').height) > 450")
        expect(frame.get_by_role("link", name="Night owl")).to_have_count(0)
        inside = page.frames[1]
        assert inside.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
        frame.get_by_role("link", name="Chat hero").first.click()
        page.wait_for_url(f"{live_server.url}/jobs/**")
        page.get_by_role("heading", name="Chat hero").wait_for()


def test_a_site_that_was_not_named_shows_nothing(live_server, new_page):
    with other_site(f'<iframe src="{live_server.url}/embed/"></iframe>') as site:
        Company.objects.create(pk=1, name="Care", embedded_by=["https://www.care.example"])
        make_job("Chat hero")
        page = new_page()
        page.goto(site)
        page.wait_for_load_state("networkidle")
        expect(page.frame_locator("iframe").get_by_role("link", name="Chat hero")).to_have_count(0)


@contextmanager
def other_site(body):
    """A page of somebody else, on another port and so of another origin."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><title>Other</title>{body}".encode())

        def log_message(self, *words):
            pass

    with http.server.ThreadingHTTPServer(("localhost", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
