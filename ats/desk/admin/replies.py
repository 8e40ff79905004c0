"""What servers and providers told of our mails, as it was told; the mails that came in have pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy

from ats.desk import identity
from ats.desk.lists import KeysetChangeList, ReadOnlyAdmin
from candidates.judging import firewall
from candidates.people.models import Application
from candidates.post.inbound.models import DeliveryReport
from candidates.post.models import GRADING


@admin.register(DeliveryReport)
class DeliveryReportAdmin(ReadOnlyAdmin):
    """Every report; those on mails that nobody knows are there as well."""

    list_display = ("kind", "address", "provider", "told_at")
    list_filter = ("kind",)
    search_fields = ("address",)
    search_help_text = gettext_lazy("The whole address.")
    ordering = ("-received_at", "-pk")
    sortable_by = ()
    fields = ("kind", "address", "provider", "at", "received_at", "told", "message")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliveryReport]:
        """On mails about applications that one may see, and on mails about none; none that tells who grades."""
        reports = DeliveryReport.objects.select_related("message")
        told = Application.objects.filter(firewall.open_for(request.user, now()), pk=OuterRef("message__application"))
        grading = Q(message__ask__isnull=False, message__ask__page=GRADING)
        reports = reports.filter(identity.named_to(request.user, "message__application"), ~grading | Exists(told))
        if request.user.is_superuser:
            return reports
        visible = Application.objects.visible_to(request.user)
        return reports.filter(Q(message__application=None) | Q(message__application__in=visible))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return KeysetChangeList

    @admin.display(description=gettext_lazy("told"), ordering="received_at")
    def told_at(self, report: DeliveryReport) -> str:
        """When we heard of it."""
        return date_format(localtime(report.received_at), "D j M Y, H:i")
