"""The words of documents: read later, from whatever strangers send, and never in anybody's way."""

import io
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import TestCase

from candidates.builders import NOW, make_application
from candidates.models import Document, DocumentText
from candidates.people import documents, tasks
from candidates.people.extraction import words
from candidates.people.extraction.child import ChildFailed, TooMuchMemory
from candidates.people.filetypes import DOCX, ODT, PDF, RTF, TXT
from candidates.people.tests import files
from candidates.tests.together import together

State = DocumentText.State
MEGABYTE = b" " * 1024 * 1024


@pytest.fixture
def folder(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return tmp_path


def store(content=None, name="cv.pdf", *, kind=Document.Kind.RESUME):
    with documents.atomic():
        return documents.store(make_application(), files.upload(content, name), kind=kind, at=NOW)


def read(document, at=NOW):
    words.read(document.pk, clock=lambda: at)
    return DocumentText.objects.get(document=document)


def text_of(content, kind):
    return words.text_of(io.BytesIO(content), kind.content_type)


# What is in the files


def test_a_pdf_is_read():
    assert text_of(files.pdf("Six years of support"), PDF) == "Six years of support"


def test_a_word_document_is_read_with_its_tables():
    cell = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Zendesk</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert text_of(files.docx_saying(f"<w:p><w:r><w:t>Cara</w:t></w:r></w:p>{cell}"), DOCX).split() == [
        "Cara",
        "Zendesk",
    ]


def test_an_open_document_is_read_with_its_spaces_and_headings():
    inner = "<text:h>Cara</text:h><text:p>Six<text:s/>years of <text:span>support</text:span></text:p>"
    assert text_of(files.odt_saying(inner), ODT) == "Cara\nSix years of support"


def test_a_rich_text_is_read_without_its_commands():
    assert text_of(rb"{\rtf1\ansi {\fonttbl\f0 Arial;}Six \b years\b0\par of \u233?t\'e9}", RTF) == "Six years\nof été"


def test_a_plain_text_is_read_in_both_of_its_usual_forms():
    assert [text_of("Müller".encode(form), TXT) for form in ("utf-8", "windows-1252")] == ["Müller", "Müller"]


def test_letters_that_pdfs_write_as_one_are_found_as_two():
    assert text_of("ef\ufb01cient".encode(), TXT) == "efficient"


def test_what_the_database_refuses_is_not_in_the_words():
    assert text_of(b"a\x00b\x07c\td\ne", TXT) == "abc\td\ne"


def test_a_pdf_that_only_may_not_be_printed_is_read():
    assert text_of(files.pdf_locked(""), PDF).startswith("Cara Candidate")


def test_of_ten_thousand_pages_what_can_be_read_in_time_is_kept():
    assert text_of(files.pdf_of_pages(10_000, "On the first page"), PDF) == "On the first page"


def test_no_more_words_are_kept_than_anybody_searches():
    assert len(text_of(b"word " * 100_000, TXT)) == words.MOST_CHARACTERS - 1


def test_a_deeply_nested_rich_text_is_read():
    assert text_of(b"{\\rtf1 " + b"{" * 200_000 + b"deep" + b"}" * 200_000 + b"}", RTF) == "deep"


def test_a_deeply_nested_open_document_is_read():
    assert (
        text_of(
            files.odt_saying("<text:p>deep" + "<text:span>" * 200_000 + "</text:span>" * 200_000 + "</text:p>"), ODT
        )
        == "deep"
    )


LAUGHING_DOCX = files.LAUGHS + files.DOCX_BEGIN + "<w:p><w:r><w:t>&k;</w:t></w:r></w:p>" + files.DOCX_END
LAUGHING_ODT = files.LAUGHS + files.ODT_BEGIN + "<text:p>&k;</text:p>" + files.ODT_END
READING_ODT = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.docx_saying("").replace(b"PK\x05\x06", b"PK\x00\x00"), DOCX),
        (files.replaced(files.docx(), "word/document.xml", LAUGHING_DOCX.encode()), DOCX),
        (files.replaced(files.odt(), "content.xml", LAUGHING_ODT.encode()), ODT),
        (files.replaced(files.odt(), "content.xml", READING_ODT.encode()), ODT),
        (files.pdf()[:300] + b"%%EOF", PDF),
        (b"%PDF-1.4\n" + bytes(1000) + b"%%EOF", PDF),
    ],
    ids=["broken docx", "laughing docx", "laughing odt", "odt that reads our files", "broken pdf", "pdf of nothing"],
)
def test_what_cannot_be_read_fails_in_the_child_alone(content, kind):  # V15, V17
    with pytest.raises(ChildFailed) as failed:
        text_of(content, kind)
    assert words._reason(failed.value) == words.WAS_BROKEN


def test_a_zip_bomb_stays_folded():
    bomb = files.replaced(files.docx(), "word/document.xml", *[MEGABYTE] * 200)
    with pytest.raises(ChildFailed) as failed:
        text_of(bomb, DOCX)
    assert (len(bomb) < 300_000, words._reason(failed.value)) == (True, words.WAS_TOO_LARGE)


def test_a_bomb_that_unfolds_in_memory_only_is_refused_it():
    bomb = files.docx_saying("<w:p/>" * 15_000_000)
    with pytest.raises(ChildFailed) as failed:
        text_of(bomb, DOCX)
    assert isinstance(failed.value, TooMuchMemory) or failed.value.code == 1  # its parser says it in its own way


def test_the_child_does_not_load_the_product():
    program = words.PROGRAM_OF[PDF.content_type].read_text()
    assert ("django" in program.lower(), "candidates" in program) == (False, False)


# What becomes of the rows


@pytest.mark.django_db
def test_a_stored_document_waits_to_be_read_and_rings(folder, monkeypatch):
    rings = []
    monkeypatch.setattr(
        "candidates.post.doorbell.current_app.send_task", lambda task, args, **_: rings.append((task, *args))
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        document = store()
    assert document.words.state == State.WAITING
    assert ("candidates.people.tasks.read", document.pk) in rings


@pytest.mark.django_db
def test_the_ring_names_a_task_that_is_there():
    assert tasks.read.name == "candidates.people.tasks.read"


@pytest.mark.django_db
def test_the_worker_reads_it_once(folder):
    document = store(files.pdf("Six years of support"))
    assert (read(document).state, read(document).text, read(document).attempts) == ("read", "Six years of support", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "state", "error"),
    [
        (files.pdf_of_pictures(), State.EMPTY, ""),
        (files.pdf_locked("secret"), State.FAILED, words.WAS_ENCRYPTED),
        (files.pdf()[:300] + b"%%EOF", State.FAILED, words.WAS_BROKEN),
        (files.replaced(files.docx(), "word/document.xml", *[MEGABYTE] * 200), State.FAILED, words.WAS_TOO_LARGE),
    ],
    ids=["a scan", "locked", "broken", "bomb"],
)
def test_why_there_are_no_words_is_told(folder, content, state, error):
    row = read(store(content))
    assert (row.state, row.error, row.text) == (state, error, "")


@pytest.mark.django_db
def test_a_file_that_is_away_is_tried_three_times_with_pauses(folder):
    document, at, tried = store(), NOW, []
    document.file.storage.delete(document.file.name)
    for _time in range(4):
        row = read(document, at)
        tried.append((row.state, row.attempts))
        at = row.next_try_at
    assert tried == [("waiting", 1), ("waiting", 2), ("failed", 3), ("failed", 3)]
    assert row.error == words.WAS_AWAY


@pytest.mark.django_db
def test_before_its_pause_is_over_nobody_tries_again(folder):
    document = store()
    document.file.storage.delete(document.file.name)
    read(document)
    assert read(document, NOW + timedelta(seconds=30)).attempts == 1


@pytest.mark.django_db
def test_one_that_kills_its_worker_every_time_is_given_up(folder):
    document = store()
    DocumentText.objects.update(attempts=words.MOST_ATTEMPTS)
    assert (read(document).state, read(document).error) == ("failed", words.WAS_DEADLY)


@pytest.mark.django_db
def test_a_worker_that_comes_back_late_does_not_overwrite(folder):
    document = store()
    row = words._claim(DocumentText.objects.all(), NOW)
    DocumentText.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
    words._settle(row, words.Outcome(State.READ, "late"), at=NOW)
    assert DocumentText.objects.get(document=document).state == State.WAITING


@pytest.mark.django_db
def test_the_sweep_reads_all_that_is_due(folder):
    for number in range(3):
        store(f"letter {number}".encode(), "cv.txt")
    assert words.sweep(clock=lambda: NOW) == 3
    assert sorted(DocumentText.objects.values_list("text", flat=True)) == ["letter 0", "letter 1", "letter 2"]


@pytest.mark.django_db(transaction=True)
def test_five_rings_read_a_document_once(folder):
    document = store()
    together(*[lambda: words.read(document.pk, clock=lambda: NOW)] * 5)
    row = DocumentText.objects.get(document=document)
    assert (row.state, row.attempts) == (State.READ, 1)


@pytest.mark.django_db
def test_documents_from_before_get_their_row(folder):
    document = store()
    DocumentText.objects.all().delete()
    assert (words.find_missed(at=NOW), words.find_missed(at=NOW)) == (1, 0)
    assert read(document).state == State.READ


@pytest.mark.django_db
def test_the_table_of_an_import_is_not_read(folder):
    with documents.atomic():
        until = NOW + timedelta(days=1)
        documents.hold(files.upload(b"name,mail", "a.csv"), kind=Document.Kind.IMPORT, at=NOW, until=until)
    assert (DocumentText.objects.count(), words.find_missed(at=NOW)) == (0, 0)


@pytest.mark.django_db
def test_more_different_words_than_the_database_can_index_are_cut_not_refused(folder):
    # Joined by hyphens each word counts twice, and a letter of this script takes three bytes.
    text = " ".join("-".join(chr(0x905 + (n >> shift) % 48) * 3 for shift in (0, 2, 4, 6)) for n in range(13_000))
    document = store(text.encode(), "cv.txt")
    row = read(document)
    assert row.state == State.READ
    assert 1000 < len(row.text) <= len(text)


@pytest.mark.django_db
def test_the_hourly_task_does_all_three(folder):
    document = store()
    DocumentText.objects.all().delete()
    tasks.clean()
    assert Document.objects.get(pk=document.pk).words.state == State.WAITING


def test_importing_the_tasks_does_not_load_the_parsers():
    source = "import django, sys; django.setup(); import ats.urls; print({'pypdf', 'boto3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
