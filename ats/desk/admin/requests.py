"""Candidates who ask for a copy of their data or for its deletion."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.desk import identity
from ats.desk.lists import ReadOnlyAdmin
from candidates.people import requests
from candidates.people.actors import Actor
from candidates.people.models import Application, DataRequest
from candidates.pipeline import NotAllowed


class StateFilter(admin.SimpleListFilter):
    """Those that wait, unless something else is chosen."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Besides those that wait."""
        return [("done", gettext_lazy("Done")), ("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        """With "waiting" in the place of "all"."""
        first, *others = super().choices(changelist)
        yield first | {"display": _("Waiting")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[DataRequest]) -> QuerySet[DataRequest]:
        """Narrowed to the chosen state."""
        if self.value() == "all":
            return queryset
        return queryset.filter(done_at__isnull=self.value() != "done")


@admin.register(DataRequest)
class DataRequestAdmin(ReadOnlyAdmin):
    """Who asks for what and by when; a colleague does it and marks it done."""

    list_display = ("candidate", "job", "kind", "at", "due_at", "done_at", "done_by_name", "erase")
    list_filter = (StateFilter,)
    list_select_related = ("application__candidate", "application__job")
    ordering = ("due_at", "pk")
    sortable_by = ()
    actions = ("finish",)
    fields = ("application", "kind", "at", "due_at", "done_at", "done_by_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DataRequest]:
        """About applications that one may see."""
        wanted = DataRequest.objects.defer("application__letter").filter(identity.named_to(request.user))
        if request.user.is_superuser:
            return wanted
        return wanted.filter(application__in=Application.objects.visible_to(request.user))

    @admin.display(description=gettext_lazy("candidate"))
    def candidate(self, wanted: DataRequest) -> str:
        """Who asks."""
        return wanted.application.candidate.name

    @admin.display(description=gettext_lazy("job"))
    def job(self, wanted: DataRequest) -> str:
        """On the page of which application."""
        return wanted.application.job.title

    @admin.display(description="")
    def erase(self, wanted: DataRequest) -> str:
        """The way to the page that erases them, while they wait for it."""
        if wanted.kind != DataRequest.Kind.ERASE or wanted.done_at:
            return ""
        url = reverse("desk:erase", args=[wanted.application.candidate_id])
        return format_html('<a href="{}">{}</a>', url, _("Erase now…"))

    def has_finish_permission(self, request: HttpRequest) -> bool:
        """Whether one may mark requests as done."""
        return request.user.has_perm("candidates.change_datarequest")

    @admin.action(description=gettext_lazy("Mark as done"), permissions=["finish"])
    def finish(self, request: HttpRequest, queryset: QuerySet[DataRequest]) -> None:
        """For those that a colleague has seen to."""
        at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
        done = 0
        for wanted in queryset:
            try:
                requests.finish(wanted, at=at, by=by)
                done += 1
            except NotAllowed as refusal:
                messages.warning(request, f"{wanted}: {refusal}")
        if done:
            messages.success(request, ngettext("One request is done.", "%(n)d requests are done.", done) % {"n": done})
