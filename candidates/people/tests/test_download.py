"""Giving a document back: to whom, and how."""

import pytest
from django.core.files.storage import FileSystemStorage

from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Application, Document
from candidates.people import documents
from candidates.people.tests import files
from candidates.post import asks

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return keep(files.upload())


def keep(upload):
    application = make_application(job=make_job(recruiters=[make_user("Rita Recruiter")]))
    with documents.atomic():
        return documents.store(application, upload, kind=Document.Kind.RESUME, at=NOW)


def get(client, document, user=None, query=""):
    if user:
        client.force_login(user)
    return client.get(f"/documents/{document.pk}/{query}")


def ask_somebody(user):
    return asks.ask(
        Application.objects.get(), page="interviews:scorecard", template="candidates/reminder", title="Scorecard",
        role="interviewer", name=str(user), email=user.email, user=user, due_at=NOW, at=NOW,
    )  # fmt: skip


def test_the_recruiter_of_the_job_gets_the_file_word_for_word(client, document):
    answer = get(client, document, make_user("Rita Recruiter"))
    with document.file.open() as kept:
        assert b"".join(answer.streaming_content) == kept.read()
    assert (answer.status_code, answer["Content-Disposition"]) == (200, 'attachment; filename="cv.pdf"')


def test_nothing_in_the_file_can_act_in_our_name(client, document):
    answer = get(client, document, make_user("Rita Recruiter"))
    answer.close()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'self'"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Max Manager", {}),
        ("Ada Administrator", {"is_superuser": True}),
    ],
)
def test_the_manager_of_the_job_and_an_administrator_get_it_too(client, document, name, fields):
    answer = get(client, document, make_user(name, **fields))
    answer.close()
    assert answer.status_code == 200


def test_a_colleague_who_was_asked_gets_it(client, document):
    ida = make_user("Ida Interviewer")
    assert get(client, document, ida).status_code == 404
    ask_somebody(ida)
    answer = get(client, document, ida)
    answer.close()
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Otto Otherteam", {}),
        ("Nora Nostaff", {"is_staff": False}),
        ("Gone Girl", {"is_active": False, "is_superuser": True}),
    ],
)
def test_colleagues_of_other_teams_do_not_learn_that_it_exists(client, document, name, fields):
    assert get(client, document, make_user(name, **fields)).status_code == 404


def test_without_signing_in_there_is_nothing(client, document):
    assert get(client, document).status_code == 404


def test_a_pdf_may_be_shown_inline(client, document):
    answer = get(client, document, make_user("Rita Recruiter"), "?inline=1")
    answer.close()
    assert answer["Content-Disposition"] == 'inline; filename="cv.pdf"'


def test_anything_else_is_only_saved(client, document):
    text = keep(files.upload(b"Cara Candidate", name="cv.html"))
    answer = get(client, text, make_user("Rita Recruiter"), "?inline=1")
    answer.close()
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "text/plain", 'attachment; filename="cv.html.txt"',
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ['cv".pdf', "cv\r\nSet-Cookie: a=b.pdf", "cv\u202egnp.pdf", "<svg onload=alert(1)>.pdf"]
)
def test_a_wicked_name_stays_in_its_header(client, document, name):
    answer = get(client, keep(files.upload(name=name)), make_user("Rita Recruiter"))
    answer.close()
    assert (answer.status_code, "Set-Cookie" in answer) == (200, False)
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert not {"\r", "\n", "\u202e"} & set(answer["Content-Disposition"])


def test_a_file_that_is_not_there_any_more_is_not_found(client, document):
    document.file.storage.delete(document.file.name)
    assert get(client, document, make_user("Rita Recruiter")).status_code == 404


def test_the_place_of_a_file_has_no_address(client, document):
    client.force_login(make_user("Rita Recruiter"))
    assert client.get(document.file.url).status_code == 404
