"""How people come in, on the running product: by the form, out of a table; found, rejected with time to undo.

The product runs as `make run` starts it. Time passes by SQL; what follows from it is done by its worker and beat.
"""

import re
import time
from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import expect

from ats.tests.mission import people
from ats.tests.mission.checking import exit_code_of_check_invariants
from ats.tests.mission.mailbox import Mailbox, link
from ats.tests.mission.people import DESK, PHONE, Person, at_a

NELE = Person("Nele Neuling", "nele@newcomer.example.org")
LETTER = "Liebes Team, ich helfe gern, auch abends und auch dann, wenn es lange dauert. Viele Grüße, Nele"
WORD = "Quastenflosser"  # which stands in her résumé and nowhere else
TABLE = "Name;Email;Cover letter\nAnton Aus;anton@old.example.org;I was here before.\nBroken Row;not a mail;x\n"


def make_resume(folder):
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(0, 8, f"Nele Neuling\nAquarium guide, friend of the {WORD}")
    pdf.output(str(folder / "nele.pdf"))
    return folder / "nele.pdf"


def wait_until(product, statement, *parameters):
    """Until the statement finds a row, which a worker is to write."""
    for _look in range(120):
        if rows := product.sql(statement, *parameters):
            return rows[0]
        time.sleep(0.5)
    raise AssertionError(f"never came true: {statement}")


def applies_in_german(product, page, folder, mailbox):
    page.goto(product.base)
    page.get_by_role("button", name="Deutsch").click()
    page.locator(".card-link-list a").first.click()
    page.get_by_role("link", name=re.compile("Bewerben")).first.click()
    page.locator("[name=name]").fill(NELE.name)
    page.locator("[name=email]").fill("nele at newcomer")
    page.locator("[name=letter]").fill(LETTER)
    page.locator("[name=resume]").set_input_files(make_resume(folder))
    page.locator("[name=consent]").check()
    for box in page.locator("main input[required]:not([type=checkbox]):not([type=radio])").all():
        assert box.input_value(), "only the five inputs and questions with buttons are required here"
    for group in page.locator("fieldset:has(input[type=radio][required])").all():
        group.locator("label").first.click()
    page.wait_for_timeout(people.SECONDS_OF_A_PERSON * 1000)
    page.locator("button.btn-primary[type=submit]").click()
    expect(page.get_by_text("nele.pdf").first).to_be_visible()  # kept, although the address was wrong
    page.locator("[name=email]").fill(NELE.email)
    page.locator("button.btn-primary[type=submit]").click()
    expect(page).to_have_url(re.compile("/thanks/"))
    mail = mailbox.wait(NELE.email)
    assert "Bewerbung" in str(mail["Subject"])
    page.goto(link(mail))
    expect(page.locator("[aria-current=step]")).to_be_visible()


def is_found_by_a_word_of_her_resume(product, recruiter):
    wait_until(product, "SELECT 1 FROM candidates_documenttext WHERE text LIKE %s", f"%{WORD}%")
    wait_until(
        product,
        "SELECT 1 FROM candidates_letterprint p JOIN candidates_application a ON a.id = p.application_id"
        " JOIN candidates_candidate c ON c.id = a.candidate_id WHERE c.email = %s",
        NELE.email,
    )
    recruiter.goto(f"{product.base}/admin/candidates/application/?q={WORD}")
    expect(recruiter.locator("mark", has_text=WORD)).to_be_visible()


def is_rejected_undone_and_rejected(product, recruiter, mailbox):
    for _turn in range(2):
        people.open_application(recruiter, product.base, NELE)
        preview = people.press(recruiter, "Reject")
        assert NELE.name in preview
        expect(recruiter.get_by_role("button", name="Undo").first).to_be_visible()
        if _turn == 0:
            recruiter.get_by_role("button", name="Undo").first.click()
            expect(recruiter.get_by_role("link", name="Begin screening")).to_be_visible()
    assert len(mailbox.to(NELE.email)) == 1, "nobody has heard of it yet"
    product.sql(
        "UPDATE ats_plannedrejection SET due_at = at WHERE void_at IS NULL AND application_id IN"
        " (SELECT a.id FROM candidates_application a JOIN candidates_candidate c ON c.id = a.candidate_id"
        " WHERE c.email = %s)",
        NELE.email,
    )
    mailbox.wait(NELE.email, count=2)
    assert product.sql(
        "SELECT stage FROM candidates_application a JOIN candidates_candidate c ON c.id = a.candidate_id"
        " WHERE c.email = %s",
        NELE.email,
    ) == [("rejected",)]


def others_come_out_of_a_table(product, recruiter, mailbox):
    mails = len(mailbox.all())
    recruiter.goto(f"{product.base}/desk/import/")
    recruiter.get_by_role("link", name="Import applications").click()
    recruiter.locator("[name=job]").select_option(index=1)
    table = {"name": "old.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    recruiter.locator("input[type=file]").first.set_input_files(table)
    recruiter.get_by_role("button", name="Go on to the columns").click()
    recruiter.get_by_role("button", name="Try it without changing anything").click()
    recruiter.get_by_role("button", name="Take in 1 application").click(timeout=60_000)
    wait_until(product, "SELECT 1 FROM candidates_candidate WHERE email = 'anton@old.example.org'")
    expect(recruiter.get_by_text("Broken Row").first).to_be_visible(timeout=60_000)
    assert len(mailbox.all()) == mails, "an import writes to nobody"


@pytest.mark.browser
@pytest.mark.journeys
@pytest.mark.django_db(databases=[])
def test_people_come_in_are_found_and_are_told_no_in_time(product, browser, tmp_path):
    mailbox = Mailbox(Path(product.settings["MAILBOX_DIR"]))
    with at_a(PHONE, browser) as nele, at_a(DESK, browser) as recruiter:
        applies_in_german(product, nele, tmp_path, mailbox)
        people.sign_in(recruiter, product.base, *product.sign_in("recruiter"))
        is_found_by_a_word_of_her_resume(product, recruiter)
        is_rejected_undone_and_rejected(product, recruiter, mailbox)
        others_come_out_of_a_table(product, recruiter, mailbox)
    assert len(mailbox.to(NELE.email)) == 2  # that we have it, and the answer
    assert exit_code_of_check_invariants(product) == 0
