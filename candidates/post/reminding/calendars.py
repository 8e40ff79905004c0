"""Whose calendar is whose: colleagues have their own, people outside the company's quiet hours in their own zone.

The holidays of people outside are those of the candidate's country for the candidate, else of the job's place, else
of the company. Who is asked as part of their work (interviewers, buddies) is reminded on working days; candidates and
referees on every day that is no holiday, for many do this in their spare time.
"""

from __future__ import annotations

from candidates.company.models import Company
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.post.reminding.working_time import EVERY_DAY, WEEKDAYS, Calendar
from candidates.staff.models import User

IN_THEIR_SPARE_TIME = {Ask.Role.CANDIDATE, Ask.Role.REFEREE}


def of_colleague(user: User) -> Calendar:
    """As they or an administrator wrote it down."""
    days = tuple(sorted({int(day) for day in user.working_days or []}))
    return Calendar(
        zone=user.zone,
        country=user.country or "",
        subdivision=user.subdivision or "",
        working_days=days,
        reminded_on=days,
        quiet_from=user.quiet_from,
        quiet_until=user.quiet_until,
    )


def of_outsider(application: Application, *, role: str, zone: str) -> Calendar:
    """For somebody without an account who is asked something for `application`, as `role`."""
    return of_role(role, zone=zone, candidate=application.candidate.country, job=application.job.country)


def of_role(role: str, *, zone: str, candidate: str, job: str) -> Calendar:
    """The same by the countries alone: of the candidate (empty where nobody knows) and of the job's place."""
    company = Company.current()
    known = candidate if role == Ask.Role.CANDIDATE else ""
    country = (known or job or company.country or "").upper()
    return Calendar(
        zone=zone,
        country=country,
        subdivision=(company.subdivision or "") if country == (company.country or "").upper() else "",
        working_days=WEEKDAYS,
        reminded_on=EVERY_DAY if role in IN_THEIR_SPARE_TIME else WEEKDAYS,
        quiet_from=company.quiet_from,
        quiet_until=company.quiet_until,
    )


def of_person(application: Application, *, user: User | None, role: str, zone: str) -> Calendar:
    """Of whoever is asked."""
    return of_colleague(user) if user else of_outsider(application, role=role, zone=zone)


def of(asked: Ask) -> Calendar:
    """Of whoever was asked this."""
    return of_person(asked.application, user=asked.user, role=asked.role, zone=asked.zone)
