"""A mail scanner that opens every link before its reader does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from django.utils.timezone import now
from playwright.sync_api import Browser, Error, sync_playwright

from ats.dev import browser as chromium
from candidates import builders
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post.builders import link_to
from candidates.post.models import Ask, Message
from candidates.screening import actions as screening
from candidates.stages import Stage
from faults import people
from faults.stand.stand import Stand
from faults.verdict import expect, until
from interviews import actions as interviews
from interviews.actions import Invited
from interviews.availability.builders import make_interviewer
from references.builders import make_references
from trials.builders import make_offer

LAYS_NO_HAND_ON = "django_session"
MOST_CLICKS = 12  # on one page


def opens_every_link(stand: Stand) -> str:
    """F17: a scanner asks for every mailed link by HEAD and GET, opens it in a browser that runs scripts, and clicks
    every link of the page. Nothing changes, nothing is used up, and who is meant can still answer."""
    asked = _every_kind()
    until(lambda: not Message.objects.filter(status__in=["queued", "sending"]).exists(), 60, "not all mails left")
    mailed = sorted({urlsplit(link).path for mail in stand.mails() for link in mail.links})
    expect(len(mailed) >= len(asked), f"only {len(mailed)} links were mailed for {len(asked)} requests")
    for part in ("beat", "worker"):  # so that only the scanner could change anything
        stand.stop(part)
    before = _rows(stand)
    opened = _scan(stand, mailed)
    changed = [table for table, rows in _rows(stand).items() if rows != before[table]]
    expect(not changed, f"changed by looking: {', '.join(changed)}")
    for one in asked:
        page = stand.visitor().get(link_to(one))
        expect(page.status == 200, f"who was asked by {one.page} gets {page.status} after the scanner")
        expect("Referrer-Policy" in page.headers, f"{one.page} leaks its address")
    kinds = sorted({one.page for one in asked})
    return (
        f"{len(mailed)} links, {opened} pages in a browser with scripts; no row changed; {len(kinds)} kinds still open"
    )


def _every_kind() -> list[Ask]:
    """What a candidate, an interviewer, a referee and a rater are asked for by a link."""
    at = now()
    recruiter = people.colleague()
    job = people.job(recruiters=[recruiter])
    by = Actor.person(recruiter)
    application, *others = people.applications(2, of=job)
    people.letters([application])
    screening.begin(application, at=at, by=by, reader=recruiter, caller=job.hiring_manager)
    people.ask(others[0])
    panel = [Invited(name, f"{people.unique(name.lower())}@example.org") for name in ("Ida", "Ivan")]
    for who in panel:
        make_interviewer(who, days="0123456")
    chooses, meets = _at(Stage.SCREENING, job), _at(Stage.SCREENING, job)
    interviews.invite(chooses, interviewers=panel, minutes=45, place="Room 1", at=at, by=by)
    when = at + timedelta(days=9)
    interviews.invite(meets, interviewers=panel, minutes=45, place="Room 1", starts_at=when, at=at, by=by)
    references = _at(Stage.INTERVIEWS, job)
    make_references(references, at=at)
    offered = make_offer(_at(Stage.REFERENCES, job), at=at, starts_on=(at + timedelta(days=7)).date())
    of = [application, *others, chooses, meets, references, offered.application]
    return list(Ask.objects.open().filter(application__in=of, opens_at__lte=at).exclude(page__startswith="desk:"))


def _at(stage: Stage, job: object) -> Application:
    [person] = people.persons(1)
    return builders.make_application(stage, at=now(), job=job, candidate=person)


def _rows(stand: Stand) -> dict[str, str]:
    """A sum over all rows of each table, the sessions of visitors aside."""
    tables = [name for (name,) in stand.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
    sums = "SELECT count(*) || ':' || coalesce(sum(hashtext(t::text)::bigint), 0) FROM {} t"
    return {name: str(stand.sql(sums.format(name))[0][0]) for name in tables if name != LAYS_NO_HAND_ON}


def _scan(stand: Stand, paths: Sequence[str]) -> int:
    """Open all of it; gives how many pages a browser showed."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's event loop would be taken for async code
    for path in paths:
        for method in ("HEAD", "GET"):
            page = stand.visitor().get(path, method=method)
            expect(0 < page.status < 500, f"{method} of a link answers {page.status}")
    with sync_playwright() as playwright:
        found = chromium.find()
        expect(found, "no browser: install chromium or set CHROMIUM")
        browser = playwright.chromium.launch(executable_path=found, args=chromium.flags())
        try:
            return sum(_open(browser, stand.place.site, path) for path in paths)
        finally:
            browser.close()


def _open(browser: Browser, site: str, path: str) -> int:
    """Open one link as a reader's browser would, and then each link of its page."""
    context = browser.new_context()
    page = context.new_page()
    opened = 1
    try:
        page.goto(site + path, timeout=20_000)
        address = page.url
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
        for href in dict.fromkeys(hrefs):
            target = urljoin(address, href)
            if not target.startswith(site) or opened > MOST_CLICKS:
                continue
            _click(page, address, href)
            opened += 1
    finally:
        context.close()
    return opened


def _click(page: object, address: str, href: str) -> None:
    try:
        page.goto(address, timeout=20_000)  # type: ignore[attr-defined]
        page.locator(f'a[href="{href}"]').first.click(timeout=5_000)  # type: ignore[attr-defined]
        page.wait_for_load_state(timeout=10_000)  # type: ignore[attr-defined]
    except Error:
        return  # what cannot be clicked (hidden, a download) was not clicked by a scanner either
