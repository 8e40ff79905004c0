"""Whether the company's mails are believed: looked up when an administrator asks, and never on the way."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ats.deliverability import actions, checks, lookups
from ats.desk import identity
from candidates.pipeline import NotAllowed
from candidates.post.inbound import mailbox, refused
from candidates.post.inbound.models import DeliveryReport
from candidates.post.models import GRADING, Message

resolver: Any = lookups.Dns  # a test puts another in its place
LATEST = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What is set; a POST looks up what the domain says, or sends a mail to whoever presses."""
    _require_administrator(request)
    if request.POST.get("do") == "mail":
        return _send(request)
    found = checks.look_up(resolver()) if request.method == "POST" else None
    template = "desk/deliverability_found.html" if found and request.htmx else "desk/deliverability.html"  # type: ignore[attr-defined]
    return render(request, template, admin.site.each_context(request) | _context(request) | {"found": found})


@never_cache
@require_safe
def arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the link in the test mail leads."""
    _require_administrator(request)
    messages.success(request, _("The test mail arrived, and its link works."))
    return redirect("desk:deliverability")


def _context(request: HttpRequest) -> dict[str, Any]:
    test = Message.objects.filter(key__startswith=f"test:{request.user.pk}:").order_by("-created_at").first()
    reports = DeliveryReport.objects.filter(kind__in=["bounced", "complained"]).select_related("message")
    # As the list of reports shows them: no address of somebody whom the reader judges blind, or of who grades.
    reports = reports.filter(identity.named_to(request.user, "message__application"))
    reports = reports.exclude(message__ask__page=GRADING)
    return {
        "title": _("Do our mails arrive?"),
        "domain": checks.sending_domain(),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "provider": settings.MAIL_PROVIDER,
        "host": settings.EMAIL_HOST,
        "reply_address": settings.REPLY_ADDRESS,
        "mailbox": settings.REPLY_MAILBOX.get("host", ""),
        "looked": mailbox.last_look(),
        "hooks": bool(settings.MAIL_PROVIDER and settings.ANYMAIL_WEBHOOK_SECRET),
        "refused": refused.count(),
        "test": test,
        "reports": reports[:LATEST],
    }


def _send(request: HttpRequest) -> HttpResponse:
    try:
        sent = actions.send_test_mail(request.user, at=now())  # type: ignore[arg-type]
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A mail to %s leaves in a moment. Open its link when it is there.") % sent.to)
    return redirect("desk:deliverability")


def _require_administrator(request: HttpRequest) -> None:
    if not request.user.is_superuser:
        raise PermissionDenied
