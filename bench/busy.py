"""One application on which much has happened: 30 events, 6 locked scorecards, 10 mails that left."""

from __future__ import annotations

from datetime import datetime, timedelta

from candidates import pipeline
from candidates.jobs.models import Job
from candidates.judging import actions as judging
from candidates.judging.actions import Answers, Score
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post import mail
from candidates.post.models import Ask, Message
from candidates.stages import Stage

EVENTS, CARDS, MAILS = 30, 6, 10


def make_busy(job: Job, *, at: datetime, by: Actor) -> Application:
    """Let more happen to an application for `job` that stands at interviews; its judgements may be seen."""
    found = Application.objects.filter(job=job, stage=Stage.INTERVIEWS).select_related("candidate", "job", "plan")
    application = found.order_by("pk")[0]
    while application.scorecards.count() < CARDS:
        _request(application, at=at, by=by)
    for card in application.scorecards.filter(locked_at=None).select_related("ask", "application"):
        judging.lock(card, _answers(application), at=at, by=by)
    for number in range(application.messages.count(), MAILS):
        mail.queue(application, "candidates/received", key=f"busy:{number}", at=at, data={"days": 7})
    for _number in range(application.events.count(), EVENTS):
        pipeline.record(application, "scorecard.locked", at=at, by=by)
    application.messages.exclude(status=Message.Status.SENT).update(
        status=Message.Status.SENT, sent_at=at, subject="About your application", text=application.letter[:400]
    )
    return application


def _request(application: Application, *, at: datetime, by: Actor) -> None:
    judging.request_scorecard(
        application,
        Scorecard.Kind.INTERVIEW,
        page="interviews:scorecard",
        template="interviews/scorecard",
        title="Your scorecard",
        role=Ask.Role.INTERVIEWER,
        name=by.name,
        email="interviewer@example.org",
        due_at=at + timedelta(days=7),
        at=at,
    )


def _answers(application: Application) -> Answers:
    weights = application.plan.weights.all()
    scores = [Score(competency=one.competency_id, score=4, evidence="Asked back before proposing.") for one in weights]
    return Answers(scores, Scorecard.Recommendation.YES, "Listens, asks back, and stays kind when it gets loud.")
