"""Applying once more for the same job while the first application is open."""

import pytest
from striprtf.striprtf import rtf_to_text

from candidates.builders import make_job
from candidates.careers.tests.sending import PDF, TYPED, call, make_question, resume, send
from candidates.models import Answer, Application, Candidate, Document, Event, Message, Stage
from candidates.people.tests import files

pytestmark = pytest.mark.django_db
ODD = "Line one\nC:\\new {braces} <script>alert(1)</script> #! Zoë 😀 مرحبا नमस्ते"


def words_of(document):
    with document.file.open("rb") as file:
        text = rtf_to_text(file.read().decode("ascii"))
    return text.encode("utf-16", "surrogatepass").decode("utf-16")  # the halves of an emoji, put together


def test_what_came_anew_is_added_and_nothing_is_overwritten():
    job = make_job()
    first = call(job)
    again = call(job, name="Mallory", phone="666", letter="Another letter", resume=resume(files.docx(), "new.docx"))
    added = list(Document.objects.exclude(name="cv.pdf").order_by("pk"))
    first.refresh_from_db()
    person = Candidate.objects.get()
    assert (again, first.letter, person.name, person.phone) == (
        first, TYPED["letter"], TYPED["name"], TYPED["phone"],
    )  # fmt: skip
    assert [(document.name, document.kind) for document in added] == [
        ("new.docx", "resume"),
        ("Sent again.rtf", "other"),
    ]
    assert [words in words_of(added[1]) for words in ("Mallory", "666", "Another letter")] == [True] * 3


def test_it_stands_once_on_the_timeline_and_sends_no_mail():
    job = make_job()
    call(job)
    call(job, letter="Another letter")
    event = Event.objects.get(name="application.repeated")
    assert event.data["documents"] == [Document.objects.get(kind="other").pk]
    assert Message.objects.count() == 1


def test_the_very_same_once_more_adds_nothing():
    job = make_job()
    for _time in range(3):
        call(job)
    assert (Document.objects.count(), Event.objects.count()) == (1, 1)


def test_the_same_news_twice_is_kept_once():
    job = make_job()
    call(job)
    for _time in range(2):
        call(job, letter="Another letter", resume=resume(b"A new CV", "new.txt"))
    assert Document.objects.count() == 3
    assert Event.objects.filter(name="application.repeated").count() == 1


def test_the_words_are_kept_exactly():
    job = make_job()
    call(job)
    call(job, letter=ODD)
    assert ODD in words_of(Document.objects.get(kind="other"))


def test_an_answer_that_changed_is_told_and_the_first_one_stays():
    job = make_job()
    name = f"q{make_question(job, 'yes_no', 'May you work in Spain?', marking=['no']).pk}"
    send(job, **{name: "yes"})
    send(job, **{name: "no"})
    assert "May you work in Spain?:\nNo" in words_of(Document.objects.get(kind="other"))
    assert (Answer.objects.get().value, Application.objects.get().is_marked) == ("Yes", False)


def test_after_the_end_of_the_first_it_is_a_new_application():
    job = make_job()
    first = call(job)
    Application.objects.filter(pk=first.pk).update(**{"stage": Stage.WITHDRAWN})
    assert call(job, resume=resume(PDF)) != first
    assert not Event.objects.filter(name="application.repeated").exists()


def test_the_answer_is_the_same_the_second_time():
    job = make_job()
    answers = [send(job, letter=letter) for letter in ("One", "Two")]
    assert len({(answer.status_code, answer.url, tuple(answer.cookies)) for answer in answers}) == 1
