"""What is filled in at a check-in: scores with what was seen; by the new colleague also how they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.judging.forms import LONGEST_TEXT, NOT_SEEN, SCORES, ScorecardForm
from candidates.judging.models import Scorecard
from candidates.judging.wording import Trait
from trials.check_ins import own_views
from trials.check_ins.actions import FIELDS, Own, OwnAnswers

OWN_SCORES = [*SCORES[:-1], (NOT_SEEN, gettext_lazy("I cannot say"))]
NO_ANSWER = "none"


@dataclass(frozen=True)
class Looked:
    """What a page shows beside a competency: since when to look back, and what its rater wrote the last time."""

    since: date
    number: int = 0  # of the check-in at which they wrote it
    words: str = ""


class SeenForm(ScorecardForm):
    """What the buddy and the lead saw since the last check-in."""

    def _add_rating(self, competency: Trait) -> None:
        super()._add_rating(competency)
        self.fields[f"evidence_{competency.pk}"].label = self._question(competency)

    def _question(self, competency: Trait) -> str:
        looked = self.prompts.get(competency.pk)
        if not isinstance(looked, Looked):
            return _("What did you see or hear?")
        return _("What did you see or hear since %s?") % formats.date_format(looked.since, _("D j M"))


class OwnForm(SeenForm):
    """The new colleague's own: where they see themselves, how they are, what would help. Nothing of it is counted."""

    rows: ClassVar[tuple[str, ...]] = ("ratings", "check_in_card__own_view")

    words = forms.CharField(
        label=gettext_lazy("What would help you?"),
        help_text=gettext_lazy("More of something, less of something, another tool, a talk: in your own words."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )

    def __init__(self, data: Any = None, *, card: Scorecard, **kwargs: Any) -> None:
        super().__init__(data, card=card, **kwargs)
        del self.fields["recommendation"], self.fields["summary"]
        for item in own_views.ITEMS:
            self.fields[item.key] = forms.TypedChoiceField(
                label=str(item.name),
                choices=_answers(item),
                coerce=_coerced,
                empty_value=None,
                error_messages={"invalid_choice": gettext_lazy("Choose one of the answers, or “No answer”.")},
                widget=forms.RadioSelect,
                required=False,
            )

    def _add_rating(self, competency: Trait) -> None:
        super()._add_rating(competency)
        self.fields[f"score_{competency.pk}"].choices = OWN_SCORES  # type: ignore[attr-defined]

    def _question(self, competency: Trait) -> str:
        return _("Which moment shows it?")

    def kept(self, card: Scorecard) -> dict[str, str]:
        """The draft, with how they are."""
        kept = super().kept(card) | {"recommendation": "", "summary": ""}
        view = own_views.of(card)
        given = {name: getattr(view, name) for name in FIELDS} if view else {}
        return kept | {name: "" if value is None else str(value) for name, value in given.items()}

    def answers(self) -> OwnAnswers:
        """What was typed, with how they are."""
        plain = super().answers()
        own = {item.key: self._value(item.key) or None for item in own_views.ITEMS}
        return OwnAnswers(plain.scores, own=Own(**own, words=self._value("words")))

    @property
    def own_items(self) -> Iterator[dict[str, Any]]:
        """For the template: each question about themselves with its field and answers."""
        for item in own_views.ITEMS:
            yield {"item": item, "field": self[item.key]}


def _answers(item: own_views.Item) -> list[tuple[str, str | Promise]]:
    """Its five answers in words, and how to take one back."""
    return [*((str(score), words) for score, words in enumerate(item.anchors, 1)), (NO_ANSWER, _("No answer"))]


def _coerced(value: str) -> int | None:
    return None if value == NO_ANSWER else int(value)


class SeenToForm(forms.Form):
    """What was done about an early warning."""

    note = forms.CharField(
        label=gettext_lazy("What was done"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        error_messages={"required": gettext_lazy("Say in a few words what was done.")},
    )
