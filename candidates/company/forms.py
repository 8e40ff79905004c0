"""What an administrator may say of the company, and what cannot be."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.company import colours, frames, logo, notice
from candidates.company.models import COLOUR, Company
from candidates.post.reminding.forms import PlaceForm

FIELDS = (
    "name", "website", "country", "subdivision", "quiet_from", "quiet_until",
    "intro", "about", "footer", "products", "accent", "accent_dark", "embedded_by",
)  # fmt: skip


def field_for(db_field: Field[Any, Any], **options: Any) -> forms.Field | None:
    """The field of a form; an address without its scheme is taken for https."""
    if db_field.name == "website":
        return db_field.formfield(assume_scheme="https", **options)
    if db_field.name == "embedded_by":
        sites = forms.URLField(assume_scheme="https")
        label = capfirst(db_field.verbose_name)
        return SimpleArrayField(sites, label=label, help_text=db_field.help_text, required=False)
    return db_field.formfield(**options)


class CompanyForm(PlaceForm, forms.ModelForm):
    """Name, texts, colours, logo, where the list may stand, and what is added to the privacy notice."""

    logo_file = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, 2 MB at most. It is shown at 400 by 160 pixels at most."),
    )
    logo_is_gone = forms.BooleanField(label=gettext_lazy("Show no logo"), required=False)
    addition = forms.CharField(
        label=gettext_lazy("What you add to the privacy notice"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "For example how long you keep applications, and whom people can ask. Every change is a new version; "
            "each application keeps the version it agreed to."
        ),
    )

    class Meta:
        model = Company
        fields = FIELDS
        formfield_callback = field_for

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = notice.current()
        self.fields["addition"].initial = last.text if last else ""

    def clean_country(self) -> str:
        """A country there is, in capitals."""
        country = str(self.cleaned_data["country"]).upper()
        if country and country not in phonenumbers.SUPPORTED_REGIONS:
            raise ValidationError(
                _("We know no country %(country)s. Write its two letters: NL, DE, GB."), params={"country": country}
            )
        return country

    def clean_accent(self) -> str:
        """A colour that can be read on light pages."""
        return _readable(self.cleaned_data["accent"], colours.LIGHT)

    def clean_accent_dark(self) -> str:
        """A colour that can be read on dark pages."""
        return _readable(self.cleaned_data["accent_dark"], colours.DARK)

    def clean_embedded_by(self) -> list[str]:
        """Sites alone: what stands after the name would not be heeded, so it is not kept either."""
        return list(dict.fromkeys(_site(address) for address in self.cleaned_data["embedded_by"]))

    def clean_addition(self) -> str:
        """With the line ends that are kept, so that only a real change makes a new version."""
        return str(self.cleaned_data["addition"]).replace("\r\n", "\n")

    def clean_logo_file(self) -> logo.Logo | None:
        """The picture as it will be kept."""
        upload = self.cleaned_data["logo_file"]
        if not upload:
            return None
        try:
            return logo.read(upload)
        except logo.NoLogo as refusal:
            raise ValidationError(str(refusal)) from refusal

    def _post_clean(self) -> None:
        """Put the picture where it is kept, once all is well."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        if picture := self.cleaned_data.get("logo_file"):
            self._show(picture)
        elif self.cleaned_data.get("logo_is_gone"):
            self._show(None)

    def _show(self, picture: logo.Logo | None) -> None:
        company = self.instance
        company.logo, company.logo_type, company.logo_width, company.logo_height = picture or (None, "", 0, 0)


PALE = gettext_lazy(
    "Too pale to read on light pages: its contrast is %(reached)s to 1, and 4.5 is needed. "
    "The darker %(colour)s would do."
)
DIM = gettext_lazy(
    "Too dark to read on dark pages: its contrast is %(reached)s to 1, and 4.5 is needed. "
    "The lighter %(colour)s would do."
)


def _readable(colour: str, theme: colours.Theme) -> str:
    """The colour, when words in it can be read on every background of the theme."""
    if not colour:
        return ""
    COLOUR(colour)  # before anything is counted; the model would ask only later
    reached = colours.worst(colour, theme)
    if reached < colours.LEAST:
        told = {"reached": f"{int(reached * 10) / 10:.1f}", "colour": colours.readable(colour, theme)}
        raise ValidationError(PALE if theme is colours.LIGHT else DIM, params=told)
    return colour.lower()


def _site(address: str) -> str:
    try:
        return frames.site_of(address)
    except ValueError as error:
        told = {"address": address}
        raise ValidationError(
            _("%(address)s is no site. Write it like https://www.example.org."), params=told
        ) from error
