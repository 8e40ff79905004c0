"""Sending the application form as a browser does, and what was kept of it."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

from django.test import Client
from django.utils.timezone import now

from candidates.builders import NOW
from candidates.careers import actions
from candidates.careers.spam import Stamp
from candidates.company import notice
from candidates.models import Application, Candidate, Document, JobQuestion, Message
from candidates.people.tests import files

PDF = files.pdf()
TYPED = {
    "name": "Cara Candidate",
    "email": "cara@example.org",
    "phone": "+31 6 1234 5678",
    "letter": "Dear team,\r\nI love to help.",
    "consent": "on",
    "zone": "Europe/Amsterdam",
}


def shown(ago=60):
    """The stamp of a form that was shown so many seconds ago."""
    return str(Stamp(now() - timedelta(seconds=ago), notice.current_version()))


def resume(content=PDF, name="cv.pdf"):
    return files.upload(content, name=name)


def send(job, client=None, query="", **typed):
    """Post the form; a value of None leaves its box out."""
    data = {**TYPED, "shown": shown(), "resume": resume(), **typed}
    return (client or Client()).post(
        f"/jobs/{job.slug}/apply/{query}", {key: value for key, value in data.items() if value is not None}
    )


def call(job, **fields):
    """The verb itself."""
    told = {key: TYPED[key] for key in ("name", "email", "phone", "letter")}
    given = told | {"source": "", "resume": resume(), "consent_version": "1", "at": NOW} | fields
    return actions.apply(job, **given)


def page_of(answer):
    return unescape(answer.content.decode())


def token(answer, name="resume"):
    """The token of the file that the form holds."""
    found = re.search(rf'name="{name}_held" value="([^"]+)"', answer.content.decode())
    return found and unescape(found[1])


def make_question(job, kind="text", label="How do you write?", **fields):
    choices = ["Kindly", "Briefly"] if kind in ("choice", "several") else []
    defaults = {"position": job.questions.count(), "choices": choices}
    return JobQuestion.objects.create(job=job, kind=kind, label=label, **defaults | fields)


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def nothing_is_kept(folder):
    counts = [model.objects.count() for model in (Application, Candidate, Message, Document)]
    return (counts, files_in(folder)) == ([0, 0, 0, 0], [])
