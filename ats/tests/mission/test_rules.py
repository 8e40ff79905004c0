"""Three rules act by themselves on the running product, and a person has the last word on each.

The running worker and beat find what rules have to look at; the test lets time pass by SQL.
"""

from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import Page, expect

from ats.tests.mission import people
from ats.tests.mission.checking import exit_code_of_check_invariants
from ats.tests.mission.mailbox import Mailbox, link
from ats.tests.mission.people import DESK, PHONE, Person, at_a

TILDA = Person("Tilda Tryout", "tilda@tryout.example.org")
JOB = "technical"  # the word by which its address is known
LETTER = "Dear team, on Saturdays I kept a market stall, and the best part was who came back the week after."
LOOKS = 60


@pytest.fixture
def job(product):
    """Its title and the key of its plan."""
    rows = product.sql("SELECT title, plan_id FROM candidates_job WHERE status = 'open' AND slug LIKE %s", f"%{JOB}%")
    return rows[0]


def make_resume(folder: Path) -> Path:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 8, "Tilda Tryout\nMarket stall, Saturdays, 2021-2026")
    pdf.output(str(folder / "Tilda Tryout.pdf"))
    return folder / "Tilda Tryout.pdf"


def let_act(page: Page, base: str, plan: int, name: str) -> None:
    """Switch a ready rule from off to acts, after a look at what it would do now."""
    page.goto(f"{base}/desk/rules/of/{plan}/")
    page.get_by_role("group", name=f"Switch of {name}").get_by_role("button", name="acts").click()
    expect(page.get_by_text("This was tried and taken back")).to_be_visible()
    page.get_by_role("button", name="Let it act").click()
    switch = page.get_by_role("group", name=f"Switch of {name}")
    expect(switch.get_by_role("button", name="acts")).to_have_attribute("aria-pressed", "true")


def write_a_rule(page: Page, base: str, plan: int) -> None:
    """A rule of the team's own, without code: who stands in screening for a month is planned to be rejected."""
    page.goto(f"{base}/desk/rules/of/{plan}/new/")
    page.get_by_label("Name", exact=True).fill("No answer for a month")
    page.locator("#id_when").select_option("days")
    expect(page.get_by_label("For how many days")).to_be_visible()
    page.get_by_label("For how many days").fill("30")
    page.locator("#id_stage").select_option("screening")
    page.locator("#id_then").select_option("reject")
    expect(page.get_by_label("Carried out in so many hours")).to_be_visible()
    page.get_by_label("Carried out in so many hours").fill("24")
    page.get_by_role("button", name="Keep the rule").click()
    expect(page.get_by_role("heading", name="No answer for a month")).to_be_visible()


def wait_for(page: Page, words: str) -> None:
    """Look at the page until it says so, as a recruiter would."""
    for _look in range(LOOKS):
        page.reload()
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"the page never said {words!r}: {page.locator('main').inner_text()[:800]}")


def undo_the_move(page: Page) -> None:
    """By the note at the top, which names no rule to who still owes a judgement; a page before shows what it means."""
    page.locator(".desk-note").filter(has_text="Moved by itself").get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".desk-application")).to_be_visible()


def let_days_pass(product, days):
    """For the application, and for the rules of its plan, which look at nothing from before they were switched on."""
    product.sql(
        "UPDATE ats_rule r SET since = since - make_interval(days => %s) FROM candidates_application a"
        " JOIN candidates_candidate c ON c.id = a.candidate_id WHERE a.plan_id = r.plan_id AND c.email = %s",
        days, TILDA.email,
    )  # fmt: skip
    product.sql(
        "UPDATE candidates_application a SET stage_since = stage_since - make_interval(days => %s)"
        " FROM candidates_candidate c WHERE c.id = a.candidate_id AND c.email = %s",
        days, TILDA.email,
    )  # fmt: skip


def state_of_the_mails(product, start):
    return product.sql(
        "SELECT m.status FROM candidates_message m JOIN candidates_application a ON a.id = m.application_id"
        " JOIN candidates_candidate c ON c.id = a.candidate_id WHERE c.email = %s AND m.template LIKE %s",
        TILDA.email, f"{start}%",
    )  # fmt: skip


def one_moves(product, recruiter, mailbox):
    """The first rule begins the screening; the recruiter takes it back, and no reader hears of it."""
    people.open_application(recruiter, product.base, TILDA)
    wait_for(recruiter, "Moved by itself")
    expect(recruiter.locator(".desk-heading")).to_contain_text("Screening")
    undo_the_move(recruiter)
    expect(recruiter.locator(".desk-heading")).to_contain_text("Applied")
    assert {status for (status,) in state_of_the_mails(product, "screening/")} == {"cancelled"}


def one_tells(product, recruiter, mailbox):
    """The second rule tells a recruiter that somebody waits, and the first does not act again."""
    let_days_pass(product, 8)
    mail = mailbox.wait("", "a week ago")
    assert TILDA.name in mail.get_body().get_content()
    people.open_application(recruiter, product.base, TILDA)
    expect(recruiter.locator(".desk-heading")).to_contain_text("Applied")


def one_plans_a_rejection(product, recruiter, mailbox):
    """The third plans a rejection; nobody outside hears of it, and the recruiter takes it back."""
    people.press(recruiter, "Begin screening")
    let_days_pass(product, 31)
    wait_for(recruiter, "Rejection planned for")
    recruiter.get_by_role("button", name="Undo the rejection").click()
    expect(recruiter.get_by_role("button", name="Undo the rejection")).to_have_count(0)
    expect(recruiter.locator(".desk-heading")).to_contain_text("Screening")
    assert not mailbox.to(TILDA.email, "go on")


@pytest.mark.browser
@pytest.mark.journeys
@pytest.mark.django_db(databases=[])
def test_three_rules_act_and_a_person_has_the_last_word(product, browser, tmp_path, job):
    title, plan = job
    mailbox = Mailbox(Path(product.settings["MAILBOX_DIR"]))
    with at_a(PHONE, browser) as tilda, at_a(DESK, browser) as recruiter:
        people.sign_in(recruiter, product.base, *product.sign_in("recruiter"))
        let_act(recruiter, product.base, plan, "Begin the screening when somebody applies")
        let_act(recruiter, product.base, plan, "Tell a recruiter when an application waits for a week")
        write_a_rule(recruiter, product.base, plan)
        let_act(recruiter, product.base, plan, "No answer for a month")
        people.apply(tilda, product.base, title, TILDA, LETTER, make_resume(tmp_path))
        tilda.goto(link(mailbox.wait(TILDA.email, "We have your application")))
        one_moves(product, recruiter, mailbox)
        one_tells(product, recruiter, mailbox)
        one_plans_a_rejection(product, recruiter, mailbox)
        people.press(recruiter, "Candidate withdrew")  # the missions after this one find the job as it was
    assert exit_code_of_check_invariants(product) == 0
