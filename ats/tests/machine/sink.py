"""A mail server for the state machine: takes mails, refuses, is away, or takes one and dies with the worker."""

from collections import Counter
from dataclasses import dataclass, field
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail.backends.base import BaseEmailBackend


class Died(BaseException):
    """The worker was killed here: nothing of its Python runs any more."""


@dataclass
class Server:
    """What arrived, and how it behaves towards the next mails, one word each."""

    arrived: Counter = field(default_factory=Counter)
    doubtful: Counter = field(default_factory=Counter)  # taken without our knowing
    behaviours: list = field(default_factory=list)

    def take(self, name):
        """One mail, by its Message-ID."""
        behaviour = self.behaviours.pop(0) if self.behaviours else "takes"
        if behaviour == "is away":
            raise ConnectionRefusedError("nobody is there")
        if behaviour == "refuses for good":
            raise SMTPRecipientsRefused({"someone": (550, b"no such person")})
        if behaviour == "refuses for now":
            raise SMTPRecipientsRefused({"someone": (451, b"come back later")})
        if behaviour == "dies before":
            raise Died
        self.arrived[name] += 1
        if behaviour == "dies after":
            self.doubtful[name] += 1
            raise Died
        if behaviour == "is silent after":
            self.doubtful[name] += 1
            raise SMTPServerDisconnected("no answer to the end of the mail")


SERVER = Server()
BEHAVIOURS = (
    "takes", "takes", "takes", "is away", "refuses for good", "refuses for now", "dies before", "dies after",
    "is silent after",
)  # fmt: skip


class Backend(BaseEmailBackend):
    """What Django sends by."""

    def send_messages(self, messages):
        """All of them, to the one server."""
        for message in messages:
            SERVER.take(message.extra_headers["Message-ID"])
        return len(messages)
