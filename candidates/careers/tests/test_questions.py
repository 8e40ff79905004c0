"""The questions of a job: asked in their order, kept with their words, marking and never rejecting."""

import re

import pytest
from django.test import Client

from candidates.builders import make_application, make_job
from candidates.careers.tests.sending import make_question, page_of, resume, send
from candidates.models import Answer, Application, JobQuestion, Message

pytestmark = pytest.mark.django_db
EVERY_KIND = [
    ("text", "Blue", "Blue", "Blue"),
    ("long_text", "One\r\ntwo", "One\ntwo", "One\ntwo"),
    ("choice", "Kindly", "Kindly", "Kindly"),
    ("several", ["Kindly", "Briefly"], "Kindly, Briefly", ["Kindly", "Briefly"]),
    ("yes_no", "no", "No", "no"),
    ("number", "3,5", "3.5", 3.5),
    ("number", " 12 ", "12", 12),
    ("number", "-0.25", "-0.25", -0.25),
    ("number", "0", "0", 0),
    ("number", "٣", "3", 3),
    ("date", "2031-02-03", "Feb. 3, 2031", "2031-02-03"),
    ("date", "03-02-2031", "Feb. 3, 2031", "2031-02-03"),
    ("text", "Zoë 😀 مرحبا नमस्ते", "Zoë 😀 مرحبا नमस्ते", "Zoë 😀 مرحبا नमस्ते"),
]
WRONG = [
    ("text", "x" * 301, "Shorten this to 300 characters; it has 301."),
    ("text", "a\nb", "Write this on one line, without control characters."),
    ("text", "a\x00", "Null characters are not allowed."),
    ("text", "\u202egpj", "Write this on one line, without control characters."),
    ("long_text", "x" * 5001, "Shorten this to 5000 characters; it has 5001."),
    ("long_text", "x" * 1_000_000, "Shorten this to 5000 characters; it has 1000000."),
    ("choice", "Rudely", "Choose one of these."),
    ("choice", "\x00", "Choose one of these."),
    ("several", ["Kindly", "Rudely"], "Choose from these."),
    ("yes_no", "perhaps", "Choose yes or no."),
    ("number", "many", "Write a number, such as 3 or 3.5."),
    ("number", "NaN", "Write a number, such as 3 or 3.5."),
    ("number", "Infinity", "Write a number, such as 3 or 3.5."),
    ("number", "1e999999", "This number is too large."),
    ("number", "9" * 5000, "This number is too large."),
    ("number", "1.234", "Write a number, such as 3 or 3.5."),
    ("date", "soon", "Write a date, such as 2030-01-31."),
    ("date", "2031-02-30", "Write a date, such as 2030-01-31."),
    ("date", "99999-01-01", "Write a date, such as 2030-01-31."),
]


def answer(job, question, value, **typed):
    return send(job, **{f"q{question.pk}": value}, **typed)


@pytest.mark.parametrize(("kind", "typed", "value", "data"), EVERY_KIND)
def test_an_answer_is_kept_as_people_read_it_and_as_it_was_given(kind, typed, value, data):
    job = make_job()
    question = make_question(job, kind)
    assert answer(job, question, typed).status_code == 302
    kept = Answer.objects.get()
    assert (kept.application, kept.question, kept.label) == (Application.objects.get(), question, "How do you write?")
    assert (kept.value, kept.data) == (value, data)


@pytest.mark.parametrize(("kind", "typed", "told"), WRONG)
def test_a_wrong_answer_is_told_beside_its_question_and_on_top(kind, typed, told):
    job = make_job()
    page = page_of(answer(job, make_question(job, kind), typed))
    assert page.count(told) == 2
    assert not Application.objects.exists()


@pytest.mark.parametrize("kind", JobQuestion.Kind.values)
def test_a_question_that_must_be_answered_says_so_and_another_may_be_left_out(kind):
    job = make_job()
    question = make_question(job, kind, is_required=True)
    assert "Answer this question." in page_of(send(job)) or "Choose a file." in page_of(send(job))
    JobQuestion.objects.filter(pk=question.pk).update(is_required=False)
    assert send(job).status_code == 302
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("text", "Blue"), ("long_text", "Green"), ("choice", "Kindly"), ("several", ["Briefly"]), ("yes_no", "yes"),
     ("number", "many"), ("date", "soon")],
)  # fmt: skip
def test_an_answer_is_still_there_after_an_error_elsewhere(kind, typed):
    job = make_job()
    page = page_of(answer(job, make_question(job, kind), typed, email="cara"))
    value = typed[0] if isinstance(typed, list) else typed
    is_ticked = re.search(rf'value="{value}"[^>]* checked', page)
    assert is_ticked if kind in ("choice", "several", "yes_no") else re.search(rf'(value="|>\n){value}["<]', page)


@pytest.mark.parametrize(
    ("kind", "rule", "typed", "is_marked"),
    [
        ("yes_no", {"marking": ["no"]}, "no", True),
        ("yes_no", {"marking": ["no"]}, "yes", False),
        ("choice", {"marking": ["Briefly"]}, "Briefly", True),
        ("choice", {"marking": ["Briefly"]}, "Kindly", False),
        ("several", {"marking": ["Briefly"]}, ["Kindly", "Briefly"], True),
        ("number", {"at_least": 2}, "1.99", True),
        ("number", {"at_least": 2}, "2", False),
        ("number", {"at_least": 2}, "0", True),
        ("number", {"at_most": 40}, "41", True),
        ("number", {"at_least": 0, "at_most": 40}, "40", False),
        ("text", {"marking": ["no"]}, "no", False),
    ],
)
def test_an_answer_marks_by_the_rule_of_its_question(kind, rule, typed, is_marked):
    job = make_job()
    answer(job, make_question(job, kind, **rule), typed)
    assert (Answer.objects.get().is_marked, Application.objects.get().is_marked) == (is_marked, is_marked)


def test_a_marked_application_is_answered_and_treated_like_any_other():
    job = make_job()
    question = make_question(job, "yes_no", marking=["no"])
    clients = {value: Client() for value in ("no", "yes")}
    answers = [answer(job, question, value, email=f"{value}@example.org", client=clients[value]) for value in clients]
    assert len({(sent.status_code, sent.url) for sent in answers}) == 1
    assert len({page_of(clients[value].get(answers[0].url)) for value in clients}) == 1
    assert set(Application.objects.values_list("stage", flat=True)) == {"applied"}
    assert set(Message.objects.values_list("template", flat=True)) == {"candidates/received"}


def test_the_form_tells_nothing_of_marks():
    job = make_job()
    make_question(job, "number", at_least=7654321)
    make_question(job, "yes_no", label="May you work here?", marking=["no"])
    page = page_of(Client().get(f"/jobs/{job.slug}/apply/"))
    assert ("7654321" in page, "mark" in page.lower()) == (False, False)


def test_questions_stand_in_their_order_between_the_resume_and_the_consent():
    job = make_job()
    make_question(job, label="Second?", position=2)
    make_question(job, label="First?", position=1)
    make_question(job, label="Long ago?", is_retired=True)
    make_question(make_job(), label="Of another job?")
    page = page_of(Client().get(f"/jobs/{job.slug}/apply/"))
    places = [page.index(words) for words in ("Your résumé", "First?", "Second?", "You may keep")]
    assert places == sorted(places)
    assert ("Long ago?" in page, "Of another job?" in page) == (False, False)


def test_what_a_recruiter_writes_in_a_question_is_never_markup():
    job = make_job()
    evil = "<script>alert(1)</script>"
    for kind in JobQuestion.Kind.values:
        choices = [evil, "Kindly"] if kind in ("choice", "several") else []
        make_question(job, kind, label=f"{evil} {kind}", help=evil, choices=choices)
    for page in (Client().get(f"/jobs/{job.slug}/apply/"), send(job, email="cara")):
        assert evil not in page.content.decode()
        assert page.content.decode().count("&lt;script&gt;") > 16


def test_an_answer_keeps_the_words_of_the_question_as_they_were():
    job = make_job()
    question = make_question(job, label="Old words?")
    answer(job, question, "Blue")
    JobQuestion.objects.update(label="New words?")
    assert Answer.objects.get().label == "Old words?"


def test_a_bad_file_is_refused_at_its_question(settings):
    job = make_job()
    page = page_of(answer(job, make_question(job, "file"), resume(b"<svg onload='alert(1)'/>", "work.svg")))
    assert page.count("This is not a PDF, DOCX, ODT, RTF or text file.") == 2


def test_many_questions_cost_no_more_queries(django_assert_num_queries):
    job = make_job()
    for number in range(30):
        make_question(job, label=f"Question {number}?")
    with django_assert_num_queries(4):  # the job, its questions, the company, the privacy notice
        Client().get(f"/jobs/{job.slug}/apply/")


def test_many_answers_cost_no_more_queries(django_assert_max_num_queries):
    job = make_job()
    names = [f"q{make_question(job, label=f'Question {number}?').pk}" for number in range(30)]
    make_application(job=job)
    with django_assert_max_num_queries(30):
        assert send(job, **dict.fromkeys(names, "Blue")).status_code == 302
    assert Answer.objects.count() == 30
