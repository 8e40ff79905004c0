"""What an import survives: being killed half way, two workers at once, two imports at once, a lost ring."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from ats.desk.tests.conftest import LATER
from ats.importing import actions, tasks, work
from ats.importing.models import LEASE, MOST_ATTEMPTS, Import
from ats.importing.tests.making import check, clock_stands, fresh, make_csv, make_import, make_zip, take_in
from candidates.builders import make_job
from candidates.careers.actions import apply
from candidates.models import Application, Candidate, Document, Event, HiringPlan
from candidates.people.tests import files
from candidates.tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = """
import django, sys
django.setup()
from ats.importing import work
from django.utils.timezone import now
work.CHUNK = 20
work.work(int(sys.argv[1]), clock=now)
"""


@pytest.fixture
def job(rita):
    return make_job(recruiters=[rita])


def people(number, start=0):
    return [[f"Person {n}", f"p{n}@example.org", "", "", ""] for n in range(start, start + number)]


def started(run):
    run = check(run)
    actions.start(run, at=LATER)
    return run


def worker(run):
    """A process of its own, as a worker is, on the database of this test."""
    database = connection.settings_dict
    address = os.environ["DATABASE_URL"].replace(f"/{settings_name()}", f"/{database['NAME']}", 1)
    env = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "ats.settings"}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(run.pk)], env=env, cwd=settings.BASE_DIR)


def settings_name():
    """The database that the address in the environment names."""
    return os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[2]


def test_an_import_that_is_killed_half_way_goes_on_and_takes_everybody_once(job):  # F36
    run = started(make_import(job, make_csv(*people(3000))))
    killed = worker(run)
    deadline = time.monotonic() + 60
    while not 0 < fresh(run).position < 3000:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    half = fresh(run).position
    assert (0 < half < 3000, Application.objects.count()) == (True, half)
    Import.objects.filter(pk=run.pk).update(claimed_at=LATER)  # the clock of this test is not the worker's
    work.sweep(clock=clock_stands)
    assert fresh(run).position == half  # while the lease lasts nobody interferes
    work.sweep(clock=lambda: LATER + LEASE + timedelta(seconds=1))
    done = fresh(run)
    assert (done.state, done.position, done.counts["new"]) == ("done", 3000, 3000)
    assert (Application.objects.count(), Candidate.objects.count(), Event.objects.count()) == (3000, 3000, 3000)
    again = take_in(make_import(job, make_csv(*people(3000))))
    assert (again.counts["known"], Application.objects.count()) == (3000, 3000)


def test_two_workers_at_once_take_everybody_once(job, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 10)
    run = started(make_import(job, make_csv(*people(100))))
    far = [LATER + LEASE * number * 2 for number in range(4)]  # each finds the lease of the others over
    together(*[lambda at=at: work.work(run.pk, clock=lambda: at) for at in far])
    work.sweep(clock=lambda: LATER + LEASE * 20)
    assert (fresh(run).state, fresh(run).position) == ("done", 100)
    assert (Application.objects.count(), run.results.count(), Event.objects.count()) == (100, 100, 100)


def test_two_imports_of_the_same_people_at_once_take_everybody_once(job, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 20)
    runs = [started(make_import(job, make_csv(*order))) for order in (people(100), people(100)[::-1])]
    results = together(*[lambda run=run: work.work(run.pk, clock=clock_stands) for run in runs])
    assert results == [None, None]
    assert [fresh(run).state for run in runs] == ["done", "done"]
    assert (Application.objects.count(), Candidate.objects.count()) == (100, 100)
    assert sum(fresh(run).counts.get("new", 0) for run in runs) == 100


def test_who_applies_while_being_imported_has_one_application(job):
    run = started(make_import(job, make_csv(*people(50))))

    def apply_too():
        told = {"phone": "", "letter": "", "source": "", "consent_version": "1", "at": LATER}
        return apply(job, name="Person", email="p25@example.org", resume=files.upload(), **told)

    results = together(lambda: work.work(run.pk, clock=clock_stands), apply_too)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert Application.objects.filter(candidate__email="p25@example.org").count() == 1


def test_the_plan_is_locked_once_by_two_imports(job):
    runs = [started(make_import(job, make_csv(*people(5, start)))) for start in (0, 5)]
    together(*[lambda run=run: work.work(run.pk, clock=clock_stands) for run in runs])
    assert (HiringPlan.objects.get(pk=job.plan_id).locked_at, Application.objects.count()) == (LATER, 10)


def test_a_lost_ring_is_made_up_for_by_the_sweep(job):
    run = started(make_import(job, make_csv(*people(3))))
    tasks.work_waiting()
    assert fresh(run).state == "done"


def test_an_import_that_kills_its_workers_is_left_to_a_person(job):
    run = started(make_import(job, make_csv(*people(3))))
    Import.objects.filter(pk=run.pk).update(attempts=MOST_ATTEMPTS)
    work.sweep(clock=clock_stands)
    assert (fresh(run).state, "Press Go on" in fresh(run).error) == ("failed", True)
    actions.go_on(fresh(run), at=LATER)
    work.sweep(clock=clock_stands)
    assert fresh(run).state == "done"


def test_a_full_disk_keeps_nothing_half_and_is_tried_again(job, monkeypatch):
    content = make_csv(["Cara", "cara@example.org", "cv.pdf"], header=["Name", "Email", "Resume"])
    run = started(make_import(job, content, resumes=make_zip({"cv.pdf": files.pdf()})))
    storage = Document._meta.get_field("file").storage
    with monkeypatch.context() as full, pytest.raises(work.documents.NotStored):
        full.setattr(type(storage._wrapped if hasattr(storage, "_wrapped") else storage), "save", no_space)
        work.work(run.pk, clock=clock_stands)
    assert (Application.objects.count(), fresh(run).state, fresh(run).position) == (0, "running", 0)
    work.sweep(clock=lambda: LATER + LEASE * 2)
    assert (Application.objects.count(), fresh(run).state) == (1, "done")


def no_space(*_args, **_kwargs):
    raise OSError(28, "No space left on device")
