"""The form of a scorecard: one score and its evidence per competency of the plan, a recommendation, a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import Competency
from candidates.judging.actions import Answers, Score
from candidates.judging.models import Scorecard

NEEDS_EVIDENCE = {1, 2, 5}
SCORES = [(str(score), str(score)) for score in range(1, 6)]
NOT_SEEN = ("", _("Not seen"))


class ScorecardForm(forms.Form):
    """What a rater fills in. Drafts may lack anything; locking asks for a recommendation and for evidence.

    Args:
        card: the scorecard, with its application and plan.
        locking: whether the answers are to be locked (`data` given) or only kept.
    """

    recommendation = forms.ChoiceField(
        label=_("Would you go on with this person?"),
        choices=Scorecard.Recommendation.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    summary = forms.CharField(
        label=_("In a few words, for the decision"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
    )

    def __init__(self, data: Any = None, *, card: Scorecard, locking: bool = False) -> None:
        super().__init__(data, initial=_kept(card))
        self.locking = locking
        weights = card.application.plan.weights.select_related("competency")
        self.competencies = [row.competency for row in weights]
        for competency in self.competencies:
            self._add_rating(competency)

    def _add_rating(self, competency: Competency) -> None:
        self.fields[f"score_{competency.pk}"] = forms.TypedChoiceField(
            label=competency.name,
            choices=[*SCORES, NOT_SEEN],
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields[f"evidence_{competency.pk}"] = forms.CharField(
            label=_("What did you see or hear?"),
            widget=forms.Textarea(attrs={"rows": 2}),
            required=False,
            max_length=20_000,
        )

    @property
    def ratings(self) -> Iterator[dict[str, Any]]:
        """For the template: each competency with its two fields and its anchors."""
        for competency in self.competencies:
            yield {
                "competency": competency,
                "anchors": competency.anchors,
                "field": self[f"score_{competency.pk}"],
                "evidence": self[f"evidence_{competency.pk}"],
            }

    def clean(self) -> dict[str, Any]:
        """When locking: a recommendation, at least one score, and words for every 1, 2 and 5."""
        cleaned = super().clean() or self.cleaned_data
        if self.locking:
            self._require_recommendation()
            self._require_scores()
        return cleaned

    def _require_recommendation(self) -> None:
        if not self.cleaned_data.get("recommendation"):
            self.add_error("recommendation", _("Choose one before you lock."))

    def _require_scores(self) -> None:
        scored = [one for one in self.competencies if self.cleaned_data.get(f"score_{one.pk}") is not None]
        if not scored:
            self.add_error(None, _("Rate at least one competency before you lock."))
        for competency in scored:
            score = self.cleaned_data[f"score_{competency.pk}"]
            if score in NEEDS_EVIDENCE and not self.cleaned_data.get(f"evidence_{competency.pk}"):
                self.add_error(f"evidence_{competency.pk}", _("A 1, 2 or 5 needs the evidence in words."))

    def answers(self) -> Answers:
        """What was typed, for the verbs. Call after `is_valid()`; what was invalid is left out."""
        cleaned = self.cleaned_data
        scores = [
            Score(
                competency=competency.pk,
                score=cleaned.get(f"score_{competency.pk}"),
                evidence=cleaned.get(f"evidence_{competency.pk}", ""),
            )
            for competency in self.competencies
        ]
        return Answers(scores, cleaned.get("recommendation", ""), cleaned.get("summary", ""))


def _kept(card: Scorecard) -> dict[str, Any]:
    """The draft as initial values."""
    kept: dict[str, Any] = {"recommendation": card.recommendation, "summary": card.summary}
    for rating in card.ratings.exclude(competency=None):
        kept[f"score_{rating.competency_id}"] = "" if rating.score is None else str(rating.score)
        kept[f"evidence_{rating.competency_id}"] = rating.evidence
    return kept
