"""The pages of an import. Whose it is sees it, and administrators; to everybody else it is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ats.desk import identity
from ats.importing import actions, download, presets, progress, work
from ats.importing.forms import LOST, ColumnsForm, UploadForm
from ats.importing.models import Import, ImportRow
from ats.importing.uploads import prepare
from candidates.people.documents import NotStored
from candidates.pipeline import NotAllowed

PAGE = 50


def _desk(view: Callable[..., Any]) -> Callable[..., Any]:
    """For staff, and never out of a cache."""
    return never_cache(staff_member_required(view, login_url="admin:login"))


@_desk
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """All that one has imported, newest first."""
    mine = Import.objects.visible_to(request.user).select_related("job").defer("columns", "mapping")
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    return _render(request, "imports", _("Imports"), {"page": page, "may_begin": bool(work.targets(request.user))})


@csrf_exempt  # checked by `_upload`, once it is settled where the files of this request go
@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a job and the files."""
    prepare(request)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    jobs = work.targets(request.user)
    if not jobs:
        raise PermissionDenied
    if request.method != "POST":
        return _ask(request, UploadForm(jobs=jobs, initial={"job": request.GET.get("job", "")[:20]}))
    form = UploadForm(request.POST, request.FILES, jobs=jobs)
    if not form.is_valid():
        return _ask(request, form)
    said = form.cleaned_data
    files = {"table": said["table"], "looked": form.looked, "resumes": said["resumes"]}
    try:
        run = actions.receive(said["job"], at=now(), by=request.user, **files)  # type: ignore[arg-type]
    except NotStored:
        form.add_error("table", LOST)
        return _ask(request, form)
    return redirect("importing:columns", pk=run.pk)


def _ask(request: HttpRequest, form: UploadForm) -> HttpResponse:
    return _render(request, "upload", _("Import applications"), {"form": form})


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column means; the dry run begins."""
    run = _find(request, pk)
    if run.is_at_work or run.has_run:
        return redirect("importing:run", pk=pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, run=run)
    if request.method == "POST" and form.is_valid():
        return _do(request, run, lambda at: actions.check(run, at=at, **form.arguments()))
    context = {"run": run, "form": form, "preset": presets.LABELS.get(run.preset)}
    return _render(request, "columns", _("What the columns mean"), context)


@_desk
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what becomes of each row."""
    found = _find(request, pk)
    if found.state == Import.State.MAPPING:
        return redirect("importing:columns", pk=pk)
    fate = request.GET.get("fate", "")
    fate = fate if fate in ImportRow.Fate.values else ""
    context = {
        "run": found,
        "progress": progress.of(found, at=now()),
        "tallies": progress.tallies(found),
        "fate": fate,
        "page": _page(request, found, fate),
    }
    return _render(request, "run", found.name, context)


def _page(request: HttpRequest, run: Import, fate: str) -> Page[ImportRow]:
    """Some rows of the results; how many there are stands with the import, so that nothing is counted.

    What the reader is still to judge without knowing whose it is has no link here: it would lead from the name to it.
    """
    results = run.results.select_related("application__candidate").order_by("number")
    paginator = Paginator(results.filter(fate=fate) if fate else results, PAGE)
    counts = run.counts_of_fates()
    paginator.count = counts[fate] if fate else sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    hidden = identity.hidden(request.user, [row.application_id for row in page if row.application_id])
    for row in page:
        if row.application_id in hidden:
            row.application = None
    return page


@_desk
@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for the page that asks again and again; at the end the whole page is wanted."""
    run = _find(request, pk)
    response = render(request, "importing/progress.html", {"run": run, "progress": progress.of(run, at=now())})
    if not run.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@_desk
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out what the dry run told."""
    run = _find(request, pk)
    return _do(request, run, lambda at: actions.start(run, at=at))


@_desk
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop where it is."""
    run = _find(request, pk)
    return _do(request, run, lambda at: actions.stop(run, at=at))


@_desk
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on from where it was stopped."""
    run = _find(request, pk)
    return _do(request, run, lambda at: actions.go_on(run, at=at))


@_desk
@require_safe
def refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The rows that are not taken, as they stood in the file, with the reason: to be mended and imported again."""
    found = _find(request, pk)
    response = StreamingHttpResponse(download.refused(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{found.pk}-not-taken.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _find(request: HttpRequest, pk: int) -> Import:
    """The import `pk`, to those who may see it; everybody else gets a 404."""
    return get_object_or_404(Import.objects.visible_to(request.user).select_related("job"), pk=pk)


def _do(request: HttpRequest, run: Import, verb: Callable[[datetime], None]) -> HttpResponse:
    """Do it while one still recruits for the job; tell when somebody was quicker."""
    if run.job_id not in {job.pk for job in work.targets(request.user)}:
        raise PermissionDenied
    try:
        verb(now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("importing:run", args=[run.pk]))


def _render(request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
    return render(
        request, f"importing/{name}.html", admin.site.each_context(request) | {"title": title, **context}
    )  # fmt: skip
