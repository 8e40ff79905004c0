"""What a colleague says of their own days and reminders."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserChangeForm
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from candidates.post.reminding.forms import PlaceForm
from candidates.staff.models import User

HOURS = [("", _("No digest")), *((hour, f"{hour:02}:00") for hour in range(24))]


def working_days() -> forms.TypedMultipleChoiceField:
    """Boxes to tick, Monday to Sunday; one at least."""
    days = [(number + 1, name) for number, name in WEEKDAYS.items()]
    label = capfirst(str(User._meta.get_field("working_days").verbose_name))
    return forms.TypedMultipleChoiceField(
        coerce=int,
        choices=days,
        label=label,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Reminders wait for the next of them, and for the next day that is no holiday."),
        error_messages={"required": _("Tick one day at least.")},
    )


class ColleagueForm(PlaceForm, UserChangeForm):
    """An account, as an administrator sees it."""


class MyRemindersForm(PlaceForm, forms.ModelForm):
    """Where I am, when I work, and how I want to be reminded."""

    zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    digest_hour = forms.TypedChoiceField(
        label=_("Daily digest at"),
        choices=HOURS,
        required=False,
        empty_value=None,
        coerce=int,
        help_text=_("One mail on each of your working days, when something waits for you."),
    )

    class Meta:
        model = User
        fields = (
            "zone",
            "language",
            "country",
            "subdivision",
            "working_days",
            "quiet_from",
            "quiet_until",
            "digest_hour",
            "reminded_in_digest",
        )
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("quiet_from", "quiet_until")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]  # type: ignore[attr-defined]
        self.fields["working_days"] = working_days()
        self.fields["quiet_until"].label = _("No reminders until")

    def clean(self) -> Any:
        """Reminders that only the digest tells need a digest."""
        told = super().clean()
        if self.cleaned_data.get("reminded_in_digest") and self.cleaned_data.get("digest_hour") is None:
            self.add_error("digest_hour", _("Choose an hour, or take the reminders as mails."))
        return told
