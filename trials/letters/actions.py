"""Sending an offer letter to somebody who was hired, and what they answer. It moves nothing: they are hired already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import formats, translation
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.company.models import Company
from candidates.models import Application, Ask, Document, User
from candidates.people import documents
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import asks, holding, mail
from candidates.stages import Stage
from trials.letters import drawing, texts
from trials.letters.drawing import Sheet
from trials.letters.models import LetterTemplate, OfferLetter
from trials.planning import schedule

REMINDERS = (timedelta(days=3), timedelta(days=1))  # before the last day
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Offer:
    """What the letter promises: first day, hours and pay as they are written, until when to answer, and a word more."""

    starts_on: date
    answer_by: date
    hours: str = ""
    pay: str = ""
    extra: str = ""


@dataclass(frozen=True)
class Written:
    """A letter in words, before it is drawn."""

    subject: str
    text: str
    language: str


def write(application: Application, template: LetterTemplate, offer: Offer, *, at: datetime) -> Written:
    """The letter with every placeholder filled in, in the template's language. Nothing is sent."""
    with translation.override(template.language):
        values = _values(application, offer, at)
    return Written(
        subject=" ".join(texts.fill(template.subject, values).split())[:200],
        text=texts.fill(template.text, values)[:LONGEST_TEXT],
        language=template.language,
    )


def draw(written: Written, *, at: datetime) -> bytes:
    """The letter as a PDF."""
    company = Company.current()
    logo = Company.objects.filter(pk=company.pk).values_list("logo", flat=True).first()
    return drawing.draw(
        Sheet(company.name, written.subject, written.text, written.language, at, bytes(logo) if logo else b"")
    )


def send(application: Application, template: LetterTemplate, offer: Offer, *, at: datetime, by: Actor) -> OfferLetter:
    """Draw the letter, keep it, and ask the candidate to read and answer it. A letter sent before counts no more.

    Args:
        application: of somebody who was hired.
        template: whose words; `write` shows what becomes of them.
        offer: what it promises.
        at: now.
        by: a colleague.

    Raises:
        NotAllowed: not hired; the letter before was accepted; or see `obstacles`.
        documents.NotStored: the file could not be written; nothing is sent.
        drawing.NotDrawn: the PDF could not be made; nothing is sent.
    """
    with documents.atomic():
        locked = pipeline.lock(application)
        for obstacle in obstacles(locked, offer, at=at).values():
            raise NotAllowed(obstacle)
        _replace(locked, at=at, by=by)
        written = write(locked, template, offer, at=at)
        letter = OfferLetter.objects.create(
            application=locked,
            template_name=template.name,
            language=written.language,
            subject=written.subject,
            text=written.text,
            document=_keep(locked, written, at),
            ask=_ask(locked, offer, at=at, by=by),
            sent_at=at,
            sent_by_name=by.name,
        )
        pipeline.record(locked, "offer.sent", at=at, by=by, letter=letter.pk)
    return letter


def obstacles(application: Application, offer: Offer, *, at: datetime) -> dict[str, str]:
    """Why such a letter cannot be sent, in words, by the name of what is wrong; empty when it can."""
    today = schedule.local_day(at, application.job.zone)
    if application.stage != Stage.HIRED:
        return {"template": _("The letter is sent after the hire was approved.")}
    if application.offer_letters.filter(accepted_at__isnull=False, replaced_at=None).exists():
        return {"template": _("The letter was accepted. What it says holds; write to them about anything else.")}
    found = {}
    if offer.answer_by <= today:
        found["answer_by"] = _("Give them until tomorrow at least.")
    elif offer.answer_by > today + timedelta(days=90):
        found["answer_by"] = _("This is more than three months away.")
    if offer.starts_on < today:
        found["starts_on"] = _("This day is past.")
    return found


@transaction.atomic
def accept(letter: OfferLetter, *, name: str, at: datetime, by: Actor) -> None:
    """The candidate accepts, with their name as a signature; it stays as it was said.

    Raises:
        NotOpen: answered before, or another letter counts.
        NotAllowed: without a name.
    """
    if not name.strip():
        raise NotAllowed(_("Please type your name: it stands for your signature."))
    application = pipeline.lock(letter.application)
    asks.close(letter.ask, at=at)
    letter.accepted_at, letter.accepted_as = at, name.strip()
    letter.save(update_fields=["accepted_at", "accepted_as"])
    pipeline.record(application, "offer.accepted", at=at, by=by, letter=letter.pk)
    key = f"offer:{letter.pk}:accepted"
    mail.queue(application, "trials/letter_accepted", key=key, at=at, ask=letter.ask, outlives_ask=True)
    _tell_colleagues(application, letter, "accepted", at)


@transaction.atomic
def decline(letter: OfferLetter, *, reason: str, at: datetime, by: Actor) -> None:
    """The candidate says no, with or without a reason. People go on from there.

    Raises:
        NotOpen: answered before, or another letter counts.
    """
    application = pipeline.lock(letter.application)
    asks.close(letter.ask, at=at)
    letter.declined_at, letter.decline_reason = at, reason.strip()
    letter.save(update_fields=["declined_at", "decline_reason"])
    pipeline.record(application, "offer.declined", at=at, by=by, letter=letter.pk)
    _tell_colleagues(application, letter, "declined", at)


def _values(application: Application, offer: Offer, at: datetime) -> dict[str, str]:
    job, zone = application.job, application.job.zone
    return {
        "candidate": application.candidate.name,
        "job": job.title,
        "company": Company.current().name,
        "place": job.place or (_("remote") if job.remote else ""),
        "starts_on": formats.date_format(offer.starts_on, _("j F Y")),
        "hours": offer.hours,
        "pay": offer.pay,
        "manager": str(job.hiring_manager),
        "today": formats.date_format(schedule.local_day(at, zone), _("j F Y")),
        "answer_by": formats.date_format(offer.answer_by, _("j F Y")),
        "extra": offer.extra,
    }


def _keep(application: Application, written: Written, at: datetime) -> Document:
    name = f"{written.subject[:100] or 'offer'}.pdf"
    upload = SimpleUploadedFile(name, draw(written, at=at), "application/pdf")
    return documents.store(application, upload, kind=Document.Kind.OFFER, at=at)


def _ask(application: Application, offer: Offer, *, at: datetime, by: Actor) -> Ask:
    due_at = schedule.local(offer.answer_by, schedule.EVENING, application.job.zone)
    return asks.ask_candidate(
        application,
        page="trials:letter",
        template="trials/letter",
        title=_("Read and answer our offer"),
        at=at,
        due_at=due_at,
        reminders=[*(due_at - before for before in REMINDERS if due_at - before > at), due_at],
        escalate_at=due_at,
        solemn=True,
        wait=holding.undo_time(),
        data={"signature": by.name},
    )


def _replace(application: Application, *, at: datetime, by: Actor) -> None:
    """The letter before counts no more, and its link dies."""
    for before in application.offer_letters.filter(replaced_at=None).select_related("ask"):
        asks.cancel(before.ask, at=at)
        before.replaced_at = at
        before.save(update_fields=["replaced_at"])
        pipeline.record(application, "offer.replaced", at=at, by=by, letter=before.pk)


def _tell_colleagues(application: Application, letter: OfferLetter, answer: str, at: datetime) -> None:
    data = {"answer": answer, "reason": letter.decline_reason}
    for colleague in _colleagues(application):
        key = f"offer:{letter.pk}:{answer}:{colleague.pk}"
        mail.queue_to_colleague(application, "trials/letter_answered", colleague, key=key, at=at, data=data)


def _colleagues(application: Application) -> list[User]:
    job = application.job
    known = {one.pk: one for one in (*job.recruiters.all(), job.hiring_manager) if one.is_active and one.email}
    return list(known.values())
