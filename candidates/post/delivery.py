"""The outbox: a worker claims what is due after the commit, sends it, and writes down what became of it.

Claims, outcomes, failures, rates: `sending/`. Several sweeps at once share what is due (`SKIP LOCKED`), so a second
beat, a doubled ring or another worker harms nothing; a sweep that finds nothing costs two statements.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
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
FEW = 10  # so many are on their way while the next are written; when the worker is to end, they still leave
TURN_OF_THREADS = 0.0002  # seconds
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
    with _connected(None) as out, ThreadPoolExecutor(1) as beside, _quick_turns():
        work = _Sweep(clock, out, beside=beside, urgent_only=urgent_only)
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


@contextmanager
def _quick_turns() -> Iterator[None]:
    """Let threads take turns often: an answer of the server would wait 5 ms for the one that writes the next mails."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_OF_THREADS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


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

    def __init__(
        self,
        clock: Callable[[], datetime],
        out: BaseEmailBackend,
        *,
        beside: Executor | None = None,
        urgent_only: bool = False,
    ) -> None:
        self.clock, self.out, self.beside, self.urgent_only = clock, out, beside, urgent_only
        self.began = self.written_at = self.looked_at = clock()
        self.carrier = Carrier(out, clock)
        self.on_its_way: Future[list[Carried]] | None = None
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
            told |= self._arrived()
            rest = [one for one in rest if one.pk not in told]
            _patiently(lambda: self._write(rest))
        return told

    def _send_some(self, present: _Present, claims: Sequence[Claim]) -> Told:
        """Send as many as go while what was read of them is the present; some are carried while others are written."""
        told, rest, fresh_until = Told(), list(claims), present.at + FRESH
        ready: list[Letter] = []
        going: list[Letter] = []
        while rest or ready or going:
            if len(ready) < FEW:
                few, rest = rest[:FEW], rest[FEW:]
                ready += self._write_letters(few, present, told)
            told |= self._arrived()
            self._keep_up()
            waiting = [letter for letter in (*going, *ready) if letter.claim.pk not in told]
            if self.carrier.is_ending() or (told and self.clock() > fresh_until):
                break
            going, ready = waiting[:FEW], waiting[FEW:]
            if self.beside is None or any(letter.message.solemn for letter in going):
                told |= self._carry_now(going, self.clock() + MOMENT)
            else:
                self.on_its_way = self.beside.submit(self.carrier.carry, going, self.clock() + MOMENT)
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

    def _carry_now(self, letters: Sequence[Letter], until: datetime) -> Told:
        """One by one; of a solemn mail is written down before and at once after that it is handed over."""
        told = Told()
        for letter in letters:
            is_solemn = letter.message.solemn
            if self.carrier.is_ending() or (told and self.clock() > until):
                break
            if is_solemn and not claiming.announce(letter.claim, at=self.clock()):
                told[letter.claim.pk] = None
                continue
            told |= self._keep(self.carrier.carry([letter], until))
            if is_solemn:
                _patiently(self._write)
        return told

    def _arrived(self) -> Told:
        """Wait for those that are on their way, and keep what became of them."""
        way, self.on_its_way = self.on_its_way, None
        return self._keep(way.result()) if way else Told()

    def _keep(self, carried: Sequence[Carried]) -> Told:
        told = Told()
        for one in carried:  # first what left: nothing may come between
            if not (one.failed or one.until):
                told[one.letter.claim.pk] = Message.Status.SENT
                self.unwritten.append(_sent(one))
                self.left += 1
            elif one.until:
                told[one.letter.claim.pk] = Message.Status.QUEUED
                self.waiting.append((one.letter.claim, one.until))
        for one in carried:
            if one.failed:
                error, failure = one.failed
                status = outcomes.write_failed(one.letter.message, one.letter.claim, error, failure, at=one.at)
                told[one.letter.claim.pk] = status
        return told

    def _keep_up(self) -> None:
        """Write down what left, and let those overtake for whom somebody waits."""
        at = self.clock()
        if len(self.unwritten) >= UNWRITTEN or at - self.written_at >= MOMENT:
            _patiently(self._write)
        if at - self.looked_at >= FRESH and not self.urgent_only:
            self.looked_at = at
            self.send_all(claiming.claim_due(at=at, most=BATCH, urgent_only=True))

    def _write(self, rest: Sequence[Claim] = ()) -> None:
        """Write down what left, and give back `rest` and whoever waits for their domain's turn."""
        outcomes.write_sent(self.unwritten)
        self.unwritten, self.written_at = [], self.clock()
        back = [*self.waiting, *((one, one.due_at) for one in rest)]
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
