"""What the candidate is told about their trial."""

from __future__ import annotations

from datetime import datetime

from candidates.post import mail
from trials.offering.models import Trial
from trials.planning import schedule


def welcome(trial: Trial, *, key: str, at: datetime) -> None:
    """Mail the candidate when the trial begins and who is there for them."""
    application = trial.application
    language = application.candidate.language
    data = {
        "starts_on": schedule.in_words(trial.starts_on, language),
        "ends_on": schedule.in_words(trial.ends_on, language),
        "leader": str(trial.leader),
        "buddy": trial.buddy_name,
        "every": application.plan.check_in_days,
        "signature": str(trial.leader),
    }
    mail.queue(application, "trials/welcome", key=key, at=at, data=data)
