"""A full round on the running product: times offered and booked from another zone, invitations read by another parser,
a kit gone through on a phone, written work graded blind by people who differ, the debrief, the decision.

The product runs as `make run` starts it. Time passes by SQL; what follows from it is done by its worker and beat.
"""

import os
import re
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import vobject
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from ats.dev.state import ROOT
from ats.tests.mission import people
from ats.tests.mission.checking import exit_code_of_check_invariants
from ats.tests.mission.clock import let_reminders_come
from ats.tests.mission.mailbox import Mailbox, link
from ats.tests.mission.people import DESK, PHONE, Person, at_a

IVO = Person("Ivo Petrov", "ivo.petrov@example.org")
NADIA = Person("Nadia Rahman", "nadia.rahman@example.org")
GINA = Person("Gina Grader", "gina@graders.example.org")
GUS = Person("Gus Grader", "gus@graders.example.org")
GRETA = Person("Greta Grader", "greta@graders.example.org")
HEARD = "Asked the guest what the evening had been meant to be like."
READ = "Names the day by which the money is back."
ZONE = "Asia/Kathmandu"  # a quarter of an hour off everybody else


def somebody_in_screening(product) -> Person:
    """One more application of the demo, as an operator makes it."""
    command = [sys.executable, "manage.py", "demo", "--stage", "screening"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | product.settings, capture_output=True, text=True, check=False
    )
    name = re.search(r"candidate (.+?): http", done.stdout)
    assert name, done.stderr
    rows = product.sql("SELECT email FROM candidates_candidate WHERE name = %s ORDER BY id DESC", name[1])
    return Person(name[1], rows[0][0])


def invite(recruiter: Page, product, who: Person) -> None:
    people.open_application(recruiter, product.base, who)
    recruiter.get_by_role("link", name="Invite to interview").click()
    recruiter.locator("[name=round]").select_option(index=1)
    for box in recruiter.locator("[name=known]").all():
        box.uncheck()
    for interviewer in (IVO, NADIA):
        recruiter.get_by_label(interviewer.name).check()
    recruiter.get_by_label("The candidate chooses the time").check()
    recruiter.locator("[name=video_link]").fill("https://meet.example.org/harbour")
    recruiter.get_by_role("button", name="See what will happen").click()
    recruiter.get_by_role("button", name="Invite to interview").click()
    expect(recruiter.locator(".desk-application")).to_be_visible()


def book_from_another_zone(page: Page, mailbox: Mailbox, who: Person) -> None:
    page.goto(link(mailbox.wait(who.email, "Choose a time for your interview")))
    page.get_by_role("link", name="Change the time zone").click()
    page.locator("[name=zone]").select_option(ZONE)
    page.get_by_role("button", name="Show times in this zone").click()
    expect(page.locator("strong", has_text=ZONE).first).to_be_visible()
    time = page.locator("input[type=radio]").first
    page.locator("label").filter(has=time).first.click()
    page.get_by_role("button", name="Take this time").click()
    expect(page.get_by_role("heading", name="It is agreed")).to_be_visible()


def entry(mail):
    """The calendar entry of a mail, read by a parser that did not write it; with its method."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = vobject.readOne(part.get_content())
    return calendar.method.value, calendar.vevent


def three_invitations_agree(product, mailbox: Mailbox, who: Person) -> None:
    mails = [
        mailbox.wait(who.email, "Your interview for"),
        *[mailbox.wait(interviewer.email, f"Your interview with {who.name}") for interviewer in (IVO, NADIA)],
    ]
    told = [entry(mail) for mail in mails]
    (begins,) = product.sql("SELECT starts_at FROM interviews_interview ORDER BY id DESC LIMIT 1")[0]
    assert {method for method, _event in told} == {"REQUEST"}
    assert {event.dtstart.value for _method, event in told} == {begins}
    assert {event.dtend.value - event.dtstart.value for _method, event in told} == {timedelta(minutes=40)}
    assert len({event.uid.value for _method, event in told}) == 1
    readers = [event.attendee.value.casefold().removeprefix("mailto:") for _method, event in told]
    assert readers == [who.email, IVO.email, NADIA.email]
    assert {event.organizer.value.casefold() for _method, event in told} == {"mailto:jobs@rapport.example"}


def the_interview_is_over(product, who: Person) -> None:
    """It began an hour ago, and everybody who owes a scorecard is due to be asked."""
    moved = "SET starts_at = now() - interval '1 hour', ends_at = now() - interval '20 minutes'"
    (key,) = product.sql("SELECT id FROM interviews_interview ORDER BY id DESC LIMIT 1")[0]
    product.sql("UPDATE interviews_interview SET created_at = now() - interval '2 days' WHERE id = %s", key)
    product.sql(f"UPDATE interviews_interview {moved} WHERE id = %s", key)
    product.sql(f"UPDATE interviews_panelist {moved} WHERE interview_id = %s", key)
    let_reminders_come(product, IVO.email, NADIA.email, title=f"%{who.name}%")


def go_through_the_kit(phone: Page, address: str) -> None:
    """Part by part at 360 px: notes, a rating where one belongs, the lock at the end."""
    phone.goto(address)
    phone.get_by_role("button", name="Go through it part by part").click()
    while not phone.locator("input[name=recommendation]").first.is_visible():
        for notes in phone.locator("textarea[name^=notes_]:visible").all():
            notes.fill(HEARD)
        for rating in phone.locator("fieldset.rating:visible").all():
            people.choose(phone, "[value='4']", rating)
            rating.locator("textarea").fill(HEARD)
        phone.get_by_role("button", name="Next", exact=True).or_(phone.get_by_role("button", name="Sum up")).click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    people.choose(phone, "[name=recommendation][value=yes]")
    phone.get_by_text("I am done").click()
    phone.get_by_role("button", name="Lock my scorecard").click()
    expect(phone.get_by_role("heading", name="Locked. Thank you.")).to_be_visible()


def send_the_inbox(recruiter: Page) -> None:
    recruiter.get_by_role("link", name="Send a written exercise").click()
    recruiter.locator("[name=graders]").fill(f"{GINA}\n{GUS}\n{GRETA}")
    recruiter.get_by_role("button", name="See what will happen").click()
    recruiter.locator("button[value=confirm]").click()
    expect(recruiter.locator(".desk-application")).to_be_visible()


def work_through_the_inbox(phone: Page, address: str, who: Person) -> None:
    """Every customer is answered, the one who writes back twice."""
    phone.goto(address)
    phone.get_by_role("button", name="Begin").click()
    phone.get_by_text("I am done").wait_for()
    while phone.locator("textarea[name^=reply_]").count():
        box = phone.locator("textarea[name^=reply_]").first
        name = str(box.get_attribute("name")).removeprefix("reply_")
        box.fill(f"I am sorry. You have the money back by Friday.\n\n{who.name}")
        phone.locator(f"button[value='send:{name}']").click()
        expect(phone.locator(f"textarea[name=reply_{name}]")).to_have_count(0)
        phone.get_by_text("I am done").wait_for()
    phone.get_by_text("I am done").click()
    phone.get_by_role("button", name="Hand in my work").click()
    expect(phone.get_by_role("heading", name="Handed in. Thank you!")).to_be_visible()


def grade_blind(page: Page, mailbox: Mailbox, grader: Person, who: Person, *, score: int) -> None:
    address = link(mailbox.wait(grader.email))
    page.goto(address)
    shown = page.content()
    assert who.name not in shown
    assert who.email not in shown
    people.rate(page, address, score=score, words=READ)


def debrief_and_decide(recruiter: Page, product, who: Person) -> None:
    people.open_application(recruiter, product.base, who)
    recruiter.locator("a[href*='/desk/debrief/']").first.click()
    for words in (HEARD, READ, IVO.name, GRETA.name):
        expect(recruiter.get_by_text(words).first).to_be_visible()
    people.choose(recruiter, "[name=choice][value=go_on]")
    recruiter.locator("[name=reason]").fill("Warm in the talk, and the inbox was clear in all that counts.")
    recruiter.get_by_role("button", name="Record the decision").click()
    expect(recruiter.get_by_text("counts", exact=True)).to_be_visible()


@pytest.mark.browser
@pytest.mark.journeys
@pytest.mark.django_db(databases=[])
def test_a_full_round_from_offered_times_to_the_decision(product, browser):
    mailbox = Mailbox(Path(product.settings["MAILBOX_DIR"]))
    who = somebody_in_screening(product)
    with at_a(PHONE, browser) as candidate, at_a(DESK, browser) as recruiter, at_a(PHONE, browser) as somebody:
        people.sign_in(recruiter, product.base, *product.sign_in("recruiter"))
        invite(recruiter, product, who)
        book_from_another_zone(candidate, mailbox, who)
        three_invitations_agree(product, mailbox, who)
        send_the_inbox(recruiter)
        work_through_the_inbox(candidate, link(mailbox.wait(who.email, "written exercise")), who)
        the_interview_is_over(product, who)
        go_through_the_kit(somebody, link(mailbox.wait(IVO.email, "How was", count=1)))
        recruiter.reload()
        assert HEARD not in recruiter.content(), "Ivo's words are seen while others still owe theirs"
        people.rate(somebody, link(mailbox.wait(NADIA.email, f"Your interview with {who.name}")), score=3, words=HEARD)
        grade_blind(somebody, mailbox, GINA, who, score=2)
        grade_blind(somebody, mailbox, GUS, who, score=5)
        grade_blind(somebody, mailbox, GRETA, who, score=4)
        debrief_and_decide(recruiter, product, who)
    decided = "SELECT choice, rule_says, is_override, score FROM candidates_decision WHERE at > %s"
    assert product.sql(decided, now() - timedelta(minutes=5)) == [("go_on", True, False, Decimal("3.60"))]
    assert exit_code_of_check_invariants(product) == 0
