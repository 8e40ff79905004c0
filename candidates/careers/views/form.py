"""The application form, going on with one that was saved, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from candidates.careers import actions, drafts, process, spam
from candidates.careers.actions import Unsent
from candidates.careers.facts import line
from candidates.careers.forms import TRAP, ApplyForm
from candidates.careers.held import HELD_FOR, FileGone
from candidates.careers.models import Draft
from candidates.careers.spam import Over
from candidates.careers.views.gate import gone, open_job, published
from candidates.careers.views.source import link_of, query_of, source_of
from candidates.jobs.models import Job
from candidates.people.documents import NotStored
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.stages import Stage


@dataclass(frozen=True)
class Sent:
    """A form that came: by which request, for which job, as which draft, when."""

    request: HttpRequest
    job: Job
    form: ApplyForm
    draft: Draft | None
    at: datetime


@require_http_methods(["GET", "HEAD", "POST"])
@open_job
def apply(request: HttpRequest, job: Job) -> HttpResponse:
    """The form; after a good one the browser goes on to the thank-you page, so that reloading sends nothing."""
    at = now()
    draft = drafts.of(request, job, at=at)
    if request.method != "POST":
        form = drafts.form(draft, at=at) if draft else ApplyForm(job=job, at=at)
        return _page(request, job, form, draft=draft)
    if "empty" in request.POST:
        return _start_empty(request, job)
    form = ApplyForm(request.POST, request.FILES, job=job, at=at)
    if form.is_trapped:
        spam.note_trap()
        return _thank(job)
    return _take(Sent(request, job, form, draft, at))


@require_safe
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a saved form: a cookie for the form's own address, and on to it. Writes nothing."""
    draft, at = drafts.behind(token), now()
    if draft is None:
        return asks.private(render(request, "careers/draft_over.html", status=404))
    if draft.application_id:
        return asks.private(render(request, "careers/draft_sent.html", {"job": draft.job}, status=410))
    if not draft.email or draft.expires_at <= at:
        return asks.private(render(request, "careers/draft_over.html", {"job": draft.job}, status=410))
    query = urlencode(draft.data.get("link", {}))
    response = redirect(reverse("careers:apply", args=[draft.job.slug]) + (f"?{query}" if query else ""))
    drafts.open_in(response, draft, secure=request.is_secure())
    return asks.private(response)


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next and by when; the same page for everybody, it knows nobody."""
    job = published(slug)
    context = {"job": job, "days": process.days(job.plan, Stage.APPLIED)}
    return render(request, "careers/thanks.html", context)


def _take(sent: Sent) -> HttpResponse:
    """Save it for later, send it, or show it again with what is wrong."""
    is_draft, is_good = "save" in sent.request.POST, sent.form.is_valid()
    email = sent.form.cleaned_data["email"] if is_good and not is_draft else ""
    if over := spam.count_form(spam.sender(sent.request), email, at=sent.at):
        return _refuse(sent, over)
    if is_draft:
        return _save(sent)
    return _send(sent) if is_good else _again(sent)


def _send(sent: Sent) -> HttpResponse:
    link, language = link_of(sent.request), get_language() or ""
    source = source_of(sent.request) or ("referral" if link.get("ref") else "")
    told: dict[str, Any] = {"source": source, "link": link, "language": language, "draft": sent.draft, "at": sent.at}
    try:
        actions.apply(sent.job, **sent.form.arguments(), **told)
    except NotAllowed:
        return gone(sent.request, sent.job)
    except FileGone as missing:
        return _choose_again(sent, missing.args[0])
    except NotStored:
        return _disk_full(sent)
    return _thank(sent.job)


def _save(sent: Sent) -> HttpResponse:
    """Keep a form that is not finished, and mail the link to go on with it."""
    form = sent.form
    form.forgive_unfinished()
    if form.errors:
        return _again(sent)
    email = form.cleaned_data["email"]
    if over := spam.count_draft(email, at=sent.at):
        return _refuse(sent, over)
    unsent = Unsent(email, get_language() or "en", form.cleaned_data.get("zone") or sent.job.zone, form.typed)
    try:
        kept = actions.save_draft(
            sent.job, replace(unsent, files=form.documents, uploads=form.uploads, link=link_of(sent.request)),
            draft=sent.draft, at=sent.at,
        )  # fmt: skip
    except NotStored:
        return _disk_full(sent)
    told = _("Saved until %(day)s. A link to go on is on its way to %(email)s.")
    messages.success(sent.request, told % {"day": date_format(localtime(kept.expires_at), _("j F")), "email": email})
    response = redirect(sent.request.get_full_path())
    drafts.open_in(response, kept, secure=sent.request.is_secure())
    return response


def _start_empty(request: HttpRequest, job: Job) -> HttpResponse:
    """Show the form without what was saved; the link in the mail still opens that."""
    response = redirect(request.get_full_path())
    drafts.close_in(response, job)
    return response


def _thank(job: Job) -> HttpResponse:
    response = redirect("careers:thanks", job.slug)
    drafts.close_in(response, job)
    return response


def _again(sent: Sent, status: int = 200, holds: bool = True) -> HttpResponse:
    """The form with all that was typed, its errors, and the good files that came with it."""
    try:
        if holds and sent.form.uploads:
            sent.form.show_held(actions.hold(sent.form.uploads, at=sent.at, until=sent.at + HELD_FOR))
    except NotStored:
        pass  # the page asks for the files once more
    return _page(sent.request, sent.job, sent.form, draft=sent.draft, status=status)


def _refuse(sent: Sent, over: Over) -> HttpResponse:
    """Too many came from there: all is kept, and it says when to try again; the same for known and unknown."""
    until = date_format(localtime(over.again_at), "H:i")
    told = _("Too many forms came from you or your network. All is kept: send it again after %(time)s (%(zone)s).")
    sent.form.add_error(None, told % {"time": until, "zone": localtime(over.again_at).tzname()})
    response = _again(sent, status=429, holds=over.keeps_files)
    response["Retry-After"] = str(max(int((over.again_at - sent.at).total_seconds()), 1))
    return response


def _choose_again(sent: Sent, key: int) -> HttpResponse:
    for name, document in sent.form.documents.items():
        if document.pk == key:
            sent.form.forget_file(name)
    return _again(sent)


def _disk_full(sent: Sent) -> HttpResponse:
    told = _("We could not keep your file just now, so nothing was sent. Try again in some minutes.")
    sent.form.add_error(None, told)
    return _page(sent.request, sent.job, sent.form, draft=sent.draft, status=503)


def _page(request: HttpRequest, job: Job, form: ApplyForm, *, draft: Draft | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "job": job,
        "form": form,
        "draft": draft,
        "trap": TRAP,
        "line": line(job),
        "back": reverse("careers:job", args=[job.slug]) + query_of(request),
    }
    return asks.private(render(request, "careers/apply.html", context, status=status))
