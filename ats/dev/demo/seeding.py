"""Making the demo: the whole company at once, or one more application."""

from __future__ import annotations

from datetime import datetime
from random import Random

from django.db import transaction

from ats.dev.demo import calls, figures, history, rules, sourcing, stories
from ats.dev.demo import company as companies
from ats.dev.demo.company import Company
from ats.dev.demo.letters import Writer
from ats.dev.demo.people import Crowd
from ats.dev.demo.stories import SIXTY, Rows
from ats.dev.demo.walk import Cast, Walk
from candidates.people.models import Application, Candidate
from candidates.post import links
from candidates.stages import OPEN, Stage
from interviews.agreement import actions as agreement


@transaction.atomic
def make_company(*, seed: int, now: datetime, rows: Rows = SIXTY) -> Company:
    """The company with its applications, all that happened on their way, and what is open around `now`.

    Args:
        seed: decides on names, letters, scores and times.
        now: the present of the stories.
        rows: which stories; tests tell fewer.
    """
    random = Random(seed)
    company = companies.found(now=now)
    cast = Cast(company, Crowd(random), Writer(random), random)
    calls.name_products()
    calls.offer([*company.recruiters, company.staff["mara"]], now=now)
    for story in stories.tell_all(random, rows):
        Walk(cast, story, now=now).run()
    companies.close_what_is_closed(company, now=now)
    sourcing.add(cast.crowd, now=now)
    calls.choose(Random(f"{seed} calls"), now=now)
    calls.compare_letters(now=now)
    figures.add(Random(f"{seed} figures"), now=now)
    agreement.ask_for_report(at=now, by=company.staff["rosa"])  # a worker computes it after the start
    rules.go_on(company.jobs["email"], now=now)
    history.remind(now=now)
    history.settle(now=now)
    return company


@transaction.atomic
def make_application(stage: Stage, *, seed: int, now: datetime) -> Application:
    """One more application, which came to `stage` just now."""
    random = Random(f"{seed} {Candidate.objects.count()}")
    crowd = Crowd(random)
    crowd.skip(set(Candidate.objects.values_list("email", flat=True)))
    story = stories.tell(random, "email", stage, left=_left(stage), ago=0)
    application = Walk(Cast(companies.find(), crowd, Writer(random), random), story, now=now).run()
    history.remind(now=now)
    history.settle(now=now)
    return application


def addresses(application: Application) -> list[str]:
    """The links that were mailed for `application`, one line each: the candidate's page, then what is asked for."""
    lines = [f"candidate {application.candidate.name}: {links.application_url(application)}"]
    for asked in application.asks.open().order_by("pk"):
        lines.append(f"{asked.role} {asked.name}, {asked.title}: {links.ask_url(asked)}")
    return lines


def _left(stage: Stage) -> Stage | None:
    """From where an end was reached."""
    if stage in OPEN:
        return None
    return Stage.TRIAL if stage == Stage.HIRED else Stage.SCREENING
