"""What a colleague says to offer times, and a candidate to choose one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from candidates.screening.calls.schedule import Offer, times

LONGEST_RANGE = 60  # days
FURTHEST = 365


class OfferForm(forms.Form):
    """A range of days, the weekdays, from when to when, how long a call is and what lies between two.

    Args:
        at: the time of the request.
        zone: of the colleague, in which all times are meant.
    """

    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
    )
    begins = forms.TimeField(
        label=_("First call begins"), initial=time(9), widget=forms.TimeInput(attrs={"type": "time"})
    )
    ends = forms.TimeField(label=_("Last call ends"), initial=time(12), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("Minutes for a call"), initial=20, min_value=5, max_value=120)
    gap = forms.IntegerField(label=_("Minutes between two"), initial=10, min_value=0, max_value=240)

    def __init__(self, *args: Any, at: datetime, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.zone = at, zone
        today = localtime(at, zone).date()
        self.initial["first"], self.initial["last"] = today + timedelta(days=1), today + timedelta(days=7)

    def clean(self) -> dict[str, Any]:
        """The range runs forward, is not endless, and holds at least one call to come."""
        cleaned = super().clean() or self.cleaned_data
        self._check_days(cleaned.get("first"), cleaned.get("last"))
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and begins >= ends:
            self.add_error("ends", _("The last call must end after the first one begins."))
        if not self.errors and not times(self.offer(), after=self.at):
            self.add_error(None, _("This gives no call that is still to come. Widen the days or the hours."))
        return cleaned

    def _check_days(self, first: date | None, last: date | None) -> None:
        if not first or not last:
            return
        today = localtime(self.at, self.zone).date()
        if last < first:
            self.add_error("last", _("The last day lies before the first one."))
        elif (last - first).days > LONGEST_RANGE:
            self.add_error("last", _("Offer at most %d days at once.") % LONGEST_RANGE)
        elif abs((last - today).days) > FURTHEST:
            self.add_error("last", _("Offer days of the coming year."))

    def offer(self) -> Offer:
        """What was said, for the verb."""
        said = self.cleaned_data
        return Offer(
            first=said["first"],
            last=said["last"],
            weekdays=frozenset(said["weekdays"]),
            begins=said["begins"],
            ends=said["ends"],
            minutes=said["minutes"],
            gap=said["gap"],
            zone=self.zone,
        )
