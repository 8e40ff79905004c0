"""What a plan says about references and the trial, below the plan: rules, terms, weeks, check-ins, figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MinValueValidator
from django.db.models import F, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.desk.admin.anchors import LabelledFormSet, only_changed
from candidates.jobs.models import CURRENCY, HiringPlan
from references.models import Questionnaire, ReferencePlan
from trials.figures.metrics import PERCENT
from trials.models import FigureTarget, PlannedCheckIn, TrialPlan, TrialWeek
from trials.planning.models import WHO

ASIDE = 10_000  # more than any week or day: where rows stand while their numbers are exchanged
A_WEEK = 7


def is_unlocked(plan: HiringPlan | None) -> bool:
    """Whether the plan can still be changed: nobody applied under it."""
    return plan is None or plan.locked_at is None


class UntilLocked:
    """Mixin for the parts of a plan: they change with it, and not once it is locked."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While the plan is not locked."""
        return is_unlocked(obj) and super().has_add_permission(request, obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While the plan is not locked."""
        return is_unlocked(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While the plan is not locked."""
        return is_unlocked(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]


class PartForm(forms.ModelForm):
    """A part that knows its plan as it is about to be saved, with what was typed above."""

    plan: HiringPlan

    def typed(self, name: str) -> Any:
        """What was typed into a box, if it can be that."""
        return self.cleaned_data.get(name)


class PartFormSet(LabelledFormSet):
    """The parts of one kind; of two with the same number (or figure) the second is told so, beside its box."""

    once = ""  # what no two rows may share

    def add_fields(self, form: Any, index: int | None) -> None:
        """Each form with the plan. A box to tick is called by its own words, not by those above the boxes."""
        super().add_fields(form, index)
        form.plan = self.instance
        for field in form.fields.values():
            if isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs.pop("aria-label", None)

    def clean(self) -> None:
        """Among what was typed, and what a colleague added meanwhile."""
        if not self.once:
            return
        known = [form.instance.pk for form in self.initial_forms]
        others = _rows(self).filter(plan=self.instance.pk).exclude(pk__in=known)
        seen = set(others.values_list(self.once, flat=True)) if self.instance.pk else set()
        for form in self.forms:
            value = getattr(form, "cleaned_data", {}).get(self.once)
            if value in (None, "") or _goes(form):
                continue
            if value in seen:
                form.add_error(self.once, _("This stands here twice. Change one of them, or delete it."))
            seen.add(value)


class NumberedFormSet(PartFormSet):
    """Rows with a number each, which can be exchanged and moved on in one go."""

    def save(self, commit: bool = True) -> Any:
        """What changes its number, or goes, first stands aside: the database never sees two with one number."""
        moved = [form.instance.pk for form in self.initial_forms if self.once in form.changed_data or _goes(form)]
        if commit and moved:
            _rows(self).filter(pk__in=moved).update(**{self.once: F(self.once) + ASIDE})
        return super().save(commit)


class NumberedForm(PartForm):
    """A row whose number is compared with those of the other rows typed, not with what the database has still."""

    def _get_validation_exclusions(self) -> set[str]:
        """Not the plan, and so nothing that is to be unique within it."""
        return super()._get_validation_exclusions() | {"plan"}  # type: ignore[misc]


class ReferenceForm(PartForm):
    """No more answers than referees, no more managers than answers."""

    def clean(self) -> dict[str, Any]:
        """Beside the number that is too high."""
        told = super().clean() or self.cleaned_data
        needed, managers, referees = self.typed("needed"), self.typed("managers"), self.plan.referees
        if needed and needed > referees:
            words = ngettext("The plan asks %d referee only.", "The plan asks %d referees only.", referees) % referees
            self.add_error("needed", words)
        if managers and needed is not None and managers > needed:
            words = ngettext("Only %d answer is needed.", "Only %d answers are needed.", needed) % needed
            self.add_error("managers", words)
        return told


class ReferenceInline(UntilLocked, admin.StackedInline):
    """How many answers, of whom, and what happens when somebody is silent."""

    model = ReferencePlan
    form = ReferenceForm
    formset = PartFormSet
    extra = 0
    fields = ("questionnaire", ("needed", "managers"), ("reminders", "expire_days", "replacements"))
    classes = ("kit-lines", "plan-terms")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReferencePlan, Any]:
        """With what it names."""
        return super().get_queryset(request).select_related("questionnaire")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside the box stands only the way to change what is chosen."""
        return only_changed(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Nothing retired, unless the plan has it."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        if box := formset.form.base_fields.get("questionnaire"):
            offered = Questionnaire.objects.filter(is_retired=False)
            if obj and obj.pk:
                offered = (offered | Questionnaire.objects.filter(plans__plan=obj)).distinct()
            box.queryset, box.empty_label = offered, _("the three things that we always ask")
        return formset


class TrialForm(PartForm):
    """Pay has a currency and is no debt; the verdict is asked for within the trial."""

    pay_currency = forms.CharField(
        label=gettext_lazy("Currency"), max_length=3, required=False, help_text=gettext_lazy("Three letters: EUR.")
    )

    class Meta:
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pay := self.fields.get("pay"):
            pay.validators.append(MinValueValidator(0))
            pay.widget.attrs["min"] = 0

    def clean_pay_currency(self) -> str:
        """In capitals."""
        typed = str(self.cleaned_data["pay_currency"]).strip().upper()
        if typed:
            CURRENCY(typed)
        return typed

    def clean(self) -> dict[str, Any]:
        """Beside the box that is missing or too high."""
        told = super().clean() or self.cleaned_data
        if self.typed("pay") is not None and self.typed("pay_currency") == "":
            self.add_error("pay_currency", _("Say in which money: three letters, as in EUR."))
        days = self.plan.trial_days
        if (self.typed("verdict_days") or 0) > days:
            self.add_error("verdict_days", _long(days))
        return told


class TrialInline(UntilLocked, admin.StackedInline):
    """Hours, pay, time limits."""

    model = TrialPlan
    form = TrialForm
    formset = PartFormSet
    extra = 0
    fields = (
        ("hours_a_week", "pay", "pay_currency", "pay_period"),
        "note",
        ("answer_days", "verdict_days", "approvers", "pulse_days"),
    )
    classes = ("kit-lines", "plan-terms")


class WeekForm(NumberedForm):
    """A week of the trial, and not after it."""

    class Meta:
        widgets = {"aim": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def clean_number(self) -> int:
        """Within the trial."""
        number, weeks = int(self.cleaned_data["number"]), math.ceil(self.plan.trial_days / A_WEEK)
        if number > weeks:
            words = ngettext("The trial has %d week only.", "The trial has %d weeks only.", weeks) % weeks
            raise forms.ValidationError(words)
        return number


class WeekFormSet(NumberedFormSet):
    """A week has one aim."""

    once = "number"


class WeekInline(UntilLocked, admin.TabularInline):
    """What each week is for."""

    model = TrialWeek
    form = WeekForm
    formset = WeekFormSet
    extra = 0
    fields = ("number", "work", "aim")


class CheckInForm(NumberedForm):
    """Roles and competencies are ticked."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Who is asked"),
        choices=WHO,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kit-ticks"}),
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    competencies = forms.TypedMultipleChoiceField(
        label=gettext_lazy("About"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kit-ticks"}),
        help_text=gettext_lazy("Nothing ticked: all. Early ones are best about few things."),
    )

    def clean_day(self) -> int:
        """Within the trial."""
        day, days = int(self.cleaned_data["day"]), self.plan.trial_days
        if day > days:
            raise forms.ValidationError(_long(days))
        return day


class CheckInFormSet(NumberedFormSet):
    """One check-in a day, about what the plan judges people by."""

    once = "day"
    names: Sequence[tuple[int, str]] = ()

    def add_fields(self, form: Any, index: int | None) -> None:
        """The plan's own competencies, by name."""
        super().add_fields(form, index)
        if box := form.fields.get("competencies"):
            box.choices = self.names


class CheckInInline(UntilLocked, admin.TabularInline):
    """On which days who is asked about what. A locked plan tells it in words."""

    model = PlannedCheckIn
    form = CheckInForm
    formset = CheckInFormSet
    extra = 0
    fields = ("day", "roles", "competencies")
    classes = ("plan-days",)
    readonly_fields = ("who", "about")
    names: Sequence[tuple[int, str]] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Boxes for who may change it, words for who may not."""
        return self.fields if self.has_change_permission(request, obj) else ("day", "who", "about")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The names are read once for all rows."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        weights = obj.weights.values_list("competency", "competency__name") if obj and obj.pk else ()
        formset.names = self.names = list(weights)
        return formset

    @admin.display(description=gettext_lazy("who is asked"))
    def who(self, row: PlannedCheckIn) -> str:
        """In words."""
        return ", ".join(str(name) for role, name in WHO if role in row.roles)

    @admin.display(description=gettext_lazy("about"))
    def about(self, row: PlannedCheckIn) -> str:
        """By name; what the plan does not weigh any more is left out, as the check-in leaves it out."""
        return ", ".join(name for key, name in self.names if key in row.competencies) or _("everything")


class FigureForm(PartForm):
    """A target that can be reached."""

    def clean(self) -> dict[str, Any]:
        """A share of at most all."""
        told = super().clean() or self.cleaned_data
        if self.typed("metric") in PERCENT and (self.typed("target") or 0) > 100:
            self.add_error("target", _("This is a percentage: 100 at most."))
        return told


class FigureFormSet(PartFormSet):
    """A figure has one target."""

    once = "metric"


class FigureInline(UntilLocked, admin.TabularInline):
    """The help desk's figures that the trial should reach. They decide nothing."""

    model = FigureTarget
    form = FigureForm
    formset = FigureFormSet
    extra = 0
    fields = ("metric", "target")


def _rows(formset: PartFormSet) -> QuerySet[Any]:
    model: Any = formset.model
    rows: QuerySet[Any] = model._default_manager.all()
    return rows


def _goes(form: Any) -> bool:
    """Whether the row is ticked to be deleted."""
    return bool(getattr(form, "cleaned_data", {}).get(DELETION_FIELD_NAME))


def _long(days: int) -> str:
    return ngettext("The trial is %d day long.", "The trial is %d days long.", days) % days
