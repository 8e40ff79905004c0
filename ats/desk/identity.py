"""Who is who, on the desk, for colleagues who are still to judge something without knowing whose it is.

One gate for all pages: `by_name` in front of the pages about one application, `mask` for what lists show, `named_to`
and `people_named_to` for lists that leave such rows out until the reading is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from candidates.judging import firewall
from candidates.people.models import Application, Candidate
from candidates.post.models import LETTER
from candidates.screening import masking

Condition = Q | Combinable
View = Callable[..., HttpResponse]


def code_name(application: int) -> str:
    """What a reader calls the person until they have read."""
    return masking.code_name(application)


def hidden(user: Any, applications: Iterable[int]) -> dict[int, str]:
    """Of these applications those that `user` is still to read blind, each with its code name; one query."""
    keys = list(applications)
    if not keys:
        return {}
    found = firewall.blind_readings(user).filter(application__in=keys).order_by().values_list("application", flat=True)
    return {pk: code_name(pk) for pk in found}


def mask(user: Any, applications: Iterable[Application | None]) -> dict[int, str]:
    """Put code names in the place of people in what a list shows; one query, however many rows.

    The objects are for showing, and for nothing else: whoever is masked is nobody who can be saved or written to.

    Returns:
        What was hidden: the code names by the application's key.
    """
    shown = [one for one in applications if one is not None]
    found = hidden(user, {one.pk for one in shown})
    for one in shown:
        if name := found.get(one.pk):
            one.candidate = Candidate(pk=one.candidate_id, name=name)
    return found


def named_to(user: Any, application: str = "application") -> Condition:
    """For a filter: what is not about an application that `user` is still to read blind.

    Args:
        application: the way from the rows to their application.
    """
    return ~hides(user, application)


def hides(user: Any, application: str = "application") -> Exists:
    """For an annotation: whether a row is about an application that `user` is still to read blind; no query more."""
    return Exists(firewall.blind_readings(user).filter(application=OuterRef(application)))


def people_named_to(user: Any, candidate: str = "pk") -> Condition:
    """For a filter of candidates: those nothing of whose is still to be read blind by `user`.

    Args:
        candidate: the way from the rows to the person, where they are no candidates themselves.
    """
    return ~Exists(firewall.blind_readings(user).filter(application__candidate=OuterRef(candidate)))


def unnamed_people(user: Any, candidates: Iterable[int]) -> set[int]:
    """Of these people those of whom `user` is still to read something blind; one query."""
    readings = firewall.blind_readings(user).filter(application__candidate__in=list(candidates)).order_by()
    return set(readings.annotate(person=F("application__candidate")).values_list("person", flat=True))


def by_name(view: View) -> View:
    """Before a page about one application (its key comes first): whoever is to read it blind is led to the reading."""

    @wraps(view)
    def gate(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        return lead(request, pk) if hidden(request.user, [pk]) else view(request, pk, *args, **kwargs)

    return gate


def lead(request: HttpRequest, application: int) -> HttpResponse:
    """To the reading of an application that is still to be read blind; where only a mail opens it, a page says so.

    Of written work it says neither which nor where: beside the address of the person that would tell whose it is.
    """
    readings = firewall.blind_readings(request.user).filter(application=application)
    asked = readings.filter(page=LETTER).first()
    if asked and asked.user_id == request.user.pk:
        messages.info(request, _("You were asked to read this without knowing who wrote it. Read it first."))
        return redirect(asked.get_absolute_url())
    name = code_name(application) if asked else ""
    context = {"title": _("Read it first") if asked else _("Not yet"), "ask": asked, "name": name}
    return render(request, "desk/blind.html", admin.site.each_context(request) | context, status=403)
