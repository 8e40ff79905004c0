"""What an import of figures survives: being killed half way, two workers at once, two files at once, a lost ring."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from candidates.tests.together import together
from trials import tasks
from trials.figures import actions, work
from trials.figures.models import LEASE, MOST_ATTEMPTS
from trials.figures.tests.exports import LATER, begin, clock_stands, counts, fresh, make_import, take_in
from trials.models import Agent, Figure, FigureImport

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = """
import django, sys
django.setup()
from trials.figures import work
from django.utils.timezone import now
work.BATCH = 20
work.work(int(sys.argv[1]), clock=now)
"""


def table(rows, agents=10):
    days = [f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}" for day in range(-(-rows // agents))]
    told = [f"Agent {agent};{day};{agent};{90 - agent}%" for day in days for agent in range(agents)]
    return "\n".join(["Agent;Date;Tickets solved;CSAT", *told[:rows]])


def worker(run):
    """A process of its own, as a worker is, on the database of this test."""
    named = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[2]
    address = os.environ["DATABASE_URL"].replace(f"/{named}", f"/{connection.settings_dict['NAME']}", 1)
    env = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "ats.settings"}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(run.pk)], env=env, cwd=settings.BASE_DIR)


def test_an_import_that_is_killed_half_way_goes_on_and_ends_the_same():
    run = begin(make_import(table(2000), "other"))
    killed = worker(run)
    deadline = time.monotonic() + 60
    while not 0 < fresh(run).position < 2000:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    half = fresh(run).position
    assert (0 < half < 2000, Figure.objects.count()) == (True, half * 2)
    FigureImport.objects.filter(pk=run.pk).update(claimed_at=LATER)  # the clock of this test is not the worker's
    work.sweep(clock=clock_stands)
    assert fresh(run).position == half  # while the lease lasts nobody interferes
    work.sweep(clock=lambda: LATER + LEASE + timedelta(seconds=1))
    done = fresh(run)
    assert (done.state, done.position, counts(done)) == ("done", 2000, (4000, 0, 0, 0))
    assert (Figure.objects.count(), Agent.objects.count()) == (4000, 10)
    assert counts(take_in(table(2000), "other")) == (0, 0, 4000, 0)


def test_two_workers_at_once_take_each_row_once(monkeypatch):
    monkeypatch.setattr(work, "BATCH", 10)
    run = begin(make_import(table(100), "other"))
    far = [LATER + LEASE * number * 2 for number in range(4)]  # each finds the lease of the others over
    together(*[lambda at=at: work.work(run.pk, clock=lambda: at) for at in far])
    work.sweep(clock=lambda: LATER + LEASE * 20)
    assert (fresh(run).state, counts(fresh(run))) == ("done", (200, 0, 0, 0))


def test_two_files_of_the_same_agents_at_once_end_as_one_after_the_other(monkeypatch):
    monkeypatch.setattr(work, "BATCH", 20)
    backwards = "\n".join([table(0), *table(100).splitlines()[:0:-1]])
    runs = [begin(make_import(text, "other")) for text in (table(100), backwards)]
    assert together(*[lambda run=run: work.work(run.pk, clock=clock_stands) for run in runs]) == [None, None]
    assert [fresh(run).state for run in runs] == ["done", "done"]
    assert (Figure.objects.count(), Agent.objects.count(), sum(fresh(run).added for run in runs)) == (200, 10, 200)


def test_a_batch_that_fails_is_taken_row_by_row_and_the_bad_row_named(monkeypatch):
    keep = work.keep

    def fails_for_agent_3(figures, *, run):
        if any(figure.value == 3 for figure in figures):
            raise ValueError
        return keep(figures, run=run)

    monkeypatch.setattr(work, "keep", fails_for_agent_3)
    run = take_in(table(10), "other")
    assert (run.state, counts(run)) == ("done", (18, 0, 0, 1))
    assert run.refusals.get().reason == "It could not be kept (ValueError)."


def test_a_lost_ring_is_made_up_for_by_the_sweep():
    run = begin(make_import(table(3), "other"))
    tasks.import_waiting_figures()
    assert fresh(run).state == "done"


def test_an_import_that_kills_its_workers_is_left_to_a_person():
    run = begin(make_import(table(3), "other"))
    FigureImport.objects.filter(pk=run.pk).update(attempts=MOST_ATTEMPTS)
    work.sweep(clock=clock_stands)
    assert (fresh(run).state, "Press Go on" in fresh(run).error) == ("failed", True)
    actions.go_on(fresh(run), at=LATER)
    work.sweep(clock=clock_stands)
    assert (fresh(run).state, counts(fresh(run))) == ("done", (6, 0, 0, 0))


def test_two_people_who_match_the_same_agent_at_once_leave_one_answer():
    take_in(table(1), "other")
    agent, by = Agent.objects.get(), FigureImport.objects.get().by
    together(*[lambda part=part: actions.match(agent, part, at=LATER, by=by) for part in ("team", "ignored")])
    assert Agent.objects.get().part in {"team", "ignored"}
