"""What recruiters and candidates fill in to name referees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from candidates.careers.texts import no_address, one_line
from candidates.people import identity
from candidates.people.models import Application
from candidates.steps import StepForm
from references.answering.forms import MONTHS, MonthField
from references.models import Referee
from references.naming import actions, people
from references.naming.people import Named
from references.naming.standing import Wanted

TYPED = {"autocomplete": "off"}  # a browser would fill in the candidate
MISSING = {"required": _("Please fill this in.")}
UNCHOSEN = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of these.")}
MONTH = MISSING | {"invalid": _("Please write the year and the month, for example 2023-04.")}
PERSON = ("name", "relation", "company", "worked_from", "worked_until", "email", "phone", "language", "agreed")
SCORES = [(str(score), str(score)) for score in range(1, 6)]


def languages() -> list[tuple[str, str]]:
    """Our languages, each in its own words."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


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


class PhoneField(forms.CharField):
    """A phone number, kept in one form: +31201234567. `country` is that of numbers without one."""

    country = ""

    def clean(self, value: Any) -> str:
        """The number in E.164, or nothing."""
        typed = super().clean(value)
        number = identity.phone_key(typed, self.country) if typed else ""
        if typed and not number:
            raise forms.ValidationError(_("We cannot read this number. Write it like +31 20 123 4567."))
        return number


class PeopleForm(forms.Form):
    """Some people, one block of fields each: `name_0`, `email_0`, ..., `name_1`, ...

    Args:
        data: what was typed, or None.
        application: whose referees they are.
        today: where the candidate is; nobody worked together in the future.
        count: how many people.
    """

    agreement = _("Person %(number)d knows of this and agrees to be asked")

    def __init__(self, data: Any = None, *, application: Application, today: date, count: int) -> None:
        super().__init__(data)
        self.application, self.today, self.places = application, today, range(count)
        self.country = people.country(application)
        for place in self.places:
            self._add_person(place)

    def _add_person(self, place: int) -> None:
        fields = _who(place + 1) | _when(place + 1) | _how(place + 1, self.agreement)
        fields["language"].initial = self.application.candidate.language
        fields["phone"].country = self.country  # type: ignore[attr-defined]
        for name in PERSON:
            self.fields[f"{name}_{place}"] = fields[name]

    @property
    def people(self) -> Iterator[list[forms.BoundField]]:
        """For the template: the fields of each person."""
        for place in self.places:
            yield [self[f"{name}_{place}"] for name in PERSON]

    def clean(self) -> dict[str, Any]:
        """Refuses whom the verb would refuse, beside what is wrong."""
        cleaned = super().clean() or self.cleaned_data
        for refusal in people.refusals(self.application, self.named(), today=self.today):
            self.add_error(f"{refusal.field}_{refusal.place}", refusal.words)
        return cleaned

    def named(self) -> list[Named]:
        """The people as typed; empty for what was invalid."""
        return [self._named(place) for place in self.places]

    def _named(self, place: int) -> Named:
        def typed(name: str) -> Any:
            return self.cleaned_data.get(f"{name}_{place}")

        texts = {name: typed(name) or "" for name in ("name", "email", "relation", "company", "phone", "language")}
        return Named(**texts, worked_from=typed("worked_from"), worked_until=typed("worked_until"))


class NameRefereesForm(PeopleForm):
    """The candidate names as many people as are wanted, and may say how they see themself.

    Args:
        wanted: how many people, and how many managers or team leads among them.
        criteria: on what they may say how they see themself; see `actions.words`.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        application: Application,
        today: date,
        wanted: Wanted,
        criteria: list[dict[str, Any]],
    ) -> None:
        super().__init__(data, application=application, today=today, count=wanted.people)
        self.wanted, self.criteria = wanted, criteria
        for criterion in criteria:
            self.fields[f"self_{criterion['key']}"] = forms.ChoiceField(
                label=criterion["name"],
                choices=SCORES,
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Choose one of the five, or none.")},
            )

    @property
    def own_views(self) -> Iterator[tuple[forms.BoundField, dict[str, Any]]]:
        """For the template: the field and the words of each criterion."""
        for criterion in self.criteria:
            yield self[f"self_{criterion['key']}"], criterion

    @property
    def has_own_views(self) -> bool:
        """Whether something was said or is wrong there, so that it must not be folded away."""
        return any(field.value() or field.errors for field, _criterion in self.own_views)

    def clean(self) -> dict[str, Any]:
        """Also refuses too few managers."""
        cleaned = super().clean()
        chosen = [cleaned.get(f"relation_{place}") for place in self.places]
        managers = sum(person.is_manager for person in self.named())
        if all(chosen) and managers < self.wanted.managers:
            last = max(place for place, person in enumerate(self.named()) if not person.is_manager)
            self.add_error(f"relation_{last}", actions.too_few_managers(self.wanted.managers))
        return cleaned

    def scores(self) -> dict[str, int]:
        """How the candidate sees themself: a score by the key of its criterion, for those they said something on."""
        given = {one["key"]: self.cleaned_data.get(f"self_{one['key']}") for one in self.criteria}
        return {key: int(score) for key, score in given.items() if score}


class RefereeForm(PeopleForm):
    """A recruiter names somebody on the candidate's behalf."""

    agreement = _("The candidate told us that they agree to be asked")

    def __init__(self, data: Any = None, *, application: Application, today: date) -> None:
        super().__init__(data, application=application, today=today, count=1)
        for name, label in ALONE.items():
            self.fields[f"{name}_0"].label = label
        self.fields["worked_until_0"].help_text = _("Leave empty if they still do.")


class AddressForm(forms.Form):
    """Another address of a referee."""

    email = PlainEmailField(label=_("Their e-mail"), max_length=254, error_messages=MISSING)


class NoteForm(forms.Form):
    """A word to the candidate."""

    note = forms.CharField(
        label=_("A personal word to the candidate"),
        help_text=_("It stands at the top of the mail that asks for another name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1000,
    )


class WhyForm(forms.Form):
    """Why, for colleagues."""

    reason = forms.CharField(
        label=_("Why, for colleagues"),
        help_text=_("It stays on the timeline; neither the referee nor the candidate reads it."),
        required=False,
        max_length=500,
    )


ALONE = {
    "name": _("Name"),
    "relation": _("They were, as the candidate says"),
    "company": _("Company or organisation"),
    "worked_from": _("Worked together from"),
    "worked_until": _("Until"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "language": _("Language of our mail"),
}


def _text(label: Any, longest: int) -> forms.CharField:
    widget = forms.TextInput(attrs=TYPED)
    return forms.CharField(
        label=label, max_length=longest, validators=[one_line, no_address], widget=widget, error_messages=MISSING
    )


def _who(number: int) -> dict[str, forms.Field]:
    told = {"number": number}
    return {
        "name": _text(_("Name of person %(number)d") % told, 200),
        "relation": forms.ChoiceField(
            label=_("Person %(number)d was") % told,
            choices=[("", _("Choose one")), *Referee.Relation.choices],
            error_messages=UNCHOSEN,
        ),
        "company": _text(_("Company or organisation of person %(number)d") % told, 120),
    }


def _when(number: int) -> dict[str, forms.Field]:
    told = {"number": number}
    return {
        "worked_from": MonthField(
            label=_("You worked with person %(number)d from") % told,
            input_formats=MONTHS,
            help_text=_("Month and year, for example 2023-04."),
            error_messages=MONTH,
        ),
        "worked_until": MonthField(
            label=_("You worked with person %(number)d until") % told,
            input_formats=MONTHS,
            required=False,
            help_text=_("Leave empty if you still do."),
            error_messages=MONTH,
        ),
    }


def _how(number: int, agreement: Any) -> dict[str, forms.Field]:
    told = {"number": number}
    return {
        "email": PlainEmailField(
            label=_("E-mail of person %(number)d") % told,
            max_length=254,
            widget=forms.EmailInput(attrs=TYPED),
            error_messages=MISSING,
        ),
        "phone": PhoneField(
            label=_("Phone of person %(number)d") % told,
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs=TYPED | {"inputmode": "tel"}),
            help_text=_("If they would rather talk than write."),
        ),
        "language": forms.ChoiceField(
            label=_("Language of person %(number)d") % told, choices=lazy(languages, list), error_messages=UNCHOSEN
        ),
        "agreed": forms.BooleanField(
            label=agreement % told,
            error_messages={"required": _("Please ask them first. We write only to people who agree.")},
        ),
    }
