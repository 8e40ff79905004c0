"""The pages of the talent pool in a browser, on a phone."""

from urllib.parse import urlsplit

import pytest
from django.utils.timezone import now

from ats.dev import axe
from candidates.builders import make_candidate, make_job
from candidates.models import PoolMember, Referrer
from candidates.post import links
from candidates.sourcing import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def own(server, whose, row):
    return server.url + urlsplit(links.personal_url(links.personal(whose, row.pk))).path


def looked_at(page):
    fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return fits, axe.violations(page)


def test_somebody_joins_on_a_phone(live_server, new_page):
    page = new_page(width=360)
    page.goto(f"{live_server.url}/pool/")
    assert looked_at(page) == (True, [])
    page.get_by_role("button", name="Tell me about new jobs").click()
    page.get_by_role("link", name="Your name").click()
    assert looked_at(page) == (True, [])
    page.get_by_label("Your name").fill("Ana López")
    page.get_by_label("Your e-mail").fill("ana@example.org")
    page.get_by_label("You may keep this").check()
    page.get_by_role("button", name="Tell me about new jobs").click()
    page.get_by_role("heading", name="look into your mailbox").wait_for()
    assert looked_at(page) == (True, [])
    page.goto(own(live_server, "pool", PoolMember.objects.get()))
    assert looked_at(page) == (True, [])
    page.get_by_role("button", name="Yes, tell me about new jobs").click()
    page.get_by_role("heading", name="You hear of new jobs").wait_for()
    page.get_by_role("button", name="Send me no more").click()
    page.get_by_role("heading", name="You get no mails about new jobs").wait_for()
    assert looked_at(page) == (True, [])


def test_joining_and_leaving_work_without_javascript(live_server, new_page):
    person = make_candidate()
    member = PoolMember.objects.create(candidate=person, consent_at=now(), consent_version="1")
    page = new_page(width=360, java_script_enabled=False)
    page.goto(own(live_server, "pool", member))
    page.get_by_role("button", name="Yes, tell me about new jobs").click()
    page.get_by_role("button", name="Send me no more").click()
    page.get_by_role("heading", name="You get no mails about new jobs").wait_for()
    assert PoolMember.objects.get().left_at is not None


def test_an_employee_copies_a_link(live_server, new_page):
    make_job("Chat hero", slug="chat-hero")
    eve = Referrer(name="Eve Employee", email="eve@rapport.test")
    actions.add_referrer(eve, at=now())
    page = new_page(width=360, permissions=["clipboard-read", "clipboard-write"])
    page.goto(own(live_server, "referrer", eve))
    assert looked_at(page) == (True, [])
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/jobs/chat-hero/?ref={eve.code}")
