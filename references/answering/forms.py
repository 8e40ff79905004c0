"""What a referee fills in, step by step; a recruiter on the phone fills in the same at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from candidates.judging.actions import Answers, Score
from candidates.judging.forms import LONGEST_TEXT, NEEDS_EVIDENCE, NOT_SEEN, TWO_TEXTS, WAS
from references.answering.actions import Facts
from references.models import Reference

MONTHS = ["%Y-%m", "%m/%Y", "%m-%Y", "%m.%Y", "%Y-%m-%d", "%B %Y", "%b %Y"]
FACTS = ("would_hire_again", "role", "worked_from", "worked_until")
SCORES = [(str(score), str(score)) for score in range(1, 6)]
NULLABLE = (forms.DateField, forms.TypedChoiceField)  # what is kept as nothing, not as ""
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
    """What a referee fills in, or the fields of one step of it.

    Nothing typed is ever lost. A draft may lack anything; what is invalid leaves the kept draft as it is, and what is
    absent stays as it was kept: a page with scripts sends only what was touched in it, each text with the one that it
    replaces (`was_...`), so that where two windows wrote in one box the referee gets both texts to choose from.

    Args:
        data: the POST, or None to show the draft.
        reference: with its draft.
        criteria: what it is judged by, as `questionnaires.wording.criteria` gives it.
        today: where the referee is; nobody worked together in the future.
        only: the fields to ask for; all when nothing is said.
        is_strict: whether what is missing is asked for, or forgiven as in a draft.
    """

    role = forms.CharField(
        label=_("What was their role?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=MISSING,
    )
    worked_from = MonthField(
        label=_("Worked together from"),
        input_formats=MONTHS,
        help_text=_("Month and year, for example 2023-04. As you remember it."),
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
        max_length=LONGEST_TEXT,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        reference: Reference,
        criteria: Sequence[dict[str, Any]],
        today: date,
        only: Collection[str] = (),
        is_strict: bool = False,
    ) -> None:
        super().__init__(data, initial=kept(reference, criteria))
        self.criteria, self.today, self.is_strict, self.in_conflict = criteria, today, is_strict, False
        for criterion in criteria:
            self._add_rating(criterion)
        if only:
            self.fields = {name: field for name, field in self.fields.items() if name in only}

    def _add_rating(self, criterion: dict[str, Any]) -> None:
        self.fields[f"score_{criterion['key']}"] = forms.TypedChoiceField(
            label=criterion["name"],
            choices=[*SCORES, (NOT_SEEN, _("I cannot say"))],
            coerce=_score,
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages=UNCHOSEN,
        )
        self.fields[f"evidence_{criterion['key']}"] = forms.CharField(
            label=criterion["example"],
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
            max_length=LONGEST_TEXT,
        )

    @property
    def ratings(self) -> Iterator[dict[str, Any]]:
        """For the template: each criterion of this form with its two fields and its anchors."""
        for criterion in self.criteria:
            if f"score_{criterion['key']}" in self.fields:
                yield {
                    "competency": criterion,
                    "anchors": criterion["anchors"],
                    "field": self[f"score_{criterion['key']}"],
                    "evidence": self[f"evidence_{criterion['key']}"],
                }

    def clean(self) -> dict[str, Any]:
        """Dates in order and not to come; when strict: an example for every 1, 2 and 5, one score in a whole form."""
        super().clean()
        self._settle()
        self._check_dates()
        if self.is_strict:
            self._require_scores()
        else:
            self._forgive_gaps()
        return self.cleaned_data

    def _settle(self) -> None:
        """What was not sent stays. Where another window wrote something else in a box, both texts are shown."""
        for name, field in self.fields.items():
            before = self.initial[name]
            if name not in self.data and before not in (None, ""):
                self.errors.pop(name, None)
                self.cleaned_data[name] = field.clean(shown(before))
            elif isinstance(field.widget, forms.Textarea) and name not in self.errors:
                self._choose(name, before)

    def _choose(self, name: str, before: str) -> None:
        was = self.data.getlist(WAS + name) if isinstance(self.data, QueryDict) else []
        typed = _plain(self.cleaned_data[name])
        if before and was and _plain(before) not in map(_plain, was) and _plain(before) not in typed:
            self.in_conflict = True
            self.add_error(name, TWO_TEXTS % before)

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
        asked = [one["key"] for one in self.criteria if f"score_{one['key']}" in self.fields]
        scores = {key: self.cleaned_data.get(f"score_{key}") for key in asked}
        for key, score in scores.items():
            name = f"evidence_{key}"
            if score in NEEDS_EVIDENCE and name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _("For a 1, 2 or 5, please add an example in a sentence."))
        if scores and "role" in self.fields and all(score == NOT_SEEN for score in scores.values()):
            self.add_error(None, _("Please rate at least one of these. If you would rather not, you can decline."))

    def facts(self) -> Facts:
        """The facts, for the verbs. Call after `is_valid()`; what was invalid stays as it was kept."""
        return Facts(**{name: self._value(name) for name in FACTS})

    def answers(self) -> Answers:
        """The scores and examples, for the verbs. Call after `is_valid()`; what was invalid stays as it was kept."""
        asked = [one["key"] for one in self.criteria if f"score_{one['key']}" in self.fields]
        given = [self._given(key) for key in asked]
        return Answers([one for one in given if self._is_worth_a_row(one)], summary=self._value("summary"))

    def _given(self, key: str) -> Score:
        score = self._value(f"score_{key}")
        return Score(
            criterion=key,
            score=score if isinstance(score, int) else None,
            not_seen=score == NOT_SEEN,
            evidence=self._value(f"evidence_{key}"),
        )

    def _is_worth_a_row(self, one: Score) -> bool:
        was_kept = self.initial[f"score_{one.criterion}"] is not None or self.initial[f"evidence_{one.criterion}"]
        return bool(was_kept or one.not_seen or one.score is not None or one.evidence)

    def _value(self, name: str) -> Any:
        return self.cleaned_data[name] if name in self.cleaned_data else self.initial[name]


class DeclineForm(forms.Form):
    """Why somebody would rather not; nobody has to say."""

    reason = forms.ChoiceField(
        label=_("Would you like to say why?"),
        choices=Reference.Why.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages=UNCHOSEN,
    )
    note = forms.CharField(
        label=_("In your words"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000
    )


def missing(reference: Reference, criteria: Sequence[dict[str, Any]], today: date) -> ReferenceForm:
    """The draft as if it were sent now: its errors are what it still lacks. It asks the database for nothing."""
    draft = {name: shown(value) for name, value in kept(reference, criteria).items()}
    form = ReferenceForm(draft, reference=reference, criteria=criteria, today=today, is_strict=True)
    form.is_valid()
    return form


def kept(reference: Reference, criteria: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The draft as initial values, of the types that the verbs take."""
    found: dict[str, Any] = {"summary": reference.scorecard.summary}
    found |= {name: getattr(reference, name) for name in FACTS}
    ratings = {rating.criterion: rating for rating in reference.scorecard.ratings.all()}
    for criterion in criteria:
        rating = ratings.get(criterion["key"])
        score = (NOT_SEEN if rating.not_seen else rating.score) if rating else None
        found[f"score_{criterion['key']}"] = score
        found[f"evidence_{criterion['key']}"] = rating.evidence if rating else ""
    return found


def shown(value: Any) -> str:
    """A kept value as a browser would send it."""
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return "" if value is None else str(value)


def _score(value: str) -> int | str:
    return value if value == NOT_SEEN else int(value)


def _plain(text: str) -> str:
    """Browsers end lines in two ways."""
    return text.replace("\r\n", "\n").strip()
