"""Somebody else leads a trial or is the buddy: what they are still to be asked goes to the new one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Event
from candidates.pipeline import NotAllowed
from candidates.post import mail
from candidates.post.models import Ask, Message
from candidates.staff.models import User
from trials.offering import standing, telling
from trials.offering.actions import lock, said, team_obstacles
from trials.offering.models import Trial
from trials.offering.standing import Act
from trials.verdicts.models import VerdictDraft

LED = "led"  # in the event's data: the key of who led until then
NEW_LEADER, NEW_BUDDY = "trial.leader_changed", "trial.buddy_changed"


@transaction.atomic
def change_leader(trial: Trial, *, leader: User, reason: str, at: datetime, by: Actor) -> None:
    """Somebody else leads from now on; their open check-ins and the verdict go to the new one, with fresh links.

    Raises:
        NotAllowed: no reason; they lead it already, cannot lead it, or it is decided or ended.
    """
    trial = lock(trial)
    standing.require(trial, Act.LEADER, at=at)
    if leader == trial.leader:
        raise NotAllowed(_("%s leads this trial already.") % leader)
    _refuse(trial, "leader", leader=leader, buddy_email=trial.buddy_email)
    was = trial.leader
    told = {"was": str(was), LED: was.pk, "leader": str(leader), "reason": said(reason)}
    event = pipeline.record(trial.application, NEW_LEADER, at=at, by=by, **told)
    trial.leader = leader
    trial.save(update_fields=["leader"])
    person = {"name": str(leader), "email": leader.email, "user": leader}
    person |= {"language": leader.language, "zone": leader.zone}
    _hand_over(trial, Ask.Role.MANAGER, person, at)
    changed = {"role": "leader", "was": str(was), "now": str(leader)}
    telling.tell_everybody(trial, template="trials/new_person", event=event, at=at, by=by, **changed)
    if by.user != was:
        key = f"trial:{event.pk}:was"
        telling.tell_colleague(trial, was, template="trials/relieved", key=key, at=at, signature=by.name, **changed)


@transaction.atomic
def change_buddy(trial: Trial, *, buddy_name: str, buddy_email: str, reason: str, at: datetime, by: Actor) -> None:
    """Somebody else is the buddy from now on; their open check-ins go to the new one, with fresh links.

    Raises:
        NotAllowed: no reason; they are the buddy already, cannot be it, or it is decided or ended.
    """
    trial = lock(trial)
    standing.require(trial, Act.BUDDY, at=at)
    if buddy_email.lower() == trial.buddy_email.lower():
        raise NotAllowed(_("%s is the buddy already.") % trial.buddy_name)
    _refuse(trial, "buddy_email", leader=trial.leader, buddy_email=buddy_email)
    was, address = trial.buddy_name, trial.buddy_email
    told = {"was": was, "buddy": buddy_name, "reason": said(reason)}
    event = pipeline.record(trial.application, NEW_BUDDY, at=at, by=by, **told)
    trial.buddy_name, trial.buddy_email = buddy_name, buddy_email
    trial.save(update_fields=["buddy_name", "buddy_email"])
    _hand_over(trial, Ask.Role.BUDDY, {"name": buddy_name, "email": buddy_email, "user": None}, at)
    changed = {"role": "buddy", "was": was, "now": buddy_name}
    telling.tell_everybody(trial, template="trials/new_person", event=event, at=at, by=by, **changed)
    key = f"trial:{event.pk}:was"
    telling.tell_person(trial, was, address, template="trials/relieved", key=key, at=at, signature=by.name, **changed)


def _refuse(trial: Trial, name: str, **team: Any) -> None:
    if obstacle := team_obstacles(trial.application, **team).get(name):
        raise NotAllowed(obstacle)


def _hand_over(trial: Trial, role: Ask.Role, person: dict[str, Any], at: datetime) -> None:
    """Every open ask of that role; the links of who had them before end, and what they had typed is not passed on."""
    theirs = Ask.objects.open().filter(application=trial.application, role=role)
    of_trial = theirs.filter(page__in=("trials:check_in", "trials:verdict"))
    for asked in of_trial.select_related("application"):
        Ask.objects.filter(pk=asked.pk).update(**person, generation=F("generation") + 1)
        _forget_draft(asked, person)
        _mail(asked, at)


def _forget_draft(asked: Ask, person: dict[str, Any]) -> None:
    VerdictDraft.objects.filter(ask=asked).delete()
    card = Scorecard.objects.select_for_update(of=("self",)).filter(ask=asked, locked_at=None).first()
    if card:
        card.ratings.all().delete()
        card.rater, card.rater_name = person["user"], person["name"]
        card.recommendation, card.summary, card.saved_at = "", "", None
        card.save(update_fields=["rater", "rater_name", "recommendation", "summary", "saved_at"])


def _mail(asked: Ask, at: datetime) -> None:
    """The mail that asks: one that still waits goes to the new person, one that has left is written to them anew."""
    asked.refresh_from_db()
    first = Message.objects.get(key=f"ask:{asked.pk}")
    if first.status in (Message.Status.QUEUED, Message.Status.HELD):
        Message.objects.filter(pk=first.pk).update(to=asked.email)
    else:
        key = f"ask:{asked.pk}:{asked.generation}"
        mail.queue(asked.application, asked.template, key=key, at=at, ask=asked, data=first.data)


def former_leaders(trial: Trial) -> QuerySet[Event, int]:
    """The keys of those who led `trial`, or an earlier one of the application, and handed it over; for a filter."""
    handed_over = Event.objects.filter(application=trial.application_id, name=NEW_LEADER, data__has_key=LED)
    return handed_over.annotate(led=Cast(KT(f"data__{LED}"), BigIntegerField())).values_list("led", flat=True)
