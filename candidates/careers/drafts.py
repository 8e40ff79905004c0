"""Going on with an application that is not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from candidates.careers.forms import ApplyForm
from candidates.careers.models import Draft
from candidates.jobs.models import Job
from candidates.people.models import Document
from candidates.post import links

COOKIE = "draft"


def behind(token: str) -> Draft | None:
    """The draft that this link leads to, whatever became of it."""
    pk = links.read_personal_token("draft", token)
    return Draft.objects.select_related("job").filter(pk=pk).first() if pk else None


def of(request: HttpRequest, job: Job, *, at: datetime) -> Draft | None:
    """The draft that this browser goes on with, by the cookie of the form; no query without one."""
    token = request.COOKIES.get(COOKIE, "")
    pk = links.read_personal_token("draft", token) if token else None
    if pk is None:
        return None
    going_on = Draft.objects.filter(pk=pk, job=job, application=None, expires_at__gt=at).exclude(email="")
    return going_on.select_related("job", "resume").first()


def open_in(response: HttpResponse, draft: Draft, *, secure: bool) -> None:
    """Let this browser go on with `draft` until it is closed; only the job's own form gets the cookie."""
    token, path = links.personal_token("draft", draft.pk), reverse("careers:apply", args=[draft.job.slug])
    response.set_cookie(COOKIE, token, path=path, httponly=True, secure=secure, samesite="Lax")


def close_in(response: HttpResponse, job: Job) -> None:
    """Forget in this browser what draft it goes on with."""
    response.delete_cookie(COOKIE, path=reverse("careers:apply", args=[job.slug]), samesite="Lax")


def form(draft: Draft, *, at: datetime) -> ApplyForm:
    """The form with what was typed, and its files."""
    filled = ApplyForm(job=draft.job, at=at, kept=_files(draft, at))
    for name, values in draft.data.get("typed", {}).items():
        if name in filled.fields and values:
            is_list = isinstance(filled.fields[name], forms.MultipleChoiceField)
            filled.initial[name] = values if is_list else values[0]
    return filled


def _files(draft: Draft, at: datetime) -> dict[str, Document]:
    """Its files that are still there; one query at most."""
    keys: dict[str, Any] = draft.data.get("files", {})
    held = Document.objects.filter(application=None, expires_at__gt=at)
    found = held.in_bulk(list(keys.values())) if keys else {}
    files = {name: found[pk] for name, pk in keys.items() if pk in found}
    is_there = draft.resume and draft.resume.application_id is None
    return files | ({"resume": draft.resume} if is_there and draft.resume else {})
