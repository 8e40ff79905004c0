"""The mails that really arrived in the SMTP sink."""

import email
import re
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

PATIENCE = 40


class Mailbox:
    """Reads the Maildir of an instance."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[EmailMessage]:
        """Every mail that arrived, oldest first."""
        files = sorted(self.folder.glob("*/*"), key=lambda file: file.stat().st_mtime_ns)
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files if file.is_file()]

    def to(self, address: str, words: str = "") -> list[EmailMessage]:
        """The mails to `address` whose subject or text holds `words`."""
        return [
            mail for mail in self.all() if address in str(mail["To"]) and words in str(mail["Subject"]) + text(mail)
        ]

    def wait(self, address: str, words: str = "", *, count: int = 1) -> EmailMessage:
        """The newest mail to `address` with `words`, once `count` of them are there."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = self.to(address, words)
            if len(found) >= count:
                return found[-1]
            time.sleep(0.2)
        told = [(str(mail["To"]), str(mail["Subject"])) for mail in self.all()]
        raise AssertionError(f"no mail to {address} with {words!r}; there are: {told}")


def text(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def link(mail: EmailMessage) -> str:
    """The one personal link of a mail."""
    found = re.findall(r"https?://\S+/(?:link|my)/\S+", text(mail))
    assert found, f"no link in: {text(mail)}"
    return str(found[0]).rstrip(".)>")
