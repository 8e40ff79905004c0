"""Applying with a browser: on a phone, without JavaScript, from another time zone, in two sittings."""

import pytest
from django.core.files.storage import FileSystemStorage
from playwright.sync_api import expect

from candidates.builders import NOW, make_job
from candidates.careers.tests.sending import make_question
from candidates.models import Application, Document, Draft
from candidates.people.tests import files
from candidates.post import links

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THANKS = "Thank you. Your application is with us."


@pytest.fixture(autouse=True)
def quick_people(settings):
    """A test's fingers are quicker than any person's."""
    settings.APPLY_SECONDS = 0


@pytest.fixture
def folder(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path / "kept", base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)


@pytest.fixture
def resume(tmp_path):
    path = tmp_path / "cv.pdf"
    path.write_bytes(files.pdf())
    return path


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def write(page, resume=None, email="cara@example.org"):
    page.get_by_label("Your name").fill("Cara Candidate")
    page.get_by_label("Your e-mail").fill(email)
    page.get_by_label("Your letter").fill("Dear team,\n\nI love to help.")
    if resume:
        page.get_by_label("Your résumé").set_input_files(resume)
    page.get_by_label("You may keep and read this").check()


def press(page, name="Send my application"):
    page.get_by_role("button", name=name).click()


def fill(page, resume):
    write(page, resume)
    press(page)


def form_of(live_server, job):
    return f"{live_server.url}/jobs/{job.slug}/apply/"


def test_a_nervous_person_applies_on_a_phone(live_server, new_page, resume):
    make_job("Chat hero")
    page = new_page(width=360, timezone_id="Asia/Tokyo")
    page.goto(f"{live_server.url}/?source=newsletter")
    page.get_by_role("link", name="Chat hero").click()
    page.get_by_role("link", name="Apply for this job").click()
    press(page)
    page.get_by_role("link", name="Your name").click()
    expect(page.locator("#id_name")).to_be_focused()
    assert fits(page)
    fill(page, resume)
    page.get_by_role("heading", name=THANKS).wait_for()
    application = Application.objects.get()
    assert (application.source, application.candidate.zone, fits(page)) == ("newsletter", "Asia/Tokyo", True)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_error_keeps_text_and_file_and_the_second_try_sends_it(live_server, new_page, resume, folder, has_scripts):
    job = make_job(zone="Europe/Lisbon")
    make_question(job, "yes_no", "May you work in Portugal?", is_required=True)
    page = new_page(width=360, java_script_enabled=has_scripts, timezone_id="Asia/Tokyo")
    page.goto(form_of(live_server, job))
    write(page, resume, email="cara@example")
    press(page)
    page.get_by_text("This is no e-mail address.").first.wait_for()
    expect(page.get_by_text("cv.pdf")).to_be_visible()
    assert fits(page)
    page.get_by_label("Your e-mail").fill("cara@example.org")
    page.get_by_text("Yes", exact=True).click()
    press(page)
    page.get_by_role("heading", name=THANKS).wait_for()
    application = Application.objects.get()
    assert (application.documents.get().name, application.answers.get().value) == ("cv.pdf", "Yes")
    assert application.candidate.zone == ("Asia/Tokyo" if has_scripts else "Europe/Lisbon")


def test_another_file_can_be_chosen_in_place_of_the_kept_one(live_server, new_page, resume, folder, tmp_path):
    job, other = make_job(), tmp_path / "better.pdf"
    other.write_bytes(files.pdf("Better"))
    page = new_page(width=360)
    page.goto(form_of(live_server, job))
    write(page, resume, email="cara")
    press(page)
    page.get_by_text("Choose another").click()
    page.get_by_label("Your résumé").set_input_files(other)
    page.get_by_label("Your e-mail").fill("cara@example.org")
    press(page)
    page.get_by_role("heading", name=THANKS).wait_for()
    assert Application.objects.get().documents.get().name == "better.pdf"


def test_what_is_typed_outlives_a_closed_tab_until_it_is_sent(live_server, new_page, resume, folder):
    job = make_job()
    make_question(job, "several", "Which channels?")
    page = new_page(width=360)
    page.goto(form_of(live_server, job))
    expect(page.get_by_role("button", name="Forget it")).to_be_hidden()
    write(page)
    page.get_by_text("Briefly").click()
    page.get_by_text("What you type is kept on this device.").wait_for()
    page.goto("about:blank")
    page.goto(form_of(live_server, job))
    expect(page.get_by_label("Your letter")).to_have_value("Dear team,\n\nI love to help.")
    expect(page.get_by_label("Briefly")).to_be_checked()
    expect(page.get_by_label("Kindly")).not_to_be_checked()
    expect(page.get_by_label("You may keep and read this")).not_to_be_checked()
    page.get_by_label("Your résumé").set_input_files(resume)
    page.get_by_label("You may keep and read this").check()
    press(page)
    page.get_by_role("heading", name=THANKS).wait_for()
    page.wait_for_function("localStorage.length === 0")
    page.goto(form_of(live_server, job))
    expect(page.get_by_label("Your name")).to_have_value("")


def test_what_was_typed_for_one_job_does_not_show_at_another(live_server, new_page):
    page = new_page()
    page.goto(form_of(live_server, make_job()))
    write(page)
    page.get_by_text("What you type is kept on this device.").wait_for()
    page.goto(form_of(live_server, make_job()))
    expect(page.get_by_label("Your name")).to_have_value("")


def test_a_person_on_a_borrowed_phone_has_it_forgotten(live_server, new_page):
    job = make_job()
    page = new_page(width=360)
    page.goto(form_of(live_server, job))
    write(page)
    press(page, "Forget it")
    page.get_by_text("Forgotten on this device.").wait_for()
    page.get_by_label("Your name").fill("Somebody")
    page.wait_for_timeout(600)
    page.wait_for_function("localStorage.length === 0")
    page.goto(form_of(live_server, job))
    expect(page.get_by_label("Your letter")).to_have_value("")


def test_a_browser_that_keeps_nothing_lets_people_apply(live_server, new_page, resume, folder):
    page = new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }});")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(form_of(live_server, make_job()))
    fill(page, resume)
    page.get_by_role("heading", name=THANKS).wait_for()
    assert errors == []


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_form_is_saved_and_sent_from_another_device(live_server, new_page, resume, folder, has_scripts):
    job = make_job()
    phone = new_page(width=360, java_script_enabled=has_scripts)
    phone.goto(f"{form_of(live_server, job)}?source=newsletter")
    write(phone, resume)
    press(phone, "Save and send me a link")
    phone.get_by_text("A link to go on is on its way to cara@example.org.").wait_for()
    expect(phone.get_by_label("Your letter")).to_have_value("Dear team,\n\nI love to help.")
    desk = new_page(java_script_enabled=has_scripts)
    desk.goto(f"{live_server.url}/drafts/{links.personal_token('draft', Draft.objects.get().pk)}/")
    expect(desk.get_by_text("This is what you saved on")).to_be_visible()
    expect(desk.get_by_text("cv.pdf")).to_be_visible()
    desk.get_by_label("You may keep and read this").check()
    press(desk)
    desk.get_by_role("heading", name=THANKS).wait_for()
    application = Application.objects.get()
    assert (application.documents.get().name, application.source) == ("cv.pdf", "newsletter")


def test_enter_in_a_box_sends_and_does_not_save(live_server, new_page, resume, folder):
    page = new_page()
    page.goto(form_of(live_server, make_job()))
    write(page, resume)
    page.get_by_label("Your e-mail").press("Enter")
    page.get_by_role("heading", name=THANKS).wait_for()
    assert (Application.objects.count(), Draft.objects.count()) == (1, 0)


def test_the_keyboard_never_meets_the_trap_and_targets_are_large(live_server, new_page):
    job = make_job()
    for kind in ("choice", "several", "yes_no", "date", "number"):
        make_question(job, kind, kind)
    page = new_page(width=360)
    page.goto(form_of(live_server, job))
    page.get_by_label("Your name").focus()
    met = []
    for _step in range(40):
        met.append(page.evaluate("document.activeElement.name || document.activeElement.id"))
        page.keyboard.press("Tab")
    assert ("homepage" in met, "consent" in met) == (False, True)
    heights = page.eval_on_selector_all(
        "form input:not([type=hidden]):not([tabindex]), form textarea, form button",
        "boxes => boxes.map(box => box.closest('label.choice, .form-check') || box)"
        ".map(box => [box.outerHTML.slice(0, 80), box.getBoundingClientRect().height])",
    )
    assert [one for one in heights if one[1] < 44] == []


def test_a_draft_says_when_it_was_saved(live_server, new_page):
    job = make_job()
    typed, until = {"typed": {"name": ["Cara"]}}, NOW.replace(year=2099)
    row = Draft.objects.create(job=job, email="cara@example.org", saved_at=NOW, expires_at=until, data=typed)
    page = new_page(width=360)
    page.goto(f"{live_server.url}/drafts/{links.personal_token('draft', row.pk)}/")
    expect(page.get_by_text("saved on 7 January")).to_be_visible()
    assert fits(page)
