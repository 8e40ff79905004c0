"""Who may do what on the desk: two groups of permissions, and the predicates that show a button and let it work.

An administrator (superuser) may do everything. Everybody else starts from `visible_to`.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission

from candidates.jobs.models import Job
from candidates.people.models import Application
from candidates.pipeline import MOVES
from candidates.stages import Stage

RECRUITERS = "Recruiters"
MANAGERS = "Managers"
OURS = ("candidates", "interviews", "references", "trials")

PLAN_PARTS = ("referenceplan", "trialplan", "trialweek", "plannedcheckin", "figuretarget")
SEEN_BY_BOTH = (
    "view_application",
    "view_candidate",
    "view_job",
    "view_hiringplan",
    "view_plancompetency",
    "view_planstage",
    "view_jobquestion",
    "view_competency",
    "view_ask",
    "view_round",
    *(f"view_{noun}" for noun in PLAN_PARTS),
)
CONTENT = (
    *("question", "exercise", "rubricline", "case", "casemail", "kit", "kitpart", "round"),
    *("questionnaire", "criterion", "criterionwords", *PLAN_PARTS),
    "lettertemplate",
)
PERMISSIONS: dict[str, tuple[str, ...]] = {
    MANAGERS: SEEN_BY_BOTH,
    RECRUITERS: (
        *SEEN_BY_BOTH,
        "change_application",
        "change_candidate",
        "add_job",
        "change_job",
        "add_hiringplan",
        "change_hiringplan",
        "add_plancompetency",
        "change_plancompetency",
        "delete_plancompetency",
        "add_planstage",
        "change_planstage",
        "delete_planstage",
        "add_jobquestion",
        "change_jobquestion",
        "delete_jobquestion",
        "add_competency",
        "change_competency",
        "view_message",
        "view_reminder",
        "change_message",
        "view_reply",
        "view_deliveryreport",
        "view_poolmember",
        "view_referrer",
        "add_referrer",
        "change_referrer",
        "view_datarequest",
        "change_datarequest",
        "view_mailtext",
        "add_mailtext",
        "change_mailtext",
        "delete_mailtext",
        *(f"{verb}_{noun}" for noun in CONTENT for verb in ("view", "add", "change", "delete")),
        "view_ladderroute",
        "change_ladderroute",
        "view_deescalationstep",
        "change_deescalationstep",
        "view_interviewer",
        "add_interviewer",
        "change_interviewer",
        *(f"{verb}_{noun}" for noun in ("workinghours", "offeredtime") for verb in ("view", "add", "change", "delete")),
    ),
}


def ensure_roles() -> None:
    """Make the groups and give them what they lack; what an administrator gave besides stays. Safe to repeat."""
    for name, codenames in PERMISSIONS.items():
        group, _is_new = Group.objects.get_or_create(name=name)
        ours = Permission.objects.filter(content_type__app_label__in=OURS, codename__in=codenames)
        group.permissions.add(*ours)


def is_recruiter(user: Any) -> bool:
    """Whether `user` recruits at all, for whichever job; administrators do."""
    return bool(user.is_active and user.is_staff and user.has_perm("candidates.change_application"))


def recruits(user: Any, job: Job) -> bool:
    """Whether `user` works the pipeline of `job`: one of its recruiters, or an administrator."""
    if not (user.is_active and user.is_staff):
        return False
    if user.is_superuser:
        return True
    return user.has_perm("candidates.change_application") and user in job.recruiters.all()


def hires(user: Any, job: Job) -> bool:
    """Whether `user` may know what is offered for `job`: who recruits for it or decides on it."""
    return recruits(user, job) or (user.is_active and user.is_staff and job.hiring_manager_id == user.pk)


def may_work_on(user: Any, application: Application) -> bool:
    """Whether `user` may move `application`, open its judgements early and so on: while it is open."""
    return application.is_open and recruits(user, application.job)


def may_move(user: Any, application: Application, to: Stage) -> bool:
    """Whether the button that leads to `to` is there for `user`, and works."""
    return to in MOVES[Stage(application.stage)] and may_work_on(user, application)


def may_change_job(user: Any, job: Job) -> bool:
    """Whether `user` may open, pause, close and revise `job`."""
    return recruits(user, job) and user.has_perm("candidates.change_job")
