"""The local mailbox shows what arrived, to the letter, and nothing else of the disk."""

from email.message import EmailMessage

import pytest
from django.urls import reverse

from ats.dev import mailsink

pytestmark = pytest.mark.django_db


def mail(subject, text="Hello", html=None):
    """The bytes of a mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "jobs@example.com", "cleo@example.org", subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAILBOX_DIR = str(tmp_path / "mailbox")
    mailsink.prepare(tmp_path / "mailbox")
    return tmp_path / "mailbox"


def test_the_newest_mail_comes_first(client, folder):
    mailsink.keep(folder, mail("First"))
    mailsink.keep(folder, mail("Second"))
    page = client.get(reverse("dev:mailbox")).content.decode()
    assert page.index("Second") < page.index("First")


def test_an_empty_mailbox_says_how_to_fill_it(client, folder):
    assert "No mail has arrived yet" in client.get(reverse("dev:mailbox")).content.decode()


def test_a_link_in_the_text_can_be_followed(client, folder):
    kept = mailsink.keep(folder, mail("Link", "See http://localhost:8000/link/abc:d_-e/ please"))
    page = client.get(reverse("dev:mail", args=[kept.name])).content.decode()
    assert '<a href="http://localhost:8000/link/abc:d_-e/" rel="nofollow">' in page


def test_the_html_of_a_mail_is_shown_and_not_run(client, folder):
    kept = mailsink.keep(folder, mail("<script>alert(1)</script>", "<b>", "<script>alert(2)</script>"))
    page = client.get(reverse("dev:mail", args=[kept.name])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)" in page


@pytest.mark.parametrize("name", ["..%2F..%2Fsecret-key", "%2Fetc%2Fpasswd", "nothing", ".."])
def test_a_name_that_is_no_mail_is_not_found(client, folder, name):
    (folder.parent / "secret-key").write_text("secret")
    assert client.get(f"/mailbox/{name}/").status_code == 404


def test_without_a_mailbox_there_is_no_page(client, settings):
    settings.MAILBOX_DIR = ""
    assert client.get(reverse("dev:mailbox")).status_code == 404
