"""Who may see what others thought: nobody, until everybody who was asked has locked their own judgement.

One rule for all stages. It closes when a rating is owed whose time has come, and opens when the last is locked (or
the ask is cancelled), or by a recruiter's recorded override. An override opens it for those who owe nothing: whoever
still owes a rating of an application reads nothing of it that others thought, whatever was overridden.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application, Event
from candidates.post.models import GRADING, Ask

OPENED = "firewall.opened"
HEARD = "references.call_begun"  # by who asks a referee on the phone, and so hears what they say
Condition = Q | Combinable


def owed(application: Application, *, at: datetime) -> QuerySet[Ask]:
    """The open asks for a judgement of `application` that have begun."""
    return Ask.objects.begun(at).filter(application=application, scorecard__isnull=False)


def owed_by(reader: Any, *, at: datetime) -> QuerySet[Ask]:
    """The judgements, of any application, that `reader` still owes.

    All but check-ins are owed from the moment they are asked for, also where their time is still to come: who will
    interview somebody next week reads nothing about them today.
    """
    later = Q(scorecard__kind=Scorecard.Kind.CHECK_IN, opens_at__gt=at)
    return Ask.objects.open().filter(_of(reader), ~later, scorecard__isnull=False)


def blind_readings(user: Any) -> QuerySet[Ask]:
    """What `user` is still asked to judge without knowing whose it is: until then no page shows them whose it is.

    Letters, where the plan hides who wrote them, and all written work.
    """
    letters = Q(scorecard__kind=Scorecard.Kind.LETTER, application__plan__hides_identity=True)
    return Ask.objects.open().filter(_of(user), letters | Q(scorecard__kind=Scorecard.Kind.EXERCISE))


def is_open(application: Application, *, at: datetime, reader: Any = None) -> bool:
    """Whether judgements of `application` may be shown, from any stage.

    Args:
        reader: to whom: a colleague with an account, or the mail address of somebody who was asked; None for nobody
            in particular, as for what a rule does.
    """
    return Application.objects.filter(open_for(reader, at), pk=application.pk).exists()


def open_for(reader: Any, at: datetime) -> Condition:
    """For a filter of applications: those whose judgements `reader` may see. It adds no query, however many rows."""
    of_it = {"application": OuterRef("pk")}
    is_open = ~Exists(_waited_for(at).filter(**of_it))
    return is_open if reader is None else is_open & owes_nothing(reader, at)


def owes_nothing(reader: Any, at: datetime) -> Condition:
    """For a filter of applications: those of which `reader` owes no rating, so that they may read remarks on them."""
    return ~owes(reader, at, "pk")


def owes(reader: Any, at: datetime, application: str = "application") -> Exists:
    """For a filter or an annotation: whether a row is about an application of which `reader` owes a rating.

    Args:
        application: the way from the rows to their application.
    """
    return Exists(owed_by(reader, at=at).filter(application=OuterRef(application)))


def tells_no_grading(reader: Any, at: datetime, *, path: str = "") -> Condition:
    """For a filter of asks: those that `reader` may see without learning how written work is graded.

    Until the firewall opens for them nobody is told who was asked: a third grader is asked because two differ.

    Args:
        path: the way from the rows to their ask, with its "__"; rows without an ask stay.
    """
    may_know = Application.objects.filter(open_for(reader, at), pk=OuterRef("application"))
    grading = Q(**{f"{path}page": GRADING})
    if path:
        grading &= Q(**{f"{path}pk__isnull": False})
    return ~grading | Exists(may_know)


def cards(application: Application, *, at: datetime, reader: Any = None) -> QuerySet[Scorecard]:
    """The judgements that may be shown now: all locked ones, or none."""
    locked = application.scorecards.locked()
    return locked if is_open(application, at=at, reader=reader) else locked.none()


@transaction.atomic
def override(application: Application, *, reason: str, at: datetime, by: Actor) -> None:
    """Open the firewall although ratings are owed; the reason stays on the timeline.

    Raises:
        NotAllowed: without a reason, or by somebody who owes a rating themselves.
    """
    if not reason.strip():
        raise pipeline.NotAllowed(_("Say why the judgements must be seen before all are in."))
    locked = pipeline.lock(application)
    if by.user and owed_by(by.user, at=at).filter(application=locked).exists():
        raise pipeline.NotAllowed(_("You owe a rating yourself: lock it first, then you see what others thought."))
    pipeline.record(locked, OPENED, at=at, by=by, reason=reason.strip())


def _waited_for(at: datetime) -> QuerySet[Ask]:
    """The judgements that keep it closed: owed now, and asked for after the last override, if there was one."""
    overrides = Event.objects.filter(application=OuterRef("application"), name=OPENED, at__gte=OuterRef("opens_at"))
    return Ask.objects.begun(at).filter(~Exists(overrides), scorecard__isnull=False)


def _of(reader: Any) -> Q:
    """What `reader` was asked: by their account, or by their mail address where the ask knows no account."""
    if isinstance(reader, str):
        return Q(email__iexact=reader)
    if not reader.is_authenticated:
        return Q(pk=None)
    mine = Q(user=reader.pk)
    return mine | Q(user=None, email__iexact=reader.email) if reader.email else mine
