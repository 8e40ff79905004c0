"""What a referee fills in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.judging.actions import Answers, Score
from candidates.judging.forms import NEEDS_EVIDENCE
from references.answering.actions import Facts
from references.models import Reference
from references.questionnaire import CRITERIA, Criterion

MONTHS = ["%Y-%m", "%m/%Y", "%m-%Y", "%Y-%m-%d", "%B %Y", "%b %Y"]
FACTS = ("would_hire_again", "role", "worked_from", "worked_until")
SCORES = [(str(score), str(score)) for score in range(1, 6)]
NULLABLE = (forms.DateField, forms.TypedChoiceField)  # what is kept as nothing, not as ""
CANNOT_SAY = "unknown"
MISSING = {"required": _("Please fill this in.")}
MONTH = {"invalid": _("Please write the year and the month, for example 2023-04.")}
UNCHOSEN = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of these.")}


class MonthField(forms.DateField):
    """A month of a year, kept as its first day."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "class": "form-control"})

    def clean(self, value: Any) -> date | None:
        """The first day of the month."""
        cleaned = super().clean(value)
        return cleaned.replace(day=1) if cleaned else None


class ReferenceForm(forms.Form):
    """What a referee fills in. Drafts may lack anything; sending asks for the facts and at least one score.

    Args:
        reference: with its draft.
        today: where the referee is; nobody worked together in the future.
        sending: whether the answers are final (`data` given) or only kept.
    """

    role = forms.CharField(label=_("What was their role?"), max_length=200, error_messages=MISSING)
    worked_from = MonthField(
        label=_("Worked together from"),
        input_formats=MONTHS,
        help_text=_("Month and year, for example 2023-04."),
        error_messages=MISSING | MONTH,
    )
    worked_until = MonthField(
        label=_("Until"),
        input_formats=MONTHS,
        required=False,
        help_text=_("Leave empty if you still do."),
        error_messages=MONTH,
    )
    would_hire_again = forms.ChoiceField(
        label=_("Would you hire them again?"),
        choices=Reference.HireAgain.choices,
        widget=forms.RadioSelect,
        error_messages=UNCHOSEN,
    )
    summary = forms.CharField(
        label=_("Anything else we should know?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
    )

    def __init__(self, data: Any = None, *, reference: Reference, today: date, sending: bool = False) -> None:
        super().__init__(data, initial=_kept(reference))
        self.today, self.sending = today, sending
        for criterion in CRITERIA:
            self._add_rating(criterion)

    def _add_rating(self, criterion: Criterion) -> None:
        self.fields[f"score_{criterion.key}"] = forms.TypedChoiceField(
            label=str(criterion.name),
            choices=[*SCORES, (CANNOT_SAY, _("I cannot say"))],
            coerce=_score,
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages=UNCHOSEN,
        )
        self.fields[f"evidence_{criterion.key}"] = forms.CharField(
            label=str(criterion.example), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=20_000
        )

    @property
    def ratings(self) -> Iterator[dict[str, Any]]:
        """For the template: each criterion with its two fields and its anchors."""
        for criterion in CRITERIA:
            yield {
                "competency": criterion,
                "anchors": criterion.anchors,
                "field": self[f"score_{criterion.key}"],
                "evidence": self[f"evidence_{criterion.key}"],
            }

    def clean(self) -> dict[str, Any]:
        """Dates in order and not to come; when sending: one score at least, an example for every 1, 2 and 5."""
        cleaned = super().clean() or self.cleaned_data
        if self.sending:
            self._require_scores()
        else:
            self._forgive_gaps()
        self._check_dates()
        return cleaned

    def _forgive_gaps(self) -> None:
        """A draft may lack anything; what was emptied is kept empty."""
        for name, errors in list(self.errors.as_data().items()):
            if all(error.code == "required" for error in errors):
                del self.errors[name]
                self.cleaned_data[name] = None if isinstance(self.fields[name], NULLABLE) else ""

    def _check_dates(self) -> None:
        begun, ended = (self.cleaned_data.get("worked_from"), self.cleaned_data.get("worked_until"))
        if begun and begun > self.today:
            self.add_error("worked_from", _("This month is still to come."))
        if begun and ended and ended < begun:
            self.add_error("worked_until", _("This is before the month in which it began."))

    def _require_scores(self) -> None:
        scores = {criterion.key: self.cleaned_data.get(f"score_{criterion.key}") for criterion in CRITERIA}
        if not any(scores.values()) and not any(f"score_{key}" in self.errors for key in scores):
            self.add_error(None, _("Please rate at least one of the three. If you would rather not, you can decline."))
        for key, score in scores.items():
            if score in NEEDS_EVIDENCE and not self.cleaned_data.get(f"evidence_{key}"):
                self.add_error(f"evidence_{key}", _("For a 1, 2 or 5, please add an example in a sentence."))

    def facts(self) -> Facts:
        """The facts, for the verbs. Call after `is_valid()`; what was invalid stays as it was kept."""
        return Facts(**{name: self._value(name) for name in FACTS})

    def answers(self) -> Answers:
        """The scores and examples, for the verbs. Call after `is_valid()`; what was invalid stays as it was kept."""
        scores = [
            Score(
                criterion=criterion.key,
                score=self._value(f"score_{criterion.key}"),
                evidence=self._value(f"evidence_{criterion.key}"),
            )
            for criterion in CRITERIA
        ]
        return Answers(scores, summary=self._value("summary"))

    def _value(self, name: str) -> Any:
        return self.cleaned_data[name] if name in self.cleaned_data else self.initial[name]


def _score(value: str) -> int | None:
    return None if value == CANNOT_SAY else int(value)


def _kept(reference: Reference) -> dict[str, Any]:
    """The draft as initial values, of the types that the verbs take."""
    kept: dict[str, Any] = {"summary": reference.scorecard.summary}
    kept |= {name: getattr(reference, name) for name in FACTS}
    ratings = {rating.criterion: rating for rating in reference.scorecard.ratings.all()}
    for criterion in CRITERIA:
        rating = ratings.get(criterion.key)
        kept[f"score_{criterion.key}"] = rating.score if rating else None
        kept[f"evidence_{criterion.key}"] = rating.evidence if rating else ""
    return kept
