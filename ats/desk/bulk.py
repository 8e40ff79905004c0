"""One verb for many applications: who takes part and who does not, what will be sent, what became of each.

The preview asks the database a few questions however many rows there are. Carrying it out is a transaction a row,
so that one that fails keeps none of the others back, and pressing again does only what is not done yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import identity, preview, roles
from ats.desk.forms import Seen
from ats.desk.preview import Letter
from ats.forms import LATER, NOW, REASONS, notice_hours
from ats.rejections import actions as rejections
from ats.rejections.models import PlannedRejection
from candidates.jobs.models import Job
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import MOVES, NotAllowed
from candidates.screening import actions as screening
from candidates.staff.models import User
from candidates.stages import Stage

MOST = 500
SHOWN = 3  # rows whose mails are shown word for word; of the others on request
LONGEST_KEY = 18  # digits that fit the column
logger = logging.getLogger(__name__)


class State(StrEnum):
    """What becomes of a row."""

    WILL = "will"
    DONE = "done"
    BEFORE = "before"  # it is so already
    NOT = "not"


@dataclass(frozen=True)
class Chosen:
    """A row that was ticked, and where its application stood then; a row fresh from the list says nothing of that."""

    pk: int
    seen: Seen | None = None

    @classmethod
    def parse(cls, text: str) -> Chosen | None:
        """What a page carried; None for what is no key."""
        pk, _at, seen = text.partition("@")
        if not (pk.isascii() and pk.isdecimal() and len(pk) <= LONGEST_KEY):
            return None
        return cls(int(pk), Seen.parse(seen) if seen else None)


@dataclass
class Row:
    """A ticked application as it stands now, and what becomes of it."""

    application: Application
    seen: Seen
    planned: PlannedRejection | None
    state: State = State.WILL
    text: str | Promise = ""
    is_undoable: bool = False  # done, but only planned so far
    is_masked: bool = False  # the person at the desk is to judge it without knowing whose it is

    @property
    def carried(self) -> str:
        """What the next page is given of it."""
        return f"{self.application.pk}@{self.seen}"


@dataclass(frozen=True)
class Sample:
    """What happens to one row in full: when, if not at once, and the mails word for word."""

    row: Row
    happens_at: datetime | None
    letters: list[Letter]


@dataclass(frozen=True)
class Outlook:
    """What pressing the button would do."""

    rows: list[Row]
    samples: list[Sample]
    mails: int
    missing: int = 0

    @property
    def doable(self) -> list[Row]:
        """Those that it will be done to."""
        return [row for row in self.rows if row.state == State.WILL]

    @property
    def left_out(self) -> list[Row]:
        """Those that it will not be done to."""
        return [row for row in self.rows if row.state != State.WILL]

    @property
    def unseen_mails(self) -> int:
        """How many more mails go out than are shown."""
        return self.mails - sum(len(sample.letters) for sample in self.samples)


class BulkForm(forms.Form):
    """What a verb must be told once for all rows. `arguments` gives the verb's for one of them."""

    def __init__(self, *args: Any, rows: Sequence[Row], user: Any, **kwargs: Any) -> None:
        self.rows, self.user = rows, user
        super().__init__(*args, **kwargs)

    def arguments(self, application: Application) -> dict[str, Any]:
        """The verb's keyword arguments, besides the application, `at` and `by`."""
        del application
        return dict(self.cleaned_data)

    def refusal(self, application: Application) -> str:
        """Why what was typed cannot be for this application; empty when it can."""
        del application
        return ""


class RejectManyForm(BulkForm):
    """Why, for colleagues; and whether it waits for as long as each plan says."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason, for colleagues"), choices=REASONS)
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        widget=forms.RadioSelect,
        initial=LATER,
        choices=[
            (LATER, gettext_lazy("After the notice of each hiring plan. Until then each can be undone.")),
            (NOW, gettext_lazy("At once. The mails leave right away and cannot be taken back.")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = {notice_hours(row.application.plan.rejection_hours) for row in self.rows}
        self.has_several_times = len(hours) > 1
        if not self.has_several_times and hours:
            later = _("In %(hours)d hours. Until then each can be undone, and nobody hears of it.")
            choices: list[Any] = [(LATER, later % {"hours": hours.pop()}), self.fields["when"].choices[1]]  # type: ignore[attr-defined]
            self.fields["when"].choices = choices  # type: ignore[attr-defined]
        if settings.SOLEMN_MINUTES:
            now = _("At once. The mails wait %(minutes)d minutes, and can be held or cancelled until then.")
            earlier = self.fields["when"].choices[0]  # type: ignore[attr-defined]
            self.fields["when"].choices = [earlier, (NOW, now % {"minutes": settings.SOLEMN_MINUTES})]  # type: ignore[attr-defined]

    def arguments(self, application: Application) -> dict[str, Any]:
        """The reason, and the hours of the application's own plan."""
        waits = self.cleaned_data["when"] == LATER
        hours = notice_hours(application.plan.rejection_hours) if waits else 0
        return {"reason": self.cleaned_data["reason"], "hours": hours}


class ScreenManyForm(BulkForm):
    """Who reads all these letters and who calls; those of a job for which they do not hire are left out and named."""

    reader = forms.ModelChoiceField(label=gettext_lazy("Who reads the letters"), queryset=User.objects.none())
    caller = forms.ModelChoiceField(
        label=gettext_lazy("Who calls"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Best somebody who has not seen the résumés."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = _teams({row.application.job_id for row in self.rows})
        members = list(people)
        members.sort(key=lambda user: user.pk != self.user.pk)
        for name, first in (("reader", 0), ("caller", 1)):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
            if members:
                self.initial.setdefault(name, members[min(first, len(members) - 1)].pk)

    def refusal(self, application: Application) -> str:
        """The verb would refuse them too; here it costs no query."""
        job = application.job
        team = {user.pk for user in job.recruiters.all()} | {job.hiring_manager_id}
        for user in (self.cleaned_data["reader"], self.cleaned_data["caller"]):
            if user.pk not in team:
                return _("%(name)s does not hire for %(job)s.") % {"name": user, "job": job.title}
        return ""


def _teams(jobs: Iterable[int]) -> QuerySet[User]:
    """Who hires for one of `jobs` and can be reached by mail."""
    keys = list(jobs)
    recruiters = Job.recruiters.through.objects.filter(job_id__in=keys).values("user_id")
    managers = Job.objects.filter(pk__in=keys).values("hiring_manager_id")
    reachable = User.objects.filter(is_active=True, is_staff=True).exclude(email="")
    return reachable.filter(Q(pk__in=recruiters) | Q(pk__in=managers)).order_by("first_name", "last_name", "pk")


@dataclass(frozen=True)
class Verb:
    """A button above the list: its words, what it asks, what it does to a row, and where that leads.

    `already` tells in words that a row is so already, else nothing. `to` is the stage, None when nothing moves.
    """

    label: str | Promise
    form: type[BulkForm]
    act: Callable[..., object]
    already: Callable[[Row], str]
    done: str | Promise
    to: Stage | None = None
    is_end: bool = False


def _undo(application: Application, *, at: datetime, by: Actor) -> None:
    planned = PlannedRejection.objects.standing().get(application=application)
    rejections.undo(planned, at=at, by=by)


def _in_screening(row: Row) -> str:
    return _("In screening already.") if row.application.stage == Stage.SCREENING else ""


def _rejected(row: Row) -> str:
    if row.application.stage == Stage.REJECTED:
        return _("Rejected already.")
    if row.planned is None:
        return ""
    told = {"name": row.planned.by_name, "when": _when(row.planned.due_at)}
    return _("Planned already by %(name)s, for %(when)s.") % told


def _not_planned(row: Row) -> str:
    return _("No rejection is planned.") if row.planned is None else ""


VERBS = {
    "screening": Verb(
        gettext_lazy("Begin screening"),
        ScreenManyForm,
        screening.begin,
        _in_screening,
        gettext_lazy("In screening now."),
        to=Stage.SCREENING,
    ),
    "reject": Verb(
        gettext_lazy("Reject"),
        RejectManyForm,
        rejections.decide,
        _rejected,
        gettext_lazy("Rejected; the mail is on its way."),
        to=Stage.REJECTED,
        is_end=True,
    ),
    "undo": Verb(
        gettext_lazy("Undo planned rejections"),
        BulkForm,
        _undo,
        _not_planned,
        gettext_lazy("Undone; nobody hears of it."),
    ),
}


def read(user: Any, chosen: Sequence[Chosen]) -> list[Row]:
    """The ticked applications that `user` may see, in the order in which they were ticked, in a few queries."""
    visible = Application.objects.visible_to(user).filter(pk__in=[one.pk for one in chosen])
    related = visible.select_related("candidate", "job__hiring_manager", "plan").defer("letter", "job__description")
    found = {one.pk: one for one in related.prefetch_related("job__recruiters", "plan__stages")}
    standing = PlannedRejection.objects.standing().filter(application__in=found)
    planned = {one.application_id: one for one in standing}
    hidden = identity.mask(user, found.values())
    rows = []
    for one in dict.fromkeys(chosen):
        if application := found.pop(one.pk, None):
            row = Row(application, one.seen or Seen.now(application), planned.get(one.pk))
            row.is_masked = one.pk in hidden
            rows.append(row)
    return rows


def judge(verb: Verb, rows: Iterable[Row], user: Any) -> None:
    """Mark the rows to which `verb` will not be done, and say why; asks the database nothing."""
    for row in rows:
        if row.is_masked:
            row.state, row.text = State.NOT, _("You are to judge it without knowing whose it is. Do that first.")
        elif before := verb.already(row):
            row.state, row.text = State.BEFORE, before
        elif why := _obstacle(verb, row, user):
            row.state, row.text = State.NOT, why


def _obstacle(verb: Verb, row: Row, user: Any) -> str:
    application = row.application
    if not roles.recruits(user, application.job):
        return _("Only the recruiters of this job move it on.")
    if row.seen != Seen.now(application):
        stage, since = application.get_stage_display(), _when(application.stage_since)
        return _("Moved meanwhile: at %(stage)s since %(since)s.") % {"stage": stage, "since": since}
    if verb.to and verb.to not in MOVES[Stage(application.stage)]:
        return _("From %(stage)s there is no way there.") % {"stage": application.get_stage_display()}
    return ""


def look(verb: Verb, form: BulkForm, rows: list[Row], *, at: datetime, by: Actor, wanted: int | None = None) -> Outlook:
    """What `verb` would do to `rows`, which are judged already; nothing stays written.

    Args:
        wanted: the key of an application whose mails are to be shown first.
    """
    for row in rows:
        if row.state == State.WILL and (why := form.refusal(row.application)):
            row.state, row.text = State.NOT, why
    doable = sorted((row for row in rows if row.state == State.WILL), key=lambda row: row.application.pk != wanted)
    if verb.to is None:
        return Outlook(rows, [], 0)
    samples = [sample for row in doable[:SHOWN] if (sample := _try(verb.to, form, row, at, by))]
    each = len(samples[0].letters) if samples else 0
    return Outlook(rows, samples, each * sum(row.state == State.WILL for row in rows))


def _try(to: Stage, form: BulkForm, row: Row, at: datetime, by: Actor) -> Sample | None:
    try:
        shown = preview.of_step(row.application, to, at=at, by=by, arguments=form.arguments(row.application))
    except NotAllowed as refusal:
        row.state, row.text = State.NOT, str(refusal)
        return None
    return Sample(row, shown.happens_at, shown.letters)


def carry_out(verb: Verb, form: BulkForm, rows: Iterable[Row], *, at: datetime, by: Actor) -> None:
    """Do it, row by row, each in a transaction of its own; every row says what became of it."""
    for row in rows:
        if row.state == State.WILL:
            row.state, row.text = _carry_out(verb, form, row, at, by)
            row.is_undoable = row.state == State.DONE and bool(form.arguments(row.application).get("hours"))


def _carry_out(verb: Verb, form: BulkForm, row: Row, at: datetime, by: Actor) -> tuple[State, str | Promise]:
    arguments = form.arguments(row.application)
    try:
        verb.act(row.application, at=at, by=by, **arguments)
    except (NotAllowed, PlannedRejection.DoesNotExist) as refusal:
        return State.NOT, str(refusal) if isinstance(refusal, NotAllowed) else _("No rejection is planned any more.")
    except Exception:  # whatever is wrong with this one, the others go on
        logger.exception("Bulk: application %s failed", row.application.pk)
        return State.NOT, _("Something went wrong on our side. Nothing was changed and no mail was sent; try it again.")
    if hours := arguments.get("hours"):
        return State.DONE, _("Planned for %s. Until then it can be undone.") % _when(rejections.leaves_at(at, hours))
    return State.DONE, verb.done


def _when(time: datetime) -> str:
    return date_format(localtime(time), "D j M, H:i")
