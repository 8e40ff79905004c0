"""What a referee said is forgotten at their wish: words, name and addresses go, scores stay.

The scores helped to decide, and without name and words nobody can tell whose they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging.models import Rating, Revision, Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application, Event, Note
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask, Message
from references.answering import actions
from references.flags.models import Flag, ReferencePrint
from references.models import Referee, RefereeRequest, Reference

NOBODY = "A referee"  # in the place of the name; kept in English, as what the timeline tells
NOWHERE = "address deleted"
UNSENT = (Message.Status.QUEUED, Message.Status.HELD, Message.Status.FAILED, Message.Status.UNCERTAIN)
EVENT = "references.forgotten"


@transaction.atomic
def forget(referee: Referee, *, at: datetime, by: Actor) -> None:
    """Delete the words, name, addresses and traces of `referee` wherever this application keeps them.

    Raises:
        NotAllowed: they are deleted already, or the referee is still to answer: then withdraw the request first.
    """
    application = pipeline.lock(referee.application)
    referee = Referee.objects.select_for_update(of=("self",)).get(pk=referee.pk)
    reference = Reference.objects.filter(referee=referee).select_related("scorecard__ask").first()
    if referee.forgotten_at:
        raise NotAllowed(_("What this referee said is deleted already."))
    if reference and reference.scorecard.ask.is_open:
        raise NotAllowed(_("They are still asked. Withdraw the request first, or wait for their answer."))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rapport.erasing = 'on'")  # until this transaction ends
    asked = _asks(referee, reference)
    person = _Person(referee, asked)
    _forget_cards(asked)
    if reference:
        _forget_reference(reference, person)
    _forget_traces(application, asked, person)
    _forget_person(referee, at)
    _see_to_requests(referee, at, by)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rapport.erasing = 'off'")
    pipeline.record(application, EVENT, at=at, by=by)


class _Person:
    """All names and addresses under which somebody stands in an application, to be found in texts."""

    def __init__(self, referee: Referee, asked: Iterable[Ask]) -> None:
        asked = list(asked)
        sent = Message.objects.filter(ask__in=asked).values_list("to", flat=True)
        addresses = {referee.email, *(ask.email for ask in asked), *sent}
        names = {referee.name, *(ask.name for ask in asked)}
        self._addresses, self._names = _pattern(addresses), _pattern(names)
        self._phone = _pattern({referee.phone})

    def out_of(self, text: str) -> str:
        """The text without them."""
        for pattern, instead in ((self._addresses, NOWHERE), (self._phone, NOWHERE), (self._names, NOBODY)):
            if pattern:
                text = pattern.sub(instead, text)
        return text

    def out_of_data(self, data: Any) -> Any:
        """The same for what JSON holds."""
        if isinstance(data, str):
            return self.out_of(data)
        if isinstance(data, list):
            return [self.out_of_data(one) for one in data]
        if isinstance(data, dict):
            return {self.out_of(key): self.out_of_data(value) for key, value in data.items()}
        return data


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds each of these where it is no part of a longer word, in whatever case."""
    told = sorted({word for word in words if word.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, told))})(?!\w)", re.IGNORECASE) if told else None


def _asks(referee: Referee, reference: Reference | None) -> list[Ask]:
    """Every time this referee was asked: now, when the application was here before, and under another address."""
    mine = Q(email__iexact=referee.email, role=Ask.Role.REFEREE)
    if reference:
        mine |= Q(pk=reference.scorecard.ask_id)
    return list(Ask.objects.filter(mine, application=referee.application_id))


def _forget_cards(asked: list[Ask]) -> None:
    cards = Scorecard.objects.filter(ask__in=asked)
    Rating.objects.filter(scorecard__in=cards).exclude(evidence="").update(evidence="")
    Revision.objects.filter(scorecard__in=cards).delete()
    cards.update(rater_name=NOBODY, summary="", recommendation="")


def _forget_reference(reference: Reference, person: _Person) -> None:
    """Whether they would hire again is a judgement and stays; the role is told in words and goes."""
    fields = ("role", "decline_note", "network", "browser")
    if not reference.scorecard.is_locked:
        actions.forget_draft(reference)
    Reference.objects.filter(pk=reference.pk).update(**dict.fromkeys(fields, ""), worked_from=None, worked_until=None)
    ReferencePrint.objects.filter(pk=reference.pk).delete()
    for flag in Flag.objects.filter(reference=reference):
        flag.data, flag.note = {}, person.out_of(flag.note)
        flag.save(update_fields=["data", "note"])


def _forget_traces(application: Application, asked: list[Ask], person: _Person) -> None:
    """Mails, requests, the timeline and notes. Mails to them that have not left stay where they are."""
    to_them = Message.objects.filter(ask__in=asked)
    to_them.filter(status__in=UNSENT).update(status=Message.Status.CANCELLED, error="")
    to_them.update(to="", text="", html="", own_words=None)
    for message in application.messages.all():
        _clean(message, person, texts=("to", "subject", "text", "html", "error"), data="data")
        if message.own_words:
            _clean(message, person, texts=(), data="own_words")
    for ask in application.asks.all():
        _clean(ask, person, texts=("title",))
    Ask.objects.filter(pk__in=[ask.pk for ask in asked]).update(name=NOBODY, email="")
    for event in Event.objects.filter(application=application):
        _clean(event, person, texts=("by_name",), data="data")
    for note in Note.objects.filter(application=application):
        _clean(note, person, texts=("text",))


def _clean(row: Any, person: _Person, *, texts: tuple[str, ...], data: str = "") -> None:
    """Write the row anew where it names them."""
    cleaned = {name: person.out_of(getattr(row, name)) for name in texts}
    if data:
        cleaned[data] = person.out_of_data(getattr(row, data))
    changed = {name: value for name, value in cleaned.items() if value != getattr(row, name)}
    if changed:
        type(row).objects.filter(pk=row.pk).update(**changed)


def _forget_person(referee: Referee, at: datetime) -> None:
    """The address is unique within an application: the row's key stands in its place."""
    Referee.objects.filter(pk=referee.pk).update(
        name=NOBODY, email=f"referee-{referee.pk}@deleted.invalid", phone="", network="", browser="", company="",
        worked_from=None, worked_until=None, forgotten_at=at,
    )  # fmt: skip


def _see_to_requests(referee: Referee, at: datetime, by: Actor) -> None:
    wishes = referee.requests.filter(kind=RefereeRequest.Kind.DELETION, done_at=None)
    wishes.update(done_at=at, done_by_name=by.name)
