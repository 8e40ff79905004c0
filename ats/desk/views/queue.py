"""The queue: one unread application at a time, read, decided, and on to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ats.desk import home, identity, preview, queue, roles, timeline
from ats.desk.forms import Seen
from ats.desk.queue import Cursor, Place
from ats.desk.views.application import find
from ats.forms import REASONS, notice_hours
from ats.rejections import actions as rejections
from ats.rejections.models import PlannedRejection
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import MovedMeanwhile, NotAllowed
from candidates.post.models import Ask, Message
from candidates.screening import actions as screening
from candidates.screening.actions import team
from candidates.screening.forms import ScreeningForm
from candidates.stages import Stage

READ, BEGIN, REJECT = "read", "begin", "reject"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The application whose turn it is; writes nothing."""
    asked = {name: request.GET.get(name, "") for name in ("after", "before", "show")}
    return _show(request, queue.find(_queue(request), **asked), at=now())


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin screening or plan a rejection, then go on; reading the address shows the application in the queue."""
    application = find(request, pk)
    if not roles.recruits(request.user, application.job):
        raise PermissionDenied
    if request.method != "POST":
        return redirect(_address(request, show=str(pk)))
    seen = Seen.parse(request.POST.get("seen", ""))
    if seen != Seen.now(application) or application.stage != Stage.APPLIED:
        return _somebody_was_quicker(request, application)
    verb = {READ: _read, BEGIN: _begin, REJECT: _reject}.get(request.POST.get("action", ""), _leave)
    try:
        return verb(request, application, now())
    except MovedMeanwhile:
        return _somebody_was_quicker(request, find(request, pk))
    except NotAllowed as refusal:
        messages.error(request, f"{queue.letter(application).name}: {refusal}")
        return redirect(_address(request, show=str(pk)))


def _read(request: HttpRequest, application: Application, at: datetime) -> HttpResponse:
    """The person at the desk has read it: they rate it now, on the page of the reader."""
    return _screen(request, application, at, {"reader": request.user.pk, "caller": request.POST.get("caller", "")})


def _begin(request: HttpRequest, application: Application, at: datetime) -> HttpResponse:
    return _screen(request, application, at, request.POST)


def _screen(request: HttpRequest, application: Application, at: datetime, typed: Any) -> HttpResponse:
    form = ScreeningForm(typed, application=application, at=at)
    if not form.is_valid():
        return _show(request, _here(request, application), at=at, form=form)
    screening.begin(application, at=at, by=_person(request), **form.arguments())
    if request.POST["action"] == READ:
        ask = Ask.objects.open().get(
            application=application, user=form.cleaned_data["reader"], scorecard__kind=Scorecard.Kind.LETTER
        )
        return redirect(f"{ask.get_absolute_url()}?{urlencode({'queue': Cursor.of(application)})}")
    told = {"name": queue.letter(application).name, "reader": form.cleaned_data["reader"]}
    messages.success(request, _("%(name)s is in screening. %(reader)s reads the letter.") % told)
    return redirect(_next(request, application))


def _reject(request: HttpRequest, application: Application, at: datetime) -> HttpResponse:
    """Plan it: in the queue nothing leaves at once, so that a slip of the finger can be taken back."""
    reason = request.POST.get("reason", "")
    if reason not in dict(REASONS):
        return _show(request, _here(request, application), at=at, lacks_reason=True)
    hours = notice_hours(application.plan.rejection_hours)
    planned = rejections.plan(application, reason=reason, hours=hours, at=at, by=_person(request))
    return redirect(_next(request, application, did=str(planned.pk)))


def _leave(request: HttpRequest, application: Application, at: datetime) -> HttpResponse:
    """Nothing was chosen, or later: on to the next, this one comes again at the end."""
    del at
    return redirect(_next(request, application))


def _somebody_was_quicker(request: HttpRequest, application: Application) -> HttpResponse:
    last = timeline.last_move(timeline.events(application))
    told = {
        "name": queue.letter(application).name,
        "who": last.by_name if last else "",
        "stage": application.get_stage_display(),
    }
    messages.warning(
        request, _("%(who)s was quicker with %(name)s, who stands at: %(stage)s. Here is the next one.") % told
    )
    return redirect(_next(request, application))


def _show(
    request: HttpRequest,
    place: Place | None,
    *,
    at: datetime,
    form: ScreeningForm | None = None,
    lacks_reason: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Letters to read"),
        "place": place,
        "job": _job(request),
        "jobs": queue.jobs(request.user),
        "asked": queue.asked_to_read(request.user, at=at),
        "planned": _just_planned(request),
        "here": request.get_full_path() if request.method == "GET" else _address(request),
        "lacks_reason": lacks_reason,
    }
    if place:
        context |= _of(request, place, at, form)
    return render(request, "desk/queue.html", admin.site.each_context(request) | context)


def _of(request: HttpRequest, place: Place, at: datetime, form: ScreeningForm | None) -> dict[str, Any]:
    """What the page shows of the application, and what can be done."""
    application = place.application
    form = form or ScreeningForm(application=application, at=at)
    visible = Application.objects.visible_to(request.user).filter(candidate=application.candidate_id)
    others = visible.filter(identity.named_to(request.user, "pk"))
    hours = notice_hours(application.plan.rejection_hours)
    leaves_at = rejections.leaves_at(at, hours)
    mail = Message(application=application, template="candidates/rejected", to=application.candidate.email)
    return {
        "application": application,
        "letter": queue.letter(application),
        "seen": Seen.now(application),
        "answers": application.answers.select_related("document"),
        "documents": application.documents.all(),
        "others": others.exclude(pk=application.pk).select_related("job").defer("letter", "job__description"),
        "form": form,
        "read_caller": _other_than(request, form),
        "may_read": request.user in team(application.job),
        "reasons": REASONS,
        "hours": hours,
        "mail": preview.letter(mail, leaves_at=leaves_at),
        "leaves_at": leaves_at,
        "next_url": _next(request, application),
        "previous_url": _address(request, before=str(place.cursor)) if place.number > 1 else "",
    }


def _other_than(request: HttpRequest, form: ScreeningForm) -> Any:
    """Who calls when the person at the desk reads: somebody else, if there is one."""
    caller = form["caller"].value()
    return form.initial.get("reader") if str(caller) == str(request.user.pk) else caller


def _just_planned(request: HttpRequest) -> PlannedRejection | None:
    """The rejection that was planned on the page before, as long as it can be undone."""
    did = request.GET.get("did", "")
    if not (did.isascii() and did.isdecimal() and len(did) <= 18):
        return None
    mine = PlannedRejection.objects.standing().filter(pk=int(did), by=request.user.pk)
    related = mine.select_related("application__candidate", "application__plan")
    return related.defer("application__letter").first()


def _here(request: HttpRequest, application: Application) -> Place | None:
    return queue.find(_queue(request), show=str(application.pk))


def _queue(request: HttpRequest) -> Any:
    return queue.of_job(home.unread(request.user), _job(request))


def _job(request: HttpRequest) -> str:
    """The job whose letters alone are read."""
    job = request.GET.get("job", "") or request.POST.get("job", "")
    return job if job.isascii() and job.isdecimal() else ""


def _next(request: HttpRequest, application: Application, **more: str) -> str:
    return _address(request, after=str(Cursor.of(application)), **more)


def _address(request: HttpRequest, **query: str) -> str:
    """The queue at a place, narrowed to the same job."""
    job = _job(request)
    kept = ({"job": job} if job else {}) | query
    return reverse("desk:queue") + (f"?{urlencode(kept)}" if kept else "")


def _person(request: HttpRequest) -> Actor:
    return Actor.person(request.user)  # type: ignore[arg-type]
