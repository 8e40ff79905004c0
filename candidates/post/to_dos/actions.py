"""Giving a colleague something to see to, and saying that it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import pipeline
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import asks
from candidates.post.models import Ask, Message
from candidates.post.to_dos.models import ToDo
from candidates.staff.models import User

PAGE = "post:to_do"
LONGEST_TITLE, LONGEST_WORDS = 200, 5000


@transaction.atomic
def give(
    application: Application,
    *,
    colleague: User,
    kind: ToDo.Kind,
    words: str,
    due_at: datetime,
    at: datetime,
    by: Actor,
    message: Message | None = None,
    title: str = "",
    is_of_stage: bool = False,
) -> ToDo:
    """Ask a colleague to see to something: an ask with its mail, its reminders and a page that says "done".

    Who is still to judge this person blind gets no mail, as that would tell whose it is; it stands on their desk.

    Args:
        colleague: with an account; without a mail address it stands on the desk alone.
        words: what to do, in plain words; no judgement, as who sees the application sees the title.
        due_at: by when; one that is past is due now.
        by: who gives it; a rule, a colleague, or whoever caused it.
        message: the mail that it is about.
        title: for lists and the subject, without a name; else the first line of `words`.
        is_of_stage: whether it means nothing any more when the application has left the stage.

    Raises:
        NotAllowed: nothing is said, or the colleague has left.
    """
    said = _clean(words)[:LONGEST_WORDS]
    if not said:
        raise NotAllowed(_("Say what is to be done."))
    if not colleague.is_active:
        raise NotAllowed(_("%s has no account any more and cannot be asked.") % colleague)
    called = (_clean(title) or said).splitlines()[0][:LONGEST_TITLE]
    new = _ask(application, colleague, called, said, due_at=max(due_at, at), at=at, outlives_stage=not is_of_stage)
    to_do = ToDo.objects.create(ask=new, kind=kind, words=said, message=message)
    pipeline.record(application, "to_do.given", at=at, by=by, ask=new.pk, to=new.name, kind=str(kind))
    return to_do


def _ask(application: Application, colleague: User, title: str, words: str, **said: Any) -> Ask:
    """The ask of a to-do; `said` as of `asks.ask`."""
    return asks.ask(
        application,
        page=PAGE,
        template="candidates/to_do",
        title=title,
        role=_role(application, colleague),
        name=str(colleague),
        email=colleague.email,
        user=colleague,
        reminders=None if colleague.email else (),
        is_mailed=bool(colleague.email) and not is_blind(colleague, application),
        data={"words": words},
        **said,
    )


@transaction.atomic
def finish(to_do: ToDo, *, at: datetime, by: Actor, outcome: str = "") -> None:
    """It is seen to. Others who were given the same about the same mail need not do it again.

    Args:
        outcome: what came of it, if there is something to say.

    Raises:
        NotOpen: it was done or taken back before.
    """
    asks.close(to_do.ask, at=at)
    to_do.outcome = _clean(outcome)[:LONGEST_WORDS]
    to_do.save(update_fields=["outcome"])
    if to_do.message_id:
        same = ToDo.objects.filter(message=to_do.message_id, kind=to_do.kind).values("ask")
        Ask.objects.open().filter(pk__in=same).update(cancelled_at=at, remind_at=None, escalate_at=None)
    pipeline.record(to_do.ask.application, "to_do.done", at=at, by=by, ask=to_do.ask_id, reason=to_do.outcome)


def is_blind(colleague: User, application: Application) -> bool:
    """Whether they are still to judge something of this person without knowing whose it is."""
    return Ask.objects.open().blind().filter(user=colleague, application=application).exists()


def _role(application: Application, colleague: User) -> Ask.Role:
    if application.job.recruiters.filter(pk=colleague.pk).exists():
        return Ask.Role.RECRUITER
    return Ask.Role.MANAGER if application.job.hiring_manager_id == colleague.pk else Ask.Role.INTERVIEWER


def _clean(words: str) -> str:
    """What can be kept: no NUL, no lone surrogate, no blank ends."""
    return words.replace("\0", "").encode("utf-8", "replace").decode().strip()
