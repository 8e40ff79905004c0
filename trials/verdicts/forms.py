"""What the leader fills in before the end of a trial, over some days if they like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from trials.offering.models import Trial
from trials.verdicts import actions
from trials.verdicts.models import Verdict, VerdictDraft

DAY = {"type": "date"}
LONGEST_TEXT = 20_000
WAS = "was_"  # before a field's name: what the window that changed it had there before, or has sent since
UNCHOSEN = {"invalid_choice": _("Please choose one of the three.")}
TWO_TEXTS = _("You wrote something else here in another window: “%s”. Keep what you need of both, then save again.")


class VerdictForm(forms.Form):
    """The leader's verdict, with evidence per competency. A draft may lack anything.

    A page with scripts sends only what was touched in it, each text with the one that it replaces (`was_...`): what
    is absent stays as it was kept. Without scripts `seen` tells which draft the page was made from: what another
    window wrote since then is not wiped by an empty box, and where both wrote the leader gets both texts.

    Args:
        data: the POST, or None to show the draft.
        trial: which one is decided on.
        draft: what was typed before.
        giving: whether the verdict is given now, or only kept.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_("Your verdict"), choices=Verdict.Kind.choices, widget=forms.RadioSelect, error_messages=UNCHOSEN
    )
    new_end = forms.DateField(
        label=_("New end, if you extend"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        required=False,
    )
    evidence = forms.CharField(
        label=_("What it stands on as a whole"),
        help_text=_("What you saw in the work, in words. The manager who approves reads this first."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_TEXT,
    )

    def __init__(
        self, data: Any = None, *, trial: Trial, at: datetime, draft: VerdictDraft | None = None, giving: bool = False
    ) -> None:
        kept = draft.data if draft else {}
        super().__init__(data, initial=kept | {"seen": draft.saved_at.isoformat() if draft else ""})
        self.trial, self.at, self.giving, self.in_conflict = trial, at, giving, False
        self.saved_at = draft.saved_at if draft else None
        self.judged = actions.judged(trial.application.plan)
        self.settled: dict[str, str] = {}  # what stands in a field now, where that is not what was sent
        for row in self.judged:
            self.fields[actions.ground(row.competency_id)] = forms.CharField(
                label=row.competency.name,
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                max_length=LONGEST_TEXT,
            )

    @property
    def grounds(self) -> Iterator[dict[str, Any]]:
        """For the template: each competency with its box."""
        for row in self.judged:
            yield {"row": row, "competency": row.competency, "field": self[actions.ground(row.competency_id)]}

    def clean(self) -> dict[str, Any]:
        """Settle what another window kept; refuse what the verb would refuse, beside its field."""
        super().clean()
        for name in [name for name in self.errors if self.has_error(name, "required")]:
            del self.errors[name]  # a draft may lack anything, and the verb says better what a verdict lacks
            self.cleaned_data[name] = ""
        self._settle()
        if self.giving:
            self._require(self.cleaned_data)
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        """For the verb, besides the trial, `at` and `by`."""
        names = ("kind", "evidence", "new_end")
        return {name: self.cleaned_data[name] for name in names} | {"grounds": self._grounds()}

    def typed(self) -> dict[str, str]:
        """What is worth keeping as a draft: every valid text as it is now, what is wrong as it was kept."""
        known = {name: self.initial.get(name, "") for name in self.fields if name != "seen"}
        known |= {name: _text(value) for name, value in self.cleaned_data.items() if name in known}
        return {name: text for name, text in known.items() if text}

    def redraw(self, draft: VerdictDraft) -> None:
        """Show what is kept now, and follow the draft that was just saved."""
        sent = {name: self.data.get(name, self.initial.get(name, "")) for name in self.fields}
        self.data = sent | self.settled | {"seen": draft.saved_at.isoformat()}
        self.saved_at = draft.saved_at

    def _grounds(self) -> dict[int, str]:
        keys = [row.competency_id for row in self.judged]
        return {key: self.cleaned_data.get(actions.ground(key), "") for key in keys}

    def _require(self, cleaned: dict[str, Any]) -> None:
        given = (cleaned.get("kind", ""), cleaned.get("evidence", ""), cleaned.get("new_end"))
        for name, obstacle in actions.verdict_obstacles(self.trial, *given, self._grounds(), at=self.at).items():
            if name not in self.errors:
                self.add_error(name, obstacle)

    def _settle(self) -> None:
        is_old = self.data.get("seen", "") != self.initial["seen"]
        for name, kept in self.initial.items():
            if name not in self.fields or name == "seen" or not kept:
                continue
            if name not in self.data:
                self._keep(name, kept)
            elif name not in self.errors and self._is_changed_elsewhere(name, kept, is_old=is_old):
                self._choose(name, kept)

    def _is_changed_elsewhere(self, name: str, kept: str, *, is_old: bool) -> bool:
        was = self.data.getlist(WAS + name) if isinstance(self.data, QueryDict) else []
        return _plain(kept) not in map(_plain, was) if was else is_old

    def _choose(self, name: str, kept: str) -> None:
        typed = _text(self.cleaned_data.get(name))
        if not typed:
            self._keep(name, kept)
        elif isinstance(self.fields[name].widget, forms.Textarea) and _plain(kept) not in _plain(typed):
            self.in_conflict = True
            self.add_error(name, TWO_TEXTS % kept)

    def _keep(self, name: str, kept: str) -> None:
        self.errors.pop(name, None)
        self.cleaned_data[name], self.settled[name] = self.fields[name].clean(kept), kept


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _plain(text: str) -> str:
    """What is the same text for a reader: browsers send lines with CR."""
    return text.replace("\r\n", "\n").strip()
