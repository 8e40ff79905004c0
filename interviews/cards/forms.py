"""The form of an interviewer's card: to the ratings come notes and the route of each part of the kit, and the steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.judging import wording
from candidates.judging.forms import LONGEST_TEXT, ScorecardForm
from candidates.models import Scorecard
from interviews.cards import kit
from interviews.cards.actions import CardAnswers, Coded, Heard
from interviews.cards.models import StepCoding
from interviews.kits.models import LadderRoute

UNNOTED = ("", _("not noted"))
NOT_CODED = _("Choose yes, no or not applicable; or take back the others, if none of it took place.")
CODES = [*StepCoding.Answer.choices, ("", _("Not coded"))]


class CardForm(ScorecardForm):
    """A scorecard with what was heard at each part of the kit. Without a kit it is the plain scorecard."""

    rows: ClassVar[tuple[str, ...]] = ("ratings", "kit_answers", "step_codings")

    def __init__(self, data: Any = None, *, card: Scorecard, **kwargs: Any) -> None:
        self.content: kit.Words = card.wording.content if card.wording else wording.of_plan(card.application.plan)
        self.wording = card.wording.digest if card.wording else ""
        self.kit, self.steps = kit.parts(self.content), kit.steps(self.content)
        self.preset = kit.preset(self.content)
        super().__init__(data, card=card, **kwargs)
        for part in self.kit:
            self._add_part(part)
        for step in self.steps:
            self._add_step(step)

    def kept(self, card: Scorecard) -> dict[str, str]:
        """The draft, with notes and steps."""
        kept = super().kept(card)
        if self.kit:
            for heard in card.kit_answers.all():
                kept |= {f"notes_{heard.part}": heard.notes, f"route_{heard.part}": heard.route}
        if self.steps:
            kept |= {f"step_{number}": StepCoding.Answer.NOT_APPLICABLE.value for number in self.preset}
            for coded in card.step_codings.all():
                kept |= {f"step_{coded.step}": coded.answer, f"quote_{coded.step}": coded.quote}
        return kept

    def _add_part(self, part: kit.Words) -> None:
        number = part["number"]
        self.fields[f"notes_{number}"] = _box(_("Notes"), rows=3)
        if kit.has_routes(part):
            self.fields[f"route_{number}"] = forms.ChoiceField(
                label=_("How they came to the answer"), choices=[UNNOTED, *self._routes()], required=False
            )

    def _routes(self) -> list[tuple[str, Any]]:
        told = [(route["key"], route["name"]) for route in self.content.get("routes", [])]
        return [*told, (LadderRoute.Key.NONE.value, LadderRoute.Key.NONE.label)]

    def _add_step(self, step: kit.Words) -> None:
        number = step["number"]
        self.fields[f"step_{number}"] = forms.ChoiceField(
            label=step["name"],
            choices=CODES,
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields[f"quote_{number}"] = _box(_("Their words"), rows=1)

    def clean(self) -> dict[str, Any]:
        """When locking: a step that was met has the words that show it."""
        super().clean()
        if self.locking:
            self._require_steps()
        return self.cleaned_data

    def _require_steps(self) -> None:
        """All of them are coded, or none: perhaps the exercise was left out."""
        answers = {step["number"]: self.cleaned_data.get(f"step_{step['number']}") for step in self.steps}
        is_coded = any(answer for number, answer in answers.items() if number not in self.preset)
        for number, answer in answers.items():
            quote = f"quote_{number}"
            if is_coded and not answer and f"step_{number}" not in self.errors:
                self.add_error(f"step_{number}", NOT_CODED)
            elif answer == StepCoding.Answer.YES and quote not in self.errors and not self.cleaned_data.get(quote):
                self.add_error(quote, _("A yes needs the words that you heard or read."))

    def answers(self) -> CardAnswers:
        """What was typed, with notes, routes and steps."""
        plain = super().answers()
        heard = [self._heard(part["number"]) for part in self.kit]
        coded = [self._coded(step["number"]) for step in self.steps]
        return CardAnswers(
            plain.scores,
            plain.recommendation,
            plain.summary,
            [one for one in heard if one.notes or one.route or f"notes_{one.part}" in self.initial],
            [one for one in coded if one.answer or one.quote or f"step_{one.step}" in self.initial],
        )

    def _heard(self, number: int) -> Heard:
        route = self._value(f"route_{number}") if f"route_{number}" in self.fields else ""
        return Heard(number, self._value(f"notes_{number}"), route)

    def _coded(self, number: int) -> Coded:
        return Coded(number, self._value(f"step_{number}"), self._value(f"quote_{number}"))

    @property
    def parts(self) -> Iterator[dict[str, Any]]:
        """For the template: each part of the kit with its boxes, the ratings given at it, and those given later."""
        rated_at, coded_at, names = kit.rated_at(self.content), kit.coded_at(self.content), self._names()
        ratings = {rating["competency"].pk: rating for rating in self.ratings}
        for part in self.kit:
            number, keys = part["number"], [key for key in part["competencies"] if key in names]
            rubric = part.get("rubric", [])
            yield {
                "words": part | {"rubric": [line | {"name": names.get(line["competency"], "")} for line in rubric]},
                "notes": self[f"notes_{number}"],
                "route": self[f"route_{number}"] if f"route_{number}" in self.fields else None,
                "ratings": [ratings[key] for key in keys if rated_at[key] == number],
                "later": [names[key] for key in keys if rated_at[key] != number],
                "steps": list(self.coding) if number == coded_at else [],
                "is_untouched": self._is_untouched(number, [key for key in keys if rated_at[key] == number], coded_at),
            }

    def _is_untouched(self, number: int, keys: list[int], coded_at: int | None) -> bool:
        """Whether a part stands as the wording gives it: nothing sent, nothing kept, nothing to say about it."""
        names = {f"notes_{number}", f"route_{number}"}
        names |= {f"{kind}_{key}" for key in keys for kind in ("score", "evidence")}
        if number == coded_at:
            names |= {f"{kind}_{one['number']}" for one in self.steps for kind in ("step", "quote")}
            names -= {f"step_{one}" for one in self.preset}
        return not self.is_bound and names.isdisjoint(name for name, value in self.initial.items() if value)

    @property
    def ratings(self) -> Iterator[dict[str, Any]]:
        """As of every scorecard, with the anchors of the one exercise that tells about it."""
        own = kit.anchors(self.content)
        for rating in super().ratings:
            yield rating | {"anchors": own.get(rating["competency"].pk, rating["anchors"])}

    @property
    def loose_ratings(self) -> list[dict[str, Any]]:
        """What no part of the kit tells about in particular: rated at the end."""
        rated_at = kit.rated_at(self.content)
        return [rating for rating in self.ratings if rating["competency"].pk not in rated_at]

    @property
    def coding(self) -> Iterator[dict[str, Any]]:
        """For the template: each step with its two fields."""
        for step in self.steps:
            number = step["number"]
            yield {"words": step, "answer": self[f"step_{number}"], "quote": self[f"quote_{number}"]}

    def _names(self) -> dict[int, str]:
        return {one.pk: one.name for one in self.competencies}


def _box(label: Any, *, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), required=False, max_length=LONGEST_TEXT
    )
