"""Jobs, and the competencies people are judged by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import roles
from ats.desk.admin.anchors import five_boxes
from ats.desk.admin.questions import QuestionInline
from ats.desk.fields import ZoneFields
from ats.desk.lists import DeskAdmin
from ats.desk.views import job as page
from candidates.careers import structured
from candidates.company.models import Company
from candidates.jobs.models import Competency, HiringPlan, Job


class JobForm(forms.ModelForm):
    """Channels are ticked, not typed; the advert's language is one there is."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        choices=Job.Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.CharField(
        label=gettext_lazy("Language of the advert"),
        max_length=10,
        required=False,
        initial="en",
        help_text=gettext_lazy("Two letters: en."),
    )

    def clean_language(self) -> str:
        """What browsers and search engines know; as it was when nothing is said."""
        language = str(self.cleaned_data["language"]).lower() or str(self.instance.language)
        if language not in LANG_INFO:
            raise forms.ValidationError(
                _("We know no language %(code)s. Write two letters: en, de, nl.") % {"code": language}
            )
        return language


@admin.register(Job)
class JobAdmin(ZoneFields, DeskAdmin):
    """What is open. Status and plan change by the buttons on top of the page."""

    form = JobForm
    inlines = (QuestionInline,)
    list_display = ("title", "status", "team", "place", "openings", "hiring_manager")
    list_filter = ("status",)
    list_select_related = ("hiring_manager",)
    search_fields = ("title", "team")
    prepopulated_fields = {"slug": ("title",)}
    filter_horizontal = ("recruiters",)
    readonly_fields = ("status", "opened_at", "search_engines")
    fieldsets = (
        (None, {"fields": ("title", "slug", "description", "letter_prompt", "plan", "status", "opened_at")}),
        (gettext_lazy("The advert"), {"fields": ("language", "closes_at", "search_engines")}),
        (gettext_lazy("Who hires"), {"fields": ("hiring_manager", "recruiters", "openings")}),
        (
            gettext_lazy("Where"),
            {
                "fields": (
                    "team",
                    "place",
                    "street",
                    "postal_code",
                    "region",
                    "country",
                    "remote",
                    "remote_countries",
                    "zone",
                )
            },
        ),
        (
            gettext_lazy("Work and pay"),
            {
                "fields": (
                    "hours",
                    "employment",
                    "pay_from",
                    "pay_to",
                    "pay_currency",
                    "pay_period",
                    "channels",
                    "languages",
                )
            },
        ),
    )

    def view_on_site(self, job: Job) -> str | None:
        """The link to the career page, while the job is there."""
        return job.get_absolute_url() if job.status == Job.Status.OPEN else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Those that one hires for."""
        return Job.objects.visible_to(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Once it was opened the job has a plan of its own, which a link leads to."""
        if obj is None or obj.opened_at is None:
            return self.readonly_fields
        return (*self.readonly_fields, "own_plan")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the chooser of plans before the job was opened, with its own plan afterwards."""
        if obj is None or obj.opened_at is None:
            return self.fieldsets
        (name, first), *others = self.fieldsets
        return [(name, {"fields": [_own_plan(field) for field in first["fields"]]}), *others]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Templates to choose from, not the copies of other jobs."""
        if db_field.name == "plan":
            kwargs["queryset"] = HiringPlan.objects.filter(copied_from=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("hiring plan"))
    def own_plan(self, job: Job) -> str:
        """The copy that this job hires by."""
        url = reverse("admin:candidates_hiringplan_change", args=[job.plan_id])
        state = _("locked") if job.plan.locked_at else _("may be changed until the first application")
        return format_html('<a href="{}">{}</a> ({})', url, job.plan, state)

    @admin.display(description=gettext_lazy("search engines and job boards"))
    def search_engines(self, job: Job) -> str:
        """What they will miss; told where it can be filled in."""
        told = structured.missing(job, Company.current())
        if not told:
            return _("Nothing is missing.")
        return format_html(
            "{}<ul>{}</ul>", _("They miss:"), format_html_join("", "<li>{}</li>", ((words,) for words in told))
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For one job: its recruiters alone."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or roles.may_change_job(request.user, obj))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A job is closed, not deleted; whoever asks is told so where it is done."""
        job = self.get_object(request, object_id)
        text = _(
            "A job is not deleted: people applied for it, or may have its address. Close it, and nobody can apply."
        )
        messages.error(request, text)
        return redirect("admin:candidates_job_change", job.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Whoever writes a job recruits for it; else they would not see it again."""
        super().save_related(request, form, formsets, change)
        if not change and not request.user.is_superuser:
            form.instance.recruiters.add(request.user)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the buttons that its state allows."""
        job = self.get_object(request, object_id)
        context = {"steps": page.steps(request.user, job), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def get_urls(self) -> list[URLPattern]:
        """The buttons' pages."""
        view = self.admin_site.admin_view(page.step)
        return [path("<int:pk>/do/<slug:name>/", view, name="candidates_job_step"), *super().get_urls()]


def _own_plan(field: Any) -> Any:
    return "own_plan" if field == "plan" else field


class CompetencyForm(forms.ModelForm):
    """Five boxes for five anchors."""

    anchors = five_boxes(longest=2000, label=gettext_lazy("Anchors, from 1 to 5"))


@admin.register(Competency)
class CompetencyAdmin(DeskAdmin):
    """The team's own list of traits."""

    class Media:
        css = {"all": ("rapport/kit.css",)}

    form = CompetencyForm
    list_display = ("name", "trainable", "position")
    search_fields = ("name", "meaning")
