"""Who interviews: by which rules they are booked, their weekly hours, times besides, and their own calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.desk.lists import DeskAdmin
from candidates.models import User
from candidates.pipeline import NotAllowed
from interviews.availability.hours import zone_of
from interviews.availability.own_times import actions
from interviews.availability.own_times.forms import InterviewerForm, OfferedTimeForm, overlapping
from interviews.models import Interviewer, OfferedTime, WorkingHours


class DeskInterviewerForm(InterviewerForm):
    """All that a recruiter may say about somebody who interviews."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, help_text=gettext_lazy("Of our mails to them.")
    )

    class Meta(InterviewerForm.Meta):
        fields = (
            "name", "email", "user", "language", "zone", "buffer_minutes", "most_a_day", "feed_url", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["feed_url"].widget.attrs["size"] = 60
        self.fields["feed_url"].label = _("Address of their calendar")
        self.fields["feed_url"].help_text = _("An .ics address. We read when they are busy, never with what.")
        accounts = User.objects.filter(is_active=True, is_staff=True)
        if "user" in self.fields:
            self.fields["user"].queryset = accounts  # type: ignore[attr-defined]
            self.fields["user"].help_text = _("Times for phone calls that they agreed on are left out, too.")


class HoursFormSet(BaseInlineFormSet):
    """The weekly hours of one person."""

    def clean(self) -> None:
        """Two of a day do not overlap.

        Raises:
            ValidationError: they do.
        """
        super().clean()
        of_day: dict[int, list[tuple[Any, Any]]] = {}
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            if said.get("begins") and said.get("ends") and not said.get("DELETE"):
                of_day.setdefault(said["weekday"], []).append((said["begins"], said["ends"]))
        if any(overlapping(spans) for spans in of_day.values()):
            raise ValidationError(_("Some of these hours overlap. Make one line of them."))


class OfferedFormSet(BaseInlineFormSet):
    """Times besides, by the clock of whoever interviews, whatever the recruiter's own is."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """With the zone that the page says now."""
        return super().get_form_kwargs(index) | {"zone": zone_of(self.instance.zone), "at": now()}


class HoursInline(admin.TabularInline):
    """A line for each stretch of a day."""

    model = WorkingHours
    formset = HoursFormSet
    extra = 1
    verbose_name_plural = gettext_lazy("weekly hours, by the clock in their time zone")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The browser's own box for times."""
        if db_field.name in ("begins", "ends"):
            kwargs["widget"] = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class OfferedInline(admin.TabularInline):
    """Times that are to come."""

    model = OfferedTime
    form = OfferedTimeForm
    formset = OfferedFormSet
    extra = 1
    fields = ("day", "begins", "ends")
    verbose_name_plural = gettext_lazy("times besides, by the clock in their time zone")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfferedTime]:
        """What is over is of no use here."""
        return super().get_queryset(request).filter(ends_at__gt=now())


@admin.register(Interviewer)
class InterviewerAdmin(DeskAdmin):
    """Add somebody, and ask them for their hours by mail; or fill them in."""

    form = DeskInterviewerForm
    inlines = (HoursInline, OfferedInline)
    list_display = ("name", "email", "zone", "can_be_chosen", "calendar", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    actions = ("ask_for_hours",)
    readonly_fields = ("calendar",)
    fieldsets = (
        (None, {"fields": (("name", "email"), ("user", "language"), "is_active")}),
        (gettext_lazy("How they are booked"), {"fields": ("zone", ("buffer_minutes", "most_a_day"))}),
        (gettext_lazy("Their own calendar"), {"fields": ("feed_url", "calendar")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interviewer]:
        """With whether candidates can choose a time with them."""
        hours = WorkingHours.objects.filter(interviewer=OuterRef("pk"))
        offered = OfferedTime.objects.filter(interviewer=OuterRef("pk"), ends_at__gt=now())
        return super().get_queryset(request).annotate(has_hours=Exists(hours) | Q(Exists(offered)))

    @admin.display(description=gettext_lazy("candidates can choose a time"))
    def can_be_chosen(self, interviewer: Any) -> str:
        """In words: without hours nobody can."""
        if not interviewer.is_active:
            return _("does not interview")
        return _("yes") if interviewer.has_hours else _("no hours known")

    @admin.display(description=gettext_lazy("own calendar"))
    def calendar(self, interviewer: Interviewer) -> str:
        """When it was read, or why it cannot be."""
        if not interviewer.feed_url:
            return _("none")
        if interviewer.feed_error:
            return _(interviewer.feed_error)
        if interviewer.feed_read_at is None:
            return _("is read in a moment")
        return _("read %s") % date_format(localtime(interviewer.feed_read_at), "j M, H:i")

    def save_model(self, request: HttpRequest, obj: Interviewer, form: Any, change: bool) -> None:
        """By the verb, which sees to the calendar."""
        actions.keep(obj, at=now())

    @admin.action(description=gettext_lazy("Ask for their hours by mail"), permissions=["change"])
    def ask_for_hours(self, request: HttpRequest, queryset: QuerySet[Interviewer]) -> None:
        """A mail with a page of their own; at most one a day each."""
        done = 0
        for interviewer in queryset:
            try:
                actions.send_link(interviewer, at=now())
                done += 1
            except NotAllowed as refusal:
                messages.warning(request, str(refusal))
        if done:
            told = ngettext("%d mail is on its way.", "%d mails are on their way.", done) % done
            messages.success(request, told)
