"""The whole way, once: from the career page to the hire, through the pages and the mails that really arrived.

The product runs as `make run` starts it. Time passes by SQL; what follows from it is done by its worker and beat.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from fpdf import FPDF
from playwright.sync_api import Page, expect

from ats.tests.mission import people
from ats.tests.mission.checking import exit_code_of_check_invariants
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


def let_time_pass_to_the_reminder(product, who):
    product.sql("UPDATE candidates_ask SET remind_at = now() WHERE email = %s AND answered_at IS NULL", who.email)


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
    let_time_pass_to_the_reminder(product, IVO)
    people.rate(somebody, link(mailbox.wait(IVO.email, "How was")), score=4, words=HEARD)
    assert not mailbox.to(IDA.email, "How was")


def references(product, nadia, somebody, mailbox):
    let_the_time_to_undo_pass(product, NADIA)
    people.name_referees(nadia, link(mailbox.wait(NADIA.email, "who may we ask about you")), [RUTH, RALF])
    for referee in (RUTH, RALF):
        people.give_reference(somebody, link(mailbox.wait(referee.email, "named you as a referee")))


def trial(product, recruiter, somebody, nadia, mailbox):
    """A trial entered late, so that its last days are now."""
    people.open_application(recruiter, product.base, NADIA)
    begun = timezone.now().date() - timedelta(days=24)
    agreed = {"way": "They agreed already, begin at once", "starts_on": begun.isoformat()}
    people.press(recruiter, "Offer a trial", **agreed, buddy_name=BEA.name, buddy_email=BEA.email)
    mailbox.wait(NADIA.email, "your trial begins")
    people.rate(nadia, link(mailbox.wait(NADIA.email, "how is your trial going")), score=4, words=HEARD)
    people.rate(somebody, link(mailbox.wait(BEA.email, f"how is {NADIA.name} doing")), score=4, words=HEARD)
    leader = str(mailbox.wait("", f"The trial of {NADIA.name}: please decide")["To"])
    people.rate(somebody, link(mailbox.wait(leader, f"how is {NADIA.name} doing")), score=4, words=HEARD)
    people.confirm_trial(
        somebody, link(mailbox.wait(leader, "please decide")), "Answered 210 tickets, praised 31 times."
    )


def approval(product, recruiter, browser, mailbox):
    people.open_application(recruiter, product.base, NADIA)
    approver, name, password = other_manager(product)
    people.press(recruiter, "Ask for approval to hire", approver=approver)
    mail = mailbox.wait("", f"Please approve or refuse: hire {NADIA.name}")
    with at_a(PHONE, browser) as manager:
        manager.goto(link(mail))
        assert "login" in manager.url, "a link in a mail is no sign-in"
        people.sign_in_here(manager, name, password)
        people.approve(manager)


def other_manager(product):
    """A manager who did not lead the trial: name as shown, user name, password."""
    leaders = {row[0] for row in product.sql(
        "SELECT u.username FROM trials_trial t JOIN candidates_user u ON u.id = t.leader_id"
        " JOIN candidates_application a ON a.id = t.application_id JOIN candidates_candidate c"
        " ON c.id = a.candidate_id WHERE c.email = %s", NADIA.email)}  # fmt: skip
    for username, password in product.sign_ins("manager"):
        if username not in leaders:
            rows = product.sql(
                "SELECT first_name || ' ' || last_name FROM candidates_user WHERE username = %s", username
            )
            return rows[0][0], username, password
    raise AssertionError(f"no other manager than {leaders}")


@pytest.mark.browser
@pytest.mark.journeys
@pytest.mark.django_db(databases=[])
def test_an_application_goes_all_the_way_to_a_hire(product, browser, tmp_path):
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
        references(product, nadia, somebody, mailbox)
        trial(product, recruiter, somebody, nadia, mailbox)
        approval(product, recruiter, browser, mailbox)
        wait_for_stage(recruiter, "Hired")
        assert mailbox.wait(NADIA.email, "Welcome")
    assert stage_of(product, NADIA) == "hired"
    assert exit_code_of_check_invariants(product) == 0
