"""The company: colleagues with accounts, jobs with their plans, and who interviews without an account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError

from ats.content import actions as content
from ats.desk import roles
from ats.dev.demo import rules, words
from ats.dev.demo.people import address
from candidates.jobs import actions as jobs
from candidates.jobs.models import HiringPlan, Job, JobQuestion
from candidates.people.actors import Actor
from candidates.staff.models import User
from interviews.actions import Invited
from interviews.models import Interviewer, WorkingHours

GROUPS = {"recruiter": roles.RECRUITERS, "manager": roles.MANAGERS}
COPIED = (
    "title", "slug", "team", "place", "country", "remote", "zone", "hours", "pay_from", "pay_to", "pay_currency",
    "channels", "languages", "openings", "letter_prompt",
)  # fmt: skip


@dataclass
class Company:
    """Who is there and what is open."""

    staff: dict[str, User]
    jobs: dict[str, Job]
    sign_ins: list[str] = field(default_factory=list)

    @property
    def recruiters(self) -> list[User]:
        """Everybody who works the pipelines."""
        return [self.staff["rosa"], self.staff["ruben"]]

    def recruiter(self, job: Job) -> User:
        """Who works the pipeline of `job` mostly."""
        return self.staff[_row(job)["recruiter"]]

    def other_manager(self, job: Job) -> User:
        """A manager who does not lead the trials of `job`."""
        return next(self.staff[key] for key in ("mara", "milan") if key != _row(job)["manager"])


def found(*, now: datetime) -> Company:
    """Make the company, with passwords at random."""
    roles.ensure_roles()
    content.load()
    company = Company(staff={}, jobs={})
    for row in words.read("company")["staff"]:
        company.staff[row["key"]] = _hire(row, company.sign_ins)
    offer_hours([company.staff["mara"], company.staff["milan"]])
    rules.begin("E-mail and chat", now=now)
    for row in words.read("jobs")["job"]:
        company.jobs[row["key"]] = _open(row, company, now=now)
    return company


def find() -> Company:
    """The company that is there already.

    Raises:
        CommandError: the database holds another one.
    """
    staff = {row["key"]: row for row in words.read("company")["staff"]}
    users = User.objects.filter(email__in=[address(row["name"]) for row in staff.values()]).in_bulk(
        field_name="username"
    )
    rows = Job.objects.select_related("plan", "hiring_manager").in_bulk(field_name="slug")
    slugs = {row["key"]: row["slug"] for row in words.read("jobs")["job"]}
    if set(users) != set(staff) or not set(slugs.values()) <= set(rows):
        raise CommandError("The jobs in this database are not those of the demo company.")
    return Company(users, {key: rows[slug] for key, slug in slugs.items()})


def close_what_is_closed(company: Company, *, now: datetime) -> None:
    """Close the job whose people have all got their answer."""
    for row in words.read("jobs")["job"]:
        if row["status"] == Job.Status.CLOSED:
            job = company.jobs[row["key"]]
            jobs.close_job(job, at=now, by=Actor.person(company.recruiter(job)))


def interviewers() -> list[Invited]:
    """Colleagues who interview and have no account."""
    return [Invited(name, address(name)) for name in words.read("company")["interviewers"]["names"]]


def offer_hours(managers: list[User]) -> None:
    """Whoever interviews works from nine to noon and from one to five, so that candidates can choose times."""
    people = [Interviewer(name=one.name, email=one.email, zone="Europe/Amsterdam") for one in interviewers()]
    people += [Interviewer(name=str(one), email=one.email, zone=one.zone, user=one) for one in managers]
    for person in people:
        person.most_a_day = 4
        person.save()
        WorkingHours.objects.bulk_create(
            WorkingHours(interviewer=person, weekday=day, begins=begins, ends=ends)
            for day in range(5)
            for begins, ends in ((time(9), time(12)), (time(13), time(17)))
        )


def buddies() -> list[str]:
    """Names of colleagues who look after newcomers."""
    return list(words.read("company")["buddies"]["names"])


def _hire(row: dict[str, Any], sign_ins: list[str]) -> User:
    if User.objects.filter(username=row["key"]).exists():
        raise CommandError(f"There is an account named {row['key']} already; the demo would change it.")
    first, _space, last = row["name"].partition(" ")
    is_administrator = row["role"] == "administrator"
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(
        row["key"], address(row["name"]), password, first_name=first, last_name=last, zone=row["zone"],
        is_staff=True, is_superuser=is_administrator,
    )  # fmt: skip
    if not is_administrator:
        user.groups.add(Group.objects.get(name=GROUPS[row["role"]]))
    sign_ins.append(f"{row['role']}: {row['key']} / {password}")
    return user


def _open(row: dict[str, Any], company: Company, *, now: datetime) -> Job:
    """The job as a draft, then open some weeks ago."""
    job = Job.objects.create(
        **{name: row[name] for name in COPIED},
        description=row["description"].strip().format(company=settings.COMPANY_NAME),
        plan=HiringPlan.objects.get(name=row["plan"], copied_from=None),
        hiring_manager=company.staff[row["manager"]],
    )
    job.recruiters.set(company.recruiters)
    for position, question in enumerate(row.get("question", [])):
        JobQuestion.objects.create(job=job, position=position, **question)
    opened = now - timedelta(days=row["opened_days_ago"])
    jobs.open_job(job, at=opened, by=Actor.person(company.staff[row["recruiter"]]))
    return job


def _row(job: Job) -> dict[str, Any]:
    return next(row for row in words.read("jobs")["job"] if row["slug"] == job.slug)
