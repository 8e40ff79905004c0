"""Where somebody came from: the parameters of the link that they followed, kept on their way to the form."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

LONGEST = 80
KEPT = ("source", "ref", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


def link_of(request: HttpRequest) -> dict[str, str]:
    """The parameters that tell where somebody came from, as far as they can be shown."""
    given = {name: "".join(char for char in request.GET.get(name, "") if char.isprintable())[:LONGEST] for name in KEPT}
    return {name: value for name, value in given.items() if value}


def query_of(request: HttpRequest) -> str:
    """The same as the end of an address, "?source=…", or nothing; every link of the career site ends with it."""
    query = QueryDict(mutable=True)
    query.update(link_of(request))
    return f"?{query.urlencode()}" if query else ""


def source_of(request: HttpRequest) -> str:
    """The link's `source`, or what stands for it."""
    link = link_of(request)
    return link.get("source") or link.get("utm_source", "")
