"""One person, one entry: also when the entry that was found is somebody else's a moment later."""

import threading
import time

import pytest
from django.db import connection, transaction

from candidates.builders import make_candidate
from candidates.models import Candidate
from candidates.people import family
from candidates.tests.together import together

ADDRESS = "ada@example.org"
PATIENCE = 10


def somebody_waits():
    """Until another connection waits for a lock."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited")


@pytest.mark.django_db(transaction=True)
def test_who_applies_while_they_are_erased_gets_an_entry_of_their_own():
    first, is_locked = make_candidate(email=ADDRESS), threading.Event()

    def erase():
        with transaction.atomic():
            Candidate.objects.select_for_update().get(pk=first.pk)
            is_locked.set()
            somebody_waits()
            Candidate.objects.filter(pk=first.pk).update(email="erased@erased.invalid")

    def apply():
        assert is_locked.wait(PATIENCE)
        with transaction.atomic():
            return family.found_or_made(Candidate(name="Ada", email=ADDRESS, country=""))

    erased, found = together(erase, apply)
    assert erased is None, erased
    assert isinstance(found, Candidate), found
    assert (found.pk != first.pk, found.email) == (True, ADDRESS)
