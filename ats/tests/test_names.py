"""Names that stand as strings, because the kernel must not import what is above it: each of them leads somewhere."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from ats.celery import app
from ats.dev.state import ROOT
from candidates.models import Scorecard

PACKAGES = ("ats", "candidates", "interviews", "references", "trials")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "tests" not in path.parts]
CODE = "\n".join(path.read_text() for path in SOURCES if path.name != "builders.py")
PAGES = sorted(set(re.findall(r'page="(\w+:\w+)"', CODE)))
TASKS = sorted({*re.findall(r'ring_on_commit\("([\w.]+)"', CODE), settings.EVENT_DOORBELL} | {
    str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()
})  # fmt: skip
MAILS = sorted(
    set(
        re.findall(
            r'(?:template=|queue\(\w+(?:\.\w+)?, |queue_to\(\s*|to_colleague\(\s*\w+(?:\.\w+)?,\s*)"(\w+/\w+)"',
            CODE,
        )
    )
)


def test_the_names_were_found():
    assert "interviews:scorecard" in PAGES
    assert "candidates.post.tasks.send" in TASKS
    assert {"candidates/rejected", "references/request"} <= set(MAILS)


@pytest.mark.parametrize("page", [*PAGES, f"screening:{Scorecard.Kind.LETTER}", f"screening:{Scorecard.Kind.PHONE}"])
def test_every_page_that_answers_a_request_has_an_address(page):
    assert reverse(page, args=[1])


@pytest.mark.parametrize("task", TASKS)
def test_every_doorbell_rings_somewhere(task):
    app.loader.import_default_modules()
    assert task in app.tasks


@pytest.mark.parametrize("mail", MAILS)
def test_every_mail_has_a_subject_a_text_and_a_page(mail):
    folder = ROOT / "templates" / "emails"
    assert [kind for kind in ("subject.txt", "txt", "html") if not (folder / f"{mail}.{kind}").is_file()] == []


def test_no_mail_lies_there_that_nobody_sends():
    written = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "templates" / "emails").glob("*/*.html")}
    # The first two are named by the kind of their scorecard, the third is the frame of what a company words itself.
    reminders = {f"{mail}_due" for mail in MAILS}  # in words of their own, for what stands beside them
    assert written - reminders - set(MAILS) == {"screening/letter", "screening/phone", "candidates/own_words"}
