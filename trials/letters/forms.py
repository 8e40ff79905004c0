"""What recruiters fill in to send an offer letter, and what candidates answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.careers.forms import no_surrogates, one_line
from candidates.models import Application
from trials.letters import actions, drawing
from trials.letters.actions import Offer, Written
from trials.letters.models import LetterTemplate
from trials.planning import schedule

DAY = {"type": "date"}
ANSWER_DAYS = 7
NOTICE_DAYS = 14


class LetterForm(forms.Form):
    """Which template, and what it promises.

    Args:
        application: of somebody who was hired.
        at: the time of the request.
    """

    template = forms.ModelChoiceField(label=_("Template"), queryset=LetterTemplate.objects.none(), empty_label=None)
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    hours = forms.CharField(
        label=_("Hours a week"), max_length=80, required=False, validators=[one_line], help_text=_("As you write it.")
    )
    pay = forms.CharField(
        label=_("Pay"), max_length=120, validators=[one_line], help_text=_("As it is to be read: EUR 2,900 a month.")
    )
    answer_by = forms.DateField(label=_("Answer by"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    extra = forms.CharField(
        label=_("What you add for this person"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        validators=[no_surrogates],
        help_text=_("Stands where the template has {extra}."),
    )

    def __init__(self, data: Any = None, *, application: Application, at: datetime) -> None:
        today = schedule.local_day(at, application.job.zone)
        begins = today + timedelta(days=NOTICE_DAYS)
        super().__init__(
            data,
            initial={
                "starts_on": begins + timedelta(days=-begins.weekday() % 7),
                "answer_by": today + timedelta(days=ANSWER_DAYS),
                "hours": application.job.hours,
            },
        )
        self.application, self.at = application, at
        self._offer_templates()

    def clean(self) -> dict[str, Any]:
        """Refuses what the verb would refuse, beside its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for name, obstacle in actions.obstacles(self.application, self.offer(), at=self.at).items():
                self.add_error(name, obstacle)
        return cleaned

    def offer(self) -> Offer:
        """What the letter promises. Call after `is_valid()`."""
        promised = {name: value for name, value in self.cleaned_data.items() if name != "template"}
        return Offer(**promised)

    @property
    def written(self) -> Written:
        """The letter in words. Call after `is_valid()`."""
        return actions.write(self.application, self.cleaned_data["template"], self.offer(), at=self.at)

    @property
    def without_shape(self) -> list[str]:
        """Characters of the letter that its PDF cannot draw."""
        return drawing.without_shape(f"{self.written.subject}{self.written.text}")

    def _offer_templates(self) -> None:
        """Those in the candidate's language first."""
        own = self.application.candidate.language
        rows = list(LetterTemplate.objects.filter(is_retired=False))
        rows.sort(key=lambda row: row.language != own)
        field: Any = self.fields["template"]
        field.queryset = LetterTemplate.objects.filter(is_retired=False)
        field.choices = [(row.pk, str(row)) for row in rows]


class AcceptForm(forms.Form):
    """A signature in words."""

    name = forms.CharField(
        label=_("Your full name, as a signature"),
        max_length=200,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please type your name: it stands for your signature.")},
    )
    agrees = forms.BooleanField(
        label=_("I have read the letter and accept what it says"),
        error_messages={"required": _("Please tick this to accept.")},
    )


class DeclineForm(forms.Form):
    """Why not, if they like to say."""

    reason = forms.CharField(
        label=_("Why not, if you like to say"),
        required=False,
        max_length=2000,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
