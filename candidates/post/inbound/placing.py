"""To which application a mail belongs: by the mail of ours that it answers, else by who wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from candidates.people.models import Application
from candidates.post.inbound import addresses
from candidates.post.inbound.reading import Letter
from candidates.post.models import Ask, Message
from candidates.post.rendering import LONG

MOST = 100  # mails of ours that one mail refers to

BY_ADDRESS = gettext_noop("By the address alone: it answers no mail of ours. Look whether it is theirs.")
NO_APPLICATION = gettext_noop("It answers a mail that was about no application.")
NOBODY = gettext_noop("It answers no mail of ours, and its address tells nothing.")
SEVERAL = gettext_noop("It answers no mail of ours, and its address fits more than one application.")


@dataclass(frozen=True)
class Place:
    """Where a mail belongs; without `application` a person has to look."""

    application: Application | None
    answers: Message | None = None
    why: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it answers a mail of ours: an address in a mail can be anybody's."""
        return self.application is not None and self.answers is not None


def find(letter: Letter) -> Place:
    """The application that `letter` belongs to, as far as that can be told."""
    if answered := _answered(letter):
        return Place(answered.application, answered, "" if answered.application else NO_APPLICATION)
    fitting = list(_by_address(letter.sender)[:2]) if letter.sender else []
    if len(fitting) == 1:
        return Place(fitting[0], why=BY_ADDRESS)
    return Place(None, why=SEVERAL if fitting else NOBODY)


def is_of_candidate(place: Place, sender: str) -> bool:
    """Whether the candidate wrote it, as far as that can be told; anybody else's words may be a judgement."""
    application, answered = place.application, place.answers
    if application is None or _was_asked(application, sender):
        return False
    if answered is None:
        return sender.lower() == application.candidate.email.lower()
    return answered.ask.role == Ask.Role.CANDIDATE if answered.ask else not answered.language


def _was_asked(application: Application, sender: str) -> bool:
    """Whether somebody with this address was asked for something about the candidate."""
    others = Ask.objects.filter(application=application).exclude(role=Ask.Role.CANDIDATE)
    return others.filter(Q(email__iexact=sender) | Q(user__email__iexact=sender)).exists()


def _answered(letter: Letter) -> Message | None:
    """Our mail that it answers: by the ids it refers to, the nearest first, or by the address that it went to."""
    keys = addresses.own_keys(letter.refers_to)
    if token := addresses.read(letter.recipients):
        keys.append(token)
    found = find_all(letter.refers_to, keys)
    by_id = {one.message_id.strip("<>"): one for one in found if one.message_id}
    by_key = {one.pk: one for one in found}
    near = [by_id.get(one) for one in letter.refers_to] + [by_key.get(key) for key in keys]
    return next((one for one in near if one), None)


def find_all(message_ids: Iterable[str], keys: Iterable[UUID]) -> list[Message]:
    """Our mails with one of these Message-IDs or keys."""
    ids = [form for one in message_ids for form in (one, f"<{one}>")]
    mails = Message.objects.select_related("application__candidate", "application__job", "ask").defer(*LONG)
    kept = mails.filter(Q(message_id__in=ids) & ~Q(message_id="") | Q(pk__in=list(keys)))
    return list(kept[:MOST])


def _by_address(sender: str) -> QuerySet[Application]:
    asked = Ask.objects.open().filter(email__iexact=sender).values("application")
    fitting = Application.objects.open().filter(Q(candidate__email__iexact=sender) | Q(pk__in=asked))
    return fitting.select_related("candidate", "job").defer("letter").order_by("pk")
