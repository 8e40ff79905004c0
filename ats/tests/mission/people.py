"""The people of the mission, each with a browser of their own, doing what they would do on the pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=900)

SECONDS_OF_A_PERSON = 4  # whoever fills a form more quickly is taken for a program


@dataclass
class Person:
    """Somebody with a mail address."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@contextmanager
def at_a(screen: ViewportSize, browser: Browser) -> Iterator[Page]:
    """A fresh browser of one person: no cookie of anybody else's."""
    context = browser.new_context(viewport=screen)
    context.set_default_timeout(15_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def apply(page: Page, base: str, job: str, who: Person, letter: str, resume: Path) -> None:
    """From the career page to the thank-you page, on a phone."""
    page.goto(base)
    page.get_by_role("link", name=job).click()
    page.get_by_role("link", name="Apply").first.click()
    page.get_by_label("Your name").fill(who.name)
    page.get_by_label("Your e-mail").fill(who.email)
    page.get_by_label("Your letter").fill(letter)
    page.get_by_label("Your résumé").set_input_files(resume)
    page.get_by_label("You may keep").check()
    page.wait_for_timeout(SECONDS_OF_A_PERSON * 1000)
    page.get_by_role("button", name="Send my application").click()
    expect(page).to_have_url(re.compile("/thanks/"))


def sign_in(page: Page, base: str, name: str, password: str) -> None:
    """At the desk's door."""
    page.goto(f"{base}/admin/")
    sign_in_here(page, name, password)


def sign_in_here(page: Page, name: str, password: str) -> None:
    """On the page that asks who it is."""
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(password)
    page.locator("#login-form [type=submit]").click()
    expect(page.locator("#id_password")).to_have_count(0)


def open_application(page: Page, base: str, who: Person) -> None:
    """From the list of open applications to the page of one."""
    page.goto(f"{base}/admin/candidates/application/?q={who.email}")
    page.get_by_role("link", name=who.name).first.click()
    expect(page.get_by_role("heading", name=who.name).first).to_be_visible()


def press(page: Page, button: str, **fields: str) -> str:
    """Press a button of the pipeline, fill in its form, read the preview, confirm; gives the preview's words."""
    page.get_by_role("link", name=button).click()
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.get_by_role("button", name="See what will happen").click()
    preview = page.locator(".desk-confirm").inner_text()
    page.get_by_role("button", name=button).click()
    expect(page.locator(".desk-application")).to_be_visible()
    return preview


def choose(page: Page, answer: str, within: Locator | None = None) -> None:
    """Press the label of a radio button, as a thumb would: Playwright waits until nothing lies over it."""
    button = page.locator(f"input[type=radio]{answer}")
    (within or page.locator("main")).locator("label").filter(has=button).first.click()


def rate(page: Page, link: str, *, score: int, words: str) -> None:
    """Fill in a scorecard by the link of a mail and lock it."""
    page.goto(link)
    for rating in page.locator("fieldset.rating").all():
        choose(page, f"[value='{score}']", rating)
        if rating.locator("textarea").count():
            rating.locator("textarea").fill(words)
    if page.locator("[name=recommendation]").count():  # nobody recommends themselves
        choose(page, "[name=recommendation][value=yes]")
    page.get_by_text("I am done").click()
    page.get_by_role("button", name="Lock my scorecard").click()
    expect(page.get_by_role("heading", name=re.compile("Locked. Thank you.|That is all for now."))).to_be_visible()


def name_referees(page: Page, link: str, referees: list[Person]) -> None:
    """The candidate's part of the references."""
    page.goto(link)
    for place, referee in enumerate(referees):
        page.locator(f"[name=name_{place}]").fill(referee.name)
        page.locator(f"[name=email_{place}]").fill(referee.email)
        page.locator(f"[name=company_{place}]").fill("Harbour Hotels")
        page.locator(f"select[name=relation_{place}]").select_option(index=1)
        page.locator(f"[name=worked_from_{place}]").fill("2023-04")
        page.locator(f"[name=agreed_{place}]").check()
    page.get_by_role("button", name="Ask these people").click()
    expect(page.get_by_role("button", name="Ask these people")).to_have_count(0)


def give_reference(page: Page, link: str) -> None:
    """A referee's six minutes, step by step."""
    page.goto(link)
    page.get_by_role("button", name="Begin").click()
    page.locator("[name=role]").fill("Guest service agent")
    page.locator("[name=worked_from]").fill("2023-04")
    next_step(page)
    while page.locator("fieldset.rating").count():
        rating = page.locator("fieldset.rating")
        choose(page, "[value='4']", rating)
        rating.locator("textarea").fill("Stayed with a guest until the lost suitcase was found.")
        next_step(page)
    choose(page, "[name=would_hire_again][value=yes]")
    next_step(page)
    page.get_by_role("button", name="Send my reference").click()
    expect(page.get_by_role("button", name="Send my reference")).to_have_count(0)


def next_step(page: Page) -> None:
    """On to the next screen of a reference, once it is there."""
    before = page.url
    page.locator("button.btn-primary[value=next]").click()
    page.wait_for_url(lambda url: url != before)


def confirm_trial(page: Page, link: str, words: str) -> None:
    """The leader's verdict."""
    page.goto(link)
    for ground in page.locator(".ground textarea").all():
        ground.fill(words)
    choose(page, "[name=kind][value=confirm]")
    page.locator("[name=evidence]").fill(words)
    page.get_by_role("button", name="Give my verdict").click()
    expect(page.get_by_role("button", name="Give my verdict")).to_have_count(0)


def approve(page: Page) -> None:
    """The manager's yes, in two steps, on a phone."""
    page.get_by_role("button", name="Approve the hire").click()
    page.get_by_role("button", name="Yes, hire").click()
    expect(page.get_by_text("You approved this")).to_be_visible()
