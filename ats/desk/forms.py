"""Forms of the desk's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.people.models import Application


class NoteForm(forms.Form):
    """A remark for colleagues."""

    text = forms.CharField(label=_("Note for colleagues"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))


class OverrideForm(forms.Form):
    """Why judgements must be seen before all are in."""

    reason = forms.CharField(label=_("Why they must be seen now"), max_length=500)


class RefusalForm(forms.Form):
    """Why a hire is not approved; those who go on from there read it."""

    reason = forms.CharField(
        label=_("Why, for your colleagues"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True)
class Seen:
    """Where an application stood when the person at the desk looked; a page carries it to the verb.

    Not signed: a value that is not the present one can only lead to the page about a colleague's move.
    """

    stage: str
    since: datetime | None

    @classmethod
    def now(cls, application: Application) -> Seen:
        """As just read from the database."""
        return cls(application.stage, application.stage_since)

    @classmethod
    def parse(cls, text: str) -> Seen:
        """What a page carried."""
        stage, _at, since = text.partition("@")
        try:
            return cls(stage, datetime.fromisoformat(since))
        except ValueError:
            return cls(stage, None)

    def __str__(self) -> str:
        return f"{self.stage}@{self.since.isoformat() if self.since else ''}"
