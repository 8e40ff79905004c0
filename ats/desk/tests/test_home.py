"""What waits, what comes, where the jobs stand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import signed_in
from ats.rejections.actions import decide
from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.judging.builders import make_card
from candidates.models import Job, Stage
from candidates.people.actors import Actor
from interviews.builders import make_interview
from trials.builders import make_trial

pytestmark = pytest.mark.django_db
HOME = reverse("admin:index")


def test_what_i_was_asked_comes_first_and_overdue_on_top(desk, rita):
    application = make_application(Stage.INTERVIEWS)
    make_card(application, user=rita, title="Later")
    make_card(application, user=rita, title="Sooner", due_at=NOW)
    waiting = desk.get(HOME).context["waiting"]
    assert [(item["title"], item["overdue"]) for item in waiting] == [
        ("Sooner: Cara Candidate", True),
        ("Later: Cara Candidate", False),
    ]


def test_what_others_were_asked_does_not_wait_for_me(desk, manager):
    make_card(make_application(Stage.INTERVIEWS), user=manager)
    assert desk.get(HOME).context["waiting"] == []


def test_an_application_that_nobody_is_asked_about_needs_a_next_step(desk, manager):
    make_application()  # a new letter, which waits in the queue of those
    application = make_application(Stage.INTERVIEWS)
    waiting = desk.get(HOME).context["waiting"]
    assert [item["url"] for item in waiting] == [reverse("admin:candidates_application_change", args=[application.pk])]
    assert "needs a next step" in waiting[0]["title"]
    assert signed_in(manager).get(HOME).context["waiting"] == []


def test_a_closed_application_needs_nothing(desk):
    make_application(Stage.REJECTED)
    assert desk.get(HOME).context["waiting"] == []


def test_the_interviews_of_the_next_days_come_up(desk, stranger):
    interview = make_interview()
    make_interview(starts_at=NOW + timedelta(days=20))
    assert [item["due"] for item in desk.get(HOME).context["coming"]] == [interview.starts_at]
    assert signed_in(stranger).get(HOME).context["coming"] == []


def test_each_job_has_its_funnel(desk):
    job = make_job("One job")
    for stage in (Stage.APPLIED, Stage.SCREENING, Stage.SCREENING, Stage.REJECTED):
        make_application(stage, job=job)
    make_job("Closed job", status=Job.Status.CLOSED)
    jobs = desk.get(HOME).context["jobs"]
    assert [(item["title"], item["counts"][:3]) for item in jobs] == [
        ("One job", [("Applied", 1), ("Screening", 2), ("Interviews", 0)])
    ]


@pytest.mark.parametrize("user", ["desk", "admin"])
def test_three_and_thirty_cost_the_same_queries(request, user, rita):
    who = request.getfixturevalue(user)
    client, counts = who if user == "desk" else signed_in(who), []
    client.get(HOME)  # the company's name is kept in memory
    for number in (3, 30):
        for _turn in range(number):
            application = make_application(candidate=make_candidate())
            make_card(application, user=rita)
            make_interview(make_application(Stage.SCREENING))
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_new_letters_are_those_of_jobs_that_one_recruits_for_without_planned_rejections(desk, rita, manager):
    first, _second = (make_application(candidate=make_candidate()) for _turn in range(2))
    make_application(duplicate_of=first, candidate=make_candidate())
    make_application(job=make_job("Their job", recruiters=[manager], hiring_manager=rita), candidate=make_candidate())
    assert desk.get(HOME).context["unread"] == 2
    decide(first, reason="letter", hours=24, at=NOW, by=Actor.person(rita))
    assert desk.get(HOME).context["unread"] == 1


def test_doors_lead_to_agreement_for_recruiters_and_to_overrides_for_all(desk, manager):
    agreement, overrides = reverse("desk:agreement"), reverse("desk:overrides")
    for client, doors in ((desk, [True, True]), (signed_in(manager), [False, True])):
        page = client.get(HOME).content.decode()
        assert [f'href="{door}"' in page for door in (agreement, overrides)] == doors


def test_a_trial_that_is_over_without_a_verdict_waits_for_the_recruiter(rita, stranger, time_machine):
    due_at = make_trial(at=NOW).verdict_ask.due_at
    time_machine.move_to(due_at - timedelta(hours=1))
    assert signed_in(rita).get(HOME).context["waiting"] == []
    time_machine.move_to(due_at + timedelta(hours=1))
    [told] = signed_in(rita).get(HOME).context["waiting"]
    assert (told["title"], told["overdue"]) == (
        "The trial of Cara Candidate is over and not decided (Support specialist)", True,
    )  # fmt: skip
    assert signed_in(stranger).get(HOME).context["waiting"] == []


def test_a_filled_job_says_how_many_wait_for_an_answer(desk, stranger):
    job = make_job("Chat hero", openings=1, status=Job.Status.CLOSED)
    make_application(Stage.HIRED, job=job)
    assert "is filled" not in desk.get(HOME).content.decode()
    make_application(Stage.SCREENING, job=job)
    make_application(Stage.REJECTED, job=job)
    assert "Chat hero is filled: 1 person has had no answer" in desk.get(HOME).content.decode()
    assert "is filled" not in signed_in(stranger).get(HOME).content.decode()
    Job.objects.update(openings=2)
    assert "is filled" not in desk.get(HOME).content.decode()
