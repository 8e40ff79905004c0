"""What a recruiter says about a written exercise: which one, who grades it, how much time besides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from candidates.pipeline import NotAllowed
from candidates.steps import StepForm
from interviews.actions import Invited
from interviews.completion import rounds_to_come
from interviews.exercises import sending
from interviews.exercises.grading.acquaintance import has_met
from interviews.exercises.models import MOST_EXTRA, Submission
from interviews.forms import PLACEHOLDER, InterviewersField
from interviews.models import Case, Exercise, Interviewer, Round

ROUND, EXERCISE = "round:", "exercise:"
SUGGESTED = 3  # two graders and one who steps in
LOOKED_AT = 12  # people, of whom it is found out whether they know the candidate
BY_LOT = ("", _("by lot, one that they have not had"))


class SendForm(StepForm):
    """A written round of the plan, or another exercise; its case, its graders, extra minutes."""

    what = forms.ChoiceField(label=_("Exercise"), error_messages={"invalid_choice": _("Choose one of these.")})
    case = forms.ChoiceField(
        label=_("Case"), required=False, error_messages={"invalid_choice": _("Choose one of these.")}
    )
    graders = InterviewersField(
        label=_("Graders"),
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": PLACEHOLDER, "spellcheck": "false"}),
        help_text=_(
            "One a line: name and e-mail. The first ones grade, the others step in, in this order. They must not know "
            "the candidate, and nobody tells them whose work it is."
        ),
    )
    extra_minutes = forms.IntegerField(
        label=_("Extra minutes"),
        min_value=0,
        max_value=MOST_EXTRA,
        initial=0,
        help_text=_("For those who need more time than others."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = self._offered()  # type: ignore[attr-defined]
        self.fields["case"].choices = self._cases()  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial.setdefault("graders", _as_lines(self._suggested()))

    def clean(self) -> dict[str, Any]:
        """The graders and the case, by the rules of the verb."""
        cleaned = super().clean() or self.cleaned_data
        if "what" in cleaned and "graders" in cleaned:
            self._check("graders", self._check_graders)
        if "what" in cleaned and cleaned.get("case") and self._case().exercise_id != self._exercise().pk:
            self.add_error("case", _("This case belongs to another exercise."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of `sending.send`."""
        said = self.cleaned_data
        return {
            "exercise": self._exercise(),
            "round": self._round(),
            "case": self._case() if said["case"] else None,
            "graders": said["graders"],
            "extra_minutes": said["extra_minutes"],
        }

    def _check(self, name: str, rule: Any) -> None:
        try:
            rule()
        except NotAllowed as refused:
            self.add_error(name, str(refused))

    def _check_graders(self) -> None:
        chosen = self._round()
        raters = chosen.raters if chosen else sending.GRADERS
        sending.check_graders(self.application, self.cleaned_data["graders"], raters=raters, by=None)

    @cached_property
    def _rounds(self) -> dict[str, Round]:
        written = [one for one in rounds_to_come(self.application) if one.is_written]
        return {f"{ROUND}{one.pk}": one for one in written}

    @cached_property
    def _exercises(self) -> dict[str, Exercise]:
        written = Exercise.objects.filter(kind__in=Exercise.WRITTEN, is_retired=False)
        return {f"{EXERCISE}{one.pk}": one for one in written}

    def _offered(self) -> list[tuple[str, Any]]:
        rounds = [(key, f"{one.name}: {_told(one.exercise)}") for key, one in self._rounds.items() if one.exercise]
        others = [(key, _told(one)) for key, one in self._exercises.items()]
        return [*rounds, (str(_("Besides the plan")), others)] if rounds else others

    def _cases(self) -> list[tuple[str, Any]]:
        cases: dict[str, list[tuple[str, str]]] = {}
        kept = {one.exercise_id for one in self._rounds.values()} | {one.pk for one in self._exercises.values()}
        for case in Case.objects.filter(exercise__in=kept, is_retired=False).select_related("exercise"):
            cases.setdefault(case.exercise.name, []).append((str(case.pk), case.name))
        return [BY_LOT, *cases.items()]

    def _round(self) -> Round | None:
        return self._rounds.get(self.cleaned_data["what"])

    def _exercise(self) -> Exercise:
        chosen = self._round()
        found = chosen.exercise if chosen else self._exercises[self.cleaned_data["what"]]
        assert found is not None  # a constraint keeps a written round from being without one
        return found

    def _case(self) -> Case:
        return Case.objects.get(pk=self.cleaned_data["case"])

    def _suggested(self) -> list[Invited]:
        """Who graded for this job last time, else who interviews for us; nobody who knows the candidate."""
        last = Submission.objects.filter(application__job=self.application.job_id).order_by("pk").last()
        if last:
            known = [Invited(one["name"], one["email"]) for one in last.graders]
        else:
            known = [Invited(one.name, one.email) for one in Interviewer.objects.filter(is_active=True)[:LOOKED_AT]]
        return [one for one in known if not has_met(self.application, one.email)][: None if last else SUGGESTED]


class ExtraForm(forms.Form):
    """How many minutes more, and why."""

    minutes = forms.IntegerField(label=_("Minutes more"), min_value=1, max_value=MOST_EXTRA, initial=15)
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("For colleagues, on the timeline. The candidate does not read it.")
    )


class AnotherForm(forms.Form):
    """Which case instead."""

    case = forms.ModelChoiceField(Case.objects.none(), label=_("Case"), required=False, empty_label=BY_LOT[1])

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases = Case.objects.filter(exercise=submission.exercise_id, is_retired=False)
        self.fields["case"].queryset = cases.exclude(pk=submission.case_id)  # type: ignore[attr-defined]


class GraderForm(forms.Form):
    """Somebody who grades, too, or stands by."""

    grader = InterviewersField(
        label=_("Name and e-mail"), widget=forms.TextInput(attrs={"placeholder": PLACEHOLDER, "spellcheck": "false"})
    )

    def clean_grader(self) -> Invited:
        """One person."""
        named: list[Invited] = self.cleaned_data["grader"]
        if len(named) != 1:
            raise ValidationError(_("Name one person."))
        return named[0]


def _told(exercise: Exercise) -> str:
    minutes = ngettext("%d minute", "%d minutes", exercise.minutes) % exercise.minutes
    return f"{exercise.name} ({minutes})"


def _as_lines(people: Iterable[Invited]) -> str:
    return "\n".join(f"{one.name} <{one.email}>" for one in people)
