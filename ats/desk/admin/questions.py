"""The questions of a job's form, below the job; those that people have answered are retired, never deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Exists, OuterRef, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from candidates.careers.questions import NO, YES
from candidates.jobs.models import Job, JobQuestion
from candidates.people.models import Answer

Kind = JobQuestion.Kind
OF_THE_FORM = 5  # required inputs that every form has: name, e-mail, letter, résumé, consent
MOST_REQUIRED = 8
WITH_CHOICES = (Kind.CHOICE, Kind.SEVERAL)
AS_IT_WAS = _("People have answered this, so it stays as it is. To ask something else, retire it and add a question.")


class LinesField(SimpleArrayField):
    """A list, one line each: choices may hold commas."""

    def __init__(self, **kwargs: Any) -> None:
        box = forms.Textarea(attrs={"rows": 3, "cols": 60})
        super().__init__(forms.CharField(max_length=120), delimiter="\n", widget=box, required=False, **kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines that hold something, each once, in their order."""
        lines = value if isinstance(value, list) else str(value or "").replace("\r", "").split("\n")
        return list(dict.fromkeys(super().to_python("\n".join(line.strip() for line in lines if line.strip()))))


class QuestionForm(forms.ModelForm):
    """One question, with rules that fit its kind."""

    choices = LinesField(label=_("Choices"), help_text=_("One on each line, at least two."))
    marking = LinesField(
        label=_("Answers that mark an application"),
        help_text=_("One on each line: some of the choices, or yes or no. A person still decides."),
    )

    class Meta:
        model = JobQuestion
        fields = (
            "position", "kind", "label", "help", "is_required", "choices", "marking", "at_least", "at_most",
            "is_retired",
        )  # fmt: skip
        widgets = {name: forms.TextInput(attrs={"size": 80}) for name in ("label", "help")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(self.instance, "has_answers", False):
            for name in ("kind", "label"):
                self.fields[name].disabled = True
            self.fields["label"].help_text = AS_IT_WAS

    def clean(self) -> dict[str, Any]:
        """What belongs together: choices, marks, lowest and highest number."""
        told = super().clean() or {}
        kind = told.get("kind")
        if kind not in WITH_CHOICES:
            told["choices"] = []
        elif len(told.get("choices") or []) < 2:
            self.add_error("choices", _("Write at least two choices, one on each line."))
        self._clean_marks(kind, told)
        self._clean_numbers(kind, told)
        return told

    def _clean_marks(self, kind: Any, told: dict[str, Any]) -> None:
        marking = told.get("marking") or []
        if kind == Kind.YES_NO:
            told["marking"] = marking = [mark.lower() for mark in marking]
            if not set(marking) <= {YES, NO}:
                self.add_error("marking", _("Write yes or no: the answer that marks."))
        elif kind in WITH_CHOICES:
            if strange := [mark for mark in marking if mark not in (told.get("choices") or [])]:
                self.add_error("marking", _("Not among the choices: %(marks)s.") % {"marks": ", ".join(strange)})
        elif marking:
            self.add_error("marking", _("Only choices and yes or no can mark like this. Leave it empty."))

    def _clean_numbers(self, kind: Any, told: dict[str, Any]) -> None:
        low, high = told.get("at_least"), told.get("at_most")
        if kind != Kind.NUMBER and (low is not None or high is not None):
            self.add_error("at_least" if low is not None else "at_most", _("This is for numbers. Leave it empty."))
        elif low is not None and high is not None and low > high:
            self.add_error("at_most", _("This is below the other number: every answer would be marked."))


class QuestionFormSet(BaseInlineFormSet):
    """All questions of a job."""

    request: HttpRequest

    def add_fields(self, form: Any, index: int | None) -> None:
        """What people have answered has no box to delete it that works."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields and getattr(form.instance, "has_answers", False):
            form.fields[DELETION_FIELD_NAME].disabled = True

    def save(self, commit: bool = True) -> Any:
        """Tell when the form asks for more than people answer on a phone."""
        saved = super().save(commit)
        asked = JobQuestion.objects.filter(job=self.instance, is_required=True, is_retired=False).count()
        if commit and asked + OF_THE_FORM > MOST_REQUIRED:
            told = ngettext(
                "The form now has %(n)d box that must be filled.", "The form now has %(n)d boxes that must be filled.",
                asked + OF_THE_FORM,
            )  # fmt: skip
            advice = _("Above eight, many people give up on a phone. Make some of them optional.")
            messages.warning(self.request, f"{told % {'n': asked + OF_THE_FORM}} {advice}")
        return saved


class QuestionInline(admin.StackedInline):
    """What this job's form asks besides name, letter and résumé."""

    model = JobQuestion
    form = QuestionForm
    formset = QuestionFormSet
    extra = 0
    fieldsets = (
        (
            None,
            {
                "fields": (("kind", "position", "is_required", "is_retired"), "label", "help", "choices"),
            },
        ),
        (_("What marks an application"), {"fields": ("marking", ("at_least", "at_most")), "classes": ("collapse",)}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[JobQuestion]:
        """Each with whether anybody has answered it."""
        answers = Answer.objects.filter(question=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_answers=Exists(answers)).order_by("position", "pk")

    def get_formset(self, request: HttpRequest, obj: Job | None = None, **kwargs: Any) -> Any:
        """The set, which may tell the person something."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.request = request
        return formset
