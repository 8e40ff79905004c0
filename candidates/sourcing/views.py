"""The pages of the talent pool, and the page of an employee who recommends people."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from candidates.careers import spam
from candidates.careers.forms import TRAP
from candidates.company import notice
from candidates.jobs.models import Job
from candidates.people import family
from candidates.post import asks, links
from candidates.sourcing import actions
from candidates.sourcing.forms import InterestsForm, JoinForm
from candidates.sourcing.models import PoolMember, Referrer

POOL, REFERRER = "pool", "referrer"
Page = Callable[Concatenate[HttpRequest, Any, ...], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """ "Tell me about new jobs": the answer is the same for everybody, known or not (V30)."""
    if request.method != "POST":
        return _join_page(request, JoinForm())
    form, at = JoinForm(request.POST), now()
    if form.is_trapped:
        spam.note_trap()
        return redirect("sourcing:sent")
    if over := spam.count_form(spam.sender(request), at=at):
        told = _("Too many forms came from you or your network. Send it again after %s.")
        form.add_error(None, told % date_format(localtime(over.again_at), "H:i"))
        return _join_page(request, form, status=429)
    if not form.is_valid():
        return _join_page(request, form)
    typed = {name: form.cleaned_data[name] for name in ("name", "email", "interests")}
    version, language = notice.current_version(), get_language() or settings.LANGUAGE_CODE
    actions.join(**typed, consent_version=version, language=language, zone=settings.TIME_ZONE, at=at)
    return redirect("sourcing:sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox; the page knows nobody."""
    return render(request, "sourcing/sent.html")


@csrf_exempt  # a mail program posts here without having seen a page; the signed link is what lets it in
@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a mail arrives: GET leads to the page and writes nothing; POST is the one click."""
    if request.method != "POST":
        return _enter(request, POOL, token, "sourcing:own")
    member = _member(links.read_personal_token(POOL, token))
    if member is None:
        return _unknown(request)
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return redirect("sourcing:membership", token)
    actions.leave(member, at=now())
    return asks.private(HttpResponse(_("You get no more mails about new jobs."), content_type="text/plain"))


def behind(whose: str, find: Callable[[int | None], Any]) -> Callable[[Page], Callable[..., HttpResponse]]:
    """Give a view the row that the link's cookie opens; all else is an unknown link."""

    def gated(view: Page) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gate(request: HttpRequest, pk: int) -> HttpResponse:
            is_theirs = links.read_personal_token(whose, request.COOKIES.get(whose, "")) == pk
            row = find(pk) if is_theirs else None
            return asks.private(view(request, row)) if row else _unknown(request)

        return gate

    return gated


def _member(pk: int | None) -> PoolMember | None:
    """The membership behind a link; that of the person who was kept, if they were merged meanwhile."""
    found = PoolMember.objects.select_related("candidate").filter(pk=pk).first() if pk else None
    if found is None or found.candidate.merged_into_id is None:
        return found
    kept = PoolMember.objects.select_related("candidate").filter(candidate=family.head(found.candidate))
    return kept.first() or found


def _referrer(pk: int | None) -> Referrer | None:
    return Referrer.objects.filter(pk=pk, is_active=True).first() if pk else None


@require_http_methods(["GET", "HEAD", "POST"])
@behind(POOL, _member)
def own(request: HttpRequest, member: PoolMember) -> HttpResponse:
    """Say yes, change one's interests, leave; with a button each, because programs open links too."""
    with translation.override(member.candidate.language), timezone.override(ZoneInfo(member.candidate.zone)):
        action = request.POST.get("action", "") if request.method == "POST" else ""
        form = InterestsForm(request.POST if action == "confirm" else None, initial={"interests": member.interests})
        if action == "leave":
            actions.leave(member, at=now())
            return redirect(request.path)
        if action == "confirm" and form.is_valid():
            return _confirm(request, member, form.cleaned_data["interests"])
        return render(request, "sourcing/own.html", {"member": member, "form": form})


def _confirm(request: HttpRequest, member: PoolMember, interests: str) -> HttpResponse:
    try:
        actions.confirm(member, interests=interests, consent_version=notice.current_version(), at=now())
    except ObjectDoesNotExist:
        return _unknown(request)
    return redirect(request.path)


@require_safe
def referrals(request: HttpRequest, token: str) -> HttpResponse:
    """Where an employee's link arrives."""
    return _enter(request, REFERRER, token, "sourcing:links")


@require_safe
@behind(REFERRER, _referrer)
def referral_links(request: HttpRequest, referrer: Referrer) -> HttpResponse:
    """An employee's link for every open job, and how many came by them; no names, no outcomes."""
    rows = [
        {"job": job, "url": f"{settings.SITE_URL}{reverse('careers:job', args=[job.slug])}?ref={referrer.code}"}
        for job in Job.objects.listed().only("title", "slug")
    ]
    came = referrer.applications.filter(duplicate_of=None).aggregate(n=Count("pk"))["n"]
    return render(request, "sourcing/links.html", {"referrer": referrer, "rows": rows, "came": came})


def _enter(request: HttpRequest, whose: str, token: str, page: str) -> HttpResponse:
    """Swap the token for a cookie of the page's own path and go to the clean address. Writes nothing."""
    pk = links.read_personal_token(whose, token)
    if pk is None:
        return _unknown(request)
    path = reverse(page, args=[pk])
    response = redirect(path)
    response.set_cookie(whose, token, path=path, httponly=True, secure=request.is_secure(), samesite="Lax")
    return asks.private(response)


def _unknown(request: HttpRequest) -> HttpResponse:
    return asks.private(render(request, "asks/unknown.html", status=404))


def _join_page(request: HttpRequest, form: JoinForm, status: int = 200) -> HttpResponse:
    return render(request, "sourcing/join.html", {"form": form, "trap": TRAP}, status=status)
