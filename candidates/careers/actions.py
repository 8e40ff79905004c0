"""Applying for a job, and what comes before: files that wait for a form, drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.careers import process, repeats
from candidates.careers.models import Draft
from candidates.careers.questions import Given
from candidates.company.models import Company
from candidates.jobs.models import HiringPlan, Job
from candidates.people import documents, family
from candidates.people.actors import Actor
from candidates.people.models import Answer, Application, Candidate, Document
from candidates.post import links, mail
from candidates.post.models import Message
from candidates.sourcing.models import Referrer
from candidates.stages import OPEN, Stage

DRAFT_LIVES = timedelta(days=14)
DRAFT_REMEMBERED = timedelta(days=90)  # after its end, empty: so long its link tells what became of it


def apply(
    job: Job,
    *,
    name: str,
    email: str,
    phone: str,
    letter: str,
    resume: UploadedFile | Document,
    source: str,
    consent_version: str,
    at: datetime,
    zone: str = "",
    language: str = "",
    answers: Sequence[Given] = (),
    link: Mapping[str, str] | None = None,
    draft: Draft | None = None,
) -> Application:
    """Take an application from the career page; the same one again, or fifty at once, is one application.

    Nobody has shown that the address is theirs: nothing of a person is overwritten, and the answer is always the same.
    What a later one says anew is added to the first, for the recruiters to see.

    Args:
        job: as the page showed it; looked at again here.
        name, email, phone, letter, source: cleaned text, as `careers.forms.ApplyForm` gives it.
        resume: a file that `documents.DocumentField` has let pass, or one that was held for this form.
        consent_version: of the privacy notice that was agreed to.
        at: now.
        zone, language: of a new candidate; the job's zone and the site's language when not known.
        answers, link: to the job's questions; the parameters of the link that led to the form.
        draft: what it was saved as before; ends with it.

    Raises:
        pipeline.NotAllowed: the job takes no applications.
        documents.NotStored: a file could not be written; nothing is kept.
        held.FileGone: a held file is not there any more; nothing is kept.
    """
    with documents.atomic():
        _look_again(job, at)
        applicant = Candidate(name=name, email=email, phone=phone, country=job.country or Company.current().country)
        applicant.zone, applicant.language = zone or job.zone, language or settings.LANGUAGE_CODE
        told = {"letter": letter, "source": source, "consent_version": consent_version, **_origin(link or {}, answers)}
        application, is_new = _application(family.found_or_made(applicant), job, at, told)
        if is_new:
            _receive(application, resume, answers, at)
        else:
            repeats.add(application, applicant, letter=letter, resume=resume, answers=answers, at=at)
        if draft:
            _end(draft, application)
    return application


def _look_again(job: Job, at: datetime) -> None:
    """Give `job` the plan that it hires by now, when it still takes applications."""
    plan = Job.objects.open_at(at).filter(pk=job.pk).values_list("plan_id", flat=True).first()
    if plan is None:
        raise pipeline.NotAllowed(_("This job takes no applications any more."))
    if plan != job.plan_id:
        job.plan_id = plan  # which forgets the plan that was read before


def _origin(link: Mapping[str, str], answers: Sequence[Given]) -> dict[str, Any]:
    """Where it came from: all parameters, the employee whose code is among them; and whether an answer marks it."""
    code = link.get("ref", "")
    referrer = Referrer.objects.filter(code=code, is_active=True).first() if code else None
    return {"link": dict(link), "referrer": referrer, "is_marked": any(answer.is_marked for answer in answers)}


def _application(person: Candidate, job: Job, at: datetime, told: dict[str, Any]) -> tuple[Application, bool]:
    """The open application of `person` for `job`, and whether it is new."""
    first = {"plan": job.plan, "stage_since": at, "applied_at": at, "consent_at": at}
    own = Application.objects.filter(duplicate_of=None)
    return own.get_or_create(candidate=person, job=job, stage__in=OPEN, defaults=first | told)


def _receive(application: Application, resume: UploadedFile | Document, answers: Sequence[Given], at: datetime) -> None:
    """What follows from a new application: the plan is fixed, the file kept, the timeline begun, a mail promised."""
    HiringPlan.objects.filter(pk=application.plan_id, locked_at=None).update(locked_at=at)
    by = Actor.candidate(application.candidate.name)
    pipeline.record(application, f"stage.{Stage.APPLIED}", at=at, by=by, came_from="", reason="")
    days = process.days(application.plan, Stage.APPLIED)
    mail.queue(application, "candidates/received", key=f"applied:{application.pk}", at=at, data={"days": days})
    repeats.keep(application, resume, kind=Document.Kind.RESUME, at=at)
    _keep_answers(application, answers, at)


def _keep_answers(application: Application, answers: Sequence[Given], at: datetime) -> None:
    rows = []
    for answer in answers:
        file = repeats.keep(application, answer.file, kind=Document.Kind.ANSWER, at=at) if answer.file else None
        row = answer.row(file)
        row.application = application
        rows.append(row)
    Answer.objects.bulk_create(rows)


def hold(uploads: Mapping[str, UploadedFile], *, at: datetime, until: datetime) -> dict[str, Document]:
    """Keep the files of a form that could not be taken yet, by the names of their boxes.

    Raises:
        documents.NotStored: the disk is full or away; none is kept.
    """
    with documents.atomic():
        return {name: _held(name, upload, at, until) for name, upload in uploads.items()}


def _held(name: str, upload: UploadedFile, at: datetime, until: datetime) -> Document:
    kind = Document.Kind.RESUME if name == "resume" else Document.Kind.ANSWER
    return documents.hold(upload, kind=kind, at=at, until=until)


@dataclass(frozen=True)
class Unsent:
    """What a draft keeps: all that was typed, as it came; files by the names of their boxes; where it came from."""

    email: str
    language: str
    zone: str
    typed: Mapping[str, list[str]]
    files: Mapping[str, Document] = field(default_factory=dict)
    uploads: Mapping[str, UploadedFile] = field(default_factory=dict)
    link: Mapping[str, str] = field(default_factory=dict)


def save_draft(job: Job, unsent: Unsent, *, draft: Draft | None, at: datetime) -> Draft:
    """Keep what is not sent yet, and mail a link to go on; one mail per draft, address and hour.

    Args:
        draft: what it was saved as before, by whoever saves it now. With another address it becomes a new one, and
            the old link opens nothing: the first address may have been mistyped.

    Raises:
        documents.NotStored: a file could not be written; nothing is kept.
    """
    until = at + DRAFT_LIVES
    with documents.atomic():
        files = dict(unsent.files)
        files |= {name: _held(name, upload, at, until) for name, upload in unsent.uploads.items()}
        Document.objects.filter(pk__in=[file.pk for file in files.values()], application=None).update(expires_at=until)
        row = _row_for(job, unsent, draft)
        row.language, row.zone, row.saved_at, row.expires_at = unsent.language, unsent.zone, at, until
        row.resume = files.get("resume")
        keys = {name: file.pk for name, file in files.items() if name != "resume"}
        row.data = {"typed": unsent.typed, "files": keys, "link": dict(unsent.link)}
        row.save()
        _mail_link(row, at)
    return row


def _row_for(job: Job, unsent: Unsent, draft: Draft | None) -> Draft:
    """The row to write: the one that was saved before, unless it is for another address or ended meanwhile."""
    same = Draft.objects.select_for_update().filter(pk=draft.pk, application=None).first() if draft else None
    if same and same.email == unsent.email:
        return same
    if same:
        same.delete()
    return Draft(job=job, email=unsent.email)


def _mail_link(row: Draft, at: datetime) -> None:
    who = salted_hmac("candidates.draft", row.email).hexdigest()[:16]
    mail.queue_to(
        "careers/draft",
        to=row.email,
        language=row.language,
        zone=row.zone,
        key=f"draft:{row.pk}:{who}:{at:%Y%m%d%H}",
        at=at,
        link=links.personal("draft", row.pk),
        priority=Message.Priority.URGENT,
        data={"title": row.job.title, "days": DRAFT_LIVES.days},
    )


def _end(draft: Draft, application: Application) -> None:
    """The draft was sent: its row stays for a while, empty, so that its link can say so."""
    open_one = Draft.objects.filter(pk=draft.pk, application=None)
    open_one.update(application=application, email="", data={}, resume=None)


@transaction.atomic
def sweep_drafts(*, at: datetime) -> int:
    """Empty the drafts whose time is over, and drop those that ended long ago. Returns how many were emptied."""
    over = Draft.objects.filter(expires_at__lte=at)
    emptied = over.exclude(email="").update(email="", data={}, resume=None)
    over.filter(expires_at__lte=at - DRAFT_REMEMBERED).delete()
    return emptied
