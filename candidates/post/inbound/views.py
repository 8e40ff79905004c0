"""Where a mail provider rings. Who does not know the secret is told nothing, and nothing of theirs is kept."""

from __future__ import annotations

import logging
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailBasicAuthMixin
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from candidates.people.documents import NotStored
from candidates.post.inbound import actions, hooks, providers, refused
from candidates.post.inbound.models import Reply
from candidates.post.inbound.reading import MOST_BYTES

MOST_READ = MOST_BYTES * 4 // 3 + 1024 * 1024  # of a request: files travel a third longer than they are
log = logging.getLogger("rapport.hooks")


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def ring(request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    """Take what the provider tells: 403 for strangers, 413 for too much, 503 when it should ring again later."""
    view = providers.view_of(provider, kind)
    if view is None:
        raise Http404
    if request.method == "HEAD":  # some ask so whether anybody is there
        return HttpResponse()
    try:
        return _hear(view(), request, provider, kind)
    except AnymailWebhookValidationFailure:
        refused.count_one()
        return HttpResponse(status=403)
    except (NotStored, DatabaseError, AnymailError, ImproperlyConfigured):
        log.exception("what the mail provider told could not be kept; it rings again")
        return HttpResponse(status=503)


def _hear(view: Any, request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    _require_secret(view, request)
    if (length := _length(request)) > MOST_READ:
        return _too_large(provider, kind, length)
    request._body = request.read(MOST_READ)  # beyond what forms of people may have
    try:
        view.run_validators(request)
        events = list(view.parse_events(request))
    except (AnymailError, ImproperlyConfigured, AnymailWebhookValidationFailure):
        raise
    except RequestDataTooBig:
        return _too_large(provider, kind, length)
    except Exception:  # what a stranger wrote went through the provider: whatever it is, it is no error page
        return _odd(request.body, kind)
    hooks.hear(events, provider=provider, at=now())
    return HttpResponse()


def _require_secret(view: Any, request: HttpRequest) -> None:
    """By the headers alone, before anything of the body is read."""
    view.setup(request)
    if isinstance(view, AnymailBasicAuthMixin):
        AnymailBasicAuthMixin.validate_request(view, request)


def _odd(body: bytes, kind: str) -> HttpResponse:
    """It knew the secret and made no sense: a mail is kept in quarantine, an event is refused."""
    if kind == "tracking" or not body:
        return HttpResponse(status=400)
    actions.quarantine(body, way=Reply.Way.WEBHOOK, why=actions.ODD, at=now())
    return HttpResponse()


def _too_large(provider: str, kind: str, length: int) -> HttpResponse:
    """The provider keeps it and tells its sender; here stands that there was one."""
    if kind == "inbound":
        at = now()
        name = f"refused:{provider}:{length}:{at:%Y%m%d}"
        actions.quarantine(b"", way=Reply.Way.WEBHOOK, why=actions.TOO_LARGE, at=at, name=name, size=length)
    return HttpResponse(status=413)


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else 0
