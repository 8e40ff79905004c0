"""What rules did, suggested and could not do: one list, with the reason in words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.automation import actions, undoing
from ats.automation.models import Firing
from ats.desk import identity, mail_state, roles
from ats.desk.lists import KeysetChangeList, ReadOnlyAdmin
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed


class FiringChangeList(KeysetChangeList):
    """Pages by key; people under their code names where the reader is to judge them blind."""

    def get_results(self, request: HttpRequest) -> None:
        """The page of rows, masked."""
        super().get_results(request)
        identity.mask(request.user, [one.application for one in self.result_list])


@admin.register(Firing)
class FiringAdmin(ReadOnlyAdmin):
    """Shows, and lets a person undo or try again."""

    list_display = ("happened", "candidate", "rule_name", "outcome", "reason", "settled")
    empty_value_display = ""
    list_filter = ("outcome",)
    search_fields = ("rule_name",)
    search_help_text = gettext_lazy("A part of a rule's name.")
    ordering = ("-at", "-pk")
    sortable_by = ()
    fields = ("candidate", "rule_name", "outcome", "reason", "at", "settled_at", "settled_by_name")
    readonly_fields = ("candidate",)
    actions = ("undo", "retry")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return FiringChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Firing]:
        """About applications that one may see; none on which one owes a rating: a reason tells much."""
        found = Firing.objects.exclude(firewall.owes(request.user, now()))
        if not request.user.is_superuser:
            found = found.filter(application__in=Application.objects.visible_to(request.user))
        related = found.select_related("application__candidate", "application__job", "rule")
        return related.defer("application__letter", "application__job__description")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever recruits."""
        return roles.is_recruiter(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever recruits."""
        return roles.is_recruiter(request.user)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Whoever recruits; each row is looked at again."""
        return roles.is_recruiter(request.user)

    @admin.display(description=gettext_lazy("at"), ordering="at")
    def happened(self, firing: Firing) -> str:
        """When."""
        return mail_state.when(firing.at)

    @admin.display(description=gettext_lazy("settled by"))
    def settled(self, firing: Firing) -> str:
        """By whom it was agreed to, put away or undone."""
        return firing.settled_by_name

    @admin.display(description=gettext_lazy("application"))
    def candidate(self, firing: Firing) -> SafeString:
        """Whose, with the way to the page."""
        url = reverse("admin:candidates_application_change", args=[firing.application_id])
        return format_html('<a href="{}">{}</a>', url, firing.application.candidate.name)

    @admin.action(description=gettext_lazy("Undo what the rule did"), permissions=["settle"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Firing]) -> None:
        """As on the application's page."""
        for firing in queryset:
            self._settle(request, firing, is_undo=True)

    @admin.action(description=gettext_lazy("Do it, or try again"), permissions=["settle"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Firing]) -> None:
        """For suggestions and for what could not be done."""
        for firing in queryset:
            self._settle(request, firing, is_undo=False)

    def _settle(self, request: HttpRequest, firing: Firing, *, is_undo: bool) -> None:
        user: Any = request.user
        try:
            if not roles.recruits(user, firing.application.job):
                raise NotAllowed(_("It is not yours to work on."))
            if is_undo:
                undoing.undo(firing, at=now(), by=Actor.person(user))
            else:
                actions.take(firing, at=now(), by=user)
        except NotAllowed as refused:
            messages.error(request, f"{firing.rule_name}: {refused}")
        else:
            messages.success(request, _("Done: %s.") % firing.rule_name)
