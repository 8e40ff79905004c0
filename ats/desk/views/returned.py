"""A mail that came back: why, where its address is corrected, and the button that sends it there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ats.desk import identity, mail_state, roles
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post.inbound import returning
from candidates.post.models import Ask, Message
from candidates.post.rendering import address
from interviews.models import Interviewer
from references.models import Reference


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came back; a POST sends it to the address as it is now."""
    message = _find(request, pk)
    if request.method == "POST":
        return _send(request, message)
    now_at = address(message)
    context = {
        "title": _("A mail that came back") if message.returned_at else _("A mail"),
        "message": message,
        "address": now_at,
        "is_corrected": now_at.lower() != message.to.lower(),
        "correct_url": where_to_correct(message, request.user),
        "reports": message.reports.order_by("-received_at")[:20],
        "may_send": roles.recruits(request.user, message.application.job),
    }
    return render(request, "desk/returned.html", admin.site.each_context(request) | context)


def where_to_correct(message: Message, user: Any) -> str:
    """The page on which the address of its reader is corrected; the application's, where `user` may open no other."""
    asked, application = message.ask, message.application
    if application is None:
        return ""
    if (asked is None and not message.language) or (asked and asked.role == Ask.Role.CANDIDATE):
        return reverse("admin:candidates_candidate_change", args=[application.candidate_id])
    if asked and (reference := Reference.objects.filter(scorecard__ask=asked).first()):
        return reverse("desk:reference_correct", args=[reference.pk])
    if asked and asked.user_id and user.has_perm("candidates.change_user"):
        return reverse("admin:candidates_user_change", args=[asked.user_id])
    interviewer = Interviewer.objects.filter(email__iexact=message.to).first()
    if interviewer and user.has_perm("interviews.change_interviewer"):
        return reverse("admin:interviews_interviewer_change", args=[interviewer.pk])
    return reverse("admin:candidates_application_change", args=[application.pk])


def _send(request: HttpRequest, message: Message) -> HttpResponse:
    if message.application is None or not roles.recruits(request.user, message.application.job):
        raise PermissionDenied
    try:
        returning.send_again(message, at=now(), by=Actor.person(request.user))  # type: ignore[arg-type]
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It leaves for %s in a moment.") % address(message))
    return redirect("desk:returned_mail", pk=message.pk)


def _find(request: HttpRequest, pk: UUID) -> Any:
    """The mail, if it is about an application that the signed-in person may see, and tells nothing they must not know.

    Raises:
        Http404: none, or none for them.
    """
    told = firewall.tells_no_grading(request.user, now(), path="ask__")
    told_nothing = mail_state.tells_nothing(request.user, now())
    visible = Message.objects.filter(identity.named_to(request.user), told, told_nothing)
    mine = visible.filter(application__in=Application.objects.visible_to(request.user))
    related = mine.select_related("application__candidate", "application__job", "ask").defer("application__letter")
    return get_object_or_404(related, pk=pk)
