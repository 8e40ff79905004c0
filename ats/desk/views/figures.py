"""Figures of the help desk, for recruiters: bring an export in, see what became of it, say who its agents are.

An import is seen by who began it and by administrators: its rows tell of people of all jobs. Agents are seen by all
recruiters, but whose trial an agent is only by those who see that application, by its name only by those who know it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ats.desk import identity, roles
from ats.importing.uploads import prepare
from ats.spreadsheets import BOM, harmless
from candidates.people.documents import NotStored
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.stages import Stage
from trials.figures import actions
from trials.figures.forms import LOST, ColumnsForm, ToolForm, UploadForm
from trials.figures.metrics import Tool
from trials.figures.models import Agent, FigureImport, RefusedRow
from trials.offering.models import Trial

PAGE = 50
MOST_TRIALS = 500  # of which one is chosen; the newest
View = Callable[..., Any]


def _for_recruiters(view: View) -> View:
    """Nobody else brings figures in; and never out of a cache."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not roles.is_recruiter(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(gate)


@_for_recruiters
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """All that one has brought in, newest first, and how many agents nobody has matched."""
    mine = FigureImport.objects.visible_to(request.user).defer("columns", "mapping")
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    unmatched = Agent.objects.filter(part=Agent.Part.NEW)[:1000].count()
    return _render(request, "figures", _("Figures of the help desk"), {"page": page, "unmatched": unmatched})


@csrf_exempt  # checked by `_upload`, once it is settled where the file of this request goes
@_for_recruiters
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose the help desk and its export."""
    prepare(request)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        told = {"table": form.cleaned_data["table"], "looked": form.looked, "at": now(), "by": request.user}
        try:
            run = actions.receive(form.cleaned_data["tool"], **told)
            return redirect("desk:figures_columns", pk=run.pk)
        except NotStored:
            form.add_error("table", LOST)
    return _render(request, "figures_upload", _("Bring figures in"), {"form": form})


@_for_recruiters
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column means; the rows are read after that."""
    run = _find(request, pk)
    if run.is_at_work:
        return redirect("desk:figures_import", pk=pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, run=run, today=now().date())
    if not run.recognised and form.is_bound and form.is_valid():
        return _do(request, run, lambda at: actions.start(run, at=at, **form.arguments()))
    recognised = dict(Tool.choices).get(run.recognised, "")
    context = {"run": run, "form": form, "recognised": recognised, "tools": Tool.choices}
    return _render(request, "figures_columns", _("What the columns mean"), context)


@_for_recruiters
@require_POST
def tool(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which help desk the file is from after all; it need not be chosen again."""
    run, form = _find(request, pk), ToolForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the help desk that the file is from."))
        return redirect("desk:figures_columns", pk=pk)
    return _do(
        request, run, lambda at: actions.settle_tool(run, form.cleaned_data["tool"], at=at), to="figures_columns"
    )


@_for_recruiters
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what was not taken and why."""
    run = _find(request, pk)
    if run.state == FigureImport.State.MAPPING:
        return redirect("desk:figures_columns", pk=pk)
    paginator = Paginator(run.refusals.order_by("number"), PAGE)
    paginator.count = run.refused
    agents = Agent.objects.filter(tool=run.tool, part=Agent.Part.NEW)[:1000].count()
    context = {"run": run, "page": paginator.get_page(request.GET.get("page")), "unmatched": agents}
    context["header"] = [column["name"] for column in run.columns]
    return _render(request, "figures_import", run.name, context)


@_for_recruiters
@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for the page that asks again and again; at the end the whole page is wanted."""
    run = _find(request, pk)
    response = render(request, "desk/figures_progress.html", {"run": run})
    if not run.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@_for_recruiters
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on from where it failed."""
    run = _find(request, pk)
    return _do(request, run, lambda at: actions.go_on(run, at=at))


@_for_recruiters
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete what this import brought."""
    run = _find(request, pk)

    def verb(at: datetime) -> None:
        number = actions.take_back(run, at=at)
        messages.success(request, ngettext("%d figure deleted.", "%d figures deleted.", number) % number)

    return _do(request, run, verb)


@_for_recruiters
@require_safe
def refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rows that were not taken, with the reason: to be mended and brought in again."""
    run = _find(request, pk)
    response = StreamingHttpResponse(_refused(run), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{run.pk}-not-taken.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _refused(run: FigureImport) -> Iterator[str]:
    yield BOM + _line([_("Row"), _("Not taken because"), *(column["name"] for column in run.columns)])
    rows: QuerySet[RefusedRow] = run.refusals.order_by("number")
    for row in rows.iterator(chunk_size=1000):
        yield _line([str(row.number), row.reason, *row.cells])


def _line(cells: list[str]) -> str:
    """A line in which nothing can act as a formula."""
    written = io.StringIO()
    csv.writer(written).writerow([harmless(cell) for cell in cells])
    return written.getvalue()


@_for_recruiters
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: HttpRequest) -> HttpResponse:
    """Who is who in the help desk; those that nobody has matched come first. A POST says it of those on the page."""
    if request.method == "POST":
        _match_all(request)
        return redirect(request.get_full_path())
    part, tool_, sought = (request.GET.get(name, "") for name in ("part", "tool", "q"))
    found = Agent.objects.select_related("application__candidate", "application__job").order_by("tool", "name", "key")
    found = found.filter(part=part) if part in Agent.Part.values else found
    found = found.filter(tool=tool_) if tool_ in Tool.values else found
    words = sought.replace("\0", "").strip()[:100]
    found = (
        found.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(key__icontains=words)) if words else found
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _rows(request, page), "part": part, "tool": tool_, "q": words}
    context |= {"parts": Agent.Part.choices, "tools": Tool.choices, "query": _query(request)}
    return _render(request, "figures_agents", _("Agents of the help desk"), context)


def _query(request: HttpRequest) -> str:
    """What else stands in the address than the page."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


def _rows(request: HttpRequest, page: Page[Agent]) -> list[dict[str, Any]]:
    """Each agent with what may be chosen for them: everybody on trial, and who they are now."""
    on_trial = list(_with_trials(request, only_current=True))
    matched = [one.application_id for one in page if one.application_id]
    visible = set(_visible(request).filter(pk__in=matched).values_list("pk", flat=True))
    return [_row(agent, on_trial, visible) for agent in page]


def _row(agent: Agent, on_trial: list[Application], visible: set[int]) -> dict[str, Any]:
    """What the page tells of one agent. Who is not matched and has the name of one person on trial is suggested."""
    is_hidden = agent.application_id is not None and agent.application_id not in visible
    choices = {str(one.pk): str(one) for one in on_trial}
    if agent.application and not is_hidden:
        choices.setdefault(str(agent.application_id), str(agent.application))
    same = [one for one in on_trial if one.candidate.name.casefold() == agent.name.casefold()]
    is_clear = agent.part == Agent.Part.NEW and len(same) == 1
    return {
        "agent": agent,
        "choices": choices,
        "now_is": str(agent.application_id or agent.part),
        "is_hidden": is_hidden,
        "suggested": str(same[0].pk) if is_clear else "",
    }


@_for_recruiters
@require_http_methods(["GET", "HEAD", "POST"])
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """One agent, who may also be somebody whose trial is over."""
    found = get_object_or_404(Agent.objects.select_related("application"), pk=pk)
    if found.application_id and not _visible(request).filter(pk=found.application_id).exists():
        raise PermissionDenied
    if request.method == "POST":
        _match_all(request)
        return redirect("desk:agents")
    choices = {str(one.pk): str(one) for one in _with_trials(request, only_current=False)}
    row = {"agent": found, "choices": choices, "now_is": str(found.application_id or found.part)}
    return _render(request, "figures_agent", str(found), {"row": row})


def _match_all(request: HttpRequest) -> None:
    """Carry out what was chosen for each agent on the page, as far as one may; what did not change is left alone."""
    said = {key[4:]: str(told) for key, told in request.POST.items() if key.startswith("who-") and _is_key(key[4:])}
    agents = Agent.objects.filter(pk__in=list(said)[:PAGE])
    other = [(one, said[str(one.pk)]) for one in agents if said[str(one.pk)] != str(one.application_id or one.part)]
    keys = {one.application_id for one, _told in other if one.application_id}
    keys |= {int(told) for _one, told in other if _is_key(told)}
    visible = {one.pk: one for one in _visible(request).filter(pk__in=keys)}
    number = sum(_match(request, one, told, visible) for one, told in other)
    if number:
        messages.success(request, ngettext("%d agent matched.", "%d agents matched.", number) % number)


def _match(request: HttpRequest, agent: Agent, told: str, visible: dict[int, Application]) -> bool:
    """Match one agent; false, and a word about it, when that is not theirs to say."""
    application = visible.get(int(told)) if _is_key(told) else None
    is_part = told in Agent.Part.values and told != Agent.Part.TRIAL
    if (agent.application_id and agent.application_id not in visible) or not (application or is_part):
        messages.error(request, _("%s was left as it is: choose somebody on the list.") % agent)
        return False
    part = Agent.Part.TRIAL if application else Agent.Part(told)
    actions.match(agent, part, application=application, at=now(), by=request.user)  # type: ignore[arg-type]
    return True


def _visible(request: HttpRequest) -> QuerySet[Application]:
    """Applications with a trial that one may see, and know by name."""
    visible = Application.objects.visible_to(request.user).filter(identity.named_to(request.user, "pk"))
    return visible.filter(pk__in=Trial.objects.values("application")).select_related("candidate", "job").defer("letter")


def _with_trials(request: HttpRequest, *, only_current: bool) -> QuerySet[Application]:
    found = _visible(request).filter(stage=Stage.TRIAL) if only_current else _visible(request)
    return found.order_by("-stage_since", "-pk")[:MOST_TRIALS]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _find(request: HttpRequest, pk: int) -> FigureImport:
    """The import `pk`, to those who may see it; everybody else gets a 404."""
    return get_object_or_404(FigureImport.objects.visible_to(request.user), pk=pk)


def _do(
    request: HttpRequest, run: FigureImport, verb: Callable[[datetime], None], *, to: str = "figures_import"
) -> HttpResponse:
    """Do it; tell when somebody was quicker."""
    try:
        verb(now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(f"desk:{to}", pk=run.pk)


def _render(request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"desk/{name}.html", {**admin.site.each_context(request), "title": title, **context})
