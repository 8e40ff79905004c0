"""Applying with a browser: on a phone, without JavaScript, from another time zone."""

import pytest

from candidates.builders import make_job
from candidates.models import Application
from candidates.people.tests import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def resume(tmp_path):
    path = tmp_path / "cv.pdf"
    path.write_bytes(files.pdf())
    return path


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill(page, resume):
    page.get_by_label("Your name").fill("Cara Candidate")
    page.get_by_label("Your e-mail").fill("cara@example.org")
    page.get_by_label("Your letter").fill("Dear team,\n\nI love to help.")
    page.get_by_label("Your résumé").set_input_files(resume)
    page.get_by_label("You may keep and read this").check()
    page.get_by_role("button", name="Send my application").click()


def test_a_nervous_person_applies_on_a_phone(live_server, new_page, resume):
    make_job("Chat hero")
    page = new_page(width=360, timezone_id="Asia/Tokyo")
    page.goto(f"{live_server.url}/?source=newsletter")
    page.get_by_role("link", name="Chat hero").click()
    page.get_by_role("link", name="Apply for this job").click()
    page.get_by_role("button", name="Send my application").click()
    page.get_by_role("link", name="Your name").click()
    assert (page.evaluate("document.activeElement.id"), fits(page)) == ("id_name", True)
    fill(page, resume)
    page.get_by_role("heading", name="Thank you. Your application is with us.").wait_for()
    application = Application.objects.get()
    assert (application.source, application.candidate.zone, fits(page)) == ("newsletter", "Asia/Tokyo", True)


def test_applying_works_without_javascript(live_server, new_page, resume):
    job = make_job(zone="Europe/Lisbon")
    page = new_page(width=360, java_script_enabled=False)
    page.goto(f"{live_server.url}/jobs/{job.slug}/apply/")
    fill(page, resume)
    page.get_by_role("heading", name="Thank you. Your application is with us.").wait_for()
    assert Application.objects.get().candidate.zone == "Europe/Lisbon"
