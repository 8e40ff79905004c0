"""When somebody can interview: their rules, the hours of every day of the week, a time besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interviews.availability.feeds import fetching
from interviews.availability.feeds.fetching import NotFetched
from interviews.availability.forms import zones
from interviews.availability.hours import Weekly, exists
from interviews.availability.models import Interviewer, OfferedTime, WorkingHours

PAIRS = 2  # from and until, twice a day: there is lunch
FURTHEST = timedelta(days=366)
TIME_BOX = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CalendarField(forms.URLField):
    """The address of a calendar, as calendar programs give it: webcal:// is the same as https://."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)

    def to_python(self, value: Any) -> str:
        """The address with https://."""
        text = str(value or "").strip()
        scheme, colon, rest = text.partition("://")
        return str(super().to_python(f"https://{rest}" if colon and scheme.lower() in fetching.WEBCAL else text) or "")

    def validate(self, value: Any) -> None:
        """What can be seen without asking anybody: it is no machine of ours, and holds no password."""
        super().validate(value)
        if value:
            try:
                fetching.read(value)
            except NotFetched as refused:
                raise ValidationError(_(str(refused))) from refused


class InterviewerForm(forms.ModelForm):
    """By which rules somebody is booked; the desk has a few fields more."""

    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=zones,
        help_text=gettext_lazy("The hours below are meant by the clock there."),
        widget=forms.Select(attrs={"data-own-zone": True}),
    )
    feed_url = CalendarField(
        label=gettext_lazy("Address of your calendar"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "An address that ends with .ics, which your calendar program gives you. "
            "We read when you are busy, never with what."
        ),
        widget=forms.URLInput(attrs={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}),
    )

    class Meta:
        model = Interviewer
        fields: tuple[str, ...] = ("zone", "buffer_minutes", "most_a_day", "feed_url")
        labels = {
            "buffer_minutes": gettext_lazy("Minutes between two interviews"),
            "most_a_day": gettext_lazy("Most interviews a day"),
        }


class HoursForm(forms.Form):
    """From when until when on each day of the week; empty where there is nothing."""

    def __init__(self, *args: Any, hours: Sequence[WorkingHours] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = {day: self._add(day, [one for one in hours if one.weekday == day]) for day in WEEKDAYS}

    def _add(self, day: int, hours: list[WorkingHours]) -> int:
        """Boxes for one day, as many as are needed; returns how many pairs."""
        pairs = max(PAIRS, len(hours))
        for number in range(pairs):
            have = hours[number] if number < len(hours) else None
            for name, label in (("begins", _("from")), ("ends", _("until"))):
                said = getattr(have, name, None)
                self.fields[f"{name}_{day}_{number}"] = forms.TimeField(
                    label=f"{WEEKDAYS[day]}, {label}", required=False, initial=said, widget=TIME_BOX
                )
        return pairs

    def clean(self) -> dict[str, Any]:
        """Each pair is whole and runs forward; two of a day do not overlap."""
        cleaned = super().clean() or {}
        for day in WEEKDAYS:
            if overlapping(self._spans(day)):
                self.add_error(f"begins_{day}_0", _("These hours overlap."))
        return cleaned

    def _spans(self, day: int) -> Iterator[tuple[time, time]]:
        for number in range(self.pairs[day]):
            begins, ends = (self.cleaned_data.get(f"{name}_{day}_{number}") for name in ("begins", "ends"))
            if begins and ends and begins >= ends:
                self.add_error(f"ends_{day}_{number}", _("This ends before it begins."))
            elif begins and ends:
                yield begins, ends
            elif (begins or ends) and not self._has_errors(day, number):
                missing = "ends" if begins else "begins"
                self.add_error(f"{missing}_{day}_{number}", _("Fill in both boxes, or none."))

    def _has_errors(self, day: int, number: int) -> bool:
        return any(f"{name}_{day}_{number}" in self.errors for name in ("begins", "ends"))

    def hours(self) -> list[Weekly]:
        """What was said, for the verb."""
        return [Weekly(day, *span) for day in WEEKDAYS for span in sorted(self._spans(day))]

    def days(self) -> list[Day]:
        """The boxes by day, for the page."""
        return [
            Day(day, str(WEEKDAYS[day]), [self._pair(day, one) for one in range(self.pairs[day])]) for day in WEEKDAYS
        ]

    def _pair(self, day: int, number: int) -> tuple[BoundField, BoundField]:
        return self[f"begins_{day}_{number}"], self[f"ends_{day}_{number}"]


@dataclass(frozen=True)
class Day:
    """One day of the week on the page: pairs of boxes, and what is wrong in them."""

    number: int
    name: str
    pairs: list[tuple[BoundField, BoundField]]

    @property
    def errors(self) -> list[str]:
        """Everything that is wrong on this day."""
        return [str(error) for pair in self.pairs for box in pair for error in box.errors]


class OfferForm(forms.Form):
    """A day, from when until when, by the clock of whoever offers it."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    begins = forms.TimeField(label=gettext_lazy("From"), widget=TIME_BOX)
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=TIME_BOX)

    def __init__(self, *args: Any, zone: ZoneInfo, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.at = zone, at

    def clean(self) -> dict[str, Any]:
        """It runs forward, lies ahead, and the clock shows these times that day."""
        cleaned = super().clean() or {}
        day, begins, ends = (cleaned.get(name) for name in ("day", "begins", "ends"))
        if begins and ends and ends <= begins:
            self.add_error("ends", _("This ends before it begins."))
        if day and not (self._today() <= day <= self._today() + FURTHEST):
            self.add_error("day", _("Choose a day of the coming year."))
        elif day:
            self._check_clock(day, {"begins": begins, "ends": ends})
        return cleaned

    def _today(self) -> date:
        return localtime(self.at, self.zone).date()

    def _check_clock(self, day: date, said: dict[str, time | None]) -> None:
        for name, moment in said.items():
            if moment and not exists(day, moment, self.zone):
                self.add_error(name, _("The clocks leap over this time on that day. Choose another one."))

    def span(self) -> tuple[datetime, datetime]:
        """What was said, for the verb."""
        said = self.cleaned_data
        begin, end = (datetime.combine(said["day"], said[name], self.zone) for name in ("begins", "ends"))
        return begin.astimezone(UTC), end.astimezone(UTC)


class OfferedTimeForm(OfferForm, forms.ModelForm):
    """A time besides, as a row of the desk's page about an interviewer."""

    class Meta:
        model = OfferedTime
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, zone: ZoneInfo, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, zone=zone, at=at, **kwargs)
        if self.instance.pk:
            begin, end = (localtime(moment, zone) for moment in (self.instance.starts_at, self.instance.ends_at))
            self.initial.update(day=begin.date(), begins=begin.time(), ends=end.time())

    def clean(self) -> dict[str, Any]:
        """As when they offer it themselves; a row that was not touched stays."""
        if not self.has_changed():
            return self.cleaned_data
        cleaned = super().clean()
        if not self.errors:
            self.instance.starts_at, self.instance.ends_at = self.span()
        return cleaned


def overlapping(spans: Iterable[tuple[Any, Any]]) -> bool:
    """Whether two of these run into each other."""
    ordered = sorted(spans)
    return any(later[0] < sooner[1] for sooner, later in pairwise(ordered))
