"""What is asked of candidates, as a team's own content: questions, exercises with their cases, kits, routes, steps.

Whatever is edited here, scorecards keep the words that they were asked with (`candidates.judging.wording`). So all of
it may be changed at any time; only what a kit, a round or a candidate's work points at cannot be deleted, but retired.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet, Sum
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import kits
from ats.desk.admin.anchors import FIVE, five_boxes, only_changed
from ats.desk.admin.questions import LinesField
from ats.desk.lists import DeskAdmin
from candidates.jobs.models import Competency
from interviews.models import (
    Case,
    CaseMail,
    DeescalationStep,
    Exercise,
    Kit,
    KitPart,
    LadderRoute,
    Question,
    RubricLine,
)

ONE_EACH = gettext_lazy("One on each line.")


class Lines(LinesField):
    """A list with one line each, of at most `longest` characters."""

    def __init__(self, *, longest: int = 300, **kwargs: Any) -> None:
        super().__init__(help_text=ONE_EACH, **kwargs)
        self.base_field = forms.CharField(max_length=longest)


class Retirable(DeskAdmin):
    """Mixin for content: deleted while nothing uses it, retired afterwards. The page says what uses it."""

    class Media:
        css = {"all": ("rapport/kit.css",)}

    change_form_template = "desk/kit_content.html"
    ordering: ClassVar[Any] = ("position", "name")
    list_filter: ClassVar[Any] = ("is_retired",)
    search_fields: ClassVar[Any] = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While nothing uses it; never in bulk."""
        model = self.opts.model_name
        return obj is not None and request.user.has_perm(f"interviews.delete_{model}") and not kits.is_used(obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With what uses it."""
        if found := kwargs.get("obj"):
            context["uses"] = kits.uses(found, request.user)
        return super().render_change_form(request, context, *args, **kwargs)


class QuestionForm(forms.ModelForm):
    """Competencies are ticked; five boxes for anchors, a line for each follow-up and red flag."""

    competencies = forms.ModelMultipleChoiceField(
        Competency.objects.all(),
        label=gettext_lazy("Tells about"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kit-ticks"}),
    )
    anchors = five_boxes(is_needed=False)
    follow_ups = Lines(label=gettext_lazy("Follow-ups"))
    red_flags = Lines(label=gettext_lazy("Red flags"))

    def clean(self) -> dict[str, Any]:
        """A scored question has all five anchors; small talk has all or none."""
        told = super().clean() or self.cleaned_data
        filled = [anchor for anchor in told.get("anchors") or [] if anchor]
        if "anchors" not in self.errors and len(filled) != FIVE:
            if told.get("is_scored"):
                self.add_error("anchors", _("A scored question needs all five: raters compare what they hear to them."))
            elif filled:
                self.add_error("anchors", _("Fill in all five, or none."))
            told["anchors"] = []
        return told


@admin.register(Question)
class QuestionAdmin(Retirable):
    """What interviewers ask."""

    form = QuestionForm
    list_display = ("name", "family", "text", "is_scored", "is_retired")
    list_filter = ("family", "is_scored", "is_retired")
    search_fields = ("name", "text")
    fieldsets = (
        (None, {"fields": ("name", "text", "family", "competencies")}),
        (gettext_lazy("What to listen for"), {"fields": ("is_scored", "anchors", "follow_ups", "red_flags")}),
        (gettext_lazy("In lists"), {"fields": ("position", "is_retired")}),
    )


class RubricForm(forms.ModelForm):
    """Five boxes for five anchors."""

    anchors = five_boxes()


class RubricInline(admin.StackedInline):
    """What an exercise tells about which competency."""

    model = RubricLine
    form = RubricForm
    extra = 0
    fields = (("competency", "position"), "look_for", "anchors")
    classes = ("kit-lines",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a box stands only the way to change what is chosen."""
        return only_changed(super().formfield_for_dbfield(db_field, request, **kwargs))


class CaseForm(forms.ModelForm):
    """A line for each point of a complete answer."""

    points = Lines(label=gettext_lazy("What a complete answer has"))


class CaseInline(admin.StackedInline):
    """The cases of an exercise; each has a page of its own for the customers' mails."""

    model = Case
    form = CaseForm
    extra = 0
    show_change_link = True
    fields = (("name", "position", "is_retired"), ("situation", "facts"), ("player", "points"))
    classes = ("kit-lines",)


class ExerciseForm(forms.ModelForm):
    """A line for each thing to take care of."""

    guards = Lines(longest=500, label=gettext_lazy("What to take care of"))


@admin.register(Exercise)
class ExerciseAdmin(Retirable):
    """Pieces of work, in writing or in the conversation, with rubric and cases."""

    form = ExerciseForm
    inlines = (RubricInline, CaseInline)
    list_display = ("name", "kind", "minutes", "codes_steps", "is_retired")
    list_filter = ("kind", "is_retired")
    fieldsets = (
        (None, {"fields": ("name", ("kind", "minutes"), "brief")}),
        (gettext_lazy("For our people"), {"fields": ("guide", "guards", "codes_steps")}),
        (gettext_lazy("In lists"), {"fields": ("position", "is_retired")}),
    )


class CaseMailInline(admin.StackedInline):
    """What customers write; the one who writes back is answered twice."""

    model = CaseMail
    extra = 0
    fields = (("position", "sender", "subject", "urgency"), ("text", "writes_back"))
    classes = ("kit-lines",)


@admin.register(Case)
class CaseAdmin(Retirable):
    """One concrete case with its mails."""

    form = CaseForm
    inlines = (CaseMailInline,)
    list_display = ("name", "exercise", "is_retired")
    list_filter = ("exercise", "is_retired")
    list_select_related = ("exercise",)
    ordering = ("exercise__position", "exercise__name", "position", "name")
    fields = ("exercise", ("name", "position", "is_retired"), "situation", "facts", "player", "points")


class PartForm(forms.ModelForm):
    """One part: a question, an exercise with a case of its own, or plain talk."""

    class Meta:
        model = KitPart
        fields = ("position", "minutes", "question", "exercise", "case", "title", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def clean(self) -> dict[str, Any]:
        """A case belongs to its exercise."""
        told = super().clean() or self.cleaned_data
        case, exercise = told.get("case"), told.get("exercise")
        if case and exercise and case.exercise_id != exercise.pk:
            belongs = _("This case belongs to “%(exercise)s”.") % {"exercise": case.exercise}
            self.add_error("case", belongs)
        return told


class PartFormSet(BaseInlineFormSet):
    """The parts of a kit, whose choices are read once for all of them."""

    choices: dict[str, list[tuple[Any, str]]] | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        """Not one query for each box."""
        super().add_fields(form, index)
        if self.choices is None:
            self.choices = kits.choices(self.instance)
        for name, choices in self.choices.items():
            if name in form.fields:  # who only reads has no boxes
                form.fields[name].choices = choices


class PartInline(admin.StackedInline):
    """The parts in order."""

    model = KitPart
    form = PartForm
    formset = PartFormSet
    extra = 0
    fields = (("position", "minutes", "question"), ("exercise", "case"), ("title", "text"))
    classes = ("kit-lines",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[KitPart, Any]:
        """With what their headings name."""
        return super().get_queryset(request).select_related("question", "exercise", "case")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Cases are checked against their exercise; beside a box stands only the way to change what is chosen."""
        if db_field.name == "case":
            kwargs["queryset"] = Case.objects.select_related("exercise")
        return only_changed(super().formfield_for_dbfield(db_field, request, **kwargs))


@admin.register(Kit)
class KitAdmin(Retirable):
    """Questions and exercises in order, the same for every candidate of a round."""

    change_form_template = "desk/kit_change.html"
    change_list_template = "desk/kit_list.html"
    inlines = (PartInline,)
    list_display = ("name", "purpose", "total", "is_retired")
    ordering = ("name",)
    fields = ("name", "purpose", "is_retired", "total")
    readonly_fields = ("total",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Kit, Any]:
        """Each with its minutes."""
        return super().get_queryset(request).annotate(minutes=Sum("parts__minutes"))

    @admin.display(description=gettext_lazy("minutes in all"), ordering="minutes", empty_value="–")
    def total(self, kit: Kit) -> int | None:
        """All parts together."""
        return getattr(kit, "minutes", None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """An emptied kit is allowed, and said."""
        super().save_related(request, form, formsets, change)
        if not form.instance.parts.exists():
            empty = _("This kit has no parts: nobody can be invited to a round that uses it until it has some.")
            messages.warning(request, empty)


class RouteForm(forms.ModelForm):
    """Five boxes for five anchors."""

    anchors = five_boxes()


class Fixed(DeskAdmin):
    """Mixin for what ships as a whole: its words may be changed, its number not."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are complete."""
        return False


@admin.register(LadderRoute)
class RouteAdmin(Fixed):
    """The three legitimate routes to a behavioural answer."""

    class Media:
        css = {"all": ("rapport/kit.css",)}

    form = RouteForm
    list_display = ("name", "key")
    fields = ("key", "name", "anchors")
    readonly_fields = ("key",)


@admin.register(DeescalationStep)
class StepAdmin(Fixed):
    """The thirteen steps with an irate customer."""

    list_display = ("number", "name", "meaning", "in_writing")
    list_display_links = ("name",)
    ordering = ("number",)
    fields = ("number", "name", "meaning", "in_writing")
    readonly_fields = ("number",)
