"""Making the demo: by seed, at any moment, one more application."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import transaction

from ats.dev.demo import seeding
from ats.dev.demo.stories import JUST_NOW
from ats.engine import invariants
from candidates.judging.models import Rating
from candidates.models import Application, Ask, Document, Event, Message, Stage

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 3, 13, 14, 20, tzinfo=UTC)
SHORT = (
    ("email", Stage.APPLIED, None, (0,)),
    ("phone", Stage.SCREENING, None, (4,)),
    ("technical", Stage.INTERVIEWS, None, (3,)),
    ("email", Stage.REFERENCES, None, (JUST_NOW,)),
    ("phone", Stage.WITHDRAWN, Stage.APPLIED, (2,)),
)
LONG = (
    ("email", Stage.REFERENCES, None, (6,)),
    ("weekend", Stage.HIRED, Stage.TRIAL, (9,)),
    ("phone", Stage.REJECTED, Stage.SCREENING, (5,)),
)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hashing is slow on purpose; these tests sign nobody in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Undone(Exception):
    """Ends a transaction without a trace."""


def told(seed, rows):
    """What a demo of these stories holds, as one line, and its passwords; the database is as before."""
    try:
        with transaction.atomic():
            company = seeding.make_company(seed=seed, now=NOW, rows=rows)
            rows = [
                Application.objects.values_list("candidate__name", "letter", "stage", "stage_since", "source"),
                Event.objects.values_list("name", "at", "by_name"),
                Ask.objects.exclude(page="interviews:grade").values_list(
                    "title", "name", "opens_at", "due_at", "answered_at", "cancelled_at"
                ),
                # Written work is called by code names, which nothing can foresee.
                Message.objects.exclude(ask__page="interviews:grade").values_list(
                    "template", "to", "status", "sent_at", "subject"
                ),
                Rating.objects.values_list("competency__name", "criterion", "score", "evidence"),
                Document.objects.values_list("name", "sha256", "at"),
            ]
            digest = hashlib.sha256(repr([sorted(map(repr, one)) for one in rows]).encode()).hexdigest()
            raise Undone
    except Undone:
        return digest, company.sign_ins


def test_the_same_seed_tells_the_same_stories_with_other_passwords():
    (first, passwords), (second, others) = told(7, SHORT + LONG), told(7, SHORT + LONG)
    assert first == second
    assert not set(passwords) & set(others)


def test_another_seed_tells_other_stories():
    assert told(7, SHORT[:2])[0] != told(8, SHORT[:2])[0]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2028, 2, 29, 0, 3, tzinfo=UTC),  # a leap day, minutes after midnight
        datetime(2030, 3, 31, 1, 30, tzinfo=UTC),  # a Sunday, in the hour that Europe skips
        datetime(2030, 1, 1, 23, 58, tzinfo=UTC),
    ],
)
def test_a_demo_can_be_made_at_any_moment(now):
    seeding.make_company(seed=3, now=now, rows=SHORT)
    assert [finding.violations for finding in invariants.check(at=now)] == [[]] * 8
    assert not Event.objects.filter(at__gte=now).exists()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.TRIAL])  # hired goes through it
def test_one_more_application_can_stand_in_any_stage(stage):
    seeding.make_company(seed=7, now=NOW, rows=())
    assert seeding.make_application(stage, seed=7, now=NOW).stage == stage


def test_one_more_application_each_time_is_another_person():
    seeding.make_company(seed=7, now=NOW, rows=())
    names = [seeding.make_application(Stage.APPLIED, seed=7, now=NOW).candidate.email for _ in range(3)]
    assert len(set(names)) == 3


def test_the_links_of_an_application_open_what_is_asked_for(client):
    seeding.make_company(seed=7, now=NOW, rows=())
    application = seeding.make_application(Stage.REFERENCES, seed=7, now=NOW)
    lines = seeding.addresses(application)
    assert [line.split()[0] for line in lines] == ["candidate", "candidate"]
    assert client.get(lines[1].rpartition("http://localhost")[2]).status_code == 302
