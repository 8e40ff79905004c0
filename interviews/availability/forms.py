"""What a candidate says on the page of times: one of them, their zone, or that none fits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from interviews.availability.actions import LONGEST_WORDS


@cache
def zones() -> list[tuple[str, str]]:
    """All zones with their names as people write them; read from the disk once."""
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]


class MomentField(forms.Field):
    """A moment as the page wrote it, with its zone."""

    default_error_messages = {"required": _("Choose one of the times first."), "invalid": _("Choose one of the times.")}

    def to_python(self, value: Any) -> Any:
        """The moment in UTC.

        Raises:
            ValidationError: it is none.
        """
        text = str(value or "").strip()
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if moment.tzinfo else self._refuse()
        except (ValueError, OverflowError):
            return self._refuse()

    def _refuse(self) -> Any:
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class TimeForm(forms.Form):
    """One of the times."""

    starts_at = MomentField(label=_("Time"))


class WordsForm(forms.Form):
    """Why not, or when it would fit."""

    words = forms.CharField(
        label=_("When would it fit?"),
        help_text=_("For example: Thursday or Friday after five, or any morning next week."),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")},
    )


class ZoneForm(forms.Form):
    """In which zone the times are shown."""

    zone = forms.ChoiceField(
        label=_("Your time zone"), choices=zones, widget=forms.Select(attrs={"data-own-zone": True})
    )


def day_of(text: str) -> date | None:
    """The day in an address; None for what is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
