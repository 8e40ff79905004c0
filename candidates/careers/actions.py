"""Applying for a job."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.careers import process
from candidates.company.models import Company
from candidates.jobs.models import HiringPlan, Job
from candidates.people import documents
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate, Document
from candidates.post import mail
from candidates.stages import OPEN, Stage


def apply(
    job: Job,
    *,
    name: str,
    email: str,
    phone: str,
    letter: str,
    resume: UploadedFile,
    source: str,
    consent_version: str,
    at: datetime,
    zone: str = "",
    language: str = "",
) -> Application:
    """Take an application from the career page; the same one again, or fifty at once, is one application.

    Nobody has shown that the address is theirs: what we know of a person is not overwritten, and the answer is the
    same for old and new.

    Args:
        job: as the page showed it; read again here.
        name, email, phone, letter, source: cleaned text, as `careers.forms.ApplyForm` gives it.
        resume: a file that `documents.DocumentField` has let pass.
        consent_version: of the privacy notice that was agreed to.
        at: now.
        zone, language: of a new candidate; the job's zone and the site's language when not known.

    Raises:
        pipeline.NotAllowed: the job takes no applications.
        documents.NotStored: the résumé could not be written; nothing is kept.
    """
    language = language or settings.LANGUAGE_CODE
    with documents.atomic():
        job = _open_job(job)
        country = job.country or Company.current().country
        applicant = Candidate(name=name, email=email, phone=phone, country=country)
        applicant.zone, applicant.language = zone or job.zone, language
        person = _person(applicant)
        told = {"letter": letter, "source": source, "consent_version": consent_version}
        application, is_new = _application(person, job, at, told)
        if is_new:
            _receive(application, resume, at)
    return application


def _open_job(job: Job) -> Job:
    """The job as it is now."""
    current = Job.objects.listed().select_related("plan").filter(pk=job.pk).first()
    if current is None:
        raise pipeline.NotAllowed(_("This job takes no applications any more."))
    return current


def _person(applicant: Candidate) -> Candidate:
    """The candidate with the applicant's address, made when there is none, and locked until the transaction ends.

    The lock makes the applications of one person wait for each other, so that the second finds the first.
    """
    Candidate.objects.bulk_create([applicant.with_keys()], ignore_conflicts=True)
    same = Candidate.objects.annotate(address=Lower("email")).filter(address=Lower(Value(applicant.email)))
    found: Candidate = same.select_for_update(no_key=True).get()
    while found.merged_into_id:
        found = Candidate.objects.select_for_update(no_key=True).get(pk=found.merged_into_id)
    return found


def _application(person: Candidate, job: Job, at: datetime, told: dict[str, str]) -> tuple[Application, bool]:
    """The open application of `person` for `job`, and whether it is new."""
    first = {"plan": job.plan, "stage_since": at, "applied_at": at, "consent_at": at}
    own = Application.objects.filter(duplicate_of=None)
    return own.get_or_create(candidate=person, job=job, stage__in=OPEN, defaults=first | told)


def _receive(application: Application, resume: UploadedFile, at: datetime) -> None:
    """What follows from a new application: the plan is fixed, the file kept, the timeline begun, a mail promised."""
    HiringPlan.objects.filter(pk=application.plan_id, locked_at=None).update(locked_at=at)
    by = Actor.candidate(application.candidate.name)
    pipeline.record(application, f"stage.{Stage.APPLIED}", at=at, by=by, came_from="", reason="")
    days = process.days(application.plan, Stage.APPLIED)
    mail.queue(application, "candidates/received", key=f"applied:{application.pk}", at=at, data={"days": days})
    documents.store(application, resume, kind=Document.Kind.RESUME, at=at)
