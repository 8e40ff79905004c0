"""A report is asked for and shows itself when it is there; content is written by hand on a phone."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from ats.dev import axe
from interviews.agreement import work
from interviews.kits.builders import make_kit, make_question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clock():
    """The browser's cookies know no other time than the real one."""


@pytest.fixture
def page(live_server, new_page):
    page = new_page(width=360)
    cookie = signed_in(with_role("Rita Recruiter", roles.RECRUITERS)).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return page


def looked_at(page):
    fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return fits, axe.violations(page)


def test_a_report_is_asked_for_and_shows_itself_when_it_is_computed(page, live_server):
    page.goto(live_server.url + reverse("desk:agreement"))
    page.get_by_role("button", name="Compute").click()
    page.get_by_role("progressbar").wait_for()
    work.sweep(clock=now)
    page.get_by_role("button", name="Compute anew").wait_for()
    assert looked_at(page) == (True, [])


@pytest.mark.parametrize("where", ["admin:interviews_kit_change", "desk:kit"])
def test_a_kit_is_written_and_read_on_a_phone(page, live_server, where):
    kit = make_kit("Welcome", make_question("Anger"))
    page.goto(live_server.url + reverse(where, args=[kit.pk]))
    assert looked_at(page) == (True, [])
