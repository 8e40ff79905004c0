"""Pages in the reader's language: the browser's, unless they press the switch in the header."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.post import language

A_YEAR = 365 * 24 * 60 * 60
OURS = ("/admin/", "/desk/")  # colleagues' pages, which are written in one language


class SpeakingMiddleware(LocaleMiddleware):
    """Django's, which keeps the desk in its own language and tells caches that the switch's cookie matters."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language of the page."""
        if not request.path.startswith(OURS):
            super().process_request(request)
            return
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say which language it is, and what it depended on."""
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return super().process_response(request, response)


@csrf_exempt  # a token would cost every public page a cookie and its place in caches; the browser's own word is enough
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Remember the language that was pressed, for this browser, and go back to the page."""
    back = request.POST.get("next", "")
    response = redirect(back if url_has_allowed_host_and_scheme(back, None) else "/")
    chosen = language.supported(request.POST.get("language", ""))
    if chosen and _is_from_here(request):
        name, secure = settings.LANGUAGE_COOKIE_NAME, request.is_secure()
        response.set_cookie(name, chosen, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _is_from_here(request: HttpRequest) -> bool:
    """Whether one of our own pages sent it, as far as the browser tells."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
