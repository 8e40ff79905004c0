"""What the desk's first page shows: what waits for me, what comes, where each job stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ats.automation.models import Firing
from ats.desk import identity, replies, roles
from ats.desk.lists import COUNTED
from ats.rejections.models import PlannedRejection
from candidates.jobs.models import Job
from candidates.judging import firewall
from candidates.people.models import Application, DataRequest
from candidates.post.models import Ask
from candidates.stages import OPEN, Stage
from interviews.models import Interview, Panelist
from trials.verdicts import escalation

MOST = 20
SOON = timedelta(days=7)
FUNNEL = (*OPEN, Stage.HIRED)
OVER, SUGGESTED, WAITING = 0, 1, 2  # what an application waits for, the most pressing first
NO_RULE = Value("")


def context(user: Any, *, at: datetime) -> dict[str, Any]:
    """The template's `waiting`, `coming`, `jobs` and `wanted`."""
    rejections = list(planned_rejections(user).values_list("application_id", "stage")[:COUNTED])
    planned, jobs = [pk for pk, _stage in rejections], _jobs(user)
    letters = sum(job["new"] for job in jobs) - sum(stage == Stage.APPLIED for _pk, stage in rejections)
    return {
        "waiting": [
            *_asked(user, at),
            *_written(user, at),
            *_without_next_step(user, planned, at),
            *_filled(user, jobs),
        ],
        "coming": _coming(user, at),
        "jobs": jobs,
        "unread": min(letters, COUNTED),
        "planned_rejections": len(planned),
        "wanted": _wanted(user, at),
    }


def _asked(user: Any, at: datetime) -> list[dict[str, Any]]:
    """What I was asked to do; the earliest deadline, and so everything overdue, first."""
    mine = Ask.objects.begun(at).filter(user=user).exclude(_waits_for_a_time()).select_related("application__candidate")
    return [
        {
            "title": _titled(ask),
            "url": ask.get_absolute_url(),
            "due": ask.due_at,
            "overdue": ask.is_overdue(at),
        }
        for ask in mine.annotate(is_hidden=identity.hides(user)).order_by("due_at")[:MOST]
    ]


def _written(user: Any, at: datetime) -> list[dict[str, Any]]:
    """What people wrote by mail about applications that I work on and nobody has read; before it, what has no place."""
    if not roles.is_recruiter(user):
        return []
    rows = []
    for one in replies.waiting_for(user, worked_by(user), at):
        words = _("%(name)s wrote: %(subject)s") if one.of_candidate else _("A mail about %(name)s: %(subject)s")
        told = words % {"name": one.name, "subject": replies.title(one)}
        if one.name is None:
            rows.append((_("A mail came in that could not be placed"), reverse("desk:replies")))
        else:
            rows.append((told, reverse("desk:reply", args=[one.pk])))
    return [{"title": title, "url": url, "due": None, "overdue": False} for title, url in rows]


def _waits_for_a_time() -> Exists:
    """Scorecards of interviews whose time the candidate has not chosen yet: nothing can be done."""
    return Exists(Panelist.objects.filter(scorecard__ask=OuterRef("pk"), interview__starts_at=None))


def _titled(ask: Any) -> str:
    """What is asked, and about whom, unless that stands in it; by the code name where the reader is not to know."""
    name = ask.application.candidate.name
    if ask.is_hidden:
        return ask.title.replace(name, identity.code_name(ask.application_id))
    return ask.title if name in ask.title else f"{ask.title}: {name}"


def _without_next_step(user: Any, planned: list[int], at: datetime) -> list[dict[str, Any]]:
    """Applications that I work on and where nobody is asked for anything: the longest waiting first.

    Before them those whose trial is over and not decided: there is no silent pass. Without those that are planned to
    be rejected, by their keys.
    """
    asked = Ask.objects.open().filter(application=OuterRef("pk"))
    begun = worked_by(user).exclude(stage=Stage.APPLIED)  # those are in the queue of new letters
    waiting = begun.exclude(Exists(asked)).exclude(pk__in=planned)
    suggested = _told(_suggested(user, at), SUGGESTED, rule=F("firings__rule_name"))
    told = _told(_undecided(user, at), OVER).union(suggested, _told(waiting, WAITING), all=True)
    words = {
        OVER: _("The trial of %(name)s is over and not decided (%(job)s)"),
        SUGGESTED: _("%(name)s: a rule suggests “%(rule)s” (%(job)s)"),
        WAITING: _("%(name)s needs a next step (%(stage)s, %(job)s)"),
    }
    return [
        {
            "title": words[kind] % {"name": name, "stage": Stage(stage).label, "job": job, "rule": rule},
            "url": reverse("admin:candidates_application_change", args=[pk]),
            "due": None,
            "overdue": kind == OVER,
        }
        for kind, _since, pk, stage, name, job, rule in sorted(told)
    ]


def _suggested(user: Any, at: datetime) -> QuerySet[Application]:
    """Those that I work on and for which a rule suggests something; none on which I owe a rating, as it tells much."""
    mine = worked_by(user).filter(identity.named_to(user, "pk"), firewall.owes_nothing(user, at))
    return mine.filter(firings__outcome=Firing.Outcome.SUGGESTED)


def _undecided(user: Any, at: datetime) -> QuerySet[Application]:
    """Those that I work on and whose trial is over without a verdict; not what I am to decide myself."""
    over = escalation.undecided(at).filter(verdict_ask__due_at__lte=at).exclude(leader=user.pk).order_by()
    return worked_by(user).filter(identity.named_to(user, "pk"), pk__in=over.values("application"))


def _told(applications: QuerySet[Application], kind: int, *, rule: Any = NO_RULE) -> Any:
    """The longest waiting, as a row of one query for all kinds."""
    rows = applications.annotate(kind=Value(kind), rule=rule).order_by("stage_since", "pk")
    return rows.values_list("kind", "stage_since", "pk", "stage", "candidate__name", "job__title", "rule")[:MOST]


def _filled(user: Any, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Jobs that were closed because they are filled, while people still wait for an answer; for those who recruit."""
    if not user.has_perm("candidates.change_application"):
        return []
    return [
        {
            "title": ngettext(
                "%(job)s is filled: %(n)d person has had no answer",
                "%(job)s is filled: %(n)d people have had no answer",
                job["unanswered"],
            )
            % {"job": job["name"], "n": job["unanswered"]},
            "url": job["url"],
            "due": None,
            "overdue": False,
        }
        for job in jobs
        if job["is_filled"]
    ]


def _coming(user: Any, at: datetime) -> list[dict[str, Any]]:
    """The interviews of the next days, for applications that I may see."""
    soon = Interview.objects.standing().filter(
        missed="", starts_at__range=(at, at + SOON), application__stage=Stage.INTERVIEWS
    )
    soon = soon.filter(application__duplicate_of=None)
    mine = soon.filter(application__in=Application.objects.visible_to(user))
    related = mine.select_related("application__candidate", "application__job").defer("application__letter")
    return [
        {
            "title": f"{_called(interview)}, {interview.application.job.title}",
            "url": reverse("admin:candidates_application_change", args=[interview.application_id]),
            "due": interview.starts_at,
            "join": interview.video_link,
        }
        for interview in related.annotate(is_hidden=identity.hides(user))[:MOST]
    ]


def _called(row: Any) -> str:
    """The candidate of a row about an application, by the code name where the reader is not to know them."""
    return identity.code_name(row.application_id) if row.is_hidden else row.application.candidate.name


def _wanted(user: Any, at: datetime) -> list[dict[str, Any]]:
    """Copies and deletions of data that candidates asked for, the first due first; for those who may mark them done."""
    if not user.has_perm("candidates.change_datarequest"):
        return []
    waiting = DataRequest.objects.filter(identity.named_to(user), done_at=None)
    if not user.is_superuser:
        waiting = waiting.filter(application__in=Application.objects.visible_to(user))
    return [
        {
            "title": f"{one.application.candidate.name}: {one.get_kind_display()}",
            "url": reverse("admin:candidates_datarequest_changelist"),
            "due": one.due_at,
            "overdue": one.due_at <= at,
        }
        for one in waiting.select_related("application__candidate").defer("application__letter")[:MOST]
    ]


def worked_by(user: Any) -> QuerySet[Application]:
    """The open applications that `user` is to move on."""
    applications = Application.objects.open()
    if user.is_superuser:
        return applications
    jobs = Job.recruiters.through.objects.filter(user_id=user.pk).values("job_id")
    return applications.filter(job_id__in=jobs)


def unread(user: Any) -> QuerySet[Application]:
    """Applications that nobody has begun with, for jobs that `user` works on; the oldest first."""
    new = worked_by(user).filter(stage=Stage.APPLIED)
    return new.exclude(Exists(_planned())).order_by("applied_at", "pk")


def planned_rejections(user: Any) -> QuerySet[PlannedRejection]:
    """What can still be undone on the applications that `user` works on, the first due first."""
    return PlannedRejection.objects.standing().filter(application__in=worked_by(user)).order_by("due_at", "pk")


def _planned() -> QuerySet[PlannedRejection]:
    """The planned rejection of the application around this, for `Exists`."""
    return PlannedRejection.objects.standing().filter(application=OuterRef("pk"))


def _jobs(user: Any) -> list[dict[str, Any]]:
    waiting = Exists(Application.objects.open().filter(job=OuterRef("pk")))
    closed = Q(status=Job.Status.CLOSED)
    mine = Exists(Job.recruiters.through.objects.filter(user_id=user.pk, job_id=OuterRef("pk")))
    shown = Job.objects.visible_to(user).filter(~closed | waiting).only("pk", "title", "status", "openings")
    jobs = list(shown.annotate(is_mine=mine))
    counts = _counts(jobs)
    address = reverse("admin:candidates_application_changelist")
    return [
        {
            "title": _("%s (closed)") % job.title if job.status == Job.Status.CLOSED else job.title,
            "name": job.title,
            "url": f"{address}?job={job.pk}",
            "counts": [(stage.label, counts[job.pk, stage]) for stage in FUNNEL],
            "is_filled": job.status == Job.Status.CLOSED and counts[job.pk, Stage.HIRED] >= job.openings,
            "new": counts[job.pk, Stage.APPLIED] if user.is_superuser or job.is_mine else 0,
            "unanswered": sum(counts[job.pk, stage] for stage in OPEN),
        }
        for job in jobs
    ]


def _counts(jobs: Sequence[Job]) -> defaultdict[tuple[int, str], int]:
    """How many stand in each stage of each job, in one query.

    The few duplicates are counted apart and taken off: all but them are counted in the index alone.
    """
    rows = Application.objects.filter(job__in=jobs, stage__in=FUNNEL).order_by().values("job_id", "stage")
    everything = rows.annotate(n=Count("*"))  # of a column it would read the table, not the index
    doubles = rows.filter(duplicate_of__isnull=False).annotate(n=-1 * Count("*"))
    counts: defaultdict[tuple[int, str], int] = defaultdict(int)
    for row in everything.union(doubles, all=True):
        counts[row["job_id"], row["stage"]] += row["n"]
    return counts
