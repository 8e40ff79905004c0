"""Spans of requests, tasks, statements and mails, without anything of a person; and none at all unless configured."""

import os
import subprocess
import sys
import time

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ats.dev.state import ROOT
from ats.engine import tasks, tracing
from ats.engine.exporting import Exported
from ats.engine.traced_mail import traced
from candidates.builders import make_application, make_candidate
from candidates.people.models import Candidate
from candidates.post import links

pytestmark = pytest.mark.django_db
MAIL = "cara.candidate@example.org"


@pytest.fixture
def spans():
    exporter = InMemorySpanExporter()
    before = tracing.use(Exported(SimpleSpanProcessor(exporter)))
    connection.execute_wrappers.append(tracing._told)
    yield exporter.get_finished_spans
    connection.execute_wrappers.remove(tracing._told)
    tracing.use(before)


def test_a_request_is_told_by_its_route(client, spans):
    token = links.application_token(make_application(candidate=make_candidate(email=MAIL)))
    client.get(f"/my/{token}/")
    (request,) = [span for span in spans() if span.name == "request GET"]
    assert request.attributes["http.route"] == "/my/<str:token>/"
    assert request.attributes["http.response.status_code"] == 302
    assert token not in str([(span.name, dict(span.attributes)) for span in spans()])


def test_a_statement_is_told_without_its_values(spans):
    Candidate.objects.filter(email=MAIL).exists()
    (span,) = [span for span in spans() if span.name == "SQL SELECT"]
    assert "candidates_candidate" in span.attributes["db.query.text"]
    assert MAIL not in span.attributes["db.query.text"]


def test_a_task_and_a_mail_are_spans(spans, settings):
    tasks.beat()
    way = traced(EmailBackend)()
    EmailMessage("Hello", "Words", "a@example.org", [MAIL], connection=way).send()
    names = {span.name for span in spans()}
    assert {"task ats.engine.tasks.beat", "mail"} <= names
    assert MAIL not in str([dict(span.attributes) for span in spans()])


def test_an_error_is_told_by_its_type_alone(spans):
    with pytest.raises(ValueError, match="to"), tracing.span("work"):
        raise ValueError(f"to {MAIL}")
    (span,) = spans()
    assert (span.attributes["error.type"], span.events) == ("ValueError", ())


def test_a_task_belongs_to_the_request_that_rang(spans):
    with tracing.span("request POST"):
        told = tracing.carried()
    with tracing.span("task x", kind="task", parent=told):
        pass
    request, task = spans()
    assert task.parent.span_id == request.context.span_id


def started(**more):
    code = "import sys, django; django.setup(); from ats.engine import working\n"
    code += "print('ats.engine.exporting' in sys.modules)\n"
    done = subprocess.run(
        [sys.executable, "-c", code + more.pop("then", "")], cwd=ROOT, env=os.environ | more, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()[0] == "True"


def test_the_library_is_not_imported_unless_a_collector_is_named():
    assert not started()


def test_a_collector_that_is_away_costs_a_process_next_to_nothing():
    code = "from django.core.mail import get_connection\nfrom ats.engine import tracing\n"
    code += "assert get_connection().send_messages([]) == 0\n"
    code += "for _one in range(200):\n    with tracing.span('x'): pass\n"
    began = time.monotonic()
    assert started(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", then=code)
    assert time.monotonic() - began < 20
