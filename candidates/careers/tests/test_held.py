"""A form with an error keeps what was typed and the files that came with it."""

import errno
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.utils.timezone import now

from candidates.builders import make_job
from candidates.careers.tests.sending import (
    PDF,
    TYPED,
    call,
    files_in,
    make_question,
    nothing_is_kept,
    page_of,
    resume,
    send,
    shown,
    token,
)  # fmt: skip
from candidates.models import Answer, Application, Candidate, Document, Message
from candidates.people import documents
from candidates.people.tests import files
from candidates.tests.together import together


@pytest.fixture
def folder(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return tmp_path


def with_error(job, **typed):
    """The token of a résumé that came with a wrong address."""
    return token(send(job, email="cara", **typed))


@pytest.mark.django_db
def test_a_good_file_outlives_an_error_and_is_given_to_the_application(folder):
    job = make_job()
    answer = send(job, email="cara")
    page = page_of(answer)
    assert ("cv.pdf" in page, "Choose another" in page, "I love to help." in page) == (True, True, True)
    assert send(job, resume=None, resume_held=token(answer)).status_code == 302
    document = Document.objects.get()
    assert (document.application, document.expires_at, document.kind) == (Application.objects.get(), None, "resume")
    assert files_in(folder)[0].read_bytes() == PDF


@pytest.mark.django_db
def test_a_held_file_goes_on_through_further_errors(folder):
    job = make_job()
    again = send(job, resume=None, name="", resume_held=with_error(job))
    assert "Tell us your name." in page_of(again)
    assert send(job, resume=None, resume_held=token(again)).status_code == 302
    assert (Document.objects.count(), len(files_in(folder))) == (1, 1)


@pytest.mark.django_db
def test_another_choice_replaces_the_held_file(folder):
    job = make_job()
    send(job, resume=resume(files.docx(), "new.docx"), resume_held=with_error(job))
    assert [document.name for document in Application.objects.get().documents.all()] == ["new.docx"]


@pytest.mark.django_db
def test_a_bad_new_choice_keeps_the_held_one(folder):
    job = make_job()
    answer = send(job, resume=resume(files.HTML, "cv.html"), resume_held=with_error(job))
    page = page_of(answer)
    assert ("This is not a PDF" in page, "cv.pdf" in page) == (True, True)
    assert send(job, resume=None, resume_held=token(answer)).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "1", "x" * 5000, "a:b:c", "é\x00", "WzEsMSwicmVzdW1lIl0:1abc:xyz"])
def test_a_token_that_we_never_signed_is_no_file(folder, text):
    assert "Choose a file." in page_of(send(make_job(), resume=None, resume_held=text))
    assert not Application.objects.exists()


@pytest.mark.django_db
def test_a_token_counts_for_its_own_form_and_box_alone(folder):
    job, other = make_job(), make_job()
    question = make_question(job, "file", "Show us your work")
    held = with_error(job)
    assert "Choose a file." in page_of(send(other, resume=None, resume_held=held))
    send(job, **{f"q{question.pk}_held": held})
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_after_a_day_the_file_has_to_be_chosen_again(folder):
    job = make_job()
    held = with_error(job)
    with time_machine.travel(now() + timedelta(hours=25)):
        answer = send(job, resume=None, resume_held=held, shown=shown())
    assert "Choose a file." in page_of(answer)
    documents.sweep_held(now() + timedelta(hours=25))
    assert (Document.objects.count(), files_in(folder)) == (0, [])


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_one_application_with_its_file(folder):
    job = make_job()
    held = with_error(job)
    answers = [send(job, resume=None, resume_held=held) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Application.objects.count(), Document.objects.count(), Message.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
def test_a_file_given_to_one_person_is_not_given_to_another(folder):
    job = make_job()
    held = with_error(job)
    send(job, resume=None, resume_held=held)
    answer = send(job, resume=None, resume_held=held, email="other@example.org")
    assert (answer.status_code, "We do not have this file any more." in page_of(answer)) == (200, True)
    assert (token(answer), Application.objects.count(), Candidate.objects.count()) == (None, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_with_one_token_are_one_application_with_one_file_and_one_mail(folder):  # F25
    job = make_job()
    held = with_error(job)
    answers = together(*[partial(send, job, resume=None, resume_held=held) for _number in range(50)])
    assert {answer.status_code for answer in answers} == {302}
    assert [model.objects.count() for model in (Application, Document, Message)] == [1, 1, 1]
    assert Document.objects.get().application == Application.objects.get()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_with_one_token_one_gets_the_file(folder):
    job = make_job()
    held = with_error(job)
    answers = together(
        *[partial(send, job, resume=None, resume_held=held, email=f"c{n}@example.org") for n in range(2)]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert (Application.objects.count(), Document.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_file_of_a_question_is_held_and_given_too(folder):
    job = make_job()
    question = make_question(job, "file", "Show us your work", is_required=True)
    name = f"q{question.pk}"
    answer = send(job, email="cara", **{name: resume(b"A mail to Mr Fox", "work.txt")})
    sent = send(job, resume=None, resume_held=token(answer), **{f"{name}_held": token(answer, name)})
    given = Answer.objects.get()
    assert (sent.status_code, given.value, given.document.kind) == (302, "work.txt", "answer")
    assert given.document.application == Application.objects.get()


@pytest.mark.django_db
def test_a_held_file_that_is_not_needed_can_be_left_out(folder):
    job = make_job()
    name = f"q{make_question(job, 'file', 'Show us your work').pk}"
    answer = send(job, email="cara", **{name: resume(b"A mail to Mr Fox", "work.txt")})
    send(job, resume=None, resume_held=token(answer), **{f"{name}_held": token(answer, name), f"{name}_drop": "1"})
    assert (Application.objects.count(), Answer.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_a_full_disk_while_a_file_is_held_keeps_the_text_and_asks_for_the_file(folder, monkeypatch):
    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = send(make_job(), email="cara")
    page = page_of(answer)
    assert (answer.status_code, "Choose your files again" in page, "I love to help." in page) == (200, True, True)
    assert nothing_is_kept(folder)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["cv\nBcc: x.pdf", "\u202egpj.exe", "x" * 300, "../../etc/passwd", "", "<b>&.pdf", "cv.PDF"]
)
def test_names_of_files_are_shown_harmlessly_and_kept(folder, name):
    job = make_job()
    answer = send(job, email="cara", resume=files.upload(PDF, name=name) if name else resume())
    assert send(job, resume=None, resume_held=token(answer)).status_code == 302
    kept = Document.objects.get().name
    assert len(kept) <= 255
    assert not set(kept) & set("\n\u202e/\\")
    assert "<b>" not in answer.content.decode()


@pytest.mark.django_db
def test_the_verb_refuses_a_held_file_that_is_over_and_keeps_nothing(folder):
    job = make_job()
    with_error(job)
    Document.objects.update(expires_at=now() - timedelta(days=400))
    with pytest.raises(Exception, match=str(Document.objects.get().pk)):
        call(job, resume=Document.objects.get(), at=now())
    assert not Application.objects.exists()


@pytest.mark.django_db
def test_reading_a_form_again_writes_nothing(folder):
    job = make_job()
    held = with_error(job)
    client = Client()
    for method in (client.get, client.head):
        assert method(f"/jobs/{job.slug}/apply/", {"resume_held": held, **TYPED}).status_code == 200
    assert Document.objects.get().application is None
