"""The last third on the running product: references by link and on the phone, an offered trial with six check-ins,
figures twice, an extension, the verdict, an approval that cannot be one's own, the hire, and the accepted letter.

The product runs as `make run` starts it. Time passes by SQL; what follows from it is done by its worker and beat.
"""

import io
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from ats.dev.state import ROOT
from ats.tests.mission import people
from ats.tests.mission.checking import exit_code_of_check_invariants
from ats.tests.mission.mailbox import Mailbox, link
from ats.tests.mission.people import DESK, PHONE, Person, at_a

RUTH = Person("Ruth Referee", "ruth@pier-hotels.example.org")
RALF = Person("Ralf Referee", "ralf@pier-hotels.example.org")
BEA = Person("Bea Buddy", "bea@buddies.example.org")
BY_LINK = "Stayed with a guest until the lost suitcase was found."
BY_PHONE = "Never late in two winters, and said so early when the ferry stood still."
SEEN = "Asked the caller twice what they needed before offering a way out."
WEEKS = 4


def somebody_in_interviews(product) -> Person:
    """One more application of the demo, as an operator makes it."""
    command = [sys.executable, "manage.py", "demo", "--stage", "interviews"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | product.settings, capture_output=True, text=True, check=False
    )
    name = re.search(r"candidate (.+?): http", done.stdout)
    assert name, done.stderr
    rows = product.sql("SELECT email FROM candidates_candidate WHERE name = %s ORDER BY id DESC", name[1])
    return Person(name[1], rows[0][0])


def application_of(product, who: Person) -> int:
    rows = product.sql(
        "SELECT a.id FROM candidates_application a JOIN candidates_candidate c ON c.id = a.candidate_id"
        " WHERE c.email = %s ORDER BY a.id DESC",
        who.email,
    )
    return rows[0][0]


def days_pass(product, who: Person, days: int) -> None:
    """All that is dated about the application lies so many days further back."""
    key, back = application_of(product, who), timedelta(days=days)
    product.sql(
        "UPDATE candidates_ask SET opens_at = opens_at - %(back)s, due_at = due_at - %(back)s,"
        " expires_at = expires_at - %(back)s, remind_at = remind_at - %(back)s, escalate_at = escalate_at - %(back)s,"
        " created_at = created_at - %(back)s,"
        " remind_later = (SELECT coalesce(array_agg(later - %(back)s), '{}') FROM unnest(remind_later) AS later)"
        " WHERE application_id = %(key)s",
        back=back,
        key=key,
    )
    product.sql(
        "UPDATE candidates_message SET next_try_at = next_try_at - %(back)s WHERE application_id = %(key)s",
        back=back,
        key=key,
    )
    of_trial = "(SELECT id FROM trials_trial WHERE application_id = %(key)s)"
    days_back = {"back": days, "key": key}
    product.sql(f"UPDATE trials_checkin SET due_on = due_on - %(back)s WHERE trial_id IN {of_trial}", **days_back)
    product.sql(
        "UPDATE trials_trial SET starts_on = starts_on - %(back)s, ends_on = ends_on - %(back)s,"
        " starts_until = starts_until - %(back)s WHERE application_id = %(key)s",
        **days_back,
    )


def name_two(page: Page, address: str) -> None:
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for place, (referee, relation) in enumerate([(RUTH, "manager"), (RALF, "colleague")]):
        page.locator(f"[name=name_{place}]").fill(referee.name)
        page.locator(f"[name=email_{place}]").fill(referee.email)
        page.locator(f"[name=company_{place}]").fill("Pier Hotels")
        page.locator(f"select[name=relation_{place}]").select_option(value=relation)
        page.locator(f"[name=worked_from_{place}]").fill("2023-04")
        page.locator(f"[name=agreed_{place}]").check()
    page.get_by_role("button", name="Ask these people").click()
    expect(page.get_by_role("button", name="Ask these people")).to_have_count(0)


def answer_by_link(page: Page, address: str) -> None:
    """Step by step on a phone; the reference is left in the middle and taken up again by the same link."""
    page.goto(address)
    page.get_by_role("button", name="Begin").click()
    page.locator("[name=role]").fill("Guest service agent")
    page.locator("[name=worked_from]").fill("2023-04")
    people.next_step(page)
    page.goto(address)
    page.get_by_role("button", name="Go on where I was").click()
    page.locator("fieldset.rating").wait_for()
    while page.locator("fieldset.rating").count():
        people.choose(page, "[value='4']", page.locator("fieldset.rating"))
        page.locator("fieldset.rating textarea").fill(BY_LINK)
        people.next_step(page)
    people.choose(page, "[name=would_hire_again][value=yes]")
    people.next_step(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Send my reference").click()
    expect(page.get_by_role("button", name="Send my reference")).to_have_count(0)


def ask_on_the_phone(recruiter: Page, referee: Person) -> None:
    """The recruiter goes through the same script, and writes down what is said."""
    panel = recruiter.locator("#references section").filter(has_text=referee.name)
    panel.get_by_role("link", name=re.compile("Ask on the phone")).click()
    recruiter.locator("[name=agreed]").check()
    recruiter.get_by_role("button", name="Begin the questions").click()
    recruiter.locator("[name=role]").fill("Night porter")
    recruiter.locator("[name=worked_from]").fill("2023-04")
    for rating in recruiter.locator("fieldset.rating").all():
        people.choose(recruiter, "[value='3']", rating)
        rating.locator("textarea").fill(BY_PHONE)
    people.choose(recruiter, "[name=would_hire_again][value=yes]")
    recruiter.get_by_text("The call is over").click()
    recruiter.get_by_role("button", name="Record this reference").click()
    expect(recruiter.locator(".desk-application")).to_be_visible()


def offer_the_trial(recruiter: Page) -> date:
    recruiter.get_by_role("link", name="Offer a trial").click()
    first = date.fromisoformat(recruiter.locator("[name=starts_on]").input_value())
    recruiter.locator("[name=starts_until]").fill((first + timedelta(days=7)).isoformat())
    recruiter.locator("[name=buddy_name]").fill(BEA.name)
    recruiter.locator("[name=buddy_email]").fill(BEA.email)
    recruiter.get_by_role("button", name="See what will happen").click()
    recruiter.get_by_role("button", name="Offer a trial").click()
    expect(recruiter.locator(".desk-application")).to_be_visible()
    return first


def take_the_trial(page: Page, address: str, first: date) -> date:
    """From the day after the first that was offered."""
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    chosen = first + timedelta(days=1)
    page.locator("[name=starts_on]").fill(chosen.isoformat())
    page.get_by_role("button", name="Yes, I take the trial").click()
    expect(page.get_by_role("button", name="Yes, I take the trial")).to_have_count(0)
    return chosen


def answer_check_ins(page: Page, product, mailbox: Mailbox, who: Person) -> int:
    """Everybody who is asked by now answers, on a phone; how many answers that were."""
    asked = product.sql(
        "SELECT k.number, a.role, a.email FROM candidates_ask a JOIN candidates_scorecard s ON s.ask_id = a.id"
        " JOIN trials_checkincard c ON c.scorecard_id = s.id JOIN trials_checkin k ON k.id = c.check_in_id"
        " WHERE a.application_id = %s AND a.answered_at IS NULL AND a.cancelled_at IS NULL AND a.opens_at <= now()"
        " ORDER BY k.number, a.id",
        application_of(product, who),
    )
    for number, role, address in asked:
        words = f"Check-in {number}: how is " + ("your trial going" if role == "candidate" else f"{who.name} doing")
        people.rate(page, link(mailbox.wait(address, words)), score=4, words=SEEN)
    return len(asked)


def export(who: Person, first: date) -> bytes:
    """What a help desk exports: a row an agent and week; one of them broken."""
    lines = ["Assignee name,Assignee email,Week,Solved tickets,% Satisfaction score,Rated satisfaction tickets"]
    monday = first - timedelta(days=first.weekday())
    team = [(f"Tess Team {number}", f"tess{number}@desk.example.org") for number in range(3)]
    for week in range(WEEKS):
        for number, (name, email) in enumerate([(who.name, who.email), *team]):
            day = (monday + timedelta(weeks=week)).isoformat()
            lines.append(f"{name},{email},{day},{30 + week + number},{82 + number}%,{20 + number}")
    lines.append(f"{who.name},{who.email},{monday.isoformat()},-3,many,2")
    return ("\n".join(lines) + "\n").encode()


def bring_figures_in(recruiter: Page, product, content: bytes) -> dict[str, int]:
    """Upload, columns, rows; what became of them."""
    recruiter.goto(f"{product.base}/desk/figures/new/")
    recruiter.locator("[name=tool]").select_option(value="zendesk")
    recruiter.locator("[name=table]").set_input_files({"name": "week.csv", "mimeType": "text/csv", "buffer": content})
    recruiter.get_by_role("button", name="Go on to the columns").click()
    recruiter.get_by_role("button", name=re.compile(r"Read \d+ rows")).click()
    expect(recruiter.locator(".figures-counts")).to_be_visible(timeout=30_000)
    told = recruiter.locator(".figures-counts div").all_inner_texts()
    return {label: int(number) for label, number in (one.split("\n") for one in told)}


def match_the_team(recruiter: Page, product) -> None:
    recruiter.goto(f"{product.base}/desk/figures/agents/?part=new")
    for box in recruiter.locator("select[name^=who-]").all():
        box.select_option(value="team")
    recruiter.get_by_role("button", name="Save").click()
    expect(recruiter.locator("select[name^=who-]")).to_have_count(0)


def give_verdict(page: Page, address: str, kind: str, **fields: str) -> None:
    page.goto(address)
    for box in page.locator(".ground textarea").all():
        box.fill(SEEN)
    people.choose(page, f"[name=kind][value={kind}]")
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Give my verdict").click()
    expect(page.get_by_role("button", name="Give my verdict")).to_have_count(0)


def cannot_approve_what_they_ask_for(admin: Page, own: str) -> None:
    """The request that names oneself is refused beside its field."""
    admin.get_by_role("link", name="Ask for approval to hire").click()
    admin.locator("[name=approver]").select_option(label=own)
    admin.get_by_role("button", name="See what will happen").click()
    expect(admin.get_by_text("You cannot approve what you ask for yourself")).to_be_visible()


def ask_another_manager(admin: Page, product, leader: str) -> tuple[str, str]:
    """User name and password of the manager who is asked."""
    for name, password in product.sign_ins("manager"):
        rows = product.sql(
            "SELECT first_name || ' ' || last_name, email FROM candidates_user WHERE username = %s", name
        )
        if rows[0][1] != leader:
            admin.locator("[name=approver]").select_option(label=rows[0][0])
            admin.get_by_role("button", name="See what will happen").click()
            admin.get_by_role("button", name="Ask for approval to hire").click()
            expect(admin.locator(".desk-application")).to_be_visible()
            return name, password
    raise AssertionError("no other manager")


def send_the_letter(admin: Page) -> None:
    admin.get_by_role("link", name="Send the offer letter").click()
    admin.locator("[name=pay]").fill("EUR 2,900 a month")
    admin.get_by_role("button", name="See the letter").click()
    expect(admin.locator(".letter-sheet")).to_contain_text("EUR 2,900 a month")
    admin.get_by_role("button", name="Send the offer letter").click()
    expect(admin.get_by_text("Waits for an answer until")).to_be_visible()


def accept_the_letter(page: Page, address: str, who: Person) -> None:
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    file = page.context.request.get(page.url + "letter.pdf")
    assert "EUR 2,900 a month" in pypdf.PdfReader(io.BytesIO(file.body())).pages[0].extract_text()
    page.locator("[name=name]").fill(who.name)
    page.locator("[name=agrees]").check()
    page.get_by_role("button", name="Accept the offer").click()
    expect(page.get_by_text("Accepted. We look forward to you.")).to_be_visible()


def references(product, recruiter: Page, candidate: Page, somebody: Page, mailbox: Mailbox, who: Person) -> None:
    people.open_application(recruiter, product.base, who)
    people.press(recruiter, "Ask for referees")
    name_two(candidate, link(mailbox.wait(who.email, "who may we ask about you")))
    recruiter.get_by_role("link", name="Offer a trial").click()
    expect(recruiter.get_by_text("given so far: 0").first).to_be_visible()
    people.open_application(recruiter, product.base, who)
    answer_by_link(somebody, link(mailbox.wait(RUTH.email, "named you as a referee")))
    recruiter.reload()
    assert BY_LINK not in recruiter.content(), "a reference is seen while another is still owed"
    ask_on_the_phone(recruiter, RALF)
    expect(recruiter.get_by_text(BY_LINK).first).to_be_attached()
    expect(recruiter.get_by_text(BY_PHONE).first).to_be_attached()
    mailbox.wait(RALF.email, "What we wrote down of your reference")


def trial(product, recruiter: Page, candidate: Page, somebody: Page, mailbox: Mailbox, who: Person) -> str:
    """Offered, agreed, lived through, extended, confirmed; the address of who led it."""
    offered = offer_the_trial(recruiter)
    first = take_the_trial(candidate, link(mailbox.wait(who.email, "We would like to try it with you")), offered)
    mailbox.wait(who.email, "Welcome: your trial begins")
    (leader,) = product.sql(
        "SELECT u.email FROM trials_trial t JOIN candidates_user u ON u.id = t.leader_id WHERE t.application_id = %s",
        application_of(product, who),
    )[0]
    days_pass(product, who, (first - now().date()).days + 26)
    assert answer_check_ins(somebody, product, mailbox, who) >= 12
    (begun, ends) = product.sql(
        "SELECT starts_on, ends_on FROM trials_trial WHERE application_id = %s", application_of(product, who)
    )[0]
    content = export(who, begun)
    once, again = bring_figures_in(recruiter, product, content), bring_figures_in(recruiter, product, content)
    assert once["figures added"] == again["known already"] > 0
    assert again["figures added"] == again["corrected"] == 0
    match_the_team(recruiter, product)
    later = ends + timedelta(days=7)
    address = link(mailbox.wait(leader, f"The trial of {who.name}: please decide"))
    give_verdict(somebody, address, "extend", evidence="Needs one more week on the phone.", new_end=later.isoformat())
    days_pass(product, who, 7)
    assert answer_check_ins(somebody, product, mailbox, who) == 3
    address = link(mailbox.wait(leader, f"The trial of {who.name}: please decide", count=2))
    give_verdict(somebody, address, "confirm", evidence="Calm with everybody, and the figures hold.")
    return leader


@pytest.mark.browser
@pytest.mark.journeys
@pytest.mark.django_db(databases=[])
def test_from_references_to_the_accepted_letter(product, browser):
    mailbox = Mailbox(Path(product.settings["MAILBOX_DIR"]))
    who = somebody_in_interviews(product)
    with at_a(PHONE, browser) as candidate, at_a(DESK, browser) as admin, at_a(PHONE, browser) as somebody:
        people.sign_in(admin, product.base, *product.sign_in("administrator"))
        references(product, admin, candidate, somebody, mailbox, who)
        leader = trial(product, admin, candidate, somebody, mailbox, who)
        people.open_application(admin, product.base, who)
        own = product.sql(
            "SELECT first_name || ' ' || last_name FROM candidates_user WHERE username = %s",
            product.sign_in("administrator")[0],
        )
        cannot_approve_what_they_ask_for(admin, own[0][0])
        name, password = ask_another_manager(admin, product, leader)
        with at_a(PHONE, browser) as manager:
            manager.goto(link(mailbox.wait("", f"Please approve or refuse: hire {who.name}")))
            people.sign_in_here(manager, name, password)
            assert manager.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            people.approve(manager)
        mailbox.wait(who.email, "Welcome")
        admin.reload()
        send_the_letter(admin)
        accept_the_letter(candidate, link(mailbox.wait(who.email, "Our offer to you")), who)
        mailbox.wait(who.email, "You accepted our offer")
    key = application_of(product, who)
    told = product.sql(
        "SELECT (SELECT stage FROM candidates_application WHERE id = %(key)s),"
        " (SELECT count(*) FROM trials_checkin c JOIN trials_trial t ON t.id = c.trial_id"
        "  WHERE t.application_id = %(key)s),"
        " (SELECT count(*) FROM references_reference r JOIN references_referee f ON f.id = r.referee_id"
        "  WHERE f.application_id = %(key)s AND r.mode = 'phone'),"
        " (SELECT accepted_as FROM trials_offerletter WHERE application_id = %(key)s)",
        key=key,
    )
    assert told == [("hired", 6, 1, who.name)]
    assert exit_code_of_check_invariants(product) == 0
