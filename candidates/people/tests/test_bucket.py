"""Documents in an object store: kept whole or not at all, given back by our view alone."""

import hashlib
import os
import threading
import tracemalloc
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils.timezone import now

from candidates.builders import NOW, make_application, make_job, make_user
from candidates.models import Document, DocumentText
from candidates.people import documents
from candidates.people.bucket import BucketStorage, StoreAway
from candidates.people.extraction import words
from candidates.people.tests import files
from candidates.people.tests.store import Store

MEGABYTE = 1024 * 1024


@pytest.fixture
def store():
    running = Store()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def bucket(store, monkeypatch):
    monkeypatch.setattr("candidates.people.bucket.CONNECT", 0.5)
    monkeypatch.setattr("candidates.people.bucket.ANSWER", 0.5)
    storage = BucketStorage(
        bucket_name="documents", endpoint_url=store.url, region_name="eu-west-1", access_key="key", secret_key="secret"
    )
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return storage


def keep(content=None, name="cv.pdf"):
    application = make_application(job=make_job(recruiters=[make_user("Rita Recruiter")]))
    with documents.atomic():
        return documents.store(application, files.upload(content, name), kind=Document.Kind.RESUME, at=NOW)


def get(client, document, query=""):
    client.force_login(make_user("Rita Recruiter"))
    return client.get(f"/documents/{document.pk}/{query}")


@pytest.mark.django_db
def test_a_document_is_one_private_object_under_a_random_key(bucket, store):
    content = files.pdf()
    document = keep(content)
    ((key, (kept, headers, _at)),) = store.objects.items()
    assert (key, kept) == (f"/documents/{document.file.name}", content)
    assert "cv" not in key
    assert headers["Content-Type"] == "application/octet-stream"
    assert "x-amz-acl" not in {name.lower() for name in headers}  # what the bucket is, its owner says: private
    assert [command for command, _key, _signed in store.asked] == ["PUT"]


@pytest.mark.django_db
def test_every_request_is_signed(bucket, store):
    keep()
    assert all("AWS4-HMAC-SHA256" in signed for _command, _key, signed in store.asked)


@pytest.mark.django_db
def test_it_is_given_back_by_our_view_word_for_word(bucket, client):
    content = files.pdf()
    answer = get(client, keep(content))
    given = b"".join(answer.streaming_content)
    answer.close()
    assert given == content
    assert "Location" not in answer


@pytest.mark.django_db
def test_nobody_is_sent_to_the_store_itself(bucket):
    with pytest.raises(ValueError, match="URL"):
        keep().file.url  # noqa: B018


@pytest.mark.django_db
def test_its_words_are_read(bucket):
    document = keep(files.pdf("Six years of support"))
    words.read(document.pk, clock=lambda: NOW)
    assert DocumentText.objects.get(document=document).text == "Six years of support"


@pytest.mark.django_db
def test_an_object_that_is_gone_is_not_found(bucket, store, client):
    document = keep()
    store.objects.clear()
    answer = get(client, document)
    assert answer.status_code == 404
    assert "not there any more" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["away", "refuses", "mute"])
def test_when_the_store_is_in_trouble_the_reader_is_told_to_come_back(bucket, store, client, trouble):
    document = keep()
    make_trouble(store, trouble)
    answer = get(client, document)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "try again" in answer.content.decode().lower()


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["away", "refuses", "mute"])
def test_when_the_store_is_in_trouble_nothing_is_kept_by_half(bucket, store, trouble):  # F35
    make_trouble(store, trouble)
    with pytest.raises(documents.NotStored):
        keep()
    assert (Document.objects.count(), DocumentText.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_failed_transaction_leaves_no_object(bucket, store):
    with pytest.raises(LookupError), documents.atomic():
        documents.store(make_application(), files.upload(), kind=Document.Kind.RESUME, at=NOW)
        assert len(store.objects) == 1
        raise LookupError
    assert store.objects == {}


@pytest.mark.django_db
def test_a_failure_is_told_as_itself_although_the_store_has_gone_too(bucket, store):
    with pytest.raises(LookupError), documents.atomic():
        documents.store(make_application(), files.upload(), kind=Document.Kind.RESUME, at=NOW)
        make_trouble(store, "refuses")
        raise LookupError


def test_giving_back_ten_megabytes_takes_little_memory(bucket):
    content = os.urandom(10 * MEGABYTE)
    key = bucket.save("ab/" + "0" * 32, ContentFile(content))
    bucket.open(key).close()  # what the library loads at first does not count
    found = hashlib.sha256()
    tracemalloc.start()
    with bucket.open(key) as kept:
        for chunk in kept.chunks():
            found.update(chunk)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.digest() == hashlib.sha256(content).digest()
    assert peak < 4 * MEGABYTE


def test_keeping_ten_megabytes_takes_little_memory_beside_what_the_store_has(bucket, store):
    content = ContentFile(os.urandom(10 * MEGABYTE))
    bucket.save("ab/" + "0" * 32, content)
    store.forgets = True
    tracemalloc.start()
    bucket.save("ab/" + "1" * 32, content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MEGABYTE


@pytest.mark.django_db
def test_held_documents_are_swept_from_the_store(bucket, store):
    with documents.atomic():
        documents.hold(files.upload(), kind=Document.Kind.RESUME, at=NOW, until=NOW + timedelta(days=1))
    assert documents.sweep_held(NOW + timedelta(days=1)) == 1
    assert (store.objects, Document.objects.count()) == ({}, 0)


@pytest.mark.django_db
def test_objects_without_a_row_are_swept_and_others_stay(bucket, store):
    document = keep()
    folder = document.file.name[:2]
    bucket.save(f"{folder}/{'0' * 32}", ContentFile(b"left behind"))
    bucket.save(f"{folder}/somebody-elses.txt", ContentFile(b"not ours"))
    at = (now() + timedelta(days=2)).replace(hour=int(folder, 16) % 24)
    assert documents.sweep_orphans(at) == 1
    assert {key.removeprefix("/documents/") for key in store.objects} == {
        document.file.name, f"{folder}/somebody-elses.txt",
    }  # fmt: skip


def test_the_store_tells_its_troubles_as_a_disk_does(bucket, store):
    store.fails = 403
    for call in (lambda: bucket.delete("ab/c"), lambda: bucket.exists("ab/c"), lambda: bucket.listdir("ab")):
        with pytest.raises(StoreAway):
            call()


def make_trouble(store, trouble):
    if trouble == "away":
        store.close()
    elif trouble == "refuses":
        store.fails = 403
    else:
        store.waits = 2.0


def test_several_threads_may_use_it_at_once(bucket, store):
    threads = [
        threading.Thread(target=bucket.save, args=(f"ab/{number:032x}", ContentFile(b"x"))) for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.objects) == 4
