"""Whatever people, the clock, the sweeps and crashes do in whatever order: the invariants hold.

Hypothesis writes the stories, 300 of up to 40 steps, and shortens one that breaks something. Each story runs in a
transaction of its own on the real database and is rolled back; a worker that dies is an exception that nothing
catches, after what it had committed by then.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ats import pipeline as process
from ats.automation import actions as automation
from ats.engine import invariants
from ats.rejections import actions as rejections
from ats.rejections.models import PlannedRejection
from ats.tests.machine import sink
from ats.tests.machine.colleagues import Colleagues
from ats.tests.machine.sink import BEHAVIOURS, Died
from ats.tests.machine.world import PEOPLE, World
from candidates.builders import NOW
from candidates.models import Application, Ask, Event, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, delivery
from candidates.post.reminding import actions as reminding
from candidates.stages import OPEN
from interviews import actions as interviews
from interviews.scheduling import reminders as interview_reminders
from references.naming import expiry
from trials import actions as trials
from trials.check_ins import warnings
from trials.models import Approval
from trials.verdicts import escalation

RUNS, STEPS = 300, 40
LATER = timedelta(hours=2)
ENOUGH_SWEEPS = 3
FEW = 3  # applications of a story, so that each gets far


class Crash(Exception):
    """Something broke at the end of a transaction."""


def read(pk):
    """The application as a page shows it now."""
    return Application.objects.select_related("candidate", "job", "plan").get(pk=pk)


class Machine(Colleagues):
    """The steps; `world` is set by the test."""

    world: World
    ended = 0  # stories in which everything held to the end
    applications = Bundle("applications")

    @initialize(target=applications, stage=st.sampled_from(OPEN))
    def begin(self, stage):
        self.story = transaction.atomic()
        self.story.__enter__()
        sink.SERVER = sink.Server()
        self.at = NOW
        self.seen = {}
        return self.know(self.world.begin_at(stage, self.at - timedelta(days=1)))

    def teardown(self):
        try:
            self.end_well()
        finally:
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def attempt(self, act):
        """A request: all of it or nothing; whether it was done."""
        self.at += timedelta(minutes=1)
        try:
            with transaction.atomic():
                act()
        except (NotAllowed, asks.NotOpen):
            return False
        return True

    def know(self, application):
        self.seen.setdefault(application.pk, []).append(read(application.pk))
        return application.pk

    @precondition(lambda self: len(self.seen) < FEW)
    @rule(target=applications, name=st.sampled_from(PEOPLE))
    def somebody_applies(self, name):
        found = []
        self.attempt(lambda: found.append(self.world.apply(name, self.at)))
        return self.know(found[0]) if found else multiple()

    @precondition(lambda self: len(self.seen) < FEW)
    @rule(target=applications, stage=st.sampled_from(OPEN[1:]))
    def somebody_came_before(self, stage):
        return self.know(self.world.begin_at(stage, self.at - timedelta(days=1)))

    @rule(pk=applications, to=st.sampled_from(Stage), crashes=st.booleans(), data=st.data())
    def a_recruiter_presses(self, pk, to, crashes, data):
        """On a page that may be old by now: then the button is refused."""
        seen = data.draw(st.sampled_from(self.seen[pk]), label="page")
        now, events = read(pk), Event.objects.count()
        if crashes:
            self.break_off(lambda: self.world.take(seen, to, self.at))
            assert (read(pk).stage, Event.objects.count()) == (now.stage, events)
            return
        was_done = self.attempt(lambda: self.world.take(read_as(seen), to, self.at))
        is_old = (seen.stage, seen.stage_since) != (now.stage, now.stage_since)
        assert not (was_done and is_old), f"an old page moved {now.stage} to {to}"
        self.know(now)

    @rule(pk=applications, times=st.integers(1, 4), score=st.integers(3, 5))
    def things_go_well(self, pk, times, score):
        """Somebody is asked, time comes, everybody answers, the next stage; that, some times."""
        for _turn in range(times):
            self.a_recruiter_goes_on(pk)
            self.at += timedelta(days=4 if read(pk).stage != Stage.TRIAL else 28)
            self.everybody_answers(pk, score)

    @rule(pk=applications)
    def a_recruiter_goes_on(self, pk):
        """The next stage in the order of the process, on a fresh page."""
        now = read(pk)
        ahead = [to for to in process.steps(now) if to in OPEN and OPEN.index(to) > OPEN.index(Stage(now.stage))]
        if now.stage in OPEN and (ahead or now.stage == Stage.TRIAL):
            to = ahead[0] if ahead else Stage.HIRED
            self.attempt(lambda: self.world.take(now, to, self.at))
            self.know(now)

    @rule(pk=applications, score=st.integers(1, 5), which=st.integers(0, 5), crashes=st.booleans())
    def somebody_answers(self, pk, score, which, crashes):
        waiting = list(Ask.objects.begun(self.at).filter(application=pk).select_related("user", "application__job"))
        if waiting:
            asked = waiting[which % len(waiting)]
            act = lambda: self.world.answer(asked, score, self.at)  # noqa: E731
            self.break_off(act) if crashes else self.attempt(act)

    @rule(pk=applications, score=st.integers(2, 5))
    def everybody_answers(self, pk, score):
        for asked in Ask.objects.begun(self.at).filter(application=pk).select_related("user", "application__job"):
            self.attempt(lambda asked=asked: self.world.answer(asked, score, self.at))

    @rule(pk=applications)
    def an_old_answer_comes_again(self, pk):
        done = Ask.objects.filter(application=pk).exclude(answered_at=None, cancelled_at=None).select_related("user")
        if asked := done.select_related("application__job").first():
            events = Event.objects.count()
            assert not self.attempt(lambda: self.world.answer(asked, 3, self.at) or refuse())
            assert Event.objects.count() == events

    @rule(pk=applications)
    def the_candidate_withdraws(self, pk):
        now = read(pk)
        by = Actor.candidate(now.candidate.name)
        self.attempt(lambda: process.withdraw(now, at=self.at, by=by))

    @rule()
    def a_planned_rejection_is_undone(self):
        if planned := PlannedRejection.objects.open().select_related("application").first():
            self.attempt(lambda: rejections.undo(planned, at=self.at, by=Actor.person(self.world.rita)))

    @rule(pk=applications)
    def somebody_else_approves(self, pk):
        """Who led the trial, or asked for the approval, never can."""
        approval = Approval.objects.filter(trial__application=pk, decision="").first()
        for person in (self.world.leader, self.world.rita) if approval else ():
            asked = Approval.objects.select_related("trial__application", "approver").get(pk=approval.pk)
            assert not self.attempt(lambda a=asked, p=person: process.approve(a, at=self.at, by=Actor.person(p)))

    @rule(pk=applications)
    def a_recruiter_asks_for_approval(self, pk):
        by = Actor.person(self.world.rita)
        self.attempt(lambda: trials.request_approval(read(pk), approver=self.world.manager, at=self.at, by=by))

    @rule(hours=st.sampled_from((1, 5, 26, 24 * 8, 24 * 28)), beat_is_alive=st.booleans())
    def time_passes(self, hours, beat_is_alive):
        self.at += timedelta(hours=hours)
        if beat_is_alive:
            self.the_sweeps_turn()

    @rule(behaviours=st.lists(st.sampled_from(BEHAVIOURS), max_size=6))
    def mails_leave(self, behaviours):
        sink.SERVER.behaviours = list(behaviours)
        self.sweep_mail()

    @rule()
    def the_sweeps_turn(self):
        self.at += timedelta(minutes=1)
        for sweep in SWEEPS:
            sweep(at=self.at)

    @invariant()
    def the_stage_is_the_last_move(self):
        if hasattr(self, "at"):
            assert invariants.stage_is_the_last_move(self.at)[1] == []

    def break_off(self, act):
        """A request that dies at its end: nothing of it may stay."""
        self.at += timedelta(minutes=1)
        with suppress(Crash, NotAllowed, asks.NotOpen), transaction.atomic():
            act()
            raise Crash

    def sweep_mail(self):
        with suppress(Died):
            delivery.sweep(clock=lambda: self.at)

    def end_well(self):
        """SMTP is up again and time goes on: then everything is where it belongs."""
        if not hasattr(self, "at"):
            return
        sink.SERVER.behaviours = []
        for _turn in range(ENOUGH_SWEEPS):
            self.at += LATER
            self.the_sweeps_turn()
            self.sweep_mail()
        self.no_mail_came_twice()
        found = {finding.name: finding.violations for finding in invariants.check(at=self.at)}
        assert {name: violations for name, violations in found.items() if violations} == {}
        Machine.ended += 1

    def no_mail_came_twice(self):
        """But for the one window that cannot be closed: taken by the server, and the worker died before it knew."""
        solemn = dict(Message.objects.values_list("pk", "solemn"))
        for name, copies in sink.SERVER.arrived.items():
            pk = next(pk for pk in solemn if str(pk) in name)
            allowed = 1 if solemn[pk] else 1 + sink.SERVER.doubtful[name]
            assert copies <= allowed, f"{name} came {copies} times"


def read_as(seen):
    """The page as it was: its application, with what hangs on it read anew."""
    fresh = read(seen.pk)
    fresh.stage, fresh.stage_since = seen.stage, seen.stage_since
    return fresh


def refuse():
    """An answer that nothing refused and nothing took."""
    raise asks.NotOpen


SWEEPS = (
    reminding.remind_due,
    reminding.escalate_due,
    rejections.carry_out_due,
    automation.act,
    expiry.expire_due,
    interview_reminders.remind_due,
    interviews.tend,
    escalation.escalate,
    warnings.raise_due,
)


@pytest.mark.django_db
def test_whatever_happens_the_invariants_hold(settings, monkeypatch):
    settings.EMAIL_BACKEND = "ats.tests.machine.sink.Backend"
    settings.MAILBOX_DIR = ""
    Machine.world, Machine.ended = World(), 0
    run_state_machine_as_test(Machine, settings=STORIES)
    assert Machine.ended >= RUNS


STORIES = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
