"""Agents of the help desk and imports of their figures, to look at; they are worked on at `/desk/figures/`.

Whose trial an agent is stands on the desk's own pages alone, where it is told to those who may know.
"""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from ats.desk.lists import ReadOnlyAdmin
from trials.figures.models import Agent, FigureImport


@admin.register(Agent)
class AgentAdmin(ReadOnlyAdmin):
    """Who works in the help desk, and whether somebody said who that is."""

    list_display = ("__str__", "tool", "key", "email", "part", "matched_by_name")
    list_filter = ("tool", "part")
    search_fields = ("name", "email", "key")
    search_help_text = gettext_lazy("A part of the name, the mail address or the number.")
    fields = ("tool", "key", "name", "email", "part", "matched_at", "matched_by_name")


@admin.register(FigureImport)
class FigureImportAdmin(ReadOnlyAdmin):
    """What was brought in, by whom, and what came of it."""

    list_display = ("name", "tool", "by_name", "at", "state", "rows", "added", "changed", "same", "refused")
    list_filter = ("tool", "state")
    ordering = ("-pk",)
    fields = ("name", "tool", "by_name", "at", "state", "rows", "added", "changed", "same", "refused", "error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FigureImport]:
        """One's own; administrators see all."""
        return FigureImport.objects.visible_to(request.user).defer("columns", "mapping")
