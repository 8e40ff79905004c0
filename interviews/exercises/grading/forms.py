"""What a grader fills in: a scorecard of the rubric's lines, and why, when they recognise the person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.judging.forms import ScorecardForm
from interviews.exercises.grading.actions import LONGEST_REASON


class GradingForm(ScorecardForm):
    """A scorecard about words alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recommendation"].label = _("By this work alone: would you go on with its writer?")
        for competency in self.competencies:
            self.fields[f"evidence_{competency.pk}"].label = _("Which words show it?")


class RecognisedForm(forms.Form):
    """How the grader knows whose work it is."""

    reason = forms.CharField(
        label=_("How you know it"),
        help_text=_("A word is enough, and you need not say. The recruiters of this job can read it."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"maxlength": LONGEST_REASON}),
    )
