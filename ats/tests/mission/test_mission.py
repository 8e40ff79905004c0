"""The first two thirds: from the career page to the referees, through the pages and the mails that really arrived.

`test_trial.py` walks the last third. The product runs as `make run` starts it. Time passes by SQL; what follows from it
is done by its worker and beat.
"""

from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import Page, expect

from ats.tests.mission import people
from ats.tests.mission.checking import exit_code_of_check_invariants
from ats.tests.mission.clock import let_reminders_come
from ats.tests.mission.mailbox import Mailbox, link
from ats.tests.mission.people import DESK, PHONE, Person, at_a

NADIA = Person("Nadia Newcomer", "nadia@newcomer.example.org")
IDA = Person("Ida Interviewer", "ida@panel.example.org")
IVO = Person("Ivo Interviewer", "ivo@panel.example.org")
RUTH = Person("Ruth Referee", "ruth@harbour.example.org")
RALF = Person("Ralf Referee", "ralf@harbour.example.org")
BEA = Person("Bea Buddy", "bea@buddies.example.org")
LETTER = "Dear team, on the ferry I helped a family find a lost suitcase, and I have liked helping ever since."
WORK = "Answered 210 tickets, praised 31 times."
HEARD = "Asked twice what the guest needed before offering a way out."


def make_resume(folder: Path) -> Path:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 8, "Nadia Newcomer\nGuest service agent, Harbour Hotels, 2022-2026")
    pdf.output(str(folder / "Nadia Newcomer.pdf"))
    return folder / "Nadia Newcomer.pdf"


def job_that_asks_for_references_by_itself(product):
    rows = product.sql(
        "SELECT job.title FROM candidates_job job JOIN candidates_hiringplan plan ON plan.id = job.plan_id"
        " JOIN ats_rule rule ON rule.plan_id = plan.id AND rule.key = 'interviews-over' AND rule.mode = 'act'"
        " WHERE job.status = 'open' ORDER BY job.id LIMIT 1"
    )
    return rows[0][0]


def stage_of(product, who):
    rows = product.sql(
        "SELECT stage FROM candidates_application a JOIN candidates_candidate c ON c.id = a.candidate_id"
        " WHERE c.email = %s",
        who.email,
    )
    return rows[0][0]


def wait_for_stage(page: Page, stage: str) -> None:
    """Look at the application's page until it says so, as a recruiter would."""
    for _look in range(60):
        page.reload()
        if page.locator(".desk-heading, .desk-who").filter(has_text=stage).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"the application never came to {stage}: {page.locator('main').inner_text()[:800]}")


def let_the_time_to_undo_pass(product, who):
    product.sql("UPDATE candidates_message SET next_try_at = now() WHERE \"to\" = %s AND status = 'queued'", who.email)


def nadia_applies(product, page, job, folder, mailbox):
    people.apply(page, product.base, job, NADIA, LETTER, make_resume(folder))
    page.goto(link(mailbox.wait(NADIA.email, "We have your application")))
    expect(page.get_by_text("you are here")).to_be_visible()


def screening(product, recruiter, somebody, mailbox):
    people.open_application(recruiter, product.base, NADIA)
    preview = people.press(recruiter, "Begin screening")
    assert f"Please read: the letter of {NADIA.name}" in preview
    for task in ("Please read: the letter of", "Please call:"):
        people.rate(somebody, link(mailbox.wait("", f"{task} {NADIA.name}")), score=4, words=HEARD)


def interviews(product, recruiter, somebody, mailbox):
    people.open_application(recruiter, product.base, NADIA)
    people.press(recruiter, "Invite to interview", place="Room 4", interviewers=f"{IDA}\n{IVO}")
    mailbox.wait(NADIA.email, "Your interview for")
    people.rate(somebody, link(mailbox.wait(IDA.email, "Your interview with")), score=5, words=HEARD)
    recruiter.reload()
    assert HEARD not in recruiter.content(), "Ida's words are seen while Ivo still owes his"
    let_reminders_come(product, IVO.email)
    people.rate(somebody, link(mailbox.wait(IVO.email, "How was")), score=4, words=HEARD)
    assert not mailbox.to(IDA.email, "How was")


@pytest.mark.browser
@pytest.mark.journeys
@pytest.mark.django_db(databases=[])
def test_an_application_goes_from_the_career_page_to_its_referees(product, browser, tmp_path):
    job = job_that_asks_for_references_by_itself(product)
    mailbox = Mailbox(Path(product.settings["MAILBOX_DIR"]))
    with at_a(PHONE, browser) as nadia, at_a(DESK, browser) as recruiter, at_a(PHONE, browser) as somebody:
        nadia_applies(product, nadia, job, tmp_path, mailbox)
        people.sign_in(recruiter, product.base, *product.sign_in("recruiter"))
        screening(product, recruiter, somebody, mailbox)
        interviews(product, recruiter, somebody, mailbox)
        people.open_application(recruiter, product.base, NADIA)
        people.press(recruiter, "Ask for referees")  # by hand: rounds of the plan are still to come, so no rule acts
        wait_for_stage(recruiter, "References")
        let_the_time_to_undo_pass(product, NADIA)
        people.name_referees(nadia, link(mailbox.wait(NADIA.email, "who may we ask about you")), [RUTH, RALF])
        mailbox.wait(RUTH.email, "named you as a referee")
    assert stage_of(product, NADIA) == "references"
    assert exit_code_of_check_invariants(product) == 0
