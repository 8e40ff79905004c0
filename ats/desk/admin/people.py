"""People who applied."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ats.desk import actions, identity, search
from ats.desk.fields import ZoneFields
from ats.desk.lists import DeskAdmin, KeysetChangeList
from candidates.people import duplicates
from candidates.people.models import Application, Candidate


@admin.register(Candidate)
class CandidateAdmin(ZoneFields, DeskAdmin):
    """Names and addresses can be corrected; everything else is on the applications."""

    list_display = ("name", "email", "phone", "language")
    search_fields = ("name", "email")
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("name", "email", "phone", "zone", "language", "applications", "invitations")
    readonly_fields = ("applications", "invitations")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Candidate]:
        """Those with an application that one may see, or in the talent pool; nobody who was merged into another."""
        return duplicates.visible_to(request.user).filter(identity.people_named_to(request.user))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return KeysetChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """As in the list of applications."""
        term = search_term.strip()
        return (queryset.filter(pk__in=search.people(term)) if term else queryset), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """With the applications that this colleague may see."""
        found = super().get_object(request, object_id, from_field)
        found.seen_applications = (
            Application.objects.visible_to(request.user).filter(candidate=found).select_related("job").defer("letter")
        )
        return found

    @admin.display(description=_("applications"))
    def applications(self, candidate: Any) -> str:
        """A line each, with its link."""
        lines = [
            (reverse("admin:candidates_application_change", args=[one.pk]), one.job.title, one.get_stage_display())
            for one in candidate.seen_applications
        ]
        return format_html_join("", '<p><a href="{}">{}</a> · {}</p>', lines)

    @admin.display(description=_("invited to apply"))
    def invitations(self, candidate: Candidate) -> str:
        """To what, when and by whom."""
        found = candidate.invitations.select_related("job")
        lines = [(one.job.title, date_format(localtime(one.at), "j M Y"), one.by_name) for one in found]
        return format_html_join("", "<p>{} · {}, {}</p>", lines) or "–"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People come by applying."""
        return False

    def save_model(self, request: HttpRequest, obj: Candidate, form: Any, change: bool) -> None:
        """By the verb: what waits for the candidate's answer follows the corrected address."""
        actions.correct_contact(obj)
