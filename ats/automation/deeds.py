"""What rules do: each deed calls the verb of whoever owns it, and says what an undo has to know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ats import pipeline as process
from ats.automation import openings
from ats.automation.models import Firing, Rule
from ats.automation.rules import undo_time
from ats.rejections import actions as rejections
from candidates.company.models import Company
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application, Note
from candidates.pipeline import NotAllowed
from candidates.post import mail, placeholders
from candidates.post.models import Ask, Message
from candidates.post.to_dos import actions as to_dos
from candidates.post.to_dos.models import ToDo
from candidates.stages import Stage

PLACEHOLDERS = ("name", "job", "company")
USUAL_DAYS = 2
Done = dict[str, Any]


def do(firing: Firing, application: Application, *, at: datetime, by: Actor) -> Done:
    """Do what the rule of `firing` says. Call with the application locked.

    Args:
        application: as it was locked, with plan, job and candidate.
        by: the rule, or the colleague who agreed to it.

    Returns:
        What an undo has to know.

    Raises:
        NotAllowed: it cannot be done; in words for recruiters.
    """
    rule = firing.rule
    if rule is None:
        raise NotAllowed(_("The rule was deleted meanwhile."))
    return DEEDS[Rule.Then(rule.then)](rule, firing, application, at, by)


def _move(rule: Rule, firing: Firing, application: Application, at: datetime, by: Actor) -> Done:
    to, came_from = Stage(rule.to_stage), application.stage
    arguments = openings.arguments(rule, application, to, at=at)
    if to == Stage.HIRED and by.user is None:  # a hire is asked for in somebody's name
        asker = openings.person(application, rule.settings.get("asker"), judges=True)
        by = Actor(by.kind, by.name, asker, by.data)
    asks, mails = application.asks.filter(created_at=at), application.messages.filter(created_at=at)
    asked_before, sent_before = _keys(asks), _keys(mails)  # other rules of this sweep, at the same moment
    process.take(application, to, at=at, by=by, arguments=arguments)
    asks, mails = asks.exclude(pk__in=asked_before), mails.exclude(pk__in=sent_before)
    _let_wait(asks, mails, until=at + undo_time(application.plan))
    return {"came_from": came_from, "to": str(to), "asks": _keys(asks), "mails": [str(one) for one in _keys(mails)]}


def _keys(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.values_list("pk", flat=True))


def _let_wait(asks: QuerySet[Ask], mails: QuerySet[Message], *, until: datetime) -> None:
    """What a move asks and sends waits as long as it can be taken back; until then nobody is waited for."""
    asks.filter(opens_at__lt=until, due_at__gt=until).update(opens_at=until)
    mails.filter(next_try_at__lt=until, status=Message.Status.QUEUED).update(next_try_at=until)


def _give(rule: Rule, firing: Firing, application: Application, at: datetime, by: Actor) -> Done:
    colleague = openings.person(application, rule.settings.get("who"), judges=rule.judges)
    days = timedelta(days=int(rule.settings.get("days") or USUAL_DAYS))
    words = filled(str(rule.settings.get("words") or rule.name), application)
    given: dict[str, Any] = {"colleague": colleague, "kind": ToDo.Kind.RULE, "words": words, "due_at": at + days}
    # All who see the application read the title, and the words of such a rule follow from what people thought.
    title = _("A rule of the plan asks for something") if rule.judges else ""
    is_of_stage = rule.when in (Rule.When.DAYS, Rule.When.OVERDUE)  # what it waits for ends with the stage
    to_do = to_dos.give(application, **given, title=title, is_of_stage=is_of_stage, at=at, by=by)
    return {"asks": [to_do.ask_id], "to": str(colleague)}


def _mail(rule: Rule, firing: Firing, application: Application, at: datetime, by: Actor) -> Done:
    text = filled(str(rule.settings.get("text") or ""), application)
    subject = " ".join(filled(str(rule.settings.get("subject") or ""), application).split())
    data = {"subject": subject, "paragraphs": [one.strip() for one in text.split("\n\n") if one.strip()]}
    wait = undo_time(application.plan)
    message = mail.queue(application, "ats/rule", key=f"rule:{firing.pk}", at=at, wait=wait, data=data)
    return {"mails": [str(message.pk)]}


def _note(rule: Rule, firing: Firing, application: Application, at: datetime, by: Actor) -> Done:
    words = filled(str(rule.settings.get("words") or rule.name), application)
    note = Note.objects.create(application=application, author=by.user, author_name=by.name, text=words, at=at)
    return {"note": note.pk}


def _tell(rule: Rule, firing: Firing, application: Application, at: datetime, by: Actor) -> Done:
    colleague = openings.person(application, rule.settings.get("who"), judges=rule.judges)
    if not colleague.email:
        raise NotAllowed(_("%s has no mail address.") % colleague)
    words = filled(str(rule.settings.get("words") or ""), application)
    data = {"reader": str(colleague), "rule": rule.name, "words": words}
    key = f"rule:{firing.pk}:{colleague.pk}"
    message = mail.queue_to_colleague(application, "ats/rule_tells", colleague, key=key, at=at, data=data)
    return {"mails": [str(message.pk)], "to": str(colleague)}


def _reject(rule: Rule, firing: Firing, application: Application, at: datetime, by: Actor) -> Done:
    reason = str(rule.settings.get("reason") or "skills")
    planned = rejections.plan(application, reason=reason, hours=max(rule.hours or 1, 1), at=at, by=by)
    return {"planned": planned.pk}


DEEDS: dict[Rule.Then, Callable[[Rule, Firing, Application, datetime, Actor], Done]] = {
    Rule.Then.MOVE: _move,
    Rule.Then.ASK: _give,
    Rule.Then.MAIL: _mail,
    Rule.Then.NOTE: _note,
    Rule.Then.TELL: _tell,
    Rule.Then.REJECT: _reject,
}


def filled(written: str, application: Application) -> str:
    """`written` with its placeholders filled in, by plain replacement out of the fixed list."""
    values = {
        "name": application.candidate.name,
        "job": application.job.title,
        "company": Company.current().name,
    }
    return placeholders.fill_in(written.replace("\r\n", "\n").replace("\r", "\n"), values)


def tell_failure(firing: Firing, application: Application, *, at: datetime) -> None:
    """Mail the recruiters once that a rule could not do what it says; nobody who is to judge this one blind."""
    people = application.job.recruiters.filter(is_active=True).exclude(email="")
    for recruiter in people:
        if firewall.owed_by(recruiter, at=at).filter(application=application).exists():
            continue
        key = f"rule-failed:{firing.pk}:{recruiter.pk}"
        data = {"reader": str(recruiter), "rule": firing.rule_name, "why": firing.reason}
        mail.queue_to_colleague(application, "ats/rule_failed", recruiter, key=key, at=at, data=data)


def end_asks(keys: list[int], *, at: datetime) -> int:
    """Ask nobody for these any more; their waiting mails do not leave. Returns how many were still open."""
    return Ask.objects.open().filter(pk__in=keys).update(cancelled_at=at, remind_at=None)


def end_mails(keys: list[str]) -> int:
    """Keep these mails from leaving, as far as they wait. Returns how many."""
    waiting = Message.objects.filter(pk__in=keys, status__in=[Message.Status.QUEUED, Message.Status.HELD])
    return waiting.update(status=Message.Status.CANCELLED, error="Taken back.")
