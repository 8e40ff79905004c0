"""What is held too long and what nothing names goes, and nothing else."""

import os
import time
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils.timezone import now

from candidates.builders import NOW, make_application
from candidates.models import Document, DocumentText
from candidates.people import documents
from candidates.people.tests import files
from candidates.tests.together import together

SOON = NOW + timedelta(hours=1)
LATE = NOW + timedelta(hours=2)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return tmp_path


def hold(until=SOON):
    with documents.atomic():
        return documents.hold(files.upload(), kind=Document.Kind.RESUME, at=NOW, until=until)


def keep():
    with documents.atomic():
        return documents.store(make_application(), files.upload(), kind=Document.Kind.RESUME, at=NOW)


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def leave_behind(folder, name, days=2):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"left behind")
    os.utime(path, (time.time() - days * 86400,) * 2)


def sweep_orphans(name):
    """The sweep of the hour in which the folder of `name` is looked into."""
    return documents.sweep_orphans(now().replace(hour=int(name[:2], 16) % 24))


@pytest.mark.django_db
def test_a_held_document_goes_with_its_file_and_words_when_its_time_is_over(folder):
    hold()
    assert (documents.sweep_held(SOON - timedelta(seconds=1)), len(files_in(folder))) == (0, 1)
    assert documents.sweep_held(SOON) == 1
    assert (files_in(folder), Document.objects.count(), DocumentText.objects.count()) == ([], 0, 0)


@pytest.mark.django_db
def test_one_that_was_attached_stays(folder):
    document = hold()
    documents.attach(document, make_application(), at=NOW)
    assert (documents.sweep_held(LATE), len(files_in(folder))) == (0, 1)


@pytest.mark.django_db
def test_documents_of_applications_are_never_swept(folder):
    keep()
    assert (documents.sweep_held(LATE), Document.objects.count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_several_workers_sweep_each_document_once(folder):
    for _number in range(5):
        hold()
    swept = together(*[lambda: documents.sweep_held(LATE)] * 4)
    assert (sum(swept), files_in(folder)) == (5, [])


@pytest.mark.django_db(transaction=True)
def test_sweeping_against_attaching_never_loses_a_file_that_was_attached(folder):
    application = make_application()
    for _turn in range(5):
        document = hold(until=SOON)
        # The form was sent just in time while another machine's clock is ahead.
        attached, swept = together(
            lambda held=document: documents.attach(held, application, at=NOW), lambda: documents.sweep_held(LATE)
        )
        kept = Document.objects.filter(pk=document.pk).exists()
        assert (attached, swept) in ((True, 0), (False, 1))
        assert kept is attached
        assert (folder / document.file.name).exists() is attached


@pytest.mark.django_db
def test_a_file_that_no_row_names_goes_after_a_day(folder):
    document = keep()
    orphan = document.file.name[:2] + "/" + "0" * 32
    leave_behind(folder, orphan)
    assert (sweep_orphans(orphan), files_in(folder)) == (1, [document.file.name])


@pytest.mark.django_db
def test_a_young_file_may_belong_to_a_row_that_is_being_written(folder):
    leave_behind(folder, "ab/" + "0" * 32, days=0)
    assert (sweep_orphans("ab"), len(files_in(folder))) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ab/README.txt", "ab/" + "0" * 31, "other/" + "0" * 32, "README"])
def test_what_is_not_called_like_ours_stays(folder, name):
    leave_behind(folder, name)
    assert [documents.sweep_orphans(now().replace(hour=hour)) for hour in range(24)] == [0] * 24
    assert files_in(folder) == [name]


@pytest.mark.django_db
def test_every_folder_is_looked_into_once_a_day(folder):
    for number in range(256):
        leave_behind(folder, f"{number:02x}/" + "0" * 32)
    found = [documents.sweep_orphans(now().replace(hour=hour)) for hour in range(24)]
    assert (sum(found), max(found), files_in(folder)) == (256, 11, [])


@pytest.mark.django_db
def test_one_run_deletes_no_more_than_it_may(folder, monkeypatch):
    monkeypatch.setattr(documents, "MOST_SWEPT", 2)
    for number in range(3):
        leave_behind(folder, f"ab/{number:032x}")
    assert (sweep_orphans("ab"), sweep_orphans("ab")) == (2, 1)


@pytest.mark.django_db
def test_a_sweep_costs_the_same_however_many_there_are(folder, django_assert_num_queries):
    for _number in range(6):
        keep()
    with django_assert_num_queries(len({name[:2] for name in files_in(folder)})):
        for hour in range(24):
            documents.sweep_orphans(now().replace(hour=hour))


@pytest.mark.django_db
def test_a_file_of_an_import_is_held_as_what_its_reader_says(folder):
    table = documents.FileType("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
    with documents.atomic():
        kind, upload = Document.Kind.IMPORT, files.upload(files.archive({"xl/workbook.xml": ""}), "people.zip")
        held = documents.hold(upload, kind=kind, at=NOW, until=SOON, found=table)
    assert (held.name, held.content_type) == ("people.zip.xlsx", table.content_type)
