"""What may be said of a place whose holidays count; a country that nobody knows is refused where it is typed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.post.reminding import almanac


class PlaceForm:
    """Mixin for a form with `country` and `subdivision`, before `ModelForm`."""

    cleaned_data: dict[str, Any]

    def clean_country(self) -> str:
        """Two letters of a country whose holidays are known, or nothing.

        Raises:
            ValidationError: nobody knows it.
        """
        country = str(self.cleaned_data["country"] or "").strip().upper()
        if country and country not in _known(country):
            raise ValidationError(
                _("We know no country with these two letters. Write them as in NL or DE, or leave it empty.")
            )
        return country

    def clean_subdivision(self) -> str:
        """A region of the country, or nothing.

        Raises:
            ValidationError: it has no such region; the message names those it has.
        """
        region = str(self.cleaned_data["subdivision"] or "").strip()
        country = str(self.cleaned_data.get("country") or "")
        if not region:
            return ""
        if not country:
            raise ValidationError(_("Say the country first: a region alone tells no holidays."))
        regions = _known(country).get(country, [])
        found = next((one for one in regions if one.casefold() == region.casefold()), "")
        if not found and regions:
            raise ValidationError(
                _("%(country)s has no such region. It has: %(regions)s.")
                % {"country": country, "regions": ", ".join(regions)}
            )
        if not found:
            raise ValidationError(_("We know no regions of %s. Leave it empty.") % country)
        return found


def _known(country: str) -> dict[str, list[str]]:
    """What the almanac knows; where it is silent whoever types is believed."""
    try:
        return almanac.subdivisions()
    except almanac.Silent:
        return {country: []}
