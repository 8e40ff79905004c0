"""The company that is measured: people, applications, events, asks, mails and scorecards, written by a few statements.

Everything follows from the number of people by hashes, so that two runs measure the same rows. The present stage is
the last move's, answered asks have locked scorecards, and whoever is asked was mailed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from ats.desk.roles import RECRUITERS, ensure_roles
from bench import statements, ways, words
from bench.busy import make_busy
from bench.papers import resume
from candidates.builders import make_job, make_user
from candidates.jobs.models import HiringPlan, Job
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.staff.models import User

JOBS = 40
LARGE = 2000  # applications in the pipeline of the job with the large one
APPLICATIONS_PER_PERSON = 2.5
LETTER_LENGTH = 1500
CV_LENGTH = 3000
RECRUITER = "Rita Recruiter"


@dataclass(frozen=True)
class Company:
    """What was filled in: how many people, who is signed in, the job with the large pipeline, one
    application on which much has happened."""

    people: int
    recruiter: User
    large: Job
    busy: Application


@transaction.atomic
def fill(*, people: int, at: datetime) -> Company:
    """Write the whole dataset, in one transaction.

    Args:
        people: how many; at least a few dozen, so that every stage is met.
        at: now; nothing in it lies in the future but deadlines.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        jobs = _jobs(at)
        # Set-based inserts of consistent rows; the tests of the dataset check what is not checked here.
        cursor.execute("SET LOCAL session_replication_role = replica")
        _prepare(cursor, jobs)
        for statement in statements.IN_ORDER:
            cursor.execute(statement, _numbers(people, at))
        cursor.execute("SET LOCAL session_replication_role = origin")
        _set_sequences(cursor)
        cursor.execute(statements.DROP)
    rita = jobs[0].recruiters.get(first_name="Rita")
    return Company(people, rita, jobs[0], make_busy(jobs[0], at=at, by=Actor.person(rita)))


def settle() -> None:
    """Tell the planner what is there, and leave no work to autovacuum that would disturb the measurement."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _jobs(at: datetime) -> list[Job]:
    """Forty open jobs with a locked plan each. One recruiter works on all, ten colleagues on some."""
    ensure_roles()
    rita = make_user(RECRUITER)
    rita.groups.add(Group.objects.get(name=RECRUITERS))
    colleagues = [make_user(f"{name} Colleague") for name in words.FIRST_NAMES[:10]]
    jobs = [_job(number, [rita, colleagues[number % 10]], at) for number in range(JOBS)]
    HiringPlan.objects.filter(jobs__in=jobs).update(locked_at=at)
    return jobs


def _job(number: int, recruiters: list[User], at: datetime) -> Job:
    place = words.PLACES[number % len(words.PLACES)]
    return make_job(
        f"{words.TITLES[number // 10]}, {place}",
        slug=f"bench-{number}",
        description="\n\n".join(" ".join(words.SENTENCES[start : start + 4]) for start in (0, 4, 8)),
        place=place,
        channels=list(words.CHANNELS[: 1 + number % 4]),
        languages=["English"],
        pay_from=2800,
        pay_to=3400,
        pay_currency="EUR",
        hours="32 to 36",
        recruiters=recruiters,
        opened_at=at,
    )


def _prepare(cursor: Any, jobs: list[Job]) -> None:
    """Put what the statements join with into tables of this transaction."""
    cursor.execute(statements.PREPARE)
    stages = [ways.final(way) for way in ways.WAYS]
    limits = _limits([way.share for way in ways.WAYS])
    limits_large = _limits([way.share_of_large for way in ways.WAYS])
    rows = [
        (
            number,
            *limits[number],
            *limits_large[number],
            *stages[number],
            ways.is_open(way),
        )
        for number, way in enumerate(ways.WAYS)
    ]
    _copy(cursor, "bench_way", rows)
    _copy(cursor, "bench_step", map(astuple, ways.steps()))
    _copy(
        cursor,
        "bench_request",
        ((number, *astuple(one)) for number, one in enumerate(ways.requests())),
    )
    _copy(
        cursor,
        "bench_job",
        [(number, job.pk, job.plan_id, job.title) for number, job in enumerate(jobs)],
    )
    _copy(cursor, "bench_first", enumerate(words.FIRST_NAMES))
    _copy(cursor, "bench_last", enumerate(words.LAST_NAMES))
    _copy(cursor, "bench_sentence", enumerate((*words.OPENINGS, *words.SENTENCES)))


def _copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _limits(shares: list[int]) -> list[tuple[int, int]]:
    """Of the numbers 0 to 999, the half-open range that belongs to each share."""
    ends = [sum(shares[: place + 1]) for place in range(len(shares))]
    return list(zip([0, *ends], ends, strict=False))


def _numbers(people: int, at: datetime) -> dict[str, Any]:
    content = resume()
    name = "be/bench"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return {
        "people": people,
        "applications": int(people * APPLICATIONS_PER_PERSON),
        "large": min(LARGE, people),
        "at": at,
        "letter_length": LETTER_LENGTH,
        "cv_length": CV_LENGTH,
        "tools": list(words.TOOLS),
        "openings": len(words.OPENINGS),
        "sentences": len(words.SENTENCES),
        "firsts": len(words.FIRST_NAMES),
        "lasts": len(words.LAST_NAMES),
        "sources": list(words.SOURCES),
        "file": name,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _set_sequences(cursor: Any) -> None:
    for table in statements.TABLES:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest((SELECT max(id) FROM {table}), 1))"
        )
