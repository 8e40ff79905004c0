"""Where mailed links arrive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from candidates.post import asks, links


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Swap the token for a cookie of the page's own path and go to the clean address. Writes nothing."""
    read = links.read_ask_token(token)
    asked = asks.find(read[0]) if read else None
    if asked is None:
        return asks.private(render(request, "asks/unknown.html", status=404))
    at, path = now(), asked.get_absolute_url()
    afterwards = asks.address_afterwards(asked) if asked.answered_at else ""
    refuse = asks.refusal_afterwards if afterwards else asks.refusal
    if refused := refuse(request, asked, token, at=at):
        return refused
    response = redirect(afterwards or path)
    response.set_cookie(asks.COOKIE, token, path=path, httponly=True, secure=request.is_secure(), samesite="Lax")
    return asks.private(response)


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Mail a fresh link for one that ran out; the answer never tells whether the old one was ours."""
    asks.renew(request.POST.get("token", ""), at=now())
    return asks.private(render(request, "asks/renewed.html"))
