"""F20, as people see it: PostgreSQL goes away in mid request. Nobody is told it was broken, or types twice."""

from contextlib import contextmanager, suppress

import psycopg
import pytest
from django.db import connection
from django.test import Client

from ats.desk.tests.form_page import FormPage
from candidates.builders import make_job

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = {"name": "Cara <Candidate>", "letter": "Dear team,\n\nI love to help."}


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@contextmanager
def database_away():
    """As a server that goes down ends its connections; the next statement learns of it."""

    def before(execute, *args):
        with suppress(psycopg.OperationalError), connection.connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(*args)

    try:
        with connection.execute_wrapper(before):
            yield
    finally:
        connection.close()


def test_a_page_says_that_it_can_be_opened_again(client):
    job = make_job()
    with database_away():
        page = client.get(f"{job.get_absolute_url()}?source=fair")
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "10", "no-store")
    assert f'href="{job.get_absolute_url()}?source=fair"' in page.content.decode()
    assert client.get(job.get_absolute_url()).status_code == 200


def test_a_form_has_all_that_was_typed(client):
    url = f"{make_job().get_absolute_url()}apply/"
    with database_away():
        page = client.post(url, TYPED | {"password": "secret", "csrfmiddlewaretoken": "old"}).content.decode()
    assert 'name="name" value="Cara &lt;Candidate&gt;"' in page
    assert 'value="Dear team,\n\nI love to help."' in page
    assert "secret" not in page
    assert 'value="old"' not in page


def test_the_form_is_proved_anew():
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    url = f"{make_job().get_absolute_url()}apply/"
    first = FormPage(strict.get(url).content.decode()).sent
    with database_away():
        page = strict.post(url, first | TYPED)
    assert page.status_code == 503
    again = strict.post(url, FormPage(page.content.decode()).sent)
    assert again.status_code == 200
    assert TYPED["letter"] in again.context["form"]["letter"].value()


def test_a_server_that_is_not_there_at_all(client, monkeypatch):
    url = make_job().get_absolute_url()
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        away.setitem(connection.settings_dict, "PORT", "1")
        page = client.get(url)
    assert page.status_code == 503


def test_another_error_of_the_database_is_no_absence(client):
    url = make_job().get_absolute_url()

    def take_too_long(execute, sql, params, many, context):
        return execute("SET statement_timeout = 1; SELECT pg_sleep(1)", None, many, context)

    with connection.execute_wrapper(take_too_long):
        page = client.get(url)
    connection.close()
    assert (page.status_code, "Something broke on our side" in page.content.decode()) == (500, True)


def test_it_is_told_in_the_readers_language(client):
    url = make_job().get_absolute_url()
    with database_away():
        page = client.get(url, headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de">' in page
    assert "Wir sind kurz nicht erreichbar" in page
