"""Inviting to an interview: what the verb writes, whom it mails, what it refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from candidates.builders import (
    NOW,
    make_application,
    make_candidate,
    make_job,
    make_plan,
    make_user,
)
from candidates.models import Ask, Event, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import MovedMeanwhile, NotAllowed
from candidates.post import rendering
from interviews import actions
from interviews.actions import Invited
from interviews.builders import IDA, IVAN, ask_of, make_interview
from interviews.models import Interview, Interviewer, Panelist

pytestmark = pytest.mark.django_db


def nothing_written(application):
    application.refresh_from_db()
    counts = [model.objects.count() for model in (Interview, Panelist, Scorecard, Ask, Message)]
    return application.stage == Stage.SCREENING and counts == [0, 0, 0, 0, 0]


def test_an_invitation_moves_the_application():
    assert make_interview().application.stage == Stage.INTERVIEWS


def test_an_invitation_writes_one_event():
    interview = make_interview()
    assert interview.application.events.last().name == "stage.interviews"
    assert Event.objects.filter(name="stage.interviews").count() == 1


def test_every_interviewer_is_asked_for_a_scorecard_of_their_own():
    interview = make_interview()
    asked = interview.application.asks.order_by("pk").values_list("email", "page", "scorecard__kind", "stage")
    assert list(asked) == [
        (IDA.email, "interviews:scorecard", "interview", "interviews"),
        (IVAN.email, "interviews:scorecard", "interview", "interviews"),
    ]
    assert list(interview.panelists.values_list("name", flat=True)) == [
        IDA.name,
        IVAN.name,
    ]


def test_a_scorecard_is_due_the_plans_days_after_the_end_of_the_interview():
    plan = make_plan()
    plan.stages.filter(stage=Stage.INTERVIEWS).update(days=2, remind_days=1)
    application = make_application(Stage.SCREENING, job=make_job(plan=plan))
    interview = make_interview(application, starts_at=NOW + timedelta(days=3), minutes=60)
    ask = ask_of(interview)
    assert ask.due_at == NOW + timedelta(days=5, hours=1)
    assert ask.remind_at == NOW + timedelta(days=3, hours=2)


def test_the_candidate_and_the_interviewers_get_one_mail_each():
    interview = make_interview()
    assert set(Message.objects.values_list("to", "template", "key")) == {
        (
            interview.application.candidate.email,
            "interviews/invitation",
            f"interview:{interview.pk}:0:candidate",
        ),
        (IDA.email, "interviews/scorecard", f"ask:{ask_of(interview).pk}"),
        (IVAN.email, "interviews/scorecard", f"ask:{ask_of(interview, IVAN).pk}"),
    }


def test_the_candidates_mail_has_the_time_in_their_zone():
    candidate = make_candidate(zone="America/New_York")
    application = make_application(Stage.SCREENING, candidate=candidate, job=make_job(zone="Europe/Amsterdam"))
    make_interview(application, place="https://video.example.org/room?a=1&b=2")
    sent = rendering.render(Message.objects.get(template="interviews/invitation"))
    assert sent.subject == "Your interview for Support specialist: Thu 10 Jan, 04:00"
    assert "When: Thu 10 Jan 2030, 04:00 (America/New_York), 45 minutes" in sent.text
    assert "Where: https://video.example.org/room?a=1&b=2\n" in sent.text
    assert "04:00" in sent.html


def test_the_interviewers_mail_has_the_time_in_the_jobs_zone():
    interview = make_interview(make_application(Stage.SCREENING, job=make_job(zone="Europe/Amsterdam")))
    sent = rendering.render(Message.objects.get(ask=ask_of(interview)))
    assert sent.subject == "Your interview with Cara Candidate: Thu 10 Jan, 10:00"
    assert "When: Thu 10 Jan 2030, 10:00 (Europe/Amsterdam), 45 minutes" in sent.text
    assert sent.text.count(rendering.LINK) == 1


def test_an_interviewer_with_an_account_reads_times_in_their_own_zone():
    make_user("Ida Interviewer", email="IDA@example.org", zone="Asia/Tokyo")
    ask = ask_of(make_interview())
    assert (ask.user.get_full_name(), ask.zone) == ("Ida Interviewer", "Asia/Tokyo")


def test_an_interviewer_reads_in_the_language_and_zone_that_they_gave():
    make_user("Ida Interviewer", email=IDA.email, zone="Asia/Tokyo", language="en")
    Interviewer.objects.create(name=IDA.name, email=IDA.email.upper(), zone="Europe/Berlin", language="de")
    ask = ask_of(make_interview())
    assert (ask.user.get_full_name(), ask.zone, ask.language) == ("Ida Interviewer", "Europe/Berlin", "de")
    sent = rendering.render(Message.objects.get(ask=ask))
    assert sent.subject == "Ihr Gespräch mit Cara Candidate: Do, 10. Jan., 10:00"
    assert "Wann: Do, 10. Jan. 2030, 10:00 (Europe/Berlin), 45 Minuten" in sent.text


def test_an_address_that_two_accounts_share_belongs_to_neither():
    make_user("Ida One", email="ida@example.org")
    make_user("Ida Two", email="ida@example.org")
    assert ask_of(make_interview()).user is None


def test_an_account_that_was_closed_is_not_asked():
    make_user("Ida Interviewer", email="ida@example.org", is_active=False)
    assert ask_of(make_interview()).user is None


REFUSED = {
    "too few": ({"interviewers": [IDA]}, "Name at least 2 interviewers."),
    "one twice": (
        {"interviewers": [IDA, Invited("I", "IDA@example.org")]},
        "ida@example.org stands there twice",
    ),
    "in the past": ({"starts_at": NOW}, "must begin in the future"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_panel_or_time_that_cannot_be_is_refused_and_nothing_written(case):
    fields, message = REFUSED[case]
    application = make_application(Stage.SCREENING)
    with pytest.raises(NotAllowed, match=message):
        make_interview(application, **fields)
    assert nothing_written(application)


def test_the_candidate_does_not_interview_themself():
    application = make_application(Stage.SCREENING, candidate=make_candidate(email="cara@example.org"))
    panel = [IDA, Invited("Cara", "Cara@Example.org")]
    with pytest.raises(NotAllowed, match="candidate's own address"):
        make_interview(application, interviewers=panel)
    assert nothing_written(application)


def test_a_plan_with_one_interviewer_is_content_with_one():
    application = make_application(Stage.SCREENING, job=make_job(plan=make_plan(interviewers=1)))
    assert make_interview(application, interviewers=[IDA]).panelists.count() == 1


def test_an_application_that_was_moved_meanwhile_is_not_invited():
    application = make_application(Stage.SCREENING)
    make_interview(type(application).objects.get(pk=application.pk))
    with pytest.raises(MovedMeanwhile):
        make_interview(application)
    assert Interview.objects.count() == 1


def test_an_application_that_was_not_screened_is_not_invited():
    with pytest.raises(NotAllowed):
        make_interview(make_application(Stage.APPLIED))
    assert Interview.objects.count() == 0


def test_a_second_round_after_a_step_back_asks_again():
    application = make_interview().application
    actions.pipeline.move(application, Stage.SCREENING, at=NOW, by=Actor.person(make_user()))
    make_interview(application, at=NOW + timedelta(hours=1))
    assert application.asks.count() == 4
    assert application.asks.open().count() == 2


def test_the_database_refuses_one_interviewer_twice():
    interview = make_interview()
    card = ask_of(make_interview()).scorecard
    Panelist.objects.filter(scorecard=card).delete()
    with pytest.raises(IntegrityError, match="one_panelist_per_email"):
        Panelist.objects.create(interview=interview, scorecard=card, name="Ida", email="IDA@example.org")


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("minutes", 5, "interview_minutes_sensible"),
        ("place", "", "interview_has_a_place"),
        ("starts_at", NOW, "interview_begins_after_its_invitation"),
    ],
)
def test_the_database_refuses_an_interview_that_cannot_be(field, value, constraint):
    interview = make_interview()
    with pytest.raises(IntegrityError, match=constraint):
        Interview.objects.filter(pk=interview.pk).update(**{field: value})
