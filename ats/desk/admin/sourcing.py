"""The talent pool, and employees who recommend people."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.desk import identity
from ats.desk.lists import DeskAdmin, KeysetChangeList, ReadOnlyAdmin
from ats.spreadsheets import harmless
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.sourcing import actions
from candidates.sourcing.models import PoolMember, Referrer


class StateFilter(admin.SimpleListFilter):
    """Members unless something else is chosen."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Those who left, and all."""
        return [("left", gettext_lazy("Left")), ("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        """As usual, but the first one is called by what it shows."""
        first, *others = super().choices(changelist)
        yield first | {"display": gettext_lazy("Members")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[PoolMember]:
        """Members are those who confirmed and did not leave."""
        if self.value() == "all":
            return queryset
        return queryset.exclude(left_at=None) if self.value() == "left" else queryset.active()


@admin.register(PoolMember)
class PoolMemberAdmin(ReadOnlyAdmin):
    """Who wants to hear of new jobs. They join and leave by themselves."""

    list_display = ("name", "email", "interests", "since", "state")
    list_filter = (StateFilter,)
    list_select_related = ("candidate",)
    search_fields = ("candidate__name", "candidate__email", "interests")
    search_help_text = gettext_lazy("A part of the name, the mail or the interests.")
    ordering = ("-pk",)
    sortable_by = ()
    actions = ("invite", "export")
    fields = ("candidate", "interests", "consent_at", "consent_version", "confirmed_at", "left_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PoolMember]:
        """Those who confirmed once; who was invited or typed in is no member, and who is read blind is not named."""
        members = PoolMember.objects.filter(confirmed_at__isnull=False, candidate__merged_into=None)
        return members.filter(identity.people_named_to(request.user, "candidate"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return KeysetChangeList

    @admin.display(description=gettext_lazy("name"))
    def name(self, member: PoolMember) -> str:
        """Who."""
        return member.candidate.name

    @admin.display(description=gettext_lazy("e-mail"))
    def email(self, member: PoolMember) -> str:
        """Their address."""
        return member.candidate.email

    @admin.display(description=gettext_lazy("since"))
    def since(self, member: PoolMember) -> str:
        """Since when they are a member."""
        return date_format(localtime(member.confirmed_at), "j M Y")

    @admin.display(description=gettext_lazy("state"))
    def state(self, member: PoolMember) -> str:
        """In a word."""
        return _("left") if member.left_at else _("member")

    @admin.action(description=gettext_lazy("Invite to a job"), permissions=["view"])
    def invite(self, request: HttpRequest, queryset: QuerySet[PoolMember]) -> HttpResponse:
        """On to the page that shows the mails before they leave."""
        keys = ",".join(str(pk) for pk in queryset.values_list("candidate_id", flat=True))
        return redirect(f"{reverse('desk:invite')}?people={keys}")

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[PoolMember]) -> HttpResponse:
        """The selected rows; nothing in it is taken for a formula by a spreadsheet."""
        response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Cache-Control": "no-store"})
        response["Content-Disposition"] = 'attachment; filename="talent-pool.csv"'
        writer = csv.writer(response)
        writer.writerow([_("name"), _("e-mail"), _("interests"), _("since"), _("state")])
        for member in queryset.select_related("candidate"):
            cells = (self.name(member), self.email(member), member.interests, self.since(member), self.state(member))
            writer.writerow([harmless(cell) for cell in cells])
        return response


@admin.register(Referrer)
class ReferrerAdmin(DeskAdmin):
    """Add one, and they get a mail with a page of their links. Switched off, their links count no more."""

    list_display = ("name", "email", "is_active", "recommended", "hired")
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    actions = ("send_links",)
    readonly_fields = ("code", "applications")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What is filled in, and for one who is there also what came of it."""
        return ("name", "email", "is_active", "code", "applications") if obj else ("name", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Referrer]:
        """With how many they recommended, and how many of these are hired."""
        own = Q(applications__duplicate_of=None, applications__isnull=False)
        hired = own & Q(applications__stage="hired")
        counts = {"came": Count("applications", filter=own), "stayed": Count("applications", filter=hired)}
        return Referrer.objects.annotate(**counts)

    @admin.display(description=gettext_lazy("recommended"))
    def recommended(self, referrer: Any) -> int:
        """How many applied by their links."""
        return int(referrer.came)

    @admin.display(description=gettext_lazy("hired"))
    def hired(self, referrer: Any) -> int:
        """How many of these are hired."""
        return int(referrer.stayed)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """With the applications that this colleague may see."""
        found = super().get_object(request, object_id, from_field)
        seen = Application.objects.visible_to(request.user).filter(referrer=found, duplicate_of=None)
        found.seen_applications = list(seen.select_related("candidate", "job").defer("letter")[:100])
        identity.mask(request.user, found.seen_applications)
        return found

    @admin.display(description=gettext_lazy("recommended"))
    def applications(self, referrer: Any) -> str:
        """A line each, with its link."""
        lines = [
            (reverse("admin:candidates_application_change", args=[one.pk]), one, one.get_stage_display())
            for one in referrer.seen_applications
        ]
        return format_html_join("", '<p><a href="{}">{}</a> · {}</p>', lines) or format_html("{}", _("Nobody yet."))

    def save_model(self, request: HttpRequest, obj: Referrer, form: Any, change: bool) -> None:
        """A new one by the verb, which also mails the links."""
        if change:
            obj.save()
            return
        actions.add_referrer(obj, at=now())
        messages.info(request, _("%s gets a mail with the page of their links.") % obj.email)

    @admin.action(description=gettext_lazy("Send their links again"), permissions=["change"])
    def send_links(self, request: HttpRequest, queryset: QuerySet[Referrer]) -> None:
        """At most one mail a day each."""
        done = 0
        for referrer in queryset:
            try:
                actions.send_links(referrer, at=now())
                done += 1
            except NotAllowed as refusal:
                messages.warning(request, str(refusal))
        if done:
            messages.success(
                request,
                ngettext("One mail is on its way.", "%d mails are on their way.", done) % done
                if done > 1
                else _("One mail is on its way."),
            )
