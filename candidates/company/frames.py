"""Which other sites may show a page of ours in a frame."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpResponse

from candidates.company.models import Company

# Nothing else goes into the header, so that no text of ours can say more in it than the name of a site.
SITE = re.compile(r"https?://(?:[a-z0-9_-]+\.)*[a-z0-9_-]+(?::[0-9]{1,5})?")


def site_of(address: str) -> str:
    """The site of an address as a browser names it: scheme, host, and a port if there is one.

    Raises:
        ValueError: it is on no site of the web.
    """
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").encode("idna").decode("ascii")
    site = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    if not SITE.fullmatch(site):
        raise ValueError(address)
    return site


def allow(response: HttpResponse, company: Company) -> HttpResponse:
    """Let exactly the sites that the company named show `response`; without any, none may."""
    sites = [site for site in company.embedded_by if SITE.fullmatch(site)]
    if sites:
        response.xframe_options_exempt = True  # that header knows no list of sites
        response._csp_replace = {"frame-ancestors": sites}  # type: ignore[attr-defined]
    return response
