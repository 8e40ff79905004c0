"""What a colleague says of an import: its files, and what its columns mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.importing import presets, tables
from ats.importing.archive import NotAnArchive, Resumes
from ats.importing.models import Import, ImportMapping
from ats.importing.presets import FIELDS, IGNORE, QUESTION, SEVERAL
from ats.importing.tables import NotATable, Table
from ats.importing.uploads import MEGABYTE, MOST_OF_RESUMES, MOST_OF_TABLE, on_disk
from candidates.jobs.models import Job, JobQuestion
from candidates.people.uploads import LostUpload

LOST = gettext_lazy("We could not keep your file just now. Try again in some minutes.")


class UploadForm(forms.Form):
    """A table of applications, and perhaps the résumés that go with it. `looked` is what a look at it told."""

    looked: Table

    job = forms.ModelChoiceField(
        label=gettext_lazy("Job"),
        queryset=Job.objects.none(),
        help_text=gettext_lazy("Where the applications go. A column of the file can name another job for its row."),
        error_messages={"required": gettext_lazy("Choose a job."), "invalid_choice": gettext_lazy("Choose a job.")},
    )
    table = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("CSV or XLSX, with the names of the columns in its first row; at most 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Export it again and choose it once more."),
        },
    )
    resumes = forms.FileField(
        label=gettext_lazy("ZIP of résumés"),
        required=False,
        help_text=gettext_lazy("When a column of the table names their files; at most 200 MB."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        error_messages={"empty": gettext_lazy("This ZIP is empty.")},
    )

    def __init__(self, *args: Any, jobs: list[Job], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job: Any = self.fields["job"]
        job.queryset = Job.objects.filter(pk__in=[job.pk for job in jobs])

    def clean_table(self) -> UploadedFile:
        """A file that can be read as a table."""
        upload: UploadedFile = self.cleaned_data["table"]
        _refuse_lost_or_large(upload, MOST_OF_TABLE)
        try:
            with on_disk(upload) as path:
                self.looked = tables.examine(path)
        except NotATable as refusal:
            raise ValidationError(str(refusal), code="no_table") from refusal
        return upload

    def clean_resumes(self) -> UploadedFile | None:
        """A ZIP whose directory can be read; its members are looked at one by one in the dry run."""
        upload: UploadedFile | None = self.cleaned_data["resumes"]
        if upload is None:
            return None
        _refuse_lost_or_large(upload, MOST_OF_RESUMES)
        try:
            with on_disk(upload) as path:
                Resumes.open(path).close()
        except NotAnArchive as refusal:
            raise ValidationError(str(refusal), code="no_archive") from refusal
        return upload


def _refuse_lost_or_large(upload: UploadedFile, most: int) -> None:
    if isinstance(upload, LostUpload):
        raise ValidationError(LOST, code="lost")
    if (upload.size or 0) > most:
        raise ValidationError(_("This file is larger than %d MB.") % (most // MEGABYTE), code="too_big")


class ColumnsForm(forms.Form):
    """What each column means. Guessed by its name, or as the last file with this header was read."""

    is_month_first = forms.ChoiceField(
        label=gettext_lazy("A date like 03/04/2026 is"),
        choices=[("no", gettext_lazy("3 April (day first)")), ("yes", gettext_lazy("4 March (month first)"))],
        widget=forms.RadioSelect,
    )
    takes_ends = forms.BooleanField(
        label=gettext_lazy("Take closed ones as closed"),
        required=False,
        help_text=gettext_lazy(
            "Those who were rejected or archived there are rejected here; those who withdrew or were hired are closed "
            "as withdrawn, with the reason. Otherwise everybody stands at “applied”. Nobody gets a mail either way."
        ),
    )

    def __init__(self, data: Any = None, *, run: Import) -> None:
        self.run = run
        self.header = [column["name"] for column in run.columns]
        self.questions = list(
            JobQuestion.objects.filter(job=run.job, is_retired=False).exclude(kind=JobQuestion.Kind.FILE)
        )
        super().__init__(data, initial=self._remembered())
        choices = self._choices()
        for place, column in enumerate(run.columns):
            label = column["name"] or _("(column %d has no name)") % (place + 1)
            self.fields[f"column_{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def _choices(self) -> list[tuple[str, Any]]:
        offered = [(key, label) for key, label in FIELDS.items() if key != "resume" or self.run.resumes_id]
        asked = [(f"{QUESTION}{question.pk}", question.label) for question in self.questions]
        return [*offered, (_("Answers to the job's questions"), asked)] if asked else offered

    def _remembered(self) -> dict[str, Any]:
        """As it was said before for this import, else for this header, else as the names of the columns tell."""
        self.is_remembered = False
        chosen = self.run.mapping if "columns" in self.run.mapping else None
        known = ImportMapping.objects.filter(header=presets.fingerprint(self.header)).first()
        if chosen is None and known:
            chosen, self.is_remembered = known.columns, True
        if chosen is None:
            chosen = {"columns": presets.guess(self.header, presets.recognise(self.header), self.questions)}
        allowed = {*FIELDS, *(f"{QUESTION}{question.pk}" for question in self.questions)}
        meanings = [meaning if meaning in allowed else IGNORE for meaning in chosen["columns"]]
        initial: dict[str, Any] = {f"column_{place}": meaning for place, meaning in enumerate(meanings)}
        initial["is_month_first"] = "yes" if chosen.get("is_month_first") else "no"
        return initial | {"takes_ends": chosen.get("takes_ends", False)}

    def rows(self) -> list[tuple[Any, list[str]]]:
        """Each column's box, with some of what stands in it."""
        return [(self[f"column_{place}"], column["samples"]) for place, column in enumerate(self.run.columns)]

    def clean(self) -> dict[str, Any]:
        """One address, a name, and nothing twice that can be there once."""
        cleaned: dict[str, Any] = super().clean() or {}
        columns = [cleaned.get(f"column_{place}", IGNORE) for place in range(len(self.header))]
        for place, meaning in enumerate(columns):
            if meaning and meaning not in SEVERAL and meaning in columns[:place]:
                self.add_error(f"column_{place}", _("Another column has this meaning already."))
        if "email" not in columns:
            self.add_error(None, _("Say which column holds the mail address: by it we know who is who."))
        if "name" not in columns and not {"first_name", "last_name"} & set(columns):
            self.add_error(None, _("Say which column holds the name."))
        cleaned["columns"] = columns
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `actions.check`."""
        said = self.cleaned_data
        ends, is_month_first = said["takes_ends"], said["is_month_first"] == "yes"
        return {"columns": said["columns"], "is_month_first": is_month_first, "takes_ends": ends}
