"""Inviting people we know to a new job: choose the job, read the mails word for word, send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ats.desk import identity, preview, roles
from ats.desk.preview import Letter
from candidates.jobs.models import Job
from candidates.people import duplicates
from candidates.people.actors import Actor
from candidates.people.models import Candidate
from candidates.pipeline import NotAllowed
from candidates.post.models import Message
from candidates.sourcing import actions

MOST = 100
Refused = list[tuple[Candidate, str]]


class _Undone(Exception):
    """Ends a trial run."""


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite the people of `?people=1,2,3` to a job; reading the page sends nothing."""
    given = request.POST if request.method == "POST" else request.GET
    people, jobs = _people(request, given.get("people", "")), _jobs(request.user)
    if not jobs and not request.user.has_perm("candidates.change_application"):
        raise PermissionDenied
    if not people:
        messages.warning(request, _("Choose at least one person first."))
        return redirect("admin:candidates_poolmember_changelist")
    job = next((job for job in jobs if str(job.pk) == given.get("job", "")), None)
    context: dict[str, Any] = {"people": people, "jobs": jobs, "job": job, "title": _("Invite to a job")}
    if job and request.method == "POST" and request.POST.get("action") == "confirm":
        return _send(request, people, job)
    if job:
        letters, refused = _look(people, job, Actor.person(request.user))  # type: ignore[arg-type]
        context |= {"letters": letters, "refused": refused}
    context["asked"] = "job" in given
    context["keys"] = ",".join(str(person.pk) for person in people)
    return render(request, "desk/sourcing_invite.html", admin.site.each_context(request) | context)


def _people(request: HttpRequest, text: str) -> list[Candidate]:
    """Those of the list whom the signed-in person may see, and may see by name."""
    keys = [int(key) for key in text.split(",") if key.isascii() and key.isdecimal() and len(key) < 19][:MOST]
    named = duplicates.visible_to(request.user).filter(identity.people_named_to(request.user))
    return list(named.filter(pk__in=keys).order_by("name", "pk").distinct())


def _jobs(user: Any) -> list[Job]:
    """The open jobs that `user` recruits for."""
    visible = Job.objects.visible_to(user).filter(status=Job.Status.OPEN).prefetch_related("recruiters")
    return [job for job in visible.order_by("title", "pk") if roles.recruits(user, job)]


def _look(people: list[Candidate], job: Job, by: Actor) -> tuple[list[Letter], Refused]:
    """The mails that would leave, word for word, and who gets none and why; nothing stays written."""
    letters: list[Letter] = []
    refused: Refused = []
    try:
        with transaction.atomic():
            for person in people:
                _try_one(person, job, by, letters, refused)
            raise _Undone
    except _Undone:
        return letters, refused


def _try_one(person: Candidate, job: Job, by: Actor, letters: list[Letter], refused: Refused) -> None:
    try:
        invitation = actions.invite(person, job, at=now(), by=by)
    except NotAllowed as refusal:
        refused.append((person, str(refusal)))
        return
    message = Message.objects.get(key=f"invitation:{invitation.pk}")
    letters.append(replace(preview.letter(message, leaves_at=None), name=person.name))


def _send(request: HttpRequest, people: list[Candidate], job: Job) -> HttpResponse:
    """Each in a transaction of its own: what cannot be done for one is told, the others go."""
    done = 0
    for person in people:
        try:
            actions.invite(person, job, at=now(), by=Actor.person(request.user))  # type: ignore[arg-type]
        except NotAllowed as refusal:
            messages.warning(request, f"{person.name}: {refusal}")
        else:
            done += 1
    if done:
        told = ngettext("One person is invited: %(job)s.", "%(n)s people are invited: %(job)s.", done)
        messages.success(request, told % {"n": done, "job": job.title})
    if len(people) == 1:
        return redirect(reverse("admin:candidates_candidate_change", args=[people[0].pk]))
    return redirect("admin:candidates_poolmember_changelist")
