"""One more document, and one's own documents back."""

from datetime import timedelta
from functools import partial
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ats import pipeline
from ats.portal.tests.test_portal import home, visitor
from candidates.builders import NOW, make_application, make_user
from candidates.models import Document, Event, Stage
from candidates.people import documents
from candidates.people.actors import Actor
from candidates.people.tests import files
from candidates.post import links
from candidates.tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


def upload(name="certificate.pdf", content=None):
    return SimpleUploadedFile(name, files.pdf() if content is None else content)


def send(application, client=None, **fields):
    client = client or visitor(application)
    return client.post(f"/my/{application.pk}/documents/", {"document": upload(**fields)}, follow=True)


def keep(application, name, kind=Document.Kind.RESUME):
    with documents.atomic():
        return documents.store(application, upload(name), kind=kind, at=NOW)


def test_a_candidate_sends_one_more_document_and_sees_it_in_the_list():
    application = make_application()
    page = send(application).content.decode()
    added = application.documents.get()
    assert (added.kind, added.name) == (Document.Kind.OTHER, "certificate.pdf")
    assert "Your document is with us." in page
    assert f'<a href="/my/{application.pk}/documents/{added.pk}/">certificate.pdf</a>' in page


def test_the_timeline_tells_of_it_as_the_candidates_doing():
    application = make_application()
    send(application)
    event = application.events.last()
    assert (event.name, event.by_kind, event.data) == (
        "document.added", "candidate", {"document": application.documents.get().pk},
    )  # fmt: skip


def test_the_desk_reads_it_and_a_stranger_does_not():
    application = make_application()
    send(application)
    ada, stella = Client(), Client()
    ada.force_login(make_user("Ada Admin", is_superuser=True))
    stella.force_login(make_user("Stella Stranger"))
    address = f"/documents/{application.documents.get().pk}/"
    answer = ada.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)  # read to its end, the file is closed
    assert stella.get(address).status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "page.html", "content": b"<script>alert(1)</script>"}, None),
        ({"name": "empty.pdf", "content": b""}, "This file is empty."),
        ({"name": "picture.svg", "content": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, None),
        ({"name": "big.pdf", "content": b"%PDF-1.7\n" + b"0" * (10 * 1024 * 1024 + 1)}, "larger than 10 MB"),
    ],
)
def test_a_file_that_we_do_not_take_is_refused_beside_the_box(fields, told):
    application = make_application()
    page = send(application, **fields).content.decode()
    assert 'class="field-error" id="id_document_error"' in page
    assert (told or "") in page
    assert not application.documents.exists()


def test_nothing_chosen_is_told_beside_the_box():
    application = make_application()
    page = visitor(application).post(f"/my/{application.pk}/documents/").content.decode()
    assert "Choose a file." in page


def test_the_eleventh_document_is_refused_and_says_what_to_do():
    application = make_application()
    client = visitor(application)
    for number in range(10):
        send(application, client, name=f"{number}.txt", content=f"Certificate {number}".encode())
    page = send(application, client, name="11.txt", content=b"One more").content.decode()
    assert "You have added 10 documents" in page
    assert application.documents.count() == 10


def test_the_same_file_again_is_kept_once():
    application = make_application()
    client = visitor(application)
    send(application, client)
    page = send(application, client).content.decode()
    assert "We have this file already" in page
    assert (application.documents.count(), application.events.filter(name="document.added").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_pressing_twice_at_once_keeps_one():
    application = make_application()
    clients = [visitor(application), visitor(application)]
    together(*[partial(send, application, client) for client in clients])
    assert (application.documents.count(), Event.objects.filter(name="document.added").count()) == (1, 1)


def test_an_ended_application_takes_no_more():
    application = make_application(Stage.WITHDRAWN)
    page = send(application).content.decode()
    assert "You withdrew your application" in page
    assert not application.documents.exists()


def test_an_ending_in_between_keeps_nothing_and_the_page_says_so():
    application = make_application()
    client = visitor(application)
    home(application, client)
    pipeline.reject(application, reason="filled", at=NOW, by=Actor.person(make_user()))
    assert "We did not go on" in send(application, client).content.decode()
    assert not application.documents.exists()


def test_ones_own_files_come_back_to_be_saved_and_never_open_in_our_site():
    application = make_application()
    mine = keep(application, "letter of\nreference.pdf")
    answer = visitor(application).get(f"/my/{application.pk}/documents/{mine.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="letter ofreference.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content) == files.pdf()


def test_a_store_that_is_away_is_told_in_words(monkeypatch):
    application = make_application()
    mine = keep(application, "mine.pdf")
    storage = Document._meta.get_field("file").storage
    monkeypatch.setattr(storage, "open", Mock(side_effect=OSError("away")))
    answer = visitor(application).get(f"/my/{application.pk}/documents/{mine.pk}/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Nothing is lost" in answer.content.decode()


def test_a_file_of_another_application_does_not_come():
    mine, other = make_application(), make_application()
    theirs = keep(other, "theirs.pdf")
    client = visitor(mine)
    assert client.get(f"/my/{mine.pk}/documents/{theirs.pk}/").status_code == 404
    client.cookies["my"] = links.application_token(mine)
    assert client.get(f"/my/{other.pk}/documents/{theirs.pk}/").status_code == 404


def test_without_the_link_no_file_comes_and_none_is_taken():
    application = make_application()
    mine = keep(application, "mine.pdf")
    assert Client().get(f"/my/{application.pk}/documents/{mine.pk}/").status_code == 404
    assert send(application, Client()).status_code == 404
    assert application.documents.count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_no_query_more(count, django_assert_max_num_queries):
    application = make_application(at=NOW - timedelta(days=1))
    Document.objects.bulk_create(
        Document(application=application, kind="other", name=f"{number}.pdf", size=1, at=NOW) for number in range(count)
    )
    client = visitor(application)
    with django_assert_max_num_queries(4):
        assert home(application, client).content.decode().count(".pdf</a>") == count
