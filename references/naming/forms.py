"""What recruiters and candidates fill in to name referees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.people.models import Application
from candidates.steps import StepForm
from references.models import Referee
from references.naming import actions
from references.naming.actions import Named

TYPED = {"autocomplete": "off"}  # a browser would fill in the candidate
MISSING = {"required": _("Please fill this in.")}
UNCHOSEN = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of these.")}


class RefereesForm(StepForm):
    """Behind the button "Ask for referees"."""

    note = forms.CharField(
        label=_("A personal word to the candidate"),
        help_text=_("It stands at the top of the mail that asks for the names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1000,
    )


class PlainEmailField(forms.EmailField):
    """An address that every mail server can take: without letters outside ASCII, which also look alike."""

    def clean(self, value: Any) -> str:
        """The address; refuses what no server could deliver."""
        email = str(super().clean(value))
        if not email.isascii():
            raise forms.ValidationError(_("Please write this address without accents or special letters."))
        return email


class NameRefereesForm(forms.Form):
    """As many people as the plan still wants, one block of four fields each.

    Args:
        application: whose referees they are.
    """

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data)
        self.application = application
        self.places = range(actions.wanted(application))
        for place in self.places:
            self._add_person(place)

    def _add_person(self, place: int) -> None:
        number = {"number": place + 1}
        self.fields[f"name_{place}"] = forms.CharField(
            label=_("Name of person %(number)d") % number,
            max_length=200,
            widget=forms.TextInput(attrs=TYPED),
            error_messages=MISSING,
        )
        self.fields[f"email_{place}"] = PlainEmailField(
            label=_("E-mail of person %(number)d") % number,
            max_length=254,
            widget=forms.EmailInput(attrs=TYPED),
            error_messages=MISSING,
        )
        self.fields[f"relation_{place}"] = forms.ChoiceField(
            label=_("Person %(number)d was") % number,
            choices=[("", _("Choose one")), *Referee.Relation.choices],
            error_messages=UNCHOSEN,
        )
        self.fields[f"company_{place}"] = forms.CharField(
            label=_("Company or organisation of person %(number)d") % number,
            max_length=120,
            widget=forms.TextInput(attrs=TYPED),
            error_messages=MISSING,
        )

    @property
    def people(self) -> Iterator[list[forms.BoundField]]:
        """For the template: the four fields of each person."""
        for place in self.places:
            yield [self[f"{name}_{place}"] for name in ("name", "email", "relation", "company")]

    def clean(self) -> dict[str, Any]:
        """Refuses whom the verb would refuse, beside the address."""
        cleaned = super().clean() or self.cleaned_data
        for place, refusal in actions.refusals(self.application, self.named()).items():
            self.add_error(f"email_{place}", refusal)
        return cleaned

    def named(self) -> list[Named]:
        """The people as typed; empty strings for what was invalid."""
        return [
            Named(*(self.cleaned_data.get(f"{name}_{place}", "") for name in ("name", "email", "relation", "company")))
            for place in self.places
        ]
