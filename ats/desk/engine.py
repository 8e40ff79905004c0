"""What the page Engine tells: the parts in words, what waits for its turn, and what waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.automation.models import Firing
from ats.desk import identity, mail_state
from ats.engine import beside, heartbeat, looking, schema, sweeps
from ats.engine.models import HighWaterMark
from ats.importing.models import Import
from candidates.judging import firewall
from candidates.people.models import DocumentText
from candidates.post.models import Message
from candidates.staff.models import User
from trials.figures.models import FigureImport

SHOWN = 25
Status = Message.Status
SEND_AGAIN = ("send_again", gettext_lazy("Send again"))
WAS_SENT = ("was_sent", gettext_lazy("It was sent"))
LET_GO = ("let_go", gettext_lazy("Let go"))
RELEASE = ("release", gettext_lazy("Release"))
TRY_AGAIN = ("try_again", gettext_lazy("Try again"))


@dataclass(frozen=True)
class Part:
    """One part of the engine, in words."""

    name: str
    is_well: bool
    words: str
    since: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One row that waits for a person, as it is shown."""

    pk: str
    title: str
    url: str
    about: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Trouble:
    """Rows of one kind that wait for a person, the newest first, with what can be done about them."""

    name: str
    what: str
    title: str | Promise
    explained: str | Promise
    rows: list[Row]
    count: int
    link: str = ""
    verbs: tuple[tuple[str, str | Promise], ...] = ()

    @property
    def is_capped(self) -> bool:
        """Whether there are more than are shown."""
        return self.count > len(self.rows)


def needs_a_person(user: Any, *, at: datetime) -> bool:
    """Whether the home should lead here: something is held, in doubt, or failed within a day."""
    if not user.is_superuser:
        return False
    doubtful, broken = looking.TROUBLES["uncertain"](), looking.TROUBLES["rules"]()
    held = HighWaterMark.objects.filter(restored_at__isnull=False)
    troubles = (held, doubtful, broken, looking.failed(since=at - looking.LATELY))
    # One question for all of them: the home is opened all day long.
    return User.objects.filter(reduce(or_, (Q(Exists(one.order_by())) for one in troubles)), pk=user.pk).exists()


def state(at: datetime) -> dict[str, Any]:
    """What the page tells and asks for again: parts, what is due, the last runs of the sweeps."""
    runs = sweeps.last(at=at)
    return {
        "at": at,
        "parts": list(_parts(at)),
        "due": looking.due(at=at),
        "counts": sum(looking.in_trouble().values()),
        "runs": runs,
        "late": [run for run in runs if run.is_late(at)],
        "failed": [run for run in runs if run.is_well is False],
    }


def _parts(at: datetime) -> Iterator[Part]:
    missing = schema.pending()
    yield Part(_("Database"), not missing, _told_of_schema(missing))
    try:
        beside.client().ping()
        yield Part(_("Redis"), True, _("answers"))
    except beside.AWAY:
        yield Part(_("Redis"), False, _("does not answer; mails leave with the next sweep after it is back"))
    yield _heart(at)
    error = looking.mail_server_trouble(at=at)
    told = _("takes no mails now (%(error)s); each is tried again for five days") % {"error": error}
    yield Part(_("Mail server"), not error, told if error else _("takes mails"))


def _told_of_schema(missing: list[str]) -> str:
    if not missing:
        return _("answers, and fits this version")
    return ngettext(
        "answers, but lacks %d step of this version: run the migration",
        "answers, but lacks %d steps of this version: run the migration",
        len(missing),
    ) % len(missing)


def _heart(at: datetime) -> Part:
    last = heartbeat.last(at=at)
    if last is None:
        return Part(_("Worker and beat"), False, _("gave no sign of life yet"))
    seconds = (at - last).total_seconds()
    if seconds > heartbeat.longest():
        return Part(_("Worker and beat"), False, _("silent: start them again; nothing is lost meanwhile"), last)
    return Part(_("Worker and beat"), True, _("gave a sign of life %d seconds ago") % seconds)


def troubles(user: Any, at: datetime) -> list[Trouble]:
    """What waits for a person, kind by kind; kinds of which there is nothing are left out."""
    counts = looking.in_trouble()
    return [_trouble(kind, user, at, counts[kind.name]) for kind in KINDS if counts[kind.name]]


def row(user: Any, what: str, pk: str, at: datetime) -> Any:
    """The mail, document or firing with this key, if `user` may see it."""
    if what == "mail":
        try:
            return mails(user, at).filter(pk=UUID(pk)).first()
        except ValueError:
            return None
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    rows: QuerySet[Any] = firings(user, at) if what == "rule" else documents(user, at)
    return rows.filter(pk=pk).first()


def mails(user: Any, at: datetime) -> QuerySet[Message]:
    """Those that `user` may see here: as in the list of mails."""
    may_know = firewall.tells_no_grading(user, at, path="ask__")
    tells_nothing = mail_state.tells_nothing(user, at)
    return Message.objects.filter(identity.named_to(user), may_know, tells_nothing).select_related(
        "application__candidate", "application__job"
    )


def documents(user: Any, at: datetime) -> QuerySet[DocumentText]:
    """Their names often hold the name of who sent them."""
    return DocumentText.objects.filter(identity.named_to(user, "document__application")).select_related("document")


def firings(user: Any, at: datetime) -> QuerySet[Firing]:
    """Their reasons may tell of judgements."""
    told = Firing.objects.filter(identity.named_to(user), ~firewall.owes(user, at))
    return told.select_related("application__candidate", "application__job")


@dataclass(frozen=True)
class _Kind:
    """A kind of rows that wait for a person: its words, its rows for a reader, how one is shown."""

    name: str
    what: str
    title: str | Promise
    explained: str | Promise
    rows: Callable[[Any, datetime], QuerySet[Any]]
    show: Callable[[Any], Row]
    verbs: tuple[tuple[str, str | Promise], ...] = ()
    link: str = ""


def _trouble(kind: _Kind, user: Any, at: datetime, count: int) -> Trouble:
    rows = [
        kind.show(one) for one in kind.rows(user, at).order_by("-pk" if kind.what != "mail" else "-created_at")[:SHOWN]
    ]
    return Trouble(kind.name, kind.what, kind.title, kind.explained, rows, count, kind.link, kind.verbs)


def _of(status: Status) -> Callable[[Any, datetime], QuerySet[Any]]:
    return lambda user, at: mails(user, at).filter(status=status)


def _mail(mail: Message) -> Row:
    about = str(mail.application) if mail.application else ""
    url = reverse("admin:candidates_message_change", args=[mail.pk])
    return Row(str(mail.pk), str(mail), url, f"{about} · {mail.to}" if about else mail.to, mail.created_at, mail.error)


def _firing(firing: Firing) -> Row:
    url = reverse("admin:candidates_application_change", args=[firing.application_id])
    return Row(str(firing.pk), firing.rule_name, url, str(firing.application), firing.at, firing.reason)


def _document(words: DocumentText) -> Row:
    url = reverse("documents:document", args=[words.document_id])
    return Row(str(words.pk), words.document.name, url, "", words.document.at, _(words.error) if words.error else "")


def _import(view: str) -> Callable[[Any], Row]:
    def shown(one: Any) -> Row:
        return Row(str(one.pk), one.name, reverse(view, args=[one.pk]), one.by_name, one.at, one.error)

    return shown


KINDS = (
    _Kind(
        "uncertain",
        "mail",
        gettext_lazy("Perhaps sent"),
        gettext_lazy(
            "These were being handed over when something broke. They are never sent twice by themselves: "
            "ask the person, or look into the log of the mail server, then decide."
        ),
        _of(Status.UNCERTAIN),
        _mail,
        (WAS_SENT, SEND_AGAIN, LET_GO),
        "?status__exact=uncertain",
    ),
    _Kind(
        "failed",
        "mail",
        gettext_lazy("Not sent"),
        gettext_lazy(
            "The mail server refused these for good, or five days were not enough. "
            "Correct the address first, then send again."
        ),
        _of(Status.FAILED),
        _mail,
        (SEND_AGAIN, LET_GO),
        "?status__exact=failed",
    ),
    _Kind(
        "held",
        "mail",
        gettext_lazy("Held"),
        gettext_lazy("Release them, then they leave. The page of each mail cancels it with a reason."),
        _of(Status.HELD),
        _mail,
        (RELEASE, LET_GO),
        "?status__exact=held",
    ),
    _Kind(
        "rules",
        "rule",
        gettext_lazy("Rules that could not act"),
        gettext_lazy("Mend what was in the way, then try again; or do by hand what is wanted, and let go."),
        lambda user, at: firings(user, at).filter(outcome=Firing.Outcome.FAILED, settled_at=None),
        _firing,
        (TRY_AGAIN, LET_GO),
    ),
    _Kind(
        "documents",
        "document",
        gettext_lazy("Documents that could not be read"),
        gettext_lazy("They can be opened; searching does not find what stands in them."),
        lambda user, at: documents(user, at).filter(state=DocumentText.State.FAILED),
        _document,
        (("read_again", gettext_lazy("Read again")),),
    ),
    _Kind(
        "imports",
        "import",
        gettext_lazy("Imports that broke off"),
        gettext_lazy("The page of each says what was taken and how to go on."),
        lambda _user, _at: Import.objects.filter(state=Import.State.FAILED),
        _import("importing:run"),
    ),
    _Kind(
        "figures",
        "figures",
        gettext_lazy("Imports of figures that broke off"),
        gettext_lazy("The page of each says why."),
        lambda _user, _at: FigureImport.objects.filter(state=FigureImport.State.FAILED),
        _import("desk:figures_import"),
    ),
)
