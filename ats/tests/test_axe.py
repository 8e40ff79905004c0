"""axe finds nothing on the pages that outsiders see: wide and narrow, light and dark."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ats import pipeline
from ats.desk import roles
from ats.dev import axe
from candidates.builders import make_application, make_candidate, make_job, make_user
from candidates.models import Scorecard, Stage
from candidates.people import requests
from candidates.people.actors import Actor
from candidates.people.models import DataRequest
from candidates.post import asks, links
from candidates.screening.builders import ask_for, begin_screening
from references.builders import ask_for_referees, make_references

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = ((1280, "light"), (360, "dark"))  # each width and each colour scheme once


def portal(stage=Stage.SCREENING, page="", **fields):
    """The candidate's page, or one below it, of an application in `stage`."""

    def open_it(browser, site):
        application = make_application(stage, at=now(), **fields)
        browser.goto(site + path(links.application_url(application)))
        browser.goto(f"{site}/my/{application.pk}/{page}")

    return open_it


def answering(make):
    """The page of a mailed request."""

    def open_it(browser, site):
        browser.goto(site + path(links.ask_url(make())))

    return open_it


def at(address):
    """A page of the career site; `{job}` is an open one's address."""

    def open_it(browser, site):
        browser.goto(site + address.format(job=make_job("Chat hero").slug))

    return open_it


def path(url):
    return url.removeprefix("http://localhost")


def application_with_errors(browser, site):
    browser.goto(f"{site}/jobs/{make_job().slug}/apply/")
    browser.get_by_role("button", name="Send my application").click()
    browser.locator(".error-summary").wait_for()


def your_turn(browser, site):
    asked = ask_for_referees(at=now())
    browser.goto(site + path(links.application_url(asked.application)))


def with_requests(browser, site):
    application = make_application(Stage.INTERVIEWS, at=now())
    by = Actor.candidate(application.candidate.name)
    for kind in DataRequest.Kind:
        requests.request(application, kind, at=now(), by=by)
    browser.goto(site + path(links.application_url(application)))


def wrong_document(browser, site):
    portal()(browser, site)
    browser.get_by_label("Another document").set_input_files(
        {"name": "a.bin", "mimeType": "application/octet-stream", "buffer": b"\x00\x01"}
    )
    browser.get_by_role("button", name="Send this document").click()
    browser.locator(".field-error").wait_for()


def closed_job(browser, site):
    browser.goto(f"{site}/jobs/{make_job(status='closed').slug}/")


def screened(kind):
    return lambda: ask_for(begin_screening(make_application(at=now()), at=now()), kind)


def expired():
    return ask_for_referees(at=now() - timedelta(days=90))


def answered():
    asked = ask_for_referees(at=now())
    asks.close(asked, at=now())
    return asked


def cancelled():
    asked = ask_for_referees(at=now())
    pipeline.withdraw(asked.application, at=now(), by=Actor.candidate("Cara"))
    return asked


PAGES = {
    "career": at("/"),
    "job": at("/jobs/{job}/"),
    "form": at("/jobs/{job}/apply/"),
    "form with errors": application_with_errors,
    "thanks": at("/jobs/{job}/thanks/"),
    "privacy": at("/privacy/"),
    "gone": closed_job,
    "candidate": portal(),
    "candidate's turn": your_turn,
    "candidate with requests": with_requests,
    "candidate's wrong document": wrong_document,
    "candidate rejected": portal(Stage.REJECTED),
    "candidate hired": portal(Stage.HIRED),
    "candidate withdraws": portal(page="withdraw/"),
    "candidate asks for a copy": portal(page="data/copy/"),
    "candidate asks for deletion": portal(page="data/erase/"),
    "candidate's language": portal(page="language/"),
    "lost link": at("/my/link/"),
    "unknown link": at("/my/rubbish/"),
    "expired": answering(expired),
    "answered": answering(answered),
    "cancelled": answering(cancelled),
    "referees": answering(lambda: ask_for_referees(at=now())),
    "reference": answering(lambda: make_references(at=now())[0].scorecard.ask),
    "letter": answering(screened(Scorecard.Kind.LETTER)),
    "phone": answering(screened(Scorecard.Kind.PHONE)),
}
DESK = {
    "home": "/admin/",
    "applications": "/admin/candidates/application/",
    "application": "/admin/candidates/application/{pk}/change/",
    "mail text": "/admin/candidates/mailtext/add/",
    "data requests": "/admin/candidates/datarequest/",
}


def findings(page, rules=axe.ALL):
    """What axe finds, and what does not fit the width, in every look of the page."""
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme} {told}" for told in axe.violations(page, rules)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{width}: wider than the window")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_public_pages(live_server, page, name):
    PAGES[name](page, live_server.url)
    assert findings(page) == []


def sign_in(page, site, client):
    user = make_user("Rita Recruiter")
    roles.ensure_roles()
    user.groups.set(roles.Group.objects.filter(name=roles.RECRUITERS))
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


@pytest.mark.parametrize("name", DESK)
def test_axe_finds_nothing_on_the_desk(live_server, page, client, name):
    application = begin_screening(make_application(at=now(), candidate=make_candidate("Cara Candidate")), at=now())
    sign_in(page, live_server.url, client)
    page.goto(live_server.url + DESK[name].format(pk=application.pk))
    assert findings(page, axe.WCAG) == []  # the admin's own search box breaks a best practice


NARROW = [
    "career",
    "form with errors",
    "candidate's turn",
    "candidate with requests",
    "candidate's language",
    "referees",
]


@pytest.mark.parametrize("name", NARROW)
def test_pages_that_run_from_right_to_left_fit_a_phone(live_server, page, name, settings):
    settings.LANGUAGES = [("ar", "Arabic"), *settings.LANGUAGES]
    settings.LANGUAGE_CODE = "ar"
    page.set_viewport_size({"width": 360, "height": 900})
    page.context.add_cookies([{"name": "django_language", "value": "ar", "url": live_server.url}])
    PAGES[name](page, live_server.url)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
