"""The form of a scorecard: one score and its evidence per competency of the plan, a recommendation, a summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from candidates.judging import wording
from candidates.judging.actions import Answers, Score
from candidates.judging.models import Scorecard
from candidates.judging.wording import Trait
from candidates.post.models import Ask

NEEDS_EVIDENCE = {1, 2, 5}
LONGEST_TEXT = 20_000
NOT_SEEN = "not_seen"
SCORES = [*[(str(score), str(score)) for score in range(1, 6)], (NOT_SEEN, _("Not seen"))]
WAS = "was_"  # before a field's name: what the window that changed it had there before, or has sent since
UNRATED = _("Give a score, or choose “Not seen”.")
TWO_TEXTS = _("You wrote something else here in another window: “%s”. Keep what you need of both, then save again.")


class ScorecardForm(forms.Form):
    """What a rater fills in. Drafts may lack anything; locking asks for a recommendation and for evidence.

    Nothing typed is ever lost. What is invalid leaves the kept draft as it is. `seen` says which draft the page was
    made from: when another tab has saved since then, an empty field does not wipe what the other tab wrote, and where
    both wrote something else in one box the rater gets both texts to choose from. A page with scripts sends only what
    was touched in it, each text with the one that it replaces (`was_...`): what is absent stays as it was kept.

    Args:
        data: the POST, or None to show the draft.
        card: the scorecard, with its application and plan.
        locking: whether the answers are to be locked or only kept.
        marks_rest: whether what has no score yet was not seen.
        prompts: what a template shows beside a competency, by the competency's key.
    """

    rows: ClassVar[tuple[str, ...]] = ("ratings",)  # what hangs on a card: read once, both to fill in and to save

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
        marks_rest: bool = False,
        prompts: Mapping[int, object] | None = None,
    ) -> None:
        super().__init__(data, initial=self.kept(card))
        self.locking, self.marks_rest, self.prompts, self.in_conflict = locking, marks_rest, prompts or {}, False
        self.settled: dict[str, str] = {}  # what stands in a field now, where that is not what was sent
        if card.ask.role == Ask.Role.CANDIDATE:
            self.fields["recommendation"].label = _("Would you like to stay?")
        self.competencies = wording.traits(card)
        for competency in self.competencies:
            self._add_rating(competency)

    def kept(self, card: Scorecard) -> dict[str, str]:
        """What stands in the fields before anything is typed: the draft."""
        return _kept(card)

    def _add_rating(self, competency: Trait) -> None:
        self.fields[f"score_{competency.pk}"] = forms.TypedChoiceField(
            label=competency.name,
            choices=SCORES,
            coerce=_coerced,
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

    @property
    def unrated(self) -> list[Trait]:
        """What a lock would miss: neither a score nor "not seen". What is invalid has its own message."""
        return [one for one in self.competencies if self._is_unrated(f"score_{one.pk}")] if self.is_bound else []

    def _is_unrated(self, name: str) -> bool:
        is_given = self.cleaned_data.get(name) is not None
        return not is_given and all(error == UNRATED for error in self.errors.get(name, []))

    def clean(self) -> dict[str, Any]:
        """Settle what another tab saved meanwhile; when locking, ask for what a locked card must have."""
        super().clean()
        self._settle()
        if not self.locking and self.has_error("recommendation", "required"):
            del self.errors["recommendation"]
            self.cleaned_data["recommendation"] = ""
        if self.marks_rest:
            self._mark_rest()
        if self.locking:
            self._require_scores()
        return self.cleaned_data

    def _settle(self) -> None:
        """What was not sent stays. Where another tab saved after this page was made: keep what this one leaves
        empty, and ask where both wrote."""
        is_old = self.cleaned_data.get("seen", "") != self.initial["seen"]
        for name, field in self.fields.items():
            kept = self.initial.get(name)
            if name == "seen" or not kept:
                continue
            if name not in self.data:
                self._keep(name, field, kept)
            elif name not in self.errors and self._is_changed_elsewhere(name, kept, is_old=is_old):
                self._choose(name, field, kept)

    def _is_changed_elsewhere(self, name: str, kept: str, *, is_old: bool) -> bool:
        was = self.data.getlist(WAS + name) if isinstance(self.data, QueryDict) else []
        return _plain(kept) not in map(_plain, was) if was else is_old

    def _choose(self, name: str, field: forms.Field, kept: str) -> None:
        typed = self.cleaned_data.get(name)
        if not typed:
            self._keep(name, field, kept)
        elif isinstance(field.widget, forms.Textarea) and _plain(kept) not in _plain(typed):
            self.in_conflict = True
            self.add_error(name, TWO_TEXTS % kept)

    def _keep(self, name: str, field: forms.Field, kept: str) -> None:
        self.errors.pop(name, None)
        self.cleaned_data[name], self.settled[name] = field.clean(kept), kept

    def _mark_rest(self) -> None:
        for one in self.unrated:
            name = f"score_{one.pk}"
            self.cleaned_data[name] = self.settled[name] = NOT_SEEN

    def _require_scores(self) -> None:
        """A score, or "not seen", for everything; evidence in words for the scores that say most."""
        given = {one.pk: self.cleaned_data.get(f"score_{one.pk}") for one in self.competencies}
        if not any(isinstance(score, int) for score in given.values()):
            self.add_error(None, _("Rate at least one competency before you lock."))
            return
        for one in self.unrated:
            self.add_error(f"score_{one.pk}", UNRATED)
        for competency, score in given.items():
            name = f"evidence_{competency}"
            if score in NEEDS_EVIDENCE and name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _("A 1, 2 or 5 needs the evidence in words."))

    def redrawn(self) -> dict[str, Any]:
        """What the fields show after a save: what was sent, and what was kept in its place."""
        return dict(self.data.items()) | self.settled

    def answers(self) -> Answers:
        """What was typed, for the verbs; what is invalid stays as it was kept, and what was never touched
        is left out."""
        self.is_valid()
        typed = [self._score(competency) for competency in self.competencies]
        scores = [score for score in typed if self._is_worth_a_row(score)]
        return Answers(scores, self._value("recommendation"), self._value("summary"))

    def _score(self, competency: Trait) -> Score:
        given = self._value(f"score_{competency.pk}") or None
        return Score(
            competency=competency.pk,
            score=None if given == NOT_SEEN else given,
            not_seen=given == NOT_SEEN,
            evidence=self._value(f"evidence_{competency.pk}"),
        )

    def _is_worth_a_row(self, score: Score) -> bool:
        """Whether there is something to write, or a kept row to bring up to date."""
        is_kept = f"evidence_{score.competency}" in self.initial
        return is_kept or score.not_seen or score.score is not None or bool(score.evidence)

    def _value(self, name: str) -> Any:
        """What was typed, or the kept value where that was invalid."""
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        kept = self.initial.get(name)
        return self.fields[name].clean(kept) if kept else ""


def _coerced(value: str) -> int | str:
    return value if value == NOT_SEEN else int(value)


def _plain(text: str) -> str:
    """Browsers end lines in two ways."""
    return text.replace("\r\n", "\n").strip()


def _kept(card: Scorecard) -> dict[str, str]:
    """The draft as initial values; `seen` tells this draft from later ones."""
    kept = {
        "seen": card.saved_at.isoformat() if card.saved_at else "",
        "recommendation": card.recommendation,
        "summary": card.summary,
    }
    for rating in card.ratings.all():
        if rating.competency_id is not None:
            kept |= shown(rating.competency_id, rating.score, rating.evidence, not_seen=rating.not_seen)
    return kept


def shown(competency: int | None, score: int | None, evidence: str, *, not_seen: bool) -> dict[str, str]:
    """One rating as its two fields show it."""
    given = NOT_SEEN if not_seen else "" if score is None else str(score)
    return {f"score_{competency}": given, f"evidence_{competency}": evidence}
