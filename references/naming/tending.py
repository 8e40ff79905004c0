"""What a recruiter does for a reference that does not come: send the link again, correct an address, ask again, do
without it, ask for somebody else, name somebody on the candidate's behalf."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks, mail
from candidates.post.holding import undo_time
from candidates.post.models import Ask, Message
from candidates.stages import Stage
from references import completion
from references.models import Referee, Reference
from references.naming import people as naming
from references.naming import requests, standing
from references.naming.people import Named
from references.naming.standing import Wanted
from references.questionnaires import rules, wording

HAS_LEFT = (Message.Status.SENT, Message.Status.SENDING, Message.Status.UNCERTAIN)
NOT_YET = (Message.Status.QUEUED, Message.Status.HELD)


@transaction.atomic
def name_for_candidate(application: Application, person: Named, *, at: datetime, by: Actor) -> Reference:
    """Ask somebody whom the candidate named in another way, on the phone for example, and who agreed to it.

    Raises:
        NotAllowed: not at this stage, or this person cannot be asked (see `people.refusals`).
    """
    locked = _lock(application)
    for refusal in naming.refusals(locked, [person], today=_today(locked, at)):
        raise NotAllowed(refusal.words)
    gone = list(requests.ended(locked))
    referee = requests.referee_of(locked, person, network="", browser="", at=at)
    requests.pair([referee], gone)
    reference = requests.request(referee, at=at)
    _stop_asking_for_names(locked, at)
    pipeline.record(locked, "references.named", at=at, by=by, count=1)
    return reference


@transaction.atomic
def send_again(reference: Reference, *, at: datetime, by: Actor) -> None:
    """Send a referee their link once more; the one that they may have goes on working.

    Raises:
        NotOpen: answered, declined or withdrawn meanwhile.
        NotAllowed: the first mail has not left yet.
    """
    application, asked = _open(reference)
    if asked.messages.filter(template=asked.template, status__in=NOT_YET).exists():
        raise NotAllowed(_("A mail to %s is still waiting to leave.") % asked.name)
    until = at + asks.RENEWED_FOR
    Ask.objects.filter(pk=asked.pk).update(expires_at=Greatest(F("expires_at"), until))
    _mail_link(asked, f"again:{asked.pk}:{at:%Y%m%dT%H%M}", at)
    pipeline.record(application, "references.sent_again", at=at, by=by, reference=reference.pk)


@transaction.atomic
def correct_address(reference: Reference, email: str, *, at: datetime, by: Actor) -> None:
    """Write to another address from now on; links that went to the old one open nothing any more.

    What still waits to be sent to the old address is not sent; the new one gets a mail of its own. Somebody who is
    asked no more is not written to: their address is only corrected.

    Raises:
        NotAllowed: the address is somebody else's, the candidate's, or was theirs already; or it is too late for it.
    """
    application = _lock(reference.referee.application)
    referee = Referee.objects.get(pk=reference.referee_id)
    _require_correctable(application, referee, reference, email, at)
    referee.email = email
    referee.save(update_fields=["email"])
    asked = reference.scorecard.ask
    if Ask.objects.open().filter(pk=asked.pk).update(email=email, generation=F("generation") + 1):
        asked.refresh_from_db()
        waiting = asked.messages.filter(template=asked.template, status__in=NOT_YET)
        waiting.update(status=Message.Status.CANCELLED, error="The address was corrected.")
        _mail_link(asked, f"corrected:{asked.pk}:{asked.generation}", at)
    pipeline.record(application, "references.address_corrected", at=at, by=by, reference=reference.pk)


@transaction.atomic
def ask_again(reference: Reference, *, at: datetime, by: Actor) -> None:
    """Ask somebody again who did not answer in time, or whose request was withdrawn.

    Raises:
        NotAllowed: they answered, declined (we promised not to write again), are asked now, or were replaced.
    """
    application = _lock(reference.referee.application)
    if not may_be_asked_again(reference):
        raise NotAllowed(_("%s cannot be asked again.") % reference.referee.name)
    requests.request(Referee.objects.get(pk=reference.referee_id), at=at)
    _stop_asking_for_names(application, at)
    pipeline.record(application, "references.asked_again", at=at, by=by, reference=reference.pk)


@transaction.atomic
def withdraw(reference: Reference, *, reason: str = "", at: datetime, by: Actor) -> None:
    """Do without this reference; the referee is told if our mail has reached them. The candidate is not.

    Raises:
        NotOpen: answered, declined or withdrawn meanwhile.
    """
    application, asked = _open(reference)
    _take_back(asked, at)
    pipeline.record(application, "references.withdrawn", at=at, by=by, reference=reference.pk, reason=reason)
    completion.finish_unless_waiting(application, at=at, by=by)


@transaction.atomic
def replace(reference: Reference, *, note: str = "", at: datetime, by: Actor) -> None:
    """Ask the candidate to name somebody instead; who is still asked is waited for no more, and told so.

    A recruiter may do so as often as they like: the plan's limit is for what happens by itself.

    Raises:
        NotAllowed: the reference was given, or somebody else was named instead before.
    """
    application = _lock(reference.referee.application)
    if reference.scorecard.is_locked or Referee.objects.filter(replaces=reference.referee_id).exists():
        raise NotAllowed(_("Nobody needs to be named instead of %s.") % reference.referee.name)
    asked = reference.scorecard.ask
    if asked.is_open:
        _take_back(asked, at)
    missing = standing.of(application).another
    requests.ask_for_another(application, Wanted(max(missing.people, 1), missing.managers), note=note, at=at)
    pipeline.record(application, "references.replacement_wanted", at=at, by=by, reference=reference.pk)


def may_be_asked_again(reference: Reference) -> bool:
    """Whether they gave nothing, said nothing against it, and nobody was named instead."""
    asked = reference.scorecard.ask
    ended = not asked.is_open and not asked.answered_at
    return ended and not reference.declined_at and not Referee.objects.filter(replaces=reference.referee_id).exists()


def _lock(application: Application) -> Application:
    """The application, locked, while it stands at references.

    Raises:
        NotAllowed: it stands elsewhere by now.
    """
    locked = pipeline.lock(application)
    if locked.stage != Stage.REFERENCES:
        raise NotAllowed(
            _("References are asked for at that stage only; it stands at: %s.") % locked.get_stage_display()
        )
    return locked


def _open(reference: Reference) -> tuple[Application, Ask]:
    """The application, locked, and what the referee is asked.

    Raises:
        NotOpen: not asked any more.
    """
    application = _lock(reference.referee.application)
    asked = Ask.objects.open().filter(scorecard__reference=reference).first()
    if asked is None:
        raise asks.NotOpen
    return application, asked


def _take_back(asked: Ask, at: datetime) -> None:
    """Ask no more; a short mail says so to who has had ours."""
    if not asks.cancel(asked, at=at):
        raise asks.NotOpen
    if asked.messages.filter(status__in=HAS_LEFT).exists():
        application, key = asked.application, f"withdrawn:{asked.pk}"
        data = {"signature": requests.signature(application), "url": ""}  # there is nothing to open any more
        mail.queue(application, "references/withdrawn", key=key, at=at, ask=asked, outlives_ask=True, data=data)


def _mail_link(asked: Ask, key: str, at: datetime) -> None:
    plan = rules.of(asked.application.plan)
    data, wait = requests.request_data(asked.application, wording.of(plan.questionnaire, asked.language)), undo_time()
    mail.queue(asked.application, "references/request", key=key, at=at, ask=asked, solemn=True, wait=wait, data=data)


def _stop_asking_for_names(application: Application, at: datetime) -> None:
    """When a colleague has found as many as the plan wants, the candidate need not name any more."""
    asked = requests.names_asked(application)
    if asked is None:
        return
    stands = standing.of(application)
    if not (stands.another if asked.template == requests.ANOTHER else stands.first).people:
        asks.cancel(asked, at=at)


def _require_correctable(
    application: Application, referee: Referee, reference: Reference, email: str, at: datetime
) -> None:
    if reference.scorecard.is_locked or reference.declined_at:
        raise NotAllowed(_("%s has answered; nothing is sent to them any more.") % referee.name)
    if email == referee.email:
        raise NotAllowed(_("This is the address that we have."))
    if application.referees.filter(email__iexact=email).exclude(pk=referee.pk).exists():
        raise NotAllowed(_("Another referee of this application has this address."))
    person = Named(referee.name, email, referee.relation, referee.company)
    for refusal in naming.refusals(application, [person], today=_today(application, at), besides=referee):
        raise NotAllowed(refusal.words)


def _today(application: Application, at: datetime) -> date:
    return at.astimezone(ZoneInfo(application.candidate.zone)).date()
