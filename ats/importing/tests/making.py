"""Files as other systems write them, and an import that has come as far as a test needs."""

import csv
import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook  # type: ignore[import-untyped]

from ats.desk.tests.conftest import LATER
from ats.importing import actions, presets, tables, work
from ats.importing.models import Import
from ats.importing.uploads import on_disk
from candidates.models import User

HEADER = ["Name", "Email", "Phone", "Applied on", "Cover letter"]
CARA = ["Cara Candidate", "cara@example.org", "+31201234567", "2029-12-01", "Dear team"]
OMAR = ["Omar Other", "omar@example.org", "", "2029-12-02", ""]


def clock_stands():
    return LATER


def make_csv(*rows, header=HEADER, encoding="utf-8", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def make_xlsx(*rows, header=HEADER):
    book, content = Workbook(), io.BytesIO()
    for row in (header, *rows):
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def make_zip(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def upload(content, name="export.csv"):
    return SimpleUploadedFile(name, content)


def make_import(job, content, *, resumes=None, by=None):
    """An import whose files are kept and whose columns nobody has named yet."""
    table = upload(content)
    with on_disk(table) as path:
        looked = tables.examine(path)
    by = by or User.objects.get(username="rita.recruiter")
    archive = upload(resumes, "cvs.zip") if resumes else None
    return actions.receive(job, table=table, looked=looked, resumes=archive, at=LATER, by=by)


def check(run, **chosen):
    """The dry run, with columns named as their names tell."""
    header = [column["name"] for column in run.columns]
    columns = presets.guess(header, presets.recognise(header), list(run.job.questions.all()))
    said = {"columns": columns, "is_month_first": False, "takes_ends": False} | chosen
    actions.check(run, at=LATER, **said)
    work.work(run.pk, clock=clock_stands)
    return fresh(run)


def take_in(run, **chosen):
    """The dry run and the import itself."""
    run = check(run, **chosen)
    actions.start(run, at=LATER)
    work.work(run.pk, clock=clock_stands)
    return fresh(run)


def fresh(run):
    return Import.objects.select_related("job").get(pk=run.pk)


def fates(run):
    return [(row.number, row.fate, row.reason) for row in run.results.all()]
