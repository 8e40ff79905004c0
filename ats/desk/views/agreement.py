"""How far raters agree, for recruiters: the newest report, a new one, its files.

The report is of all jobs. It tells nothing of anybody about whom a judgement is still owed: those applications are
left out when it is computed (`interviews.agreement.units`), and no number rests on fewer than ten.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ats.desk import agreement, roles
from interviews.agreement import actions
from interviews.agreement.models import AgreementReport

TABLES = {"lines": agreement.lines_as_csv, "interviewers": agreement.raters_as_csv}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The newest report; a POST asks for a new one."""
    _for_recruiters(request)
    if request.method == "POST":
        actions.ask_for_report(at=now(), by=request.user)  # type: ignore[arg-type]
        return redirect("desk:agreement")
    report = AgreementReport.objects.done().first()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("How far raters agree"),
        "report": report,
        "newest": AgreementReport.objects.first(),
        "guides": agreement.guides(),
        "sections": agreement.sections(report) if report else [],
        "raters": agreement.raters(report) if report else [],
        "fewest": agreement.FEWEST,
    }
    return render(request, "desk/agreement.html", context)


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """How far the newest report is; once it is not under way any more, the page is loaded anew."""
    _for_recruiters(request)
    newest = AgreementReport.objects.first()
    response = render(request, "desk/agreement_state.html", {"newest": newest})
    if newest is None or not newest.is_waiting:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def download(request: HttpRequest, table: str) -> StreamingHttpResponse:
    """A table of the newest report for a spreadsheet."""
    _for_recruiters(request)
    report = AgreementReport.objects.done().first()
    if report is None or table not in TABLES:
        raise Http404
    response = StreamingHttpResponse(TABLES[table](report), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="agreement-{table}.csv"'
    return response


def _for_recruiters(request: HttpRequest) -> None:
    """Neither managers nor interviewers see what is told of colleagues here."""
    if not roles.is_recruiter(request.user):
        raise PermissionDenied
