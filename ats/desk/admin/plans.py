"""Hiring plans: what people are judged by, rounds and deadlines; `plan_parts.py` has references and the trial."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
from candidates.post import asks
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


class StageForm(forms.ModelForm):
    """How long people have in a stage, when they are reminded, and who hears that nothing came."""

    def clean(self) -> Any:
        """Reminders come in an order, and while the link still opens."""
        told = super().clean()
        days, first, again, last, tell = (self.cleaned_data.get(name) for name in StageInline.DAYS)
        if days and first and first >= days:
            self.add_error("remind_days", _("That is before anybody was asked: at most %d.") % (days - 1))
        if first is not None and again is not None and again >= first:
            self.add_error("remind_again_days", _("The second reminder comes after the first: nearer to the deadline."))
        for name, value in (("remind_last_days", last), ("escalate_days", tell)):
            if value is not None and value >= asks.LINK_LIVES.days:
                self.add_error(name, _("The link ends %d days after the deadline.") % asks.LINK_LIVES.days)
        if last is not None and tell is not None and tell < last:
            self.add_error("escalate_days", _("First the last reminder, then the others: no earlier than that."))
        return told


class StageInline(UntilLocked, admin.StackedInline):
    """How long people have, when they are reminded, and who is told when nothing came."""

    DAYS = ("days", "remind_days", "remind_again_days", "remind_last_days", "escalate_days")
    model = PlanStage
    form = StageForm
    formset = LabelledFormSet
    extra = 0
    fields = (
        ("stage", "days", "working_days"),
        ("remind_days", "remind_again_days", "remind_last_days"),
        ("escalate_days", "escalate_to"),
    )
    readonly_fields = ("in_words",)
    classes = ("kit-lines",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Boxes while it can be changed, one sentence when it is locked."""
        return self.fields if is_unlocked(obj) else ("stage", "in_words")

    @admin.display(description=gettext_lazy("in words"))
    def in_words(self, row: PlanStage) -> str:
        """What the plan says of this stage."""
        return deadline_in_words(row)


def deadline_in_words(row: PlanStage) -> str:
    """What a plan says of a stage: "5 working days; reminded 2 days before, at the deadline; ..."."""
    working = ngettext("%d working day to answer", "%d working days to answer", row.days) % row.days
    days = ngettext("%d day to answer", "%d days to answer", row.days) % row.days
    before = sorted({one for one in (row.remind_days, row.remind_again_days) if one is not None}, reverse=True)
    reminded = [
        ngettext("%d day before", "%d days before", one) % one if one else _("at the deadline") for one in before
    ]
    if (last := row.remind_last_days) is not None and (last or 0 not in before):
        reminded.append(ngettext("%d day after", "%d days after", last) % last if last else _("at the deadline"))
    told = [working if row.working_days else days, _("reminded %s") % ", ".join(reminded)]
    if (tell := row.escalate_days) is not None:
        after = ngettext("%(whom)s told %(n)d day after", "%(whom)s told %(n)d days after", tell)
        told.append(after % {"whom": row.get_escalate_to_display(), "n": tell})
    return "; ".join(told)


def _moment(days: int) -> str:
    """When somebody is reminded, from the deadline on."""
    if days < 0:
        return ngettext("%d day before", "%d days before", -days) % -days
    return ngettext("%d day after", "%d days after", days) % days if days else _("at the deadline")


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
    readonly_fields = ("version", "copied_from", "locked_at", "covered", "by_itself")
    fieldsets = (
        (None, {"fields": ("name", "version", "copied_from", "locked_at")}),
        (gettext_lazy("Time and raters"), {"fields": ("covered",)}),
        (
            gettext_lazy("The rule"),
            {"fields": ("line", "raters", "by_itself", "undo_minutes", "rejection_hours")},
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

    @admin.display(description=gettext_lazy("what happens by itself"))
    def by_itself(self, plan: HiringPlan) -> str:
        """The way to the plan's rules, which can be changed also when it is locked."""
        if not plan.pk:
            return _("Save the plan first. Then its rules are written on a page of their own.")
        return format_html('<a href="{}">{}</a>', reverse("desk:rules", args=[plan.pk]), _("The rules of this plan"))

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
