"""Whom a candidate may name: people who worked with them, each once, and nobody who decides here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from candidates.company.models import Company
from candidates.people import identity
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.staff.models import User
from references.models import Referee, Reference

OUTSIDE = (Ask.Role.CANDIDATE, Ask.Role.REFEREE)


@dataclass(frozen=True)
class Named:
    """A referee as the candidate typed them, who agreed to be asked, as the candidate says.

    `relation` is a value of `Referee.Relation`, `phone` in one form (E.164), the dates are first days of months.
    """

    name: str
    email: str
    relation: str
    company: str
    phone: str = ""
    language: str = "en"
    worked_from: date | None = None
    worked_until: date | None = None

    @property
    def is_manager(self) -> bool:
        """Whether the candidate worked for them."""
        return self.relation in (Referee.Relation.MANAGER, Referee.Relation.LEAD)


@dataclass(frozen=True)
class Refusal:
    """Why somebody cannot be asked: their place in the list, the field beside which it is said, the words."""

    place: int
    field: str
    words: str


def refusals(
    application: Application, people: Sequence[Named], *, today: date, besides: Referee | None = None
) -> Iterator[Refusal]:
    """Who cannot be asked and why, in words for the candidate; at most one refusal for each field.

    Args:
        people: as typed; what is empty is not looked at, the form says so itself.
        today: where the candidate is; nobody worked together in the future.
        besides: the referee whose own address is being corrected.
    """
    yield from _addresses(application, people, besides)
    yield from _phones(application, people)
    for place, person in enumerate(people):
        if words := _wrong_dates(person, today):
            yield Refusal(place, *words)


def country(application: Application) -> str:
    """In which country a phone number was written that does not say so."""
    return application.job.country or Company.current().country


def _addresses(application: Application, people: Sequence[Named], besides: Referee | None) -> Iterator[Refusal]:
    seen = _asked_before(application, besides)
    own, ours = identity.email_key(application.candidate.email), _deciding(application)
    for place, person in enumerate(people):
        key = identity.email_key(person.email) if person.email else ""
        if not key:
            continue
        if key == own:
            yield Refusal(place, "email", _("This is your own address. Please name somebody who worked with you."))
        elif key in ours:
            yield Refusal(place, "email", _("This person decides here. Please name somebody else."))
        elif key in seen:
            yield Refusal(place, "email", _("We need different people. Please name somebody else here."))
        seen.add(key)


def _phones(application: Application, people: Sequence[Named]) -> Iterator[Refusal]:
    own, seen = application.candidate.phone_key, set[str]()
    for place, person in enumerate(people):
        if not person.phone:
            continue
        if person.phone == own:
            yield Refusal(place, "phone", _("This is your own number. Leave it empty if you do not know theirs."))
        elif person.phone in seen:
            yield Refusal(place, "phone", _("You gave this number for somebody else, too. Leave one of them empty."))
        seen.add(person.phone)


def _wrong_dates(person: Named, today: date) -> tuple[str, str] | None:
    begun, ended = person.worked_from, person.worked_until
    if begun and begun > today:
        return "worked_from", _("This lies in the future.")
    if ended and ended > today:
        return "worked_until", _("This lies in the future. Leave it empty if you still work together.")
    if begun and ended and ended < begun:
        return "worked_until", _("This lies before the beginning.")
    return None


def _asked_before(application: Application, besides: Referee | None) -> set[str]:
    """The mailboxes of referees who are asked now, or who answered, declined or did not answer before."""
    before = Reference.objects.filter(referee__application=application)
    waiting = before.filter(scorecard__ask__answered_at=None, scorecard__ask__cancelled_at=None)
    ended = before.answered() | before.declined() | before.expired() | waiting
    if besides:
        ended = ended.exclude(referee=besides)
    return {identity.email_key(email) for email in ended.values_list("referee__email", flat=True)}


def _deciding(application: Application) -> set[str]:
    """The mailboxes of who recruits for the job, leads it or judged the application.

    Who judges without knowing whose it is is left out: a refusal would tell who that is.
    """
    job = application.job
    staff = User.objects.filter(Q(pk=job.hiring_manager_id) | Q(pk__in=job.recruiters.values("pk")))
    asked = application.asks.exclude(role__in=OUTSIDE).exclude(pk__in=Ask.objects.blind().values("pk"))
    emails = [*staff.values_list("email", flat=True), *asked.values_list("email", flat=True)]
    return {identity.email_key(email) for email in emails if email}
