"""What candidates and those who owe an answer read in their mails."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils.html import strip_tags

from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.models import Ask
from candidates.post import asks, mail, rendering

pytestmark = pytest.mark.django_db
MAILS = ["received", "rejected", "withdrawn", "hired"]


def render(name, application=None, **data):
    return rendering.render(
        mail.queue(application or make_application(), f"candidates/{name}", key=name, at=NOW, data=data)
    )


def remind(which, **fields):
    application = make_application(job=make_job("Chat hero"))
    asked = asks.ask(
        application, page="interviews:scorecard", template="candidates/reminder", title="Scorecard for Cara",
        role=Ask.Role.INTERVIEWER, name="Ida", email="ida@example.org", zone="Europe/Amsterdam",
        due_at=NOW + timedelta(days=7), at=NOW,
    )  # fmt: skip
    return rendering.render(
        mail.queue(application, "candidates/reminder", key="r", at=NOW, ask=asked, data={"which": which})
    )


def draft():
    """The mail with the link to a saved form."""
    who = {"to": "cara@example.org", "language": "en", "zone": "Europe/Lisbon", "link": "draft:7"}
    data = {"title": "R&D <support>", "days": 14}
    return rendering.render(mail.queue_to("careers/draft", key="draft", at=NOW, data=data, **who))


def prose(html):
    body = re.sub(r"<(head|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(strip_tags(body.replace("<br>", " "))).split())


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_names_the_person_and_the_job_in_both_parts_and_says_why_it_came(name):
    written = render(name, make_application(candidate=make_candidate("Zoë O’Neill"), job=make_job("R&D <support>")))
    for part in (written.text, prose(written.html)):
        assert "Hello Zoë O’Neill," in part
        assert "R&D <support>" in part
        assert "You get this mail because" in part
    assert "R&D <support>" in written.subject or name == "received"
    assert "<support>" not in written.html


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_leads_to_the_candidates_page(name):
    written = render(name)
    assert rendering.LINK in written.text
    assert f'href="{rendering.LINK}"' in written.html


@pytest.mark.parametrize("name", MAILS)
def test_a_name_with_markup_or_a_line_break_stays_a_name(name):
    written = render(name, make_application(candidate=make_candidate('<a href="http://evil">x</a>')))
    assert '<a href="http://evil">' not in written.html
    assert "\n" not in written.subject


def test_the_received_mail_says_by_when():
    written = render("received", days=4)
    assert "You hear from us within 4 days." in written.text
    assert "You hear from us within 4 days." in written.html


def test_the_rejection_gives_no_reason_of_colleagues():
    written = render("rejected", make_application(), reason="languages")
    assert "language" not in written.text
    assert "We are sorry: we will not go on with it." in prose(written.html)


@pytest.mark.parametrize(
    ("which", "subject", "told"),
    [
        ("before", "A reminder: Scorecard for Cara", "There is still time until Mon 14 Jan, 10:00 (Europe/Amsterdam)"),
        ("due", "Due now: Scorecard for Cara", "It was due on Mon 14 Jan, 10:00 (Europe/Amsterdam)"),
    ],
)
def test_a_reminder_says_what_and_by_when_in_the_readers_zone(which, subject, told):
    written = remind(which)
    assert (written.subject, told in written.text, told in prose(written.html)) == (subject, True, True)
    assert "hires for “Chat hero”" in written.text


@pytest.mark.parametrize("name", MAILS)
def test_both_parts_say_the_same(name):
    written = render(name, days=4)
    lines = [line for line in written.text.splitlines() if line not in ("", "-- ", rendering.LINK)]
    missing = [line for line in lines if line.removesuffix(" Your page:") not in prose(written.html)]
    assert [line for line in missing if "keep this link to yourself:" not in line] == []


def test_the_mail_with_a_saved_form_says_how_long_it_is_kept_and_that_it_is_not_sent():
    written = draft()
    assert written.subject == "Go on with your application: R&D <support>"
    for part in (written.text, prose(written.html)):
        for words in ("R&D <support>", "for 14 days", "It is not sent yet", "You get this mail because"):
            assert words in part
    assert (rendering.LINK in written.text, f'href="{rendering.LINK}"' in written.html) == (True, True)
    assert "<support>" not in written.html
