"""The form of a scorecard: one score and its evidence per competency of the plan, a recommendation, a summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.judging import wording
from candidates.judging.actions import Answers, Score
from candidates.judging.models import Scorecard
from candidates.judging.wording import Trait
from candidates.post.models import Ask

NEEDS_EVIDENCE = {1, 2, 5}
LONGEST_TEXT = 20_000
SCORES = [(str(score), str(score)) for score in range(1, 6)]
NOT_SEEN = ("", _("Not seen"))
TWO_TEXTS = _("You wrote something else here in another window: “%s”. Keep what you need of both, then save again.")


class ScorecardForm(forms.Form):
    """What a rater fills in. Drafts may lack anything; locking asks for a recommendation and for evidence.

    Nothing typed is ever lost. What is invalid leaves the kept draft as it is. `seen` says which draft the page was
    made from: when another tab has saved since then, an empty field does not wipe what the other tab wrote, and where
    both wrote something else in one box the rater gets both texts to choose from.

    Args:
        data: the POST, or None to show the draft.
        card: the scorecard, with its application and plan.
        locking: whether the answers are to be locked or only kept.
        prompts: what a template shows beside a competency, by the competency's key.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    recommendation = forms.ChoiceField(
        label=_("Would you go on with this person?"),
        choices=Scorecard.Recommendation.choices,
        error_messages={
            "invalid_choice": _("Choose one of the four."),
            "required": _("Choose one before you lock."),
        },
        widget=forms.RadioSelect,
    )
    summary = forms.CharField(
        label=_("In a few words, for the decision"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        card: Scorecard,
        locking: bool = False,
        prompts: Mapping[int, object] | None = None,
    ) -> None:
        super().__init__(data, initial=_kept(card))
        self.locking, self.prompts, self.in_conflict = locking, prompts or {}, False
        if card.ask.role == Ask.Role.CANDIDATE:
            self.fields["recommendation"].label = _("Would you like to stay?")
        self.competencies = wording.traits(card)
        for competency in self.competencies:
            self._add_rating(competency)

    def _add_rating(self, competency: Trait) -> None:
        self.fields[f"score_{competency.pk}"] = forms.TypedChoiceField(
            label=competency.name,
            choices=[*SCORES, NOT_SEEN],
            coerce=int,
            empty_value=None,
            error_messages={"invalid_choice": _("Choose a score from 1 to 5, or “Not seen”.")},
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields[f"evidence_{competency.pk}"] = forms.CharField(
            label=_("What did you see or hear?"),
            widget=forms.Textarea(attrs={"rows": 2}),
            required=False,
            max_length=LONGEST_TEXT,
        )

    @property
    def ratings(self) -> Iterator[dict[str, Any]]:
        """For the template: each competency with its two fields, its anchors and its prompt."""
        for competency in self.competencies:
            yield {
                "competency": competency,
                "anchors": competency.anchors,
                "field": self[f"score_{competency.pk}"],
                "evidence": self[f"evidence_{competency.pk}"],
                "prompt": self.prompts.get(competency.pk),
            }

    def clean(self) -> dict[str, Any]:
        """Settle what another tab saved meanwhile; when locking, ask for what a locked card must have."""
        cleaned = super().clean() or self.cleaned_data
        if not self.locking and self.has_error("recommendation", "required"):
            del self.errors["recommendation"]
            cleaned["recommendation"] = ""
        if cleaned.get("seen", "") != self.initial["seen"]:
            self._settle()
        if self.locking:
            self._require_scores()
        return self.cleaned_data

    def _settle(self) -> None:
        """Another tab saved after this page was made: keep what this one leaves empty, and ask where both wrote."""
        for name, field in self.fields.items():
            typed, kept = self.cleaned_data.get(name), self.initial.get(name)
            if name == "seen" or name in self.errors or not kept:
                continue
            if not typed:
                self.cleaned_data[name] = field.clean(kept)
            elif isinstance(field.widget, forms.Textarea) and kept not in typed:
                self.in_conflict = True
                self.add_error(name, TWO_TEXTS % kept)

    def _require_scores(self) -> None:
        scored = [one for one in self.competencies if self.cleaned_data.get(f"score_{one.pk}") is not None]
        if not scored:
            self.add_error(None, _("Rate at least one competency before you lock."))
        for competency in scored:
            name = f"evidence_{competency.pk}"
            if self.cleaned_data[f"score_{competency.pk}"] not in NEEDS_EVIDENCE or name in self.errors:
                continue
            if not self.cleaned_data.get(name):
                self.add_error(name, _("A 1, 2 or 5 needs the evidence in words."))

    def answers(self) -> Answers:
        """What was typed, for the verbs; what is invalid stays as it was kept, and what was never touched
        is left out."""
        self.is_valid()
        typed = [self._score(competency) for competency in self.competencies]
        scores = [score for score in typed if self._is_worth_a_row(score)]
        return Answers(scores, self._value("recommendation"), self._value("summary"))

    def _score(self, competency: Trait) -> Score:
        return Score(
            competency=competency.pk,
            score=self._value(f"score_{competency.pk}") or None,
            evidence=self._value(f"evidence_{competency.pk}"),
        )

    def _is_worth_a_row(self, score: Score) -> bool:
        """Whether there is something to write, or a kept row to bring up to date."""
        is_kept = f"evidence_{score.competency}" in self.initial
        return is_kept or score.score is not None or bool(score.evidence)

    def _value(self, name: str) -> Any:
        """What was typed, or the kept value where that was invalid."""
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        kept = self.initial.get(name)
        return self.fields[name].clean(kept) if kept else ""


def _kept(card: Scorecard) -> dict[str, str]:
    """The draft as initial values; `seen` tells this draft from later ones."""
    seen = card.saved_at.isoformat() if card.saved_at else ""
    kept = {
        "seen": seen,
        "recommendation": card.recommendation,
        "summary": card.summary,
    }
    for rating in card.ratings.exclude(competency=None):
        kept[f"score_{rating.competency_id}"] = "" if rating.score is None else str(rating.score)
        kept[f"evidence_{rating.competency_id}"] = rating.evidence
    return kept
