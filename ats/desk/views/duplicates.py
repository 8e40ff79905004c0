"""People who may be one: the list of pairs, a pair side by side with what a merge would do, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ats.desk import identity, roles, same_person
from candidates.people import duplicates, merging
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate, Merge
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask

PAGE = 25


@dataclass
class Outlook:
    """What a merge would do."""

    moved: list[Application] = field(default_factory=list)
    doubles: list[Application] = field(default_factory=list)
    cancelled: list[Ask] = field(default_factory=list)
    phone: str = ""
    brings_membership: bool = False


class _Undone(Exception):
    """Ends a trial run."""


def _trial(act: Callable[[], None]) -> None:
    """Do it in a transaction that is rolled back."""
    try:
        with transaction.atomic():
            act()
            raise _Undone
    except _Undone:
        pass


@require_safe
def pairs(request: HttpRequest) -> HttpResponse:
    """People with one mailbox or one number, the newest first."""
    before = request.GET.get("before", "")
    last = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    found = duplicates.pairs(request.user, before=last, most=PAGE)
    unnamed = identity.unnamed_people(request.user, [one.pk for pair in found for one in (pair.newer, pair.older)])
    context = {
        "pairs": [pair for pair in found if not {pair.newer.pk, pair.older.pk} & unnamed],
        "next": found[-1].newer.pk if len(found) >= PAGE else None,
        "is_first": last is None,
        "title": _("Perhaps the same person"),
    }
    return _page(request, "duplicates", context)


@require_safe
def of_application(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may be the same person as the one who wrote an application: the box of its page, or a page of its own."""
    visible = Application.objects.visible_to(request.user).select_related("candidate").defer("letter")
    application = get_object_or_404(visible, pk=pk)
    if identity.hidden(request.user, [pk]):
        raise Http404
    url = reverse("admin:candidates_application_change", args=[pk])
    context = same_person.box(request, application.candidate, application, next=url)
    if request.headers.get("HX-Request"):
        return render(request, "desk/duplicates_box.html", context)
    return _page(request, "duplicates_of", context | {"title": _("Perhaps the same person")})


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, kept: int, folded: int) -> HttpResponse:
    """Two people side by side, and what a merge would do; merge them, or remember that they are two."""
    people = _both(request, kept, folded)
    blocked = _who_could(request.user, people)
    if request.method != "POST":
        return _compare_page(request, people, blocked)
    if not request.user.has_perm("candidates.change_application"):
        raise PermissionDenied
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    if request.POST.get("action") == "apart":
        duplicates.tell_apart(*people, at=at, by=by)
        messages.success(request, _("Noted: %s and %s are two people.") % tuple(person.name for person in people))
        return redirect(_back(request))
    if request.POST.get("action") != "merge" or blocked is not None:
        return _compare_page(request, people, blocked)
    return _merge(request, people, at, by)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two people of one again; first say what cannot be restored."""
    done = get_object_or_404(Merge.objects.select_related("kept", "folded"), pk=pk)
    named = duplicates.visible_to(request.user).filter(identity.people_named_to(request.user))
    holder = get_object_or_404(named, pk=done.kept_id)
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    blocked = _who_could(request.user, [holder])
    if request.method == "POST" and blocked is None:
        return _undo(request, done, at, by)
    left: list[str] = []
    if not done.undone_at:
        _trial(lambda: left.extend(merging.undo(done, at=at, by=by)))
    context = {"merge": done, "left": left, "blocked": blocked, "title": _("Undo the merge"), "url": _url(holder)}
    return _page(request, "duplicates_undo", context)


def _merge(request: HttpRequest, people: list[Candidate], at: datetime, by: Actor) -> HttpResponse:
    kept, folded = people
    try:
        merging.merge(kept, folded, at=at, by=by)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:duplicates")
    told = _("Done. What %(folded)s sent is with %(kept)s now. It can be undone on this page at any time.")
    messages.success(request, told % {"folded": folded.email, "kept": kept.name})
    return redirect(_url(kept))


def _undo(request: HttpRequest, done: Merge, at: datetime, by: Actor) -> HttpResponse:
    try:
        left = merging.undo(done, at=at, by=by)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(_url(done.kept))
    messages.success(request, _("Undone. %s is a person of their own again.") % done.folded)
    for line in left:
        messages.warning(request, line)
    return redirect(_url(done.kept))


def _both(request: HttpRequest, kept: int, folded: int) -> list[Candidate]:
    """The two people, as far as the signed-in person may see both.

    Raises:
        Http404: they may not, one was merged meanwhile, or it is one.
    """
    visible = duplicates.visible_to(request.user).filter(identity.people_named_to(request.user))
    found = visible.select_related("pool").in_bulk([kept, folded])
    if len(found) != 2:
        raise Http404
    return [found[kept], found[folded]]


def _who_could(user: Any, people: list[Candidate]) -> str | None:
    """None when `user` may merge these; else who works on what they do not, in names."""
    touched = Application.objects.filter(candidate__in=people).select_related("job").defer("letter")
    jobs = {one.job_id: one.job for one in touched.prefetch_related("job__recruiters")}
    foreign = [job for job in jobs.values() if not roles.recruits(user, job)]
    if not foreign and user.has_perm("candidates.change_application"):
        return None
    names = sorted({str(one) for job in foreign for one in job.recruiters.all()})
    return ", ".join(names) or _("a recruiter")


def _look(kept: Candidate, folded: Candidate, at: datetime, by: Actor) -> tuple[Outlook, str]:
    """What the merge would do, or why it cannot be done."""
    outlook = Outlook()

    def act() -> None:
        data = merging.merge(kept, folded, at=at, by=by).data
        touched = Application.objects.select_related("job", "candidate").defer("letter")
        outlook.moved = list(touched.filter(pk__in=data["applications"]))
        outlook.doubles = list(touched.filter(pk__in=data["duplicates"]))
        outlook.cancelled = list(Ask.objects.filter(application__in=data["duplicates"], cancelled_at=at))
        outlook.phone = folded.phone if data["filled"] else ""
        outlook.brings_membership = bool(data["pool"])

    try:
        _trial(act)
    except NotAllowed as refusal:
        return outlook, str(refusal)
    return outlook, ""


def _compare_page(request: HttpRequest, people: list[Candidate], blocked: str | None) -> HttpResponse:
    kept, folded = people
    outlook, refusal = Outlook(), ""
    if blocked is None:
        outlook, refusal = _look(kept, folded, now(), Actor.person(request.user))  # type: ignore[arg-type]
    visible = Application.objects.visible_to(request.user).filter(candidate__in=people).select_related("job")
    sent: dict[int, list[Application]] = {person.pk: [] for person in people}
    for one in visible.defer("letter"):
        sent[one.candidate_id].append(one)
    context = {
        "kept": kept,
        "folded": folded,
        "columns": [(person, sent[person.pk]) for person in people],
        "outlook": outlook,
        "refusal": refusal,
        "blocked": blocked,
        "reasons": duplicates.reasons(kept, folded),
        "next": _back(request),
        "title": _("The same person?"),
    }
    return _page(request, "duplicates_compare", context)


def _url(candidate: Candidate) -> str:
    return reverse("admin:candidates_candidate_change", args=[candidate.pk])


def _back(request: HttpRequest) -> str:
    """Where the page was opened from, if that is ours."""
    given = request.POST.get("next") or request.GET.get("next", "")
    if given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        return given
    return reverse("desk:duplicates")


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"desk/{name}.html", admin.site.each_context(request) | context)
