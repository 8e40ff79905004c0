"""The HTML of a mail, on a page of its own in which nothing can act and no link leads anywhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from candidates.post import markup, rendering

ALONE = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def page(html: str) -> HttpResponse:
    """`html` to look at: the mail's own styles show, scripts, forms, images and links do nothing."""
    shown = markup.without_links(html).replace(rendering.LINK, _("[their personal link]"))
    answer = HttpResponse(shown)
    answer["Content-Security-Policy"] = ALONE
    answer["Cache-Control"] = "private, no-store"
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["X-Robots-Tag"] = "noindex"
    return answer
