"""A person is erased: what still waits ends, words, names, addresses and files go, and only numbers stay.

Nobody gets a mail that it is done: it would need the address for as long as it has not left. Colleagues who were to
meet the person hear that the meeting is off, without the name. What a worker had in its hands at that moment may
still leave within seconds; what it then wants to write down finds its mail cancelled, and is lost with the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from ats.automation.models import Firing
from ats.pipeline import withdraw
from ats.privacy import files, rows
from ats.privacy.digests import digest, salt
from ats.privacy.models import Erasure
from ats.privacy.places import ERASED, NOBODY, UNSAID
from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.careers.models import Draft
from candidates.people import family, merging
from candidates.people.actors import Actor
from candidates.people.models import Apart, Application, Candidate, DataRequest, Merge
from candidates.pipeline import NotAllowed
from candidates.post.inbound.models import DeliveryReport, Reply
from candidates.post.models import Ask, Message
from candidates.sourcing.models import Invitation, PoolMember, Referrer
from candidates.stages import OPEN
from interviews import actions as interviews
from references.answering import forgetting
from references.models import Referee
from trials.models import Agent, RefusedRow

NOWHERE = "erased.invalid"  # no mail ever leaves for this domain: RFC 2606 keeps it free
EVENT = "person.erased"
DIGEST = "desk/digest"
LATE = timedelta(days=1)  # a page that somebody had open, a file that was being read: no work takes longer
WAITING = (
    Message.Status.QUEUED, Message.Status.HELD, Message.Status.SENDING, Message.Status.FAILED,
    Message.Status.UNCERTAIN,
)  # fmt: skip


@transaction.atomic
def erase(candidate: Candidate, *, at: datetime, by: Actor) -> Erasure:
    """Erase the person, everybody who was folded into them, and all that was written about them.

    Of each application stays that somebody was there for this job, with stages, times and scores without words.
    Open ones are withdrawn first; everything they waited for is cancelled.

    Raises:
        NotAllowed: they are erased already, or are still asked as a referee for somebody else.
    """
    people = _lock_people(candidate)
    addresses = sorted({one.email for one in people})
    applications = _lock_applications(people)
    keys = [one.pk for one in applications]
    told = {one.pk: one.name for one in people}
    elsewhere = _referees_elsewhere(addresses, keys)
    done = [digest(address, mark) for mark in [salt()] for address in addresses]
    _end(applications, at=at, by=by)
    for referee in [*Referee.objects.filter(application__in=keys, forgotten_at=None), *elsewhere]:
        forgetting.forget(referee, at=at, by=by)
    rows.let_words_go()
    papers = files.documents_of(keys, addresses)
    counts = {"applications": len(keys), **_forget_people(people, addresses, list(told.values()))}
    counts |= rows.empty(keys) | _forget_agents(keys)
    counts |= {"documents": files.delete(papers)}
    _call_off_meetings(keys, at)
    for application in applications:
        pipeline.record(application, EVENT, at=at, by=by)
    _see_to_requests(keys, at, by)
    transaction.on_commit(lambda: files.clear_mailbox(addresses))
    kept = [Erasure(digest=one, at=at, by_name=by.name, counts=counts) for one in done]
    return Erasure.objects.bulk_create(kept)[0]


def is_erased(candidate: Candidate) -> bool:
    """Whether nothing but this row is left of somebody."""
    return candidate.email.endswith(f"@{NOWHERE}")


@transaction.atomic
def take_what_came_late(*, at: datetime) -> int:
    """Empty once more what was written about somebody while they were erased, or a little later. Safe to repeat.

    Returns:
        How many rows of whom was erased within a day were looked at.
    """
    erased = set(Erasure.objects.filter(at__gt=at - LATE).values_list("digest", flat=True))
    if not erased:
        return 0
    files.clear_mailbox_of(erased)
    recent = Application.objects.filter(events__name=EVENT, events__at__gt=at - LATE)
    gone = recent.filter(candidate__email__iendswith=f"@{NOWHERE}")
    keys = sorted(set(gone.values_list("pk", flat=True)))
    rows.let_words_go()
    papers = files.documents_of(keys, [])
    return sum(rows.empty(keys).values()) + files.delete(papers)


def _lock_people(candidate: Candidate) -> list[Candidate]:
    """All rows of the person, the head first; no merge goes on meanwhile.

    Raises:
        NotAllowed: they are erased already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [merging.ONE_AT_A_TIME])
    found = Candidate.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    keys = family.members(Candidate.objects.get(pk=candidate.pk))
    people = {one.pk: one for one in found.filter(pk__in=keys)}
    head = people[keys[0]]
    if is_erased(head):
        raise NotAllowed(_("This person is erased already."))
    return [head, *(one for one in people.values() if one is not head)]


def _lock_applications(people: Sequence[Candidate]) -> list[Application]:
    found = Application.objects.select_for_update(no_key=True, of=("self",)).filter(candidate__in=people)
    return list(found.select_related("candidate", "job", "plan").defer("letter", "job__description").order_by("pk"))


def _referees_elsewhere(addresses: Sequence[str], own: Sequence[int]) -> list[Referee]:
    """The person as a referee of somebody else.

    Raises:
        NotAllowed: somebody waits for their answer.
    """
    found = Referee.objects.filter(files.is_one_of("email", addresses), forgotten_at=None)
    others = list(found.exclude(application__in=own).order_by("application", "pk"))
    asked = Ask.objects.open().filter(scorecard__reference__referee__in=others)
    if asked.exists():
        raise NotAllowed(
            _("This person is still asked as a referee for somebody else. Withdraw that request, then erase them.")
        )
    return others


def _end(applications: Sequence[Application], *, at: datetime, by: Actor) -> None:
    """Nothing goes on: open ones are withdrawn, nobody is asked, no mail waits, no rule and no rejection either."""
    keys = [one.pk for one in applications]
    PlannedRejection.objects.open().filter(application__in=keys).update(void_at=at)
    Firing.objects.filter(application__in=keys, outcome=Firing.Outcome.SUGGESTED).update(
        outcome=Firing.Outcome.DISMISSED, settled_at=at, settled_by_name=by.name
    )
    for application in applications:
        if application.stage in OPEN and not application.duplicate_of_id:
            withdraw(application, at=at, by=by)  # its mail is cancelled below with all others
    asked = Ask.objects.filter(application__in=keys)
    asked.filter(answered_at=None, cancelled_at=None).update(cancelled_at=at)
    asked.update(remind_at=None, remind_later=[], escalate_at=None, snoozed_until=None)
    Message.objects.filter(application__in=keys, status__in=WAITING).update(status=Message.Status.CANCELLED, error="")


def _forget_people(people: Sequence[Candidate], addresses: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """The rows of the person, and what hangs on the person and on no application."""
    for one in people:
        one.name, one.email, one.phone = NOBODY, f"erased-{one.pk}@{NOWHERE}", ""
        one.zone, one.language, one.country = "UTC", "en", ""
        one.save()
    keys = [one.pk for one in people]
    rows.forget_in_log(Candidate, keys)
    for model in (PoolMember, Invitation):
        _delete(model, Q(candidate__in=keys))
    _delete(Merge, Q(kept__in=keys) | Q(folded__in=keys))
    _delete(Apart, Q(first__in=keys) | Q(second__in=keys))
    _delete(Draft, files.is_one_of("email", addresses) | Q(application__candidate__in=keys))
    _delete(Reply, files.is_one_of("sender", addresses))
    _delete(DeliveryReport, files.is_one_of("address", addresses))
    for referrer in Referrer.objects.filter(files.is_one_of("email", addresses)):
        referrer.name, referrer.email, referrer.is_active = NOBODY, f"erased-r{referrer.pk}@{NOWHERE}", False
        referrer.save()
        rows.forget_in_log(Referrer, [referrer.pk])
    return {"people": len(keys), "mails": _unsay(addresses, names)}


def _unsay(addresses: Sequence[str], names: Sequence[str]) -> int:
    """Mails that hang on no application: to them, or to a colleague whose digest of the day names them."""
    about = Q(pk__in=[])
    for address in addresses:
        about |= Q(data__icontains=address) | Q(text__icontains=address)
    for name in names:
        word = rf"(^|\W){re.escape(name)}(\W|$)"
        about |= Q(template=DIGEST) & (Q(data__iregex=word) | Q(text__iregex=word))
    lost = Message.objects.filter(files.is_one_of("to", addresses) | Q(application=None) & about)
    keys = list(lost.values_list("pk", flat=True))
    lost = Message.objects.filter(pk__in=keys)
    lost.filter(status__in=WAITING).update(status=Message.Status.CANCELLED)
    rows.forget_in_log(Message, keys)
    return lost.update(**UNSAID)


def _delete(model: type[Model], which: Q) -> None:
    found = model._default_manager.filter(which)
    rows.forget_in_log(model, list(found.values_list("pk", flat=True)))
    found.delete()


def _forget_agents(applications: Sequence[int]) -> dict[str, int]:
    """Who a hired person is in the help desk's figures; rows of its exports that were refused may name anybody."""
    agents = list(Agent.objects.filter(application__in=applications))
    for agent in agents:
        for word in {agent.key, agent.name, agent.email} - {""}:
            RefusedRow.objects.filter(cells__icontains=word).update(cells=[], reason=ERASED)
        Agent.objects.filter(pk=agent.pk).update(key=f"{ERASED}-{agent.pk}")
    return {"agents": len(agents)} if agents else {}


def _call_off_meetings(applications: Sequence[int], at: datetime) -> None:
    """Colleagues' calendars lose the hour; their mails call the person as the row does now. The person gets none."""
    to_come = interviews.to_call_off(at).filter(application__in=applications)
    for interview in to_come.select_related("application__candidate", "application__job").order_by("pk"):
        interviews.call_off(interview, at=at, by_candidate=True)
    theirs = Message.objects.filter(application__in=applications, status__in=WAITING, to__iendswith=f"@{NOWHERE}")
    theirs.update(status=Message.Status.CANCELLED, **UNSAID)


def _see_to_requests(applications: Sequence[int], at: datetime, by: Actor) -> None:
    """What they asked for is done with them: a copy of nothing is none."""
    DataRequest.objects.filter(application__in=applications, done_at=None).update(done_at=at, done_by_name=by.name)
