"""The outbox: a worker claims what is due after the commit, sends it, and writes down what became of it.

Claims, outcomes, failures, rates: `sending/`. Several sweeps at once share what is due (`SKIP LOCKED`), so a second
beat, a doubled ring or another worker harms nothing; a sweep that finds nothing costs two statements.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError
from django.db import connection as database

from candidates.post import doorbell, mime, rendering, texts, threads
from candidates.post.mail import LEAVES_BY
from candidates.post.models import MailText, Message
from candidates.post.sending import claiming, outcomes
from candidates.post.sending.carrying import CONVERSATION_OVER, Carried, Carrier, Letter
from candidates.post.sending.claiming import LEASE, SHARE, Claim, claim
from candidates.post.sending.failures import Failure
from candidates.post.sending.outcomes import Sent
from candidates.post.sending.smtp import Backend
from candidates.post.threads import Thread

__all__ = ["LEASE", "claim", "deliver", "sweep"]

BATCH = 50
TURN = timedelta(seconds=20)  # of one sweep, so that what else the worker has to do comes in between
MOMENT = timedelta(seconds=0.2)  # what left is written down at the latest after it (and the mail in hand), or
UNWRITTEN = 25  # after so many: what a killed worker's successor may send once more, under the same Message-ID
FEW = 25  # written in a row, before they are carried: in turns with it, each would take half as long again
FRESH = timedelta(seconds=2)  # how long what was read of a mail counts as the present
RETURNS = (0.5, 1, 2, 4, 8)  # seconds between the tries to write down what left, while PostgreSQL starts again
DATABASE_GONE = (OperationalError, InterfaceError)
Told = dict[UUID, str | None]  # mail -> its new status, None when it was another worker's by then
logger = logging.getLogger(__name__)


def deliver(pk: str | UUID, *, at: datetime, connection: BaseEmailBackend | None = None) -> str | None:
    """Send one due message and return its new status; None when another worker has it, or its turn comes later.

    Between the claim and the end a worker may die: after the lease another one sends it again with the same
    Message-ID, except solemn mails, which a person decides on.
    """
    claimed = claim(pk, at=at)
    if claimed is None:
        return None
    with _connected(connection) as out:
        return _Sweep(lambda: at, out).send_all([claimed]).get(claimed.pk)


def sweep(*, clock: Callable[[], datetime], most: int = 1000, urgent_only: bool = False) -> int:
    """Deliver up to `most` due messages over one connection and return how many left.

    Ends early when it took its time, when the worker is to end, and when the server is away; rings for another when
    more is due. A database that goes away ends it, too: what it claimed is free again after the lease.
    """
    claiming.take_back(at=clock())
    with _connected(None) as out:
        work = _Sweep(clock, out, urgent_only=urgent_only)
        try:
            has_more = work.run(most)
        except DATABASE_GONE as error:
            logger.warning("The outbox stops for now: %s", type(error).__name__)
            return work.left
    if has_more:
        doorbell.ring("candidates.post.tasks.send_urgent_due" if urgent_only else "candidates.post.tasks.send_due")
    return work.left


@contextmanager
def _connected(given: BaseEmailBackend | None) -> Iterator[BaseEmailBackend]:
    """The connection to send over, closed at the end unless it is the caller's."""
    if given:
        yield given
        return
    out = get_connection()
    try:
        yield out
    finally:
        with suppress(*CONVERSATION_OVER):
            out.close()


@dataclass(frozen=True)
class _Present:
    """Some mails and what they tell of, as they stood at a moment."""

    at: datetime
    messages: dict[UUID, Message]
    words: list[MailText]
    threads: dict[UUID, Thread]


def _read(claims: Sequence[Claim], at: datetime) -> _Present:
    messages = claiming.read(claims)
    words = texts.own_words_of({message.template for message in messages.values()})
    return _Present(at, messages, words, threads.of(messages.values()))


class _Sweep:
    """One turn at the outbox: what is on its way, and what is not written down yet."""

    def __init__(self, clock: Callable[[], datetime], out: BaseEmailBackend, *, urgent_only: bool = False) -> None:
        self.clock, self.out, self.urgent_only = clock, out, urgent_only
        self.began = self.written_at = self.looked_at = clock()
        self.carrier = Carrier(out, clock)
        self.unwritten: list[Sent] = []
        self.waiting: list[tuple[Claim, datetime]] = []
        self.left = 0

    def run(self, most: int) -> bool:
        """Send batch by batch; whether more may be due when the turn is over."""
        while most > 0:
            wanted = min(BATCH, most)
            claims = claiming.claim_due(at=self.clock(), most=wanted, urgent_only=self.urgent_only)
            self.send_all(claims)
            most -= wanted
            if len(claims) < wanted or self.carrier.is_ending():
                return False
            if self.clock() - self.began > TURN:
                return True
        return True

    def send_all(self, claims: Sequence[Claim]) -> Told:
        """Send what was claimed, in order; gives the new status of each that had its turn."""
        rest, claimed_at, told = list(claims), self.clock(), Told()
        try:
            while rest and not self.carrier.is_ending() and self.clock() - claimed_at <= SHARE:
                told |= self._send_some(_read(rest, self.clock()), rest)
                rest = [one for one in rest if one.pk not in told]
        finally:
            _patiently(lambda: self._write(rest))
        return told

    def _send_some(self, present: _Present, claims: Sequence[Claim]) -> Told:
        """Send as many as go while what was read of them is the present."""
        told, rest, ready = Told(), list(claims), list[Letter]()
        while rest or ready:
            if not ready:
                ready = self._write_letters(rest[:FEW], present, told)
                rest = rest[FEW:]
            told |= self._carry(ready, self.clock() + MOMENT)
            ready = [letter for letter in ready if letter.claim.pk not in told]
            self._keep_up()
            if self.carrier.is_ending() or self.clock() > present.at + FRESH:
                break
        return told

    def _write_letters(self, claims: Sequence[Claim], present: _Present, told: Told) -> list[Letter]:
        letters = []
        for claimed in claims:
            prepared = self._prepare(claimed, present)
            if isinstance(prepared, Letter):
                letters.append(prepared)
            else:
                told[claimed.pk] = prepared
        return letters

    def _prepare(self, claimed: Claim, present: _Present) -> Letter | str | None:
        """The mail, ready to be handed over, or what became of it instead; None when it is not there any more."""
        message, at = present.messages.get(claimed.pk), self.clock()
        if message is None:
            return None
        try:
            if obstacle := _obstacle(message, at):
                return outcomes.write_cancelled(claimed, obstacle)
            mail = rendering.render(message, own_words=present.words)
            thread = present.threads.get(message.pk, threads.NEW)
            email = mime.email(message, mail, thread=thread, connection=self.out)
            if isinstance(self.out, Backend):
                self.out.prepare(email)
        except DATABASE_GONE:
            raise
        except Exception as error:  # a broken template or mad data: this mail's alone
            return outcomes.write_failed(message, claimed, error, Failure(), at=at)
        return Letter(claimed, message, mail, email)

    def _carry(self, letters: Sequence[Letter], until: datetime) -> Told:
        """Hand over; of a solemn mail is written down before that it is handed over, and at once after."""
        if not any(letter.message.solemn for letter in letters):
            return self._keep(self.carrier.carry(letters, until))
        letter = letters[0]
        if letter.message.solemn and not claiming.announce(letter.claim, at=self.clock()):
            return {letter.claim.pk: None}
        told = self._keep(self.carrier.carry([letter], until))
        _patiently(self._write)
        return told

    def _keep(self, carried: Iterable[Carried]) -> Told:
        return {one.letter.claim.pk: self._status(one) for one in carried}

    def _status(self, carried: Carried) -> str:
        letter = carried.letter
        if carried.until:
            self.waiting.append((letter.claim, carried.until))
            return Message.Status.QUEUED
        if carried.failed:
            error, failure = carried.failed
            return outcomes.write_failed(letter.message, letter.claim, error, failure, at=carried.at)
        self.unwritten.append(_sent(carried))
        self.left += 1
        return Message.Status.SENT

    def _keep_up(self) -> None:
        """Write down what left, and let those overtake for whom somebody waits."""
        at = self.clock()
        if len(self.unwritten) >= UNWRITTEN or at - self.written_at >= MOMENT:
            _patiently(self._write)
        if at - self.looked_at >= FRESH and not self.urgent_only:
            self.looked_at = at
            self.send_all(claiming.claim_due(at=at, most=BATCH, urgent_only=True))

    def _write(self, rest: Sequence[Claim] = ()) -> None:
        """Write down what left, and give back `rest` and whoever waits for their domain's turn.

        When something tore this worker away in the middle of a mail, that one stays taken until its lease is over.
        """
        outcomes.write_sent(self.unwritten)
        self.unwritten, self.written_at = [], self.clock()
        back = [*self.waiting, *((one, one.due_at) for one in rest if one != self.carrier.in_hand)]
        claiming.give_back([one for one, _until in back], until=[until for _one, until in back])
        self.waiting = []


def _sent(carried: Carried) -> Sent:
    letter = carried.letter
    name = _name_by_provider(letter.email) or threads.message_id(letter.message)
    return Sent(letter.claim, carried.at, rendering.address(letter.message), letter.mail, name)


def _obstacle(message: Message, at: datetime) -> str:
    """Why the message should not leave any more, as of now."""
    if message.ask and not message.ask.is_open and not message.outlives_ask:
        return "Answered or cancelled meanwhile."
    stale_at = message.data.get(LEAVES_BY)
    return "Its time is past." if stale_at and at >= datetime.fromisoformat(stale_at) else ""


def _name_by_provider(email: EmailMultiAlternatives) -> str:
    """As which a provider's API sent it, where it says so: replies and reports refer to that."""
    name = getattr(getattr(email, "anymail_status", None), "message_id", None)
    return str(name) if isinstance(name, str | int) else ""


def _patiently(write: Callable[[], None]) -> None:
    """Write down what is known, also when the database is away for a moment: who forgets what left, sends it twice."""
    for pause in RETURNS:
        try:
            write()
        except DATABASE_GONE:
            database.close()
            time.sleep(pause)
        else:
            return
    write()
