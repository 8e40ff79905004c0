"""Uploads on their way in."""

from django import forms
from django.core.files import uploadhandler
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.test import RequestFactory

from candidates.people.documents import DocumentField
from candidates.people.tests import files
from candidates.people.uploads import MOST_BYTES, LostUpload

MEGABYTE = 1024 * 1024


class ResumeForm(forms.Form):
    resume = DocumentField()


class OnAFullDisk(TemporaryUploadedFile):
    def __init__(self, name, content_type, size, charset, content_type_extra=None):
        full = open("/dev/full", "wb", buffering=0)  # noqa: SIM115
        UploadedFile.__init__(self, full, name, content_type, size, charset, content_type_extra)


def received(content):
    request = RequestFactory().post("/", {"resume": files.upload(content), "letter": "Dear team"})
    assert request.POST["letter"] == "Dear team"
    return request.FILES["resume"]


def errors(upload):
    return ResumeForm({}, {"resume": upload}).errors["resume"]


def test_a_large_file_comes_whole():
    content = files.pdf() + b"x" * 2 * MEGABYTE
    with received(content) as upload:
        assert (upload.size, upload.read() == content) == (len(content), True)


def test_what_is_larger_than_we_take_is_not_written_but_its_size_is_told():
    with received(b"x" * 30 * MEGABYTE) as upload:
        assert upload.size == 30 * MEGABYTE
        assert len(upload.read()) <= MOST_BYTES + 64 * 1024
        assert errors(upload) == ["This file is larger than 10 MB. Save it smaller, for example without pictures."]


def test_a_full_disk_is_told_beside_the_field(monkeypatch):
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", OnAFullDisk)
    upload = received(b"x" * 2 * MEGABYTE)
    assert isinstance(upload, LostUpload)
    assert errors(upload) == ["We could not keep your file just now. Try again in some minutes."]


def test_a_temporary_file_that_cannot_be_made_is_told_the_same_way(settings):
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    assert isinstance(received(b"x" * 2 * MEGABYTE), LostUpload)
