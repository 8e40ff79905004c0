"""Hiring plans: what people are judged by, rounds and deadlines; `plan_parts.py` has references and the trial."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import roles
from ats.desk.admin.anchors import LabelledFormSet, only_changed
from ats.desk.admin.plan_parts import (
    CheckInInline,
    FigureInline,
    ReferenceInline,
    TrialInline,
    UntilLocked,
    WeekInline,
    is_unlocked,
)
from ats.desk.lists import DeskAdmin
from candidates.jobs.models import HiringPlan, Job, PlanCompetency, PlanStage
from candidates.people.models import Application
from interviews.kits import coverage
from interviews.models import Exercise, Kit, Round

UNSAID = gettext_lazy(
    "More is said at the end of this page. Without a rule for references an answer of every referee is needed. Without "
    "terms of the trial the offer tells neither hours nor pay, and one manager approves. Without planned check-ins the "
    "new colleague, the buddy and the lead are asked about everything, so many days apart."
)


class WeightInline(UntilLocked, admin.TabularInline):
    """What people are judged by."""

    model = PlanCompetency
    formset = LabelledFormSet
    extra = 0


class StageInline(UntilLocked, admin.TabularInline):
    """How long people have."""

    model = PlanStage
    formset = LabelledFormSet
    extra = 0


class RoundInline(UntilLocked, admin.StackedInline):
    """What happens in the interview stage, in order."""

    model = Round
    extra = 0
    fields = (("position", "name", "raters"), ("kind", "kit", "exercise"))
    classes = ("kit-lines",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round, Any]:
        """With what a locked plan names."""
        return super().get_queryset(request).select_related("kit", "exercise")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a box stands only the way to change what is chosen."""
        return only_changed(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The boxes of all rounds offer the same, read once."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        for name, model in (("kit", Kit), ("exercise", Exercise)):
            if name in formset.form.base_fields:
                formset.form.base_fields[name].choices = _offered(name, model, obj)
        return formset


def _offered(name: str, model: Any, plan: HiringPlan | None) -> list[tuple[Any, str]]:
    """Nothing retired, and as an exercise written work alone, unless the plan has it already."""
    offered = Q(is_retired=False)
    if model is Exercise:
        offered &= Q(kind__in=Exercise.WRITTEN)
    if plan and plan.pk:
        offered |= Q(pk__in=plan.rounds.exclude(**{name: None}).values(name))
    return [("", "---------"), *((one.pk, str(one)) for one in model.objects.filter(offered))]


@admin.register(HiringPlan)
class HiringPlanAdmin(DeskAdmin):
    """Templates, and the copies that jobs hire by. A locked one is read only: people applied under it."""

    class Media:
        css = {"all": ("rapport/kit.css",)}

    list_display = ("name", "version", "is_template", "locked_at")
    search_fields = ("name",)
    ordering = ("name", "-version", "pk")
    inlines = (
        WeightInline,
        RoundInline,
        StageInline,
        ReferenceInline,
        TrialInline,
        WeekInline,
        CheckInInline,
        FigureInline,
    )
    readonly_fields = ("version", "copied_from", "locked_at", "covered")
    fieldsets = (
        (None, {"fields": ("name", "version", "copied_from", "locked_at")}),
        (gettext_lazy("Time and raters"), {"fields": ("covered",)}),
        (
            gettext_lazy("The rule"),
            {"fields": ("line", "raters", "undo_minutes", "rejection_hours")},
        ),
        (gettext_lazy("Screening"), {"fields": ("hides_identity",)}),
        (
            gettext_lazy("Interviews"),
            {
                "fields": (
                    "interviewers",
                    "shows_resume",
                    ("card_reminder_hours", "card_reminders"),
                    ("reschedules", "reschedule_hours"),
                )
            },
        ),
        (
            gettext_lazy("References and trial"),
            {"fields": ("referees", "trial_days", "check_in_days"), "description": UNSAID},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[HiringPlan]:
        """Templates, and the plans of jobs and applications that one may see."""
        if request.user.is_superuser:
            return HiringPlan.objects.all()
        jobs = Job.objects.visible_to(request.user).filter(plan=OuterRef("pk"))
        under = Application.objects.visible_to(request.user).filter(plan=OuterRef("pk"))
        return HiringPlan.objects.filter(Q(copied_from=None) | Exists(jobs) | Exists(under))

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """Templates or copies."""
        return (("copied_from", admin.EmptyFieldListFilter),)

    @admin.display(description=gettext_lazy("what it asks of people"))
    def covered(self, plan: HiringPlan) -> str:
        """The candidate's minutes, and by how many each competency is judged; as it was saved last."""
        if not plan.pk:
            return _("Save the plan first. Then this tells the candidate's minutes and who judges what.")
        return render_to_string("desk/kit_coverage.html", {"coverage": coverage.of_plan(plan)})

    @admin.display(description=gettext_lazy("template"), boolean=True)
    def is_template(self, plan: HiringPlan) -> bool:
        """Whether it is there to be copied."""
        return plan.copied_from_id is None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until the first application locks it; copies by the recruiters of a job that hires by them."""
        if not super().has_change_permission(request, obj) or not is_unlocked(obj):
            return False
        if obj is None or obj.copied_from_id is None:
            return True
        return any(roles.may_change_job(request.user, job) for job in obj.jobs.all())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A locked plan says so, and where a new version is made; also when it was locked while somebody edited it."""
        with transaction.atomic():
            plan = self.get_object(request, object_id)
            if request.method == "POST":
                plan = HiringPlan.objects.select_for_update().get(pk=plan.pk)
            if is_unlocked(plan):
                return super().change_view(request, object_id, form_url, extra_context)
        text = _("People applied under this plan, so it stays as it is. A new version is made on the job's page.")
        messages.info(request, text)
        if request.method == "POST":
            return redirect(request.path)
        return super().change_view(request, object_id, form_url, extra_context)
