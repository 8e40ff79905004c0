"""What candidates and referees are asked in this stage. The verbs call it inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from candidates.judging import actions as judging
from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.post import asks, holding, mail
from candidates.post.models import Ask
from candidates.post.reminding import calendars, schedule
from candidates.post.reminding.schedule import Within
from candidates.stages import Stage
from references.models import Referee, Reference
from references.naming.people import Named
from references.naming.standing import Standing, Wanted
from references.questionnaires import rules, wording

PAGE = "references:name_referees"
ANOTHER = "references/name_another"  # the mail by which a candidate is asked for somebody else
DAY = timedelta(days=1)


def names_asked(application: Application) -> Ask | None:
    """What the candidate is asked now: to name referees, or somebody else; None when they are not."""
    return application.asks.open().filter(page=PAGE).first()


def wanted_by(asked: Ask, standing: Standing) -> Wanted:
    """How many people a page that asks for names wants; at least one, also when a colleague named some meanwhile."""
    told = standing.another if asked.template == ANOTHER else standing.first
    return Wanted(max(told.people, 1), told.managers)


def ask_for_names(application: Application, wanted: Wanted, *, note: str, wait: timedelta, at: datetime) -> None:
    """Ask the candidate for referees; the recruiters are told once when nothing comes."""
    plan = rules.of(application.plan)
    asks.ask_candidate(
        application,
        page=PAGE,
        template="references/name_referees",
        title=_("Name your referees"),
        wait=wait,
        data=_told(application, wanted, note=note),
        at=at,
        within=Within(application.plan.time_for(Stage.REFERENCES), patience=plan.expire_days * DAY),
    )


def ask_for_another(application: Application, wanted: Wanted, *, at: datetime, note: str = "") -> None:
    """Ask the candidate to name somebody instead of those who did not answer.

    While they are being asked already, a further mail tells of those who did not answer since, and no more is asked.
    """
    names = [referee.name for referee in ended(application)]
    data = _told(application, wanted, note=note) | {"names": names}
    if asked := names_asked(application):
        key = f"another:{asked.pk}:{at:%Y%m%dT%H%M%S%f}"
        mail.queue(application, "references/name_another", key=key, at=at, ask=asked, data=data)
        return
    with _our_language():
        title = _("Name another referee")
    asks.ask_candidate(
        application,
        page=PAGE,
        template="references/name_another",
        title=title,
        data=data,
        at=at,
        within=application.plan.time_for(Stage.REFERENCES),
    )


def replacements_left(application: Application) -> int:
    """How often the candidate may still be asked by itself to name somebody else."""
    used = application.asks.filter(page=PAGE, template=ANOTHER).count()
    return max(rules.of(application.plan).replacements - used, 0)


def ended(application: Application) -> QuerySet[Referee]:
    """Referees who are asked no more, gave nothing and were not replaced; as of this stay in the stage."""
    gave_nothing = Q(reference__declined_at__isnull=False) | Q(reference__scorecard__ask__cancelled_at__isnull=False)
    now_here = Q(reference__scorecard__ask__created_at__gte=application.stage_since)
    return application.referees.filter(gave_nothing & now_here, replaced_by=None).order_by("pk")


def request(referee: Referee, *, at: datetime) -> Reference:
    """Ask a referee for their reference, in their language, in the words of the plan's questionnaire.

    Somebody who is asked again goes on with what they had begun to write.
    """
    application, plan = referee.application, rules.of(referee.application.plan)
    words = wording.of(plan.questionnaire, referee.language)
    time = application.plan.time_for(Stage.REFERENCES)
    calendar = calendars.of_outsider(application, role=Ask.Role.REFEREE, zone=application.job.zone)
    times = schedule.of(time, calendar, at=at)
    with _our_language():
        title = _("Give a reference for %s") % application.candidate.name
    card = judging.request_scorecard(
        application,
        Scorecard.Kind.REFERENCE,
        words=words,
        page="references:answer",
        template="references/request",
        title=title,
        role=Ask.Role.REFEREE,
        name=referee.name,
        email=referee.email,
        language=referee.language,
        solemn=True,
        wait=holding.undo_time(),
        data=request_data(application, words),
        reminders=[*evenly(at, times.due_at, plan.reminders), *times.last],
        at=at,
        within=time,
        due_at=times.due_at,
    )
    before = Reference.objects.filter(referee=referee).select_related("scorecard").first()
    again: dict[str, Any] = {"scorecard": card, "declined_at": None, "decline_reason": "", "decline_note": ""}
    again |= {"expired_at": None, "began_at": None}
    reference, _is_new = Reference.objects.update_or_create(referee=referee, defaults=again)
    if before:
        _carry_over(before.scorecard, card)
    return reference


def request_data(application: Application, words: dict[str, Any]) -> dict[str, Any]:
    """What the mail to a referee tells: how long it takes, what it is about, who asks."""
    about = [criterion["name"] for criterion in words["criteria"]]
    return {"signature": signature(application), "minutes": words["minutes"], "about": about}


def evenly(start: datetime, end: datetime, times: int) -> list[datetime]:
    """`times` moments between `start` and `end`, at the same hour of the day where there is room for that."""
    step = (end - start) / (times + 1)
    moments = [step * number for number in range(1, times + 1)]
    return [start + (round(moment / DAY) * DAY if step >= DAY else moment) for moment in moments]


def signature(application: Application) -> str:
    """In whose name the mails of this stage go out."""
    return str(application.job.hiring_manager)


def pair(newcomers: Iterable[Referee], gone: Iterable[Referee]) -> None:
    """Write down who was named instead of whom: a manager instead of a manager, where there is one."""
    left = list(gone)
    for referee in newcomers:
        alike = [one for one in left if one.is_manager == referee.is_manager and one != referee]
        others = [one for one in left if one != referee]
        chosen = next(iter([*alike, *others]), None)
        if chosen and not referee.replaces_id:
            left.remove(chosen)
            referee.replaces = chosen
            referee.save(update_fields=["replaces"])


def referee_of(application: Application, person: Named, *, network: str, browser: str, at: datetime) -> Referee:
    """The row of this person: a new one, or the one from when the application was here before."""
    known = application.referees.filter(email__iexact=person.email).first()
    referee = known or Referee(application=application, email=person.email)
    referee.name, referee.email, referee.company = person.name, person.email, person.company
    referee.relation, referee.phone, referee.language = person.relation, person.phone, person.language
    referee.worked_from, referee.worked_until = person.worked_from, person.worked_until
    referee.named_at, referee.consent_at, referee.network, referee.browser = at, at, network, browser
    referee.save()
    return referee


def _told(application: Application, wanted: Wanted, *, note: str) -> dict[str, Any]:
    told = {"wanted": wanted.people, "managers": wanted.managers, "signature": signature(application)}
    return told | {"note": note}


def _our_language() -> AbstractContextManager[None]:
    """For titles, which colleagues read too; `Ask.spoken_title` says them in the language of whoever is asked."""
    return translation.override(settings.LANGUAGE_CODE)


def _carry_over(old: Scorecard, new: Scorecard) -> None:
    """What was written on a card that is wanted no more stands on the new one."""
    if old.is_locked or not old.saved_at:
        return
    old.ratings.update(scorecard=new)
    new.summary, new.saved_at = old.summary, old.saved_at
    new.save(update_fields=["summary", "saved_at"])
    old.summary, old.saved_at = "", None
    old.save(update_fields=["summary", "saved_at"])
