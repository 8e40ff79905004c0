"""Keeping a file, and leaving none behind."""

import hashlib

import pytest
from django import forms
from django.core.files.storage import FileSystemStorage

from candidates.builders import NOW, make_application
from candidates.models import Document
from candidates.people import documents, filetypes
from candidates.people.tests import files


class DocumentForm(forms.Form):
    file = documents.DocumentField()


def errors(upload):
    return DocumentForm({}, {"file": upload} if upload else {}).errors.get("file", [])


def store(upload):
    with documents.atomic():
        return documents.store(make_application(), upload, kind=Document.Kind.RESUME, at=NOW)


def store_and_fail(application):
    with documents.atomic():
        documents.store(application, files.upload(), kind=Document.Kind.RESUME, at=NOW)
        raise LookupError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return tmp_path


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_document_keeps_the_bytes_with_their_size_hash_and_type(folder):
    content = files.pdf()
    document = store(files.upload(content, name="cv.pdf", content_type="text/html"))
    with document.file.open() as kept:
        assert kept.read() == content
    assert (document.size, document.content_type, document.name) == (len(content), "application/pdf", "cv.pdf")
    assert document.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.django_db
def test_nothing_of_the_name_is_in_the_place_of_the_file(folder):
    store(files.upload(name="cara.pdf"))
    assert [path.name for path in files_in(folder) if "cara" in str(path) or path.suffix] == []


@pytest.mark.django_db
def test_a_failed_transaction_leaves_no_file(folder):
    application = make_application()
    with pytest.raises(LookupError):
        store_and_fail(application)
    assert (files_in(folder), Document.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_full_disk_leaves_nothing_half_written(folder, monkeypatch):
    def full(self, name, content):
        place = folder / name
        place.parent.mkdir(parents=True)
        place.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(documents.NotStored):
        store(files.upload())
    assert (files_in(folder), Document.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_file_is_not_stored_where_a_failure_would_leave_it_behind():
    with pytest.raises(RuntimeError):
        documents.store(make_application(), files.upload(), kind=Document.Kind.RESUME, at=NOW)


@pytest.mark.django_db
def test_what_no_form_let_pass_is_not_stored(folder):
    with pytest.raises(ValueError, match="type"):
        store(files.upload(files.HTML))
    assert files_in(folder) == []


def test_a_good_file_passes_the_form():
    assert errors(files.upload()) == []


@pytest.mark.parametrize("content", [files.HTML, files.SVG, files.archive({"a": "b"})], ids=["html", "svg", "zip"])
def test_a_file_is_refused_by_its_content_whatever_it_is_called(content):
    told = ["This is not a PDF, DOCX, ODT, RTF or text file. Save it as PDF and choose it again."]
    assert errors(files.upload(content, name="cv.pdf")) == told


def test_eleven_megabytes_are_refused_without_reading_them():
    told = ["This file is larger than 10 MB. Save it smaller, for example without pictures."]
    assert errors(files.upload(bytes(11 * 1024 * 1024))) == told


def test_ten_megabytes_are_taken_and_one_byte_more_is_not():
    content = b"x" * documents.MOST_BYTES
    assert [len(errors(files.upload(content + more, name="cv.txt"))) for more in (b"", b"x")] == [0, 1]


def test_no_file_and_an_empty_file_are_told_apart():
    assert (errors(None), errors(files.upload(b""))) == (
        ["Choose a file."],
        ["This file is empty. Save it again and choose it once more."],
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cv.pdf", "cv.pdf"),
        ("CV.PDF", "CV.pdf"),
        ("my résumé – final.pdf", "my résumé – final.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Cara\\cv.pdf", "cv.pdf"),
        ("cv\r\nX-Evil: 1.pdf", "cvX-Evil: 1.pdf"),
        ("cv\x00.pdf", "cv.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe.pdf"),
        ("cv\udcff.pdf", "cv.pdf"),
        ("cv.html", "cv.html.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_to_be_shown_and_given_back(name, shown):
    assert documents.clean_name(name, filetypes.PDF) == shown
