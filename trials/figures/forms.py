"""What a colleague says of an import of figures: the file and its tool, what its columns mean, who its agents are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.people.uploads import LostUpload
from trials.figures import columns, periods, tables
from trials.figures.metrics import Tool
from trials.figures.models import FigureImport, FigureMapping
from trials.figures.numbers import Unreadable
from trials.figures.periods import Period
from trials.figures.tables import NotATable, Table

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
LOST = gettext_lazy("We could not keep your file just now. Try again in some minutes.")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UploadForm(forms.Form):
    """An export of a help desk. `looked` is what a look at it told."""

    looked: Table

    tool = forms.ChoiceField(
        label=gettext_lazy("Help desk"),
        choices=[("", gettext_lazy("Choose one")), *Tool.choices],
        error_messages={"required": gettext_lazy("Choose the help desk that the file is from.")},
    )
    table = forms.FileField(
        label=gettext_lazy("Export"),
        max_length=None,
        help_text=gettext_lazy("CSV, with the names of the columns in its first row; at most 50 MB and 200,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Export it again and choose it once more."),
        },
    )

    def clean_table(self) -> UploadedFile:
        """A file that can be read as a table."""
        upload: UploadedFile = self.cleaned_data["table"]
        if isinstance(upload, LostUpload):
            raise ValidationError(LOST, code="lost")
        if (upload.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is larger than %d MB.") % (MOST_BYTES // MEGABYTE), code="too_big")
        try:
            self.looked = tables.examine(upload.file)  # type: ignore[arg-type]
        except NotATable as refusal:
            raise ValidationError(str(refusal), code="no_table") from refusal
        upload.seek(0)
        return upload


class ToolForm(forms.Form):
    """Which help desk a file is from after all."""

    tool = forms.ChoiceField(label=gettext_lazy("Help desk"), choices=Tool.choices)


class ColumnsForm(forms.Form):
    """What each column means, and what the file leaves open: for when it is, how its dates and numbers are meant."""

    period_from = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY)
    period_to = forms.DateField(label=gettext_lazy("To, the last day included"), required=False, widget=DAY)
    is_month_first = forms.ChoiceField(
        label=gettext_lazy("A date like 03/04/2026 is"),
        choices=[("no", gettext_lazy("3 April (day first)")), ("yes", gettext_lazy("4 March (month first)"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("No date in the file tells it. Say which it is.")},
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("A number like 1,234 is"),
        choices=[
            (".", gettext_lazy("one thousand two hundred and thirty-four")),
            (",", gettext_lazy("a bit more than one")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("No number in the file tells it. Say which it is.")},
    )

    def __init__(self, data: Any = None, *, run: FigureImport, today: date) -> None:
        self.run, self.today = run, today
        meanings = self._remembered()
        initial: dict[str, Any] = {f"column_{place}": meaning for place, meaning in enumerate(meanings)}
        super().__init__(data, initial=initial | self._said())
        self.has_figures = not any("figure" in why for _place, why in columns.wrongs(meanings))
        for name, is_open in (("is_month_first", self._dates_are_open), ("decimal", self._numbers_are_open)):
            if not is_open:
                del self.fields[name]
        choices = columns.choices()
        for place, column in enumerate(run.columns):
            label = column["name"] or _("(column %d has no name)") % (place + 1)
            self.fields[f"column_{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def _dates_are_open(self) -> bool:
        return self.run.mapping["dates"] == "either"

    @property
    def _numbers_are_open(self) -> bool:
        return bool(self.run.mapping["is_decimal_open"] and not self.run.mapping["decimal"])

    def _remembered(self) -> list[str]:
        """As it was said before for this import, else for this tool, else as the names of the columns tell."""
        if said := self.run.mapping.get("columns"):
            return list(said)
        known = FigureMapping.objects.filter(tool=self.run.tool).values_list("columns", flat=True).first()
        return columns.guess(self.run.columns, self.run.tool, known or {})

    def _said(self) -> dict[str, Any]:
        said = self.run.mapping
        if "columns" not in said:
            return {}
        first, last = said["period"] or (None, None)
        told = {"period_from": first, "period_to": last, "decimal": said["chosen_decimal"]}
        return told | {"is_month_first": "yes" if said["is_month_first"] else "no"}

    def rows(self) -> list[tuple[Any, list[str], bool]]:
        """Each column's box, some of what stands in it, and whether only a person can tell its unit."""
        return [
            (self[f"column_{place}"], look["samples"], columns.lacks_unit(look, self.run.tool))
            for place, look in enumerate(self.run.columns)
        ]

    def clean(self) -> dict[str, Any]:
        """Somebody, a figure, a time, and nothing twice that can be there once."""
        cleaned: dict[str, Any] = super().clean() or {}
        meanings = [cleaned.get(f"column_{place}", columns.IGNORE) for place in range(len(self.run.columns))]
        for place, why in columns.wrongs(meanings):
            self.add_error(None if place is None else f"column_{place}", why)
        cleaned["meanings"], cleaned["period"] = meanings, None
        if not columns.tells_time(meanings):
            cleaned["period"] = self._period(cleaned)
        return cleaned

    def _period(self, cleaned: dict[str, Any]) -> Period | None:
        """The time of all figures, said by hand."""
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        for name, told in (("period_from", first), ("period_to", last)):
            if told is None and name not in self.errors:
                self.add_error(name, _("No column tells for when the figures are. Say it here."))
        if not (first and last):
            return None
        try:
            periods.refuse_unlikely(Period(first, last), self.today)
        except Unreadable as refusal:
            self.add_error("period_to", str(refusal))
        return Period(first, last)

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `actions.start`."""
        said, known = self.cleaned_data, self.run.mapping
        order = said["is_month_first"] == "yes" if self._dates_are_open else known["dates"] == "month"
        decimal = said["decimal"] if self._numbers_are_open else known["decimal"] or "."
        return {"meanings": said["meanings"], "period": said["period"], "is_month_first": order, "decimal": decimal}
