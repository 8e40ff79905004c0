"""Pages that show much of an application's references and trial ask the database no more for much than for little."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.models import Ask, Stage
from candidates.people.actors import Actor
from candidates.post import asks
from references import actions as references
from references.actions import Named
from references.builders import ask_for_referees, give, name_referees
from references.models import Flag
from trials.builders import make_manager, make_trial
from trials.check_ins.actions import Own
from trials.check_ins.builders import tell
from trials.figures.builders import make_agent, make_figure, make_team
from trials.models import Approval, EarlyWarning, Verdict
from trials.planning.builders import want_figure

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def make_much(number):
    """An application at its trial with `number` of everything: referees with flags, check-ins, warnings, verdicts."""
    plan = make_plan(trial_days=7 * (number + 1), check_in_days=7)
    want_figure(plan, "satisfaction", 90)
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=plan))
    people = [Named(f"Nora {one}", f"nora{one}@former.example", "manager", "Former Ltd") for one in range(number + 1)]
    for reference in name_referees(ask_for_referees(application), *people):
        give(reference)
        Flag.objects.create(reference=reference, kind="same_browser", raised_at=NOW)
        references.want_deletion(reference, at=NOW, by=Actor.outsider("Nora"))
    application.refresh_from_db()
    trial = make_trial(application)
    for one in range(1, number + 1):
        for role in ("candidate", "buddy", "manager"):
            tell(trial, one, role, own=Own(support=4, words="Fine."), at=LATER)
        EarlyWarning.objects.create(trial=trial, kind="late", occurrence=str(one), raised_at=NOW, data=LATE)
        Verdict.objects.create(trial=trial, kind="extend", evidence="Not yet.", by=trial.leader, at=NOW)
        ask_and_send_back(trial, one)
    Ask.objects.filter(application=application, answered_at=None).exclude(page="desk:approval").update(cancelled_at=NOW)
    for agent in (make_agent(application), *make_team(number)):
        make_figure(agent, trial.starts_on, 80)
    return trial


LATE = {"roles": ["buddy"], "check_ins": [1]}


def ask_and_send_back(trial, number):
    mona, rita = make_manager(), make_user()
    asked = asks.ask(
        trial.application, page="desk:approval", template="trials/approval", title="Approve", role="manager", at=NOW,
        name="Mona", email=mona.email, user=mona, due_at=LATER + timedelta(days=9), data={"step": 1, "of": 1},
    )  # fmt: skip
    Approval.objects.create(
        trial=trial, requested_by=rita, led_by=trial.leader, approver=mona, ask=asked, requested_at=NOW, round=number,
        decision="send_back", decided_at=NOW, reason="Wait.",
    )  # fmt: skip


def counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_page_of_an_application_and_its_approval_ask_the_same_for_much_as_for_little():
    with time_machine.travel(LATER, tick=False):
        rita = signed_in(with_role("Rita Recruiter", roles.RECRUITERS))
        told = {}
        for number in (1, 4):
            trial = make_much(number)
            mona = signed_in(make_manager())
            page = reverse("admin:candidates_application_change", args=[trial.application_id])
            approval = reverse("desk:approval", args=[trial.approvals.last().ask_id])
            told[number] = (counted(rita, page), counted(mona, approval), counted(rita, reverse("admin:index")))
    assert told[1] == told[4]
