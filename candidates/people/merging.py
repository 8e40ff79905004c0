"""Two candidates are one person: merge them, and take it back at any later time.

Locks are taken in one order: all merges and undos wait for each other (they are rare), then the folded person, then
the kept one, as `careers.actions` follows an old address; then applications, then asks, as a move does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate, Merge
from candidates.pipeline import NotAllowed
from candidates.post.doorbell import ring_on_commit
from candidates.post.models import Ask, Message
from candidates.sourcing import merged as sourcing
from candidates.stages import OPEN, Stage

ONE_AT_A_TIME = 0x6D657267  # the key of the lock under which merges wait for each other
FILLED = {"phone": ("phone", "country")}  # a contact field, and what comes with it


@transaction.atomic
def merge(kept: Candidate, folded: Candidate, *, at: datetime, by: Actor) -> Merge:
    """Fold one person into another: applications, files, mails and memberships come over, old addresses lead there.

    When both have an open application for one job, the one that is less far (of two equally far, the younger) is set
    aside as the duplicate of the other: what it waited for is cancelled and it cannot be moved.

    Args:
        kept: who stays, with their contact data; empty ones are filled in.
        folded: who is found no more.
        at: now.
        by: who merges; may work on all their applications, which the caller has seen to.

    Raises:
        NotAllowed: it is one row, or one of them was merged before.
    """
    folded, kept = _lock_two(folded, kept)
    applications = _lock_applications(folded, kept)
    data: dict[str, Any] = {"duplicates": {}, "asks": {}, "mails": []}
    doubles = _doubles(applications)
    for double, main in doubles:
        _set_aside(double, main, at, data)
    moved = [one for one in applications if one.candidate_id == folded.pk]
    _hand_over(moved, kept)
    data |= {"applications": [one.pk for one in moved], "filled": _fill_in(kept, folded)}
    data |= sourcing.bring_over(kept, folded)
    folded.merged_into = kept
    folded.save(update_fields=["merged_into"])
    done = Merge.objects.create(kept=kept, folded=folded, at=at, by=by.user, by_name=by.name, data=data)
    _tell(done, moved, doubles, at, by)
    return done


@transaction.atomic
def undo(done: Merge, *, at: datetime, by: Actor) -> list[str]:
    """Make two people of one again: each has what they had before, asks and waiting mails with them.

    What came after the merge is not torn apart: it stays with the person who was kept.

    Returns:
        What could not be restored, in words.

    Raises:
        NotAllowed: it was undone before.
    """
    _wait_for_other_merges()
    done = Merge.objects.select_related("kept").get(pk=done.pk)
    if done.undone_at:
        raise NotAllowed(_("%s undid this merge before.") % done.undone_by_name)
    folded = _lock_person(done.folded_id)
    kept, holder = _lock_chain(folded)
    applications = _lock_applications(folded, holder)
    back = [one for one in applications if one.pk in done.data["applications"] and one.candidate_id == holder.pk]
    left = _came_later(done, applications, back, holder)
    _hand_over(back, folded)
    released, stay = _release(applications, at)
    left += stay + _empty_again(kept, folded, done.data["filled"])
    left += sourcing.give_back(holder, folded, done.data)
    folded.merged_into = None
    folded.save(update_fields=["merged_into"])
    Merge.objects.filter(pk=done.pk).update(undone_at=at, undone_by_name=by.name)
    for application in {one.pk: one for one in [*back, *released]}.values():
        pipeline.record(application, "merge.undone", at=at, by=by, merge=done.pk)
    return left


def _wait_for_other_merges() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _lock_person(pk: int) -> Candidate:
    return Candidate.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def _lock_two(folded: Candidate, kept: Candidate) -> tuple[Candidate, Candidate]:
    if folded.pk == kept.pk:
        raise NotAllowed(_("These are one and the same already."))
    _wait_for_other_merges()
    folded, kept = _lock_person(folded.pk), _lock_person(kept.pk)
    for person in (folded, kept):
        if person.merged_into_id:
            raise NotAllowed(_("%s was merged with somebody meanwhile. Nothing was changed.") % person.name)
    return folded, kept


def _lock_chain(folded: Candidate) -> tuple[Candidate, Candidate]:
    """Into whom `folded` was merged, and who holds their applications today: later merges may have gone on."""
    kept = holder = _lock_person(folded.merged_into_id or folded.pk)
    while holder.merged_into_id:
        holder = _lock_person(holder.merged_into_id)
    return kept, holder


def _lock_applications(*people: Candidate) -> list[Application]:
    found = Application.objects.select_for_update(no_key=True, of=("self",)).filter(candidate__in=people)
    return list(found.select_related("job", "candidate").defer("letter", "job__description").order_by("pk"))


def _doubles(applications: Iterable[Application]) -> list[tuple[Application, Application]]:
    """Open applications for the job of another one, each with that other, which is further or older."""
    mains: dict[int, Application] = {}
    doubles = []
    for one in sorted(filter(lambda one: one.is_open, applications), key=_rank):
        main = mains.setdefault(one.job_id, one)
        if main is not one:
            doubles.append((one, main))
    return doubles


def _rank(application: Application) -> tuple[int, datetime, int]:
    """The one that is to go on comes first."""
    return -OPEN.index(Stage(application.stage)), application.applied_at, application.pk


def _set_aside(double: Application, main: Application, at: datetime, data: dict[str, Any]) -> None:
    double.duplicate_of = main
    double.save(update_fields=["duplicate_of"])
    asks = list(double.asks.open().select_for_update(no_key=True))
    waiting = Message.objects.filter(ask__in=asks, status__in=sourcing.WAITING)
    data["duplicates"][str(double.pk)] = main.pk
    data["asks"][str(double.pk)] = {str(ask.pk): ask.remind_at.isoformat() if ask.remind_at else "" for ask in asks}
    data["mails"] += [str(pk) for pk in waiting.values_list("pk", flat=True)]
    Ask.objects.filter(pk__in=[ask.pk for ask in asks]).update(cancelled_at=at, remind_at=None)


def _hand_over(applications: list[Application], to: Candidate) -> None:
    """The applications become those of `to`, and what waits for the candidate's answer follows."""
    keys = [one.pk for one in applications]
    Application.objects.filter(pk__in=keys).update(candidate=to)
    for one in applications:
        one.candidate = to
    theirs = Ask.objects.open().filter(application__in=keys, role=Ask.Role.CANDIDATE)
    theirs.update(name=to.name, email=to.email, zone=to.zone, language=to.language)


def _fill_in(kept: Candidate, folded: Candidate) -> list[str]:
    filled = [name for name in FILLED if getattr(folded, name) and not getattr(kept, name)]
    for name in filled:
        for part in FILLED[name]:
            setattr(kept, part, getattr(folded, part))
    kept.save(update_fields=[part for name in filled for part in FILLED[name]])
    return filled


def _empty_again(kept: Candidate, folded: Candidate, filled: list[str]) -> list[str]:
    """Take out what the merge filled in, unless somebody changed it since."""
    same = [name for name in filled if getattr(kept, name) == getattr(folded, name)]
    for name in same:
        for part in FILLED[name]:
            setattr(kept, part, "")
    kept.save(update_fields=[part for name in same for part in FILLED[name]])
    return [_("The phone of %s was changed after the merge and stays.") % kept.name for _name in filled if not same]


def _came_later(done: Merge, applications: list[Application], back: list[Application], holder: Candidate) -> list[str]:
    later = [one for one in applications if one.applied_at > done.at and one not in back]
    text = _("The application for %(job)s of %(day)s came after the merge and stays with %(name)s.")
    return [
        text % {"job": one.job.title, "day": date_format(one.applied_at, "j M Y"), "name": holder.name} for one in later
    ]


def _release(applications: list[Application], at: datetime) -> tuple[list[Application], list[str]]:
    """Let those go on by themselves that were set aside for an application of what is now somebody else."""
    owners = {one.pk: one.candidate_id for one in applications}
    aside = [one for one in applications if one.duplicate_of_id and owners.get(one.duplicate_of_id) != one.candidate_id]
    left = []
    for one in aside:
        own = Application.objects.open().filter(candidate=one.candidate, job=one.job).exclude(pk=one.pk).first()
        one.duplicate_of = own
        one.save(update_fields=["duplicate_of"])
        if own is None:
            _ask_again(one, at)
        else:
            left.append(
                _("For %s there is another open application of the same person; one stays set aside.") % one.job
            )
    return aside, left


def _ask_again(application: Application, at: datetime) -> None:
    """Restore exactly the asks that were cancelled when the application was set aside, and their mails."""
    merges = Merge.objects.filter(data__asks__has_key=str(application.pk)).order_by("-pk")
    set_aside = merges.first()
    if set_aside is None:
        return
    reminders = set_aside.data["asks"][str(application.pk)]
    asks = list(Ask.objects.filter(pk__in=reminders, answered_at=None, cancelled_at=set_aside.at))
    for ask in asks:
        remind_at = reminders[str(ask.pk)]
        ask.cancelled_at, ask.remind_at = None, datetime.fromisoformat(remind_at) if remind_at else None
    Ask.objects.bulk_update(asks, ["cancelled_at", "remind_at"])
    _hand_over([application], application.candidate)
    unsent = Message.objects.filter(pk__in=set_aside.data["mails"], ask__in=asks, status=Message.Status.CANCELLED)
    if unsent.update(status=Message.Status.QUEUED, next_try_at=at, error=""):
        ring_on_commit("candidates.post.tasks.send_due")


def _tell(
    done: Merge, moved: list[Application], doubles: list[tuple[Application, Application]], at: datetime, by: Actor
) -> None:
    for one in moved:
        pipeline.record(one, "people.merged", at=at, by=by, merge=done.pk)
    for double, main in doubles:
        pipeline.record(double, "application.set_aside", at=at, by=by, merge=done.pk, duplicate_of=main.pk)
        pipeline.record(main, "application.sent_twice", at=at, by=by, merge=done.pk, duplicate=double.pk)
