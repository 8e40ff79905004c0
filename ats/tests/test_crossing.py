"""F21: two requests wait for each other's rows. PostgreSQL ends one; its person gets words and loses nothing."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from ats.crossing import CrossingMiddleware
from ats.desk.tests.conftest import signed_in
from ats.desk.tests.form_page import FormPage, opened
from candidates.builders import NOW, make_application, make_user
from candidates.models import Ask, Candidate
from candidates.post import asks
from candidates.stages import Stage

pytestmark = pytest.mark.django_db


class Between(threading.Thread):
    """Locks the second row, waits until the request has the first, and asks for that one: a circle."""

    def __init__(self, second, first):
        super().__init__()
        self.second, self.first = second, first
        self.has_second, self.error = threading.Event(), None

    def run(self):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '10s'")  # the other one looks first, and gives way
                cursor.execute(self.second)
                self.has_second.set()
                cursor.execute(WAITS)
                cursor.execute(self.first)
        except OperationalError as error:
            self.error = error
        finally:
            connection.close()


# Until somebody waits for a lock of this transaction.
WAITS = """
DO $$ BEGIN
    FOR attempt IN 1..500 LOOP
        PERFORM 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid));
        EXIT WHEN FOUND;
        PERFORM pg_stat_clear_snapshot(), pg_sleep(0.01);
    END LOOP;
END $$
"""


ASK = "SELECT FROM candidates_ask FOR UPDATE"
CANDIDATE = "SELECT FROM candidates_candidate FOR UPDATE"


@pytest.mark.django_db(transaction=True)
def test_who_gives_way_in_a_deadlock_is_asked_to_press_again_and_then_it_is_done():
    application = make_application(Stage.SCREENING)
    ask(application)
    client = signed_in(make_user("Ada Admin", is_superuser=True))
    url = f"/admin/candidates/candidate/{application.candidate_id}/change/"
    typed = opened(client, url) | {"name": "Cara <Corrected>"}
    other = Between(ASK, CANDIDATE)  # the form holds the candidate, and then corrects what is asked of them
    other.start()
    other.has_second.wait()
    answer = client.post(url, typed)
    other.join()
    assert answer.status_code == 503
    assert other.error is None
    assert Candidate.objects.get().name == "Cara Candidate"
    assert "Please press again" in answer.content.decode()
    assert client.post(url, FormPage(answer.content.decode()).sent).status_code == 302
    assert Candidate.objects.get().name == "Cara <Corrected>"


def ask(application):
    return asks.ask(
        application, page="portal:trial", template="candidates/reminder", title="Say yes", role=Ask.Role.CANDIDATE,
        name="Cara Candidate", email="cara@example.org", due_at=NOW + timedelta(days=7), at=NOW,
    )  # fmt: skip


def crossed(request):
    cause = DeadlockDetected()
    error = OperationalError()
    error.__cause__ = cause
    return CrossingMiddleware(lambda request: None).process_exception(request, error)


def test_a_password_is_not_kept_in_a_page(rf):
    page = crossed(rf.post("/admin/login/", {"username": "ada", "password": "hunter2hunter2"})).content.decode()
    assert 'value="ada"' in page
    assert "hunter2" not in page


def test_who_sent_a_file_is_told_to_choose_it_again(rf):
    page = crossed(rf.post("/jobs/", {"name": "Cara", "file": BytesIO(b"x")})).content.decode()
    assert "choose the file again" in page
    assert "Do it again" not in page


def test_who_only_looked_gets_a_link_to_look_again(rf):
    assert 'href="/jobs/?q=%22x"' in crossed(rf.get("/jobs/?q=%22x")).content.decode()


def test_another_error_of_the_database_stays_an_error(rf):
    assert CrossingMiddleware(lambda request: None).process_exception(rf.get("/"), OperationalError()) is None
