"""I9: a person who was erased is found wherever a name of theirs was left."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.base import ContentFile
from django.db import models

from ats.engine import erased
from ats.privacy.digests import digest, salt
from ats.privacy.models import Erasure
from candidates.builders import NOW, make_application, make_candidate, make_user
from candidates.people.models import Document, Note
from candidates.post import mail

pytestmark = pytest.mark.django_db
GONE = "cara.gone+jobs@example.org"


@pytest.fixture(autouse=True)
def mailbox(settings, tmp_path):
    settings.MAILBOX_DIR = str(tmp_path)
    (tmp_path / "new").mkdir()
    return tmp_path


@pytest.fixture
def application():
    """Of somebody else, after Cara was erased twice over, under one salt."""
    for email in (GONE, "rolf@example.org"):
        Erasure.objects.create(digest=digest(email, salt()), at=NOW, by_name="Ada Admin")
    return make_application(candidate=make_candidate("Somebody Else", email="else@example.org"), at=NOW)


def hits():
    return erased.nobody_is_named(NOW)[1]


def test_nothing_names_whom_nothing_names(application):
    assert (hits(), len({one[:16] for one in Erasure.objects.values_list("digest", flat=True)})) == ([], 1)


def test_a_digest_tells_nobody_and_is_the_same_however_it_is_written():
    one = salt()
    assert digest(" Cara.Gone+Jobs@Example.ORG ", one) == digest(GONE, one)
    assert (len(digest(GONE, one)), "cara" in digest(GONE, one)) == (64, False)


def test_a_column_is_named(application):
    Note.objects.create(application=application, text=f"Write to <{GONE.upper()}>.", at=NOW, author_name="Rita")
    assert hits() == ["candidates_note.text names an erased person in 1 rows"]


def test_an_address_inside_json_is_found(application):
    mail.queue(application, "candidates/withdrawn", key="k", at=NOW, data={"who": [{"x": f"a,{GONE};b"}]})
    assert hits() == ["candidates_message.data names an erased person in 1 rows"]


def test_the_log_of_the_admin_is_looked_at_too(application):
    LogEntry.objects.create(user=make_user(), action_flag=CHANGE, object_repr=GONE, change_message="")
    assert hits() == ["django_admin_log.object_repr names an erased person in 1 rows"]


def test_a_person_who_came_back_is_no_erased_person_any_more(application):
    back = make_candidate("Cara Again", email=GONE)
    make_application(candidate=back, at=NOW + timedelta(days=3))
    assert hits() == []


def test_a_row_of_a_person_that_was_left_behind_is_found(application):
    make_candidate("Cara Gone", email=GONE)
    assert "candidates_candidate.email names an erased person in 1 rows" in hits()


def test_a_colleague_is_named_by_the_account(application):
    make_user("Cara Colleague", email=GONE)
    assert hits() == []


def test_a_stored_mail_is_read(application):
    content = f"From: Cara <{GONE}>\r\n\r\nHello".encode()
    document = Document.objects.create(
        application=application, kind=Document.Kind.MAIL, name="mail.eml", content_type="message/rfc822", at=NOW,
        size=len(content), sha256="0", file=ContentFile(content, "mail.eml"),
    )  # fmt: skip
    assert hits() == [f"document {document.pk} names an erased person"]


def test_the_local_mailbox_is_read(application, mailbox):
    (mailbox / "new" / "1").write_bytes(f"To: {GONE}\r\n\r\nHello".encode())
    assert hits() == ["1 mails in the local mailbox name an erased person"]


def test_every_column_that_holds_words_is_looked_at():
    looked_at = {(table, column) for table, columns in erased._columns().items() for column in columns}
    words = (models.CharField, models.TextField, models.JSONField)
    columns = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, words)
    }
    assert columns - looked_at == set()
