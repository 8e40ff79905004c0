"""Carrying letters to the server: what it says, whether it is away, whose turn it is. No database is asked here."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from candidates.post import rendering
from candidates.post.models import Message
from candidates.post.rendering import Mail
from candidates.post.sending import stopping
from candidates.post.sending.claiming import Claim
from candidates.post.sending.failures import Failure, breaks_conversation, judge
from candidates.post.sending.rates import Turns
from candidates.post.sending.smtp import Backend

FAILURES_IN_A_ROW = 3
CONVERSATION_OVER = (OSError, smtplib.SMTPException)


@dataclass(frozen=True)
class Letter:
    """A mail in its envelope."""

    claim: Claim
    message: Message
    mail: Mail
    email: EmailMultiAlternatives


@dataclass(frozen=True)
class Carried:
    """What became of a letter: it left, failed, or waits `until` its domain's turn."""

    letter: Letter
    at: datetime
    until: datetime | None = None
    failed: tuple[Exception, Failure] | None = None


class Carrier:
    """One conversation with the server, and what it told us about the server."""

    def __init__(self, out: BaseEmailBackend, clock: Callable[[], datetime]) -> None:
        self.out, self.clock = out, clock
        self.turns = Turns()
        self.failures = self.over_this_connection = 0
        self.in_hand: Claim | None = None  # which the server may have, when all is torn off here

    def is_ending(self) -> bool:
        """Whether there is no sense in going on: the server is away, or the worker is to end."""
        return self.failures >= FAILURES_IN_A_ROW or stopping.is_asked()

    def carry(self, letters: Sequence[Letter], until: datetime) -> Iterator[Carried]:
        """Hand over one after the other, at least one, until it is time to write down what left."""
        for number, letter in enumerate(letters):
            if self.is_ending() or (number and self.clock() > until):
                return
            yield self._carry(letter)

    def _carry(self, letter: Letter) -> Carried:
        is_urgent = letter.claim.priority == Message.Priority.URGENT
        if until := self.turns.wait(rendering.address(letter.message), at=self.clock(), is_urgent=is_urgent):
            return Carried(letter, self.clock(), until=until)
        self.in_hand = letter.claim
        failed = self._try(letter.email)
        if failed and self._was_hung_up(failed[1]):
            failed = self._try(letter.email)
        self.in_hand = None
        if failed:
            self.failures += failed[1].is_of_server
            return Carried(letter, self.clock(), failed=failed)
        self.failures, self.over_this_connection = 0, self.over_this_connection + 1
        return Carried(letter, self.clock())

    def _try(self, email: EmailMultiAlternatives) -> tuple[Exception, Failure] | None:
        """Hand it over; gives what went wrong, and what that means."""
        is_open = False
        try:
            self.out.open()
            is_open = True
            email.send()
        except Exception as error:  # whatever a server or its library comes up with
            failure = judge(error, was_offered=is_open and getattr(self.out, "was_offered", True))
            if breaks_conversation(error):
                self._hang_up()
            return error, failure
        return None

    def _was_hung_up(self, failure: Failure) -> bool:
        """Whether a server only ended a conversation that took long, as many do after so many mails."""
        had_been_used, self.over_this_connection = self.over_this_connection > 0, 0
        return had_been_used and failure.is_of_server and not failure.may_have_left and isinstance(self.out, Backend)

    def _hang_up(self) -> None:
        with suppress(*CONVERSATION_OVER):
            self.out.close()
