"""Rubbish and malice in the form: told clearly or kept exactly; nothing half kept, nothing lost, no error page."""

import zipfile
from html import unescape
from io import BytesIO

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from candidates.builders import make_job
from candidates.careers.tests.sending import PDF, TYPED, files_in, make_question, page_of, resume, send, shown, token
from candidates.models import Application, Candidate, Document
from candidates.people.tests import files

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TEXTS = {
    "emoji": "I help 😀👩🏽‍💻",
    "arabic": "مرحبا، أحب مساعدة الناس",
    "devanagari": "नमस्ते, मुझे मदद करना पसंद है",
    "hebrew and english": "שלום Dear team",
    "markup": "<b>Dear</b> {{ team }} {% now %} & <script>alert(1)</script>",
    "formula": "=cmd|' /C calc'!A0",
    "combining": "Z" + "\u0301" * 200,
    "joiners": "می\u200cخواهم",
    "tabs": "One\ttwo",
    "sql": "'; DROP TABLE candidates_candidate; --",
}


def encrypted():
    written, out = PdfWriter(), BytesIO()
    written.append(PdfReader(BytesIO(PDF)))
    written.encrypt("secret")
    written.write(out)
    return out.getvalue()


def bomb():
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", bytes(300 * 1024 * 1024))
    return content.getvalue()


REFUSED = {
    "html": (files.HTML, "cv.pdf"),
    "html before a pdf": (files.HTML + PDF, "cv.pdf"),
    "svg": (files.SVG, "cv.pdf"),
    "broken pdf": (PDF[: len(PDF) // 2], "cv.pdf"),
    "nothing": (b"", "cv.pdf"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "cv.pdf"),
    "a program": (b"MZ" + bytes(200), "cv.docx"),
    "a zip": (files.archive({"cv.pdf": PDF}), "cv.docx"),
    "11 MB": (b"I help. " * 1_450_000, "cv.txt"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return tmp_path


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "name"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_we_do_not_take_is_told_and_nothing_of_it_is_kept(folder, content, name):  # V1, V9
    answer = send(make_job(), resume=resume(content, name))
    page = page_of(answer)
    assert (answer.status_code, "I love to help." in page, token(answer)) == (200, True, None)
    assert any(
        words in page for words in ("This is not a PDF", "This file is empty.", "This file is larger than 10 MB.")
    )
    assert (Document.objects.count(), Application.objects.count(), files_in(folder)) == (0, 0, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "name", "kind"),
    [
        (lambda: PDF + files.HTML, "cv.html", "application/pdf"),
        (encrypted, "cv.pdf", "application/pdf"),
        (bomb, "cv.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (lambda: EICAR, "cv.com", "text/plain"),
    ],
    ids=["html after a pdf", "encrypted pdf", "zip bomb", "EICAR as text"],
)
def test_a_file_that_is_what_it_seems_is_kept_byte_by_byte_and_given_back_as_that_alone(folder, make, name, kind):
    content = make()
    assert send(make_job(), resume=resume(content, name)).status_code == 302
    document = Document.objects.get()
    assert (document.content_type, files_in(folder)[0].read_bytes() == content) == (kind, True)
    assert not document.name.endswith((".html", ".com"))


@pytest.mark.django_db
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_words_of_the_world_are_kept_exactly_through_an_error_too(text):
    job = make_job()
    question = make_question(job, "long_text")
    shown_again = send(job, email="cara", letter=text, **{f"q{question.pk}": text}).content.decode()
    assert unescape(shown_again).count(text) == 2
    assert "<script>alert" not in shown_again
    send(job, letter=text, **{f"q{question.pk}": text})
    application = Application.objects.get()
    assert (application.letter, application.answers.get().data) == (text, text)


@pytest.mark.django_db
def test_a_letter_of_a_megabyte_is_told_and_shown_again_whole():
    letter = "Dear team. " * 95_000
    page = page_of(send(make_job(), letter=letter))
    assert ("Shorten your letter to 10000 characters" in page, letter.strip() in page) == (True, True)


@pytest.mark.django_db
def test_more_than_we_read_is_refused_without_an_error_page():
    assert send(make_job(), letter="x" * 3_000_000).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*TYPED, "shown", "resume", "resume_held", "homepage_", "save"])
def test_a_field_may_be_absent_doubled_or_of_another_type(name):
    job = make_job()
    for value in (None, ["a", "b"], "x" * 10_000, "\x00", "9" * 400, resume()):
        answer = send(job, **{name: value})
        assert answer.status_code in (200, 302)


@pytest.mark.django_db
def test_the_same_rubbish_as_json_or_without_a_body_is_the_form_again():
    path = f"/jobs/{make_job().slug}/apply/"
    for body, kind in (
        (b"{}", "application/json"),
        (b"", "text/plain"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
    ):
        assert Client().post(path, body, kind).status_code == 200
    assert Client().post(path, b"x", "multipart/form-data").status_code in (200, 400)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), box=st.sampled_from(["name", "email", "phone", "letter", "zone", "resume_held"]))
def test_whatever_is_typed_there_is_never_an_error_page(text, box):
    job = make_job()
    answer = send(job, **{box: text.encode("utf-8", "replace").decode(), "shown": shown()})
    assert answer.status_code in (200, 302)


@pytest.mark.django_db
def test_no_address_of_a_file_can_be_guessed_or_listed(folder):  # V2
    send(make_job(), email="cara")
    send(make_job())
    for document in Document.objects.all():
        for path in (
            f"/documents/{document.pk}/",
            f"/{document.file.name}",
            "/documents/",
            f"/static/{document.file.name}",
        ):
            assert Client().get(path).status_code == 404
    assert all(len(path.name) == 32 for path in files_in(folder))


@pytest.mark.django_db
def test_a_person_is_one_however_the_address_is_written():
    job = make_job()
    for email in ("cara@example.org", " CARA@example.org ", "cara@EXAMPLE.org"):
        assert send(job, email=email).status_code == 302
    assert Candidate.objects.count() == 1
