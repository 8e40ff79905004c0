"""Many applications at once, in three pages without JavaScript: what it needs to know, what will happen, what did."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ats.desk import bulk
from ats.desk.bulk import Chosen, Row, State, Verb
from candidates.people.actors import Actor
from candidates.people.models import Application

PREVIEW, CONFIRM = "preview", "confirm"
OWN = ("csrfmiddlewaretoken", "action", "verb", "chosen", "everything", "filter", "look", "back", "capped")


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take one verb to the ticked applications; reading the address leads back to the list."""
    verb = bulk.VERBS.get(request.POST.get("verb", ""))
    if request.method != "POST" or verb is None:
        return redirect(_list())
    chosen, is_capped = _chosen(request)
    rows = bulk.read(request.user, chosen)
    if not rows:
        messages.warning(request, _("Tick at least one application first."))
        return redirect(_back(request))
    bulk.judge(verb, rows, request.user)
    return _step(request, verb, rows, is_capped)


def _step(request: HttpRequest, verb: Verb, rows: list[Row], is_capped: bool) -> HttpResponse:
    """The page that is next: the form until it is filled in, then the preview, then what was done."""
    action = request.POST.get("action") or (PREVIEW if "look" in request.POST else "")
    asks = bool(verb.form.base_fields)
    form = verb.form(request.POST if action or not asks else None, rows=rows, user=request.user)
    at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
    common = {"is_capped": is_capped, "most": bulk.MOST, "form": form}
    if (action == "change" or not action) and asks:
        form = verb.form(None, rows=rows, user=request.user, initial=_typed(request)) if action else form
        return _render(request, "form", verb, rows, common | {"form": form})
    if not form.is_valid():
        return _render(request, "form", verb, rows, common)
    if action == CONFIRM:
        bulk.carry_out(verb, form, rows, at=at, by=by)
        return _render(request, "result", verb, rows, common | _told(rows))
    outlook = bulk.look(verb, form, rows, at=at, by=by, wanted=_wanted(request))
    return _render(request, "preview", verb, rows, common | {"outlook": outlook, "typed": _typed(request).items()})


def _told(rows: list[Row]) -> dict[str, Any]:
    """Not done first: that is what somebody has to look at."""
    order = [State.NOT, State.BEFORE, State.DONE]
    counts = {state.name.lower(): sum(row.state == state for row in rows) for state in order}
    undoable = [row.application.pk for row in rows if row.is_undoable]
    return {"told": sorted(rows, key=lambda row: order.index(row.state)), "counts": counts, "undoable": undoable}


def _render(request: HttpRequest, name: str, verb: Verb, rows: list[Row], extra: dict[str, Any]) -> HttpResponse:
    context = {
        "verb": verb,
        "verb_name": request.POST["verb"],
        "rows": rows,
        "title": verb.label,
        "back": _back(request),
        "doable": sum(row.state == State.WILL for row in rows),
    }
    return render(request, f"desk/bulk_{name}.html", admin.site.each_context(request) | context | extra)


def _chosen(request: HttpRequest) -> tuple[list[Chosen], bool]:
    """The ticked rows, or all that match the list's filter; and whether there were more than can be done at once."""
    if request.POST.get("everything"):
        keys = _matching(request)
        return [Chosen(pk) for pk in keys[: bulk.MOST]], len(keys) > bulk.MOST
    parsed = [Chosen.parse(text) for text in request.POST.getlist("chosen")]
    found = list(dict.fromkeys(one for one in parsed if one))
    return found[: bulk.MOST], len(found) > bulk.MOST or request.POST.get("capped") == "1"


def _matching(request: HttpRequest) -> list[int]:
    """The keys of what the list shows under its filters and search, one more than can be done at once."""
    asked = request.POST.get("filter", "")
    copy = HttpRequest()
    copy.method, copy.user, copy.path, copy.META = "GET", request.user, _list(), request.META
    filters = QueryDict(asked.encode("utf-8", "replace").decode().replace("\x00", ""), mutable=True)
    for word in ("after", "before", "e", "_popup", "_to_field"):
        filters.pop(word, None)
    copy.GET = filters  # type: ignore[assignment]
    try:
        changelist = admin.site.get_model_admin(Application).get_changelist_instance(copy)
    except admin.options.IncorrectLookupParameters:
        return []
    return list(changelist.queryset.values_list("pk", flat=True)[: bulk.MOST + 1])


def _typed(request: HttpRequest) -> dict[str, str]:
    """What the form asked for, for the hidden fields of the next page."""
    return {name: str(value) for name, value in request.POST.items() if name not in OWN}


def _wanted(request: HttpRequest) -> int | None:
    one = Chosen.parse(request.POST.get("look", ""))
    return one.pk if one else None


def _back(request: HttpRequest) -> str:
    """The list as it was filtered."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.isprintable()
    return back if is_ours else _list()


def _list() -> str:
    return reverse("admin:candidates_application_changelist")
