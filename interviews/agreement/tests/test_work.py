"""Reports are asked for once, claimed by one worker, and what goes wrong is told."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError

from candidates.builders import NOW, make_user
from candidates.tests.together import together
from interviews.agreement import actions, report, tasks, work
from interviews.agreement.models import AgreementReport


@pytest.fixture
def asked(db):
    return actions.ask_for_report(at=NOW, by=make_user())


def sweep(after=timedelta()):
    return work.sweep(clock=lambda: NOW + after)


def broken(error):
    def results(*, at):
        raise error

    return results


def test_a_report_that_was_asked_for_is_computed(asked):
    tasks.compute()
    asked.refresh_from_db()
    assert asked.done_at
    assert asked.results["lines"] == []


def test_asking_again_while_one_waits_gives_the_same(asked):
    assert actions.ask_for_report(at=NOW, by=make_user()) == asked
    sweep()
    assert actions.ask_for_report(at=NOW, by=make_user()) != asked


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_report():
    rita = make_user()
    first, second = together(*[lambda: actions.ask_for_report(at=NOW, by=rita)] * 2)
    assert first == second
    assert AgreementReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_compute_it_once():
    actions.ask_for_report(at=NOW, by=make_user())
    assert sorted(together(sweep, sweep)) == [0, 1]


def test_what_cannot_be_computed_says_so_and_is_not_tried_for_ever(asked, monkeypatch):
    monkeypatch.setattr(report, "results", broken(ValueError("odd")))
    assert sweep() == 0
    asked.refresh_from_db()
    assert "ValueError" in asked.error
    assert not asked.is_waiting


def test_a_killed_worker_leaves_the_report_to_the_next_one_after_its_lease(asked, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(report, "results", broken(OperationalError("away")))
        with pytest.raises(OperationalError):
            sweep()
    assert sweep(timedelta(minutes=4)) == 0
    assert sweep(timedelta(minutes=6)) == 1


def test_a_report_that_kills_its_workers_is_given_up_and_says_so(asked):
    AgreementReport.objects.update(attempts=work.MOST_ATTEMPTS, claimed_at=NOW)
    sweep(timedelta(hours=1))
    asked.refresh_from_db()
    assert "did not come to its end" in asked.error


def test_a_worker_that_was_overtaken_changes_nothing(asked, monkeypatch):
    def slow(*, at):
        AgreementReport.objects.update(attempts=2)
        return {"lines": ["late"]}

    monkeypatch.setattr(report, "results", slow)
    assert work._compute(work._claim(NOW), lambda: NOW) == 0
    asked.refresh_from_db()
    assert asked.results == {}


def test_no_web_process_loads_numpy():
    code = (
        "import sys, django; django.setup(); import ats.wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; from django.contrib import admin; admin.autodiscover();"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
