"""Who screens an application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.judging.actions import Answers, Score
from candidates.judging.forms import LONGEST_TEXT, ScorecardForm
from candidates.judging.models import Scorecard
from candidates.screening import script
from candidates.screening.actions import team
from candidates.screening.models import CallSlot
from candidates.staff.models import User
from candidates.steps import StepForm


class PhoneForm(ScorecardForm):
    """A scorecard with notes for each part of the script; they are kept under the part's title, and carry no score."""

    def __init__(self, *args: Any, card: Scorecard, **kwargs: Any) -> None:
        super().__init__(*args, card=card, **kwargs)
        self.parts = script.parts()
        kept = dict(card.ratings.filter(competency=None).values_list("criterion", "evidence"))
        for number, part in enumerate(self.parts):
            self.fields[f"notes_{number}"] = forms.CharField(
                label=_("Notes"),
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
                max_length=LONGEST_TEXT,
            )
            if part.key in kept:
                self.initial[f"notes_{number}"] = kept[part.key]

    @property
    def script(self) -> Iterator[tuple[script.Part, forms.BoundField]]:
        """For the template: each part with its box."""
        return ((part, self[f"notes_{number}"]) for number, part in enumerate(self.parts))

    def answers(self) -> Answers:
        """What was typed, the notes included."""
        answers = super().answers()
        notes = [
            Score(criterion=part.key, evidence=self._value(f"notes_{number}")) for number, part in enumerate(self.parts)
        ]
        kept = [note for number, note in enumerate(notes) if note.evidence or f"notes_{number}" in self.initial]
        return replace(answers, scores=[*answers.scores, *kept])


class ScreeningForm(StepForm):
    """Chooses the reader and the caller among those who hire for the job; two different people when there are two."""

    reader = forms.ModelChoiceField(
        label=_("Who reads the letter"),
        queryset=User.objects.none(),
        help_text=_("Beside the advert, without a résumé."),
    )
    caller = forms.ModelChoiceField(
        label=_("Who calls"),
        queryset=User.objects.none(),
        help_text=_("Ten to twenty minutes by phone. Best somebody who has not seen the résumé."),
    )
    chooses_time = forms.BooleanField(
        label=_("Let the candidate choose a time for the call"),
        required=False,
        help_text=_("They get a mail with the times that the caller offers on the page “Times for calls”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = team(self.application.job)
        for name in ("reader", "caller"):
            self.fields[name].queryset = members  # type: ignore[attr-defined]
        self._suggest(list(members))

    def clean(self) -> dict[str, Any]:
        """A candidate can only choose where times are offered."""
        cleaned = super().clean() or self.cleaned_data
        caller = cleaned.get("caller")
        if cleaned.get("chooses_time") and caller and not self._offers(caller):
            words = _("%s offers no times yet. Offer some on the page “Times for calls”, or leave this empty.")
            self.add_error("chooses_time", words % caller)
        return cleaned

    def _suggest(self, members: list[User]) -> None:
        """Recruiters read, so the hiring manager comes last; the call goes to the next one."""
        members.sort(key=lambda user: user.pk == self.application.job.hiring_manager_id)
        if members:
            self.initial.setdefault("reader", members[0].pk)
            caller = members[min(1, len(members) - 1)]
            self.initial.setdefault("caller", caller.pk)
            self.initial.setdefault("chooses_time", self._offers(caller))

    def _offers(self, caller: User) -> bool:
        return CallSlot.objects.free(self.at).filter(caller=caller).exists()
