"""Tokens of personal links and addresses of people stay out of the log (I8, V23)."""

import json
import logging
import logging.config

import pytest
from celery import shared_task
from django.conf import settings
from django.db import IntegrityError
from django.test import override_settings
from django.urls import path

from ats.engine import logs
from ats.engine.logs import masked
from candidates.builders import make_application, make_candidate
from candidates.people.models import Candidate
from candidates.post import doorbell, links

MAIL = "cara.candidate@example.org"


def broken(request, token):
    raise ValueError(f"nobody is called {MAIL}, at {request.path}")


@shared_task
def fails_for(address):
    raise ValueError(f"cannot write to {address}")


urlpatterns = [path("my/<str:token>/", broken)]


def log_as(form):
    console = settings.LOGGING["handlers"]["console"] | {"formatter": form}
    loggers = settings.LOGGING["loggers"] | {"rapport.request": {"level": "INFO"}}
    logging.config.dictConfig(settings.LOGGING | {"handlers": {"console": console}, "loggers": loggers})


@pytest.fixture(params=["line", "json"])
def logged(request, capfd):
    """Logging as it really is, in either format; gives what was written."""
    log_as(request.param)
    yield lambda: capfd.readouterr().err
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.django_db
def test_the_token_of_a_link_is_masked_and_the_rest_is_kept():
    token = links.application_token(make_application())
    assert masked(f"Not Found: /my/{token}/") == "Not Found: /my/…/"
    assert masked(f"Gone: /drafts/{token}/") == "Gone: /drafts/…/"
    assert masked(f"POST /pool/{token}/") == "POST /pool/…/"
    assert masked(f"Gone: /pool/links/{token}/") == "Gone: /pool/links/…/"
    assert masked(f'"GET /link/{token}/?a=b HTTP/1.1" 410') == '"GET /link/…/?a=b HTTP/1.1" 410'
    assert masked(f"cookie {token} is old") == "cookie … is old"


@pytest.mark.parametrize(
    "path", ["/link/renew/", "/my/12/", "/my/12/withdraw/", "/pool/12/", "/jobs/support.specialist/"]
)
def test_addresses_without_a_token_are_kept(path):
    assert masked(f"Gone: {path}") == f"Gone: {path}"


@pytest.mark.parametrize(
    "text",
    [
        "to cara@example.org failed",
        "<cara@example.org>: 550",
        "mailto:cara@example.org",
        "cara+jobs@sub.example.co.uk,",
        "cára@exämple.org",
        "{'cara@example.org': (550, b'no')}",
        "user=cara@localhost",
    ],
)
def test_addresses_of_people_are_masked(text):
    assert "cara" not in masked(text).lower()
    assert "…@…" in masked(text) or "cára" not in masked(text)


@pytest.mark.parametrize("text", ["worker@host-7 ready", "celery@web.internal", "12 @ 14:00", "price @"])
def test_what_is_no_address_is_kept(text):
    assert masked(text) == text


def test_a_record_that_cannot_be_put_into_words_tells_no_arguments(logged):
    logging.getLogger("candidates").warning("%d times", MAIL)
    assert "A record that could not be put into words." in (told := logged())
    assert MAIL not in told


@pytest.mark.django_db
def test_what_the_database_says_of_a_row_is_masked(logged):
    make_candidate("Cara Candidate", email=MAIL)
    try:
        Candidate.objects.create(name="Another", email=MAIL.upper())
    except IntegrityError:
        logging.getLogger("candidates").exception("not kept")
    assert "not kept" in (told := logged())
    assert MAIL not in told.lower()


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_whole_request_that_fails_tells_neither_token_nor_address(client, logged):
    token = links.application_token(make_application())
    client.raise_request_exception = False
    answer = client.get(f"/my/{token}/", headers={"referer": f"https://x/my/{token}/", "x-request-id": "request-7777"})
    told = logged()
    assert (answer.status_code, answer["X-Request-ID"]) == (500, "request-7777")
    assert "ValueError" in told
    assert "request-7777" in told
    assert token not in told
    assert token[-20:] not in told
    assert MAIL not in told


@pytest.mark.django_db
def test_a_task_that_fails_tells_no_address(logged):
    with pytest.raises(ValueError, match="cannot write"):
        fails_for(MAIL)
    try:
        fails_for(MAIL)
    except ValueError as error:
        logging.getLogger("celery.app.trace").error("Task %s raised unexpected: %r", "x", error, exc_info=True)
    assert "cannot write to" in (told := logged())
    assert MAIL not in told


@pytest.mark.django_db
def test_what_gunicorn_says_of_a_request_is_masked(logged):
    token = links.application_token(make_application())
    try:
        raise OSError(f"broken pipe for {MAIL}")
    except OSError:
        logging.getLogger("gunicorn.error").exception("Error handling request /my/%s/", token)
    assert "Error handling request" in (told := logged())
    assert token not in told
    assert MAIL not in told


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_in_json_each_line_is_one_object_with_the_request(client, capfd):
    log_as("json")
    client.raise_request_exception = False
    client.get("/my/x:y/", headers={"x-request-id": "no\tgood"})
    logging.config.dictConfig(settings.LOGGING)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    (request,) = [line for line in lines if line["logger"] == "rapport.request"]
    assert (request["method"], request["path"], request["status"]) == ("GET", "/my/<str:token>/", 500)
    assert len({line["request_id"] for line in lines}) == 1
    assert len(request["request_id"]) == 32


@pytest.mark.django_db
def test_a_ring_takes_the_request_along_to_the_task():
    """Through the real broker: published within a request, and read as a worker reads it."""
    with logs.telling(request_id="request-7777"), doorbell.current_app.connection_for_write() as broker:
        doorbell.ring("candidates.post.tasks.send_due")
        queue = doorbell.current_app.amqp.router.route({}, "candidates.post.tasks.send_due")["queue"]
        ring = broker.SimpleQueue(queue).get(timeout=5)
        ring.ack()
    assert ring.headers["request_id"] == "request-7777"
