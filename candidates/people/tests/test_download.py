"""Giving a document back: to whom, and how."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage

from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Application, Document
from candidates.people import documents
from candidates.people.actors import Actor
from candidates.people.models import random_key
from candidates.people.tests import files
from candidates.post import asks, links
from candidates.stages import Stage

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
def test_colleagues_of_other_teams_do_not_learn_that_it_exists(client, document, name, fields):  # V3
    assert get(client, document, make_user(name, **fields)).status_code == 404


def test_without_signing_in_there_is_nothing(client, document):  # V3
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
def test_a_wicked_name_stays_in_its_header(client, document, name):  # V8
    answer = get(client, keep(files.upload(name=name)), make_user("Rita Recruiter"))
    answer.close()
    assert (answer.status_code, "Set-Cookie" in answer) == (200, False)
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert not {"\r", "\n", "\u202e"} & set(answer["Content-Disposition"])


def test_a_file_that_is_not_there_any_more_is_not_found(client, document):
    document.file.storage.delete(document.file.name)
    assert get(client, document, make_user("Rita Recruiter")).status_code == 404


def test_what_is_missing_is_told_in_words(client, document):
    document.file.storage.delete(document.file.name)
    assert "not there any more" in get(client, document, make_user("Rita Recruiter")).content.decode()


@pytest.mark.parametrize("name", ["Ada Administrator", "Rita Recruiter"])
@pytest.mark.parametrize("kind", [Document.Kind.RESUME, Document.Kind.IMPORT])
def test_a_held_document_is_given_to_nobody(client, document, name, kind):
    with documents.atomic():
        held = documents.hold(files.upload(), kind=kind, at=NOW, until=NOW + timedelta(days=1))
    assert get(client, held, make_user(name, is_superuser=name.startswith("Ada"))).status_code == 404


def test_only_its_key_is_in_the_address_of_a_file_so_no_application_can_be_claimed(client, document):  # V27
    other = make_application(job=make_job(recruiters=[make_user("Olga Otherrecruiter")]))
    with documents.atomic():
        theirs = documents.store(other, files.upload(), kind=Document.Kind.RESUME, at=NOW)
    rita = make_user("Rita Recruiter")
    assert get(client, theirs, rita).status_code == 404
    assert get(client, theirs, rita, f"?application={document.application_id}").status_code == 404


@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.WITHDRAWN])
def test_a_closed_application_keeps_its_files_for_those_who_may_see_it(client, document, stage):
    pipeline.move(document.application, stage, at=NOW, by=Actor.person(make_user("Rita Recruiter")))
    assert get(client, document, make_user("Otto Otherteam")).status_code == 404
    answer = get(client, document, make_user("Rita Recruiter"))
    answer.close()
    assert answer.status_code == 200


def test_a_candidates_link_opens_no_document(client, document):  # V28
    client.get(links.application_url(document.application), follow=True)
    assert client.get(f"/documents/{document.pk}/").status_code == 404
    assert client.get(f"/documents/{document.pk}/?token=x").status_code == 404


@pytest.mark.parametrize("address", ["/documents/", "/documents/../", "/documents/1/x", "/media/", "/documents/0/"])
def test_files_are_not_listed_anywhere(client, document, address):  # V2
    client.force_login(make_user("Rita Recruiter"))
    assert client.get(address).status_code == 404


def test_keys_cannot_be_guessed():  # V2
    keys = {random_key(Document(), "cv.pdf") for _number in range(50)}
    assert len(keys) == 50
    assert all(re.fullmatch(r"([0-9a-f]{2})/\1[0-9a-f]{30}", key) for key in keys)


@pytest.mark.parametrize("content", [files.HTML, files.SVG, b"#!/bin/sh\nrm -rf /\n"], ids=["html", "svg", "script"])
def test_what_could_run_is_never_kept(document, content):  # V1, V9
    with pytest.raises(ValueError, match="type"):
        keep(files.upload(content, name="cv.pdf"))


def test_what_is_at_once_a_pdf_and_a_page_is_given_as_a_pdf_that_can_do_nothing(client, document):  # V9
    both = keep(files.upload(files.pdf() + b"<script>alert(1)</script>%%EOF"))
    answer = get(client, both, make_user("Rita Recruiter"), "?inline=1")
    answer.close()
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Security-Policy"].startswith("sandbox;")


def test_asking_for_the_head_alone_tells_the_size(client, document):
    client.force_login(make_user("Rita Recruiter"))
    answer = client.head(f"/documents/{document.pk}/")
    answer.close()
    assert (answer.status_code, answer["Content-Length"]) == (200, str(document.size))


def test_who_asks_for_a_part_may_get_the_whole(client, document):
    client.force_login(make_user("Rita Recruiter"))
    answer = client.get(f"/documents/{document.pk}/", headers={"range": "bytes=0-9"})
    given = b"".join(answer.streaming_content)
    answer.close()
    assert (answer.status_code, len(given)) == (200, document.size)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_is_written_by_that_address(client, document, method):
    client.force_login(make_user("Rita Recruiter"))
    assert getattr(client, method)(f"/documents/{document.pk}/").status_code == 405


def test_a_key_beyond_all_numbers_is_not_found(client):
    client.force_login(make_user("Rita Recruiter"))
    assert client.get(f"/documents/{10**30}/").status_code == 404


def test_the_place_of_a_file_has_no_address(client, document):
    client.force_login(make_user("Rita Recruiter"))
    assert client.get(document.file.url).status_code == 404
