"""What a candidate types into a written exercise. Nothing typed is ever lost, in whatever state the page was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from candidates.careers.texts import LetterField, no_surrogates
from interviews.exercises.paper import Box, Paper, Turn, mark

LONGEST_REPLY = 20_000
REPLY, SEEN = "reply_", "seen_"
NAME = re.compile(rf"{REPLY}(\d{{1,4}})_(\d{{1,2}})", re.ASCII)
MOST_STRAYS = 20
MOST_SEEN = 2_000  # signs of the marks that a page knows


@dataclass(frozen=True)
class Stray:
    """A text for which there is no box any more, or never was: shown, so that its writer can copy it."""

    message: str
    text: str


class PaperForm(forms.Form):
    """One box per mail that is not answered yet.

    `seen_<box>` says which texts the page knows: the one it was made with and those it has sent since. Where another
    window has written something else meanwhile, an empty box does not wipe it, and for two texts the candidate gets
    both.

    Args:
        data: the POST, or None to show what is kept.
        paper: the submission as it is now, locked when there is data.
        is_late: the time is over: what comes is kept aside, and there is nothing to settle.
    """

    def __init__(self, data: Any = None, *, paper: Paper, is_late: bool = False) -> None:
        super().__init__(data, auto_id="%s")
        self.paper, self.is_late = paper, is_late
        self.others: dict[str, str] = {}  # by box: what another window wrote
        for box, turn in paper.open.items():
            self.fields[REPLY + box.name] = self._box(turn)
            self.fields[SEEN + box.name] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.initial[REPLY + box.name] = turn.written
            self.initial[SEEN + box.name] = mark(turn.written)

    def clean(self) -> dict[str, Any]:
        """Settle what another window saved meanwhile."""
        cleaned = super().clean() or self.cleaned_data
        for box, turn in self.paper.open.items():
            name = REPLY + box.name
            if name not in self.data:
                cleaned[name] = turn.written  # a page from before this mail came: it says nothing about it
            elif name in cleaned and not self.is_late:
                self._settle(box, turn)
        return self.cleaned_data

    def texts(self) -> dict[Box, str]:
        """What is to be kept: all that is valid and in no conflict."""
        self.is_valid()
        boxes = self.paper.open
        return {box: self.cleaned_data[REPLY + box.name] for box in boxes if REPLY + box.name in self.cleaned_data}

    def strays(self) -> list[Stray]:
        """Texts that came for a mail which was answered before, or for none."""
        found = [self._stray(name) for name in self.data if name.startswith(REPLY) and name not in self.fields]
        return [stray for stray in found if stray][:MOST_STRAYS]

    def refused(self) -> list[Stray]:
        """Texts that could not be kept, each with the reason."""
        boxes = [(box, str(self.data.get(REPLY + box.name, ""))) for box in self.paper.open]
        return [Stray(self.error_of(box), text) for box, text in boxes if self.error_of(box)]

    def error_of(self, box: Box) -> str:
        """What is wrong with one box, in words."""
        return " ".join(str(error) for error in self.errors.get(REPLY + box.name, []))

    def _box(self, turn: Turn) -> LetterField:
        return LetterField(
            label=_("Your answer"),
            required=False,
            strip=False,
            max_length=LONGEST_REPLY,
            validators=[no_surrogates],
            widget=forms.Textarea(attrs={"rows": 8, "class": "form-control"}),
            error_messages={
                "max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d."),
                "null_characters_not_allowed": _("This holds a sign that cannot be kept. Type it anew without it."),
            },
        )

    def _settle(self, box: Box, turn: Turn) -> None:
        name = REPLY + box.name
        typed, kept = self.cleaned_data[name], turn.written
        seen = str(self.cleaned_data.get(SEEN + box.name, ""))[:MOST_SEEN].split()
        if not kept or typed == kept or mark(kept) in seen:
            return
        if not typed.strip():
            self.cleaned_data[name] = kept
        elif kept not in typed:
            self.others[box.name] = kept
            self.add_error(name, _("You wrote something else here in another window. Keep what you need of both."))

    def _stray(self, name: str) -> Stray | None:
        text = str(self.data[name]).replace("\r\n", "\n")
        found = NAME.fullmatch(name)
        turn = self.paper.known.get(Box(int(found[1]), int(found[2]))) if found else None
        if not text.strip() or (turn and text.strip() == turn.written.strip()):
            return None
        if turn and turn.reply and turn.reply.sent_at:
            when = date_format(localtime(turn.reply.sent_at), "H:i")
            told = _("This answer was sent at %s and stays as it is. What you wrote since then:") % when
            return Stray(told, text)
        return Stray(_("There is no such mail in this exercise. What you wrote:"), text)
