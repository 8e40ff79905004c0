"""The ledger: every reminder that was due, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.desk import identity, mail_state, reminding
from ats.desk.lists import KeysetChangeList, ReadOnlyAdmin
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post.models import Ask, Message
from candidates.post.reminding import actions
from candidates.post.reminding.models import Reminder

Status = Message.Status


class BecameFilter(admin.SimpleListFilter):
    """By what became of it."""

    title = gettext_lazy("what became of it")
    parameter_name = "became"
    STATES: dict[str, dict[str, Any]] = {
        "sent": {"message__status": Status.SENT},
        "waiting": {"message__status__in": [Status.QUEUED, Status.HELD, Status.SENDING]},
        "not_sent": {"message__status": Status.CANCELLED},
        "failed": {"message__status__in": [Status.FAILED, Status.UNCERTAIN]},
        "left_out": {"message": None},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """In words."""
        return [
            ("sent", gettext_lazy("Sent")),
            ("waiting", gettext_lazy("Waits")),
            ("not_sent", gettext_lazy("Not sent: it was not needed any more")),
            ("failed", gettext_lazy("Failed or in doubt")),
            ("left_out", gettext_lazy("No mail was written")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reminder]) -> QuerySet[Reminder]:
        """By the state of its mail."""
        return queryset.filter(**self.STATES.get(str(self.value()), {}))


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    """For whom, about what, when, and what became of it; those that did not leave can be sent from here."""

    list_display = ("whom", "what", "about", "which", "due", "became")
    list_display_links = ("whom",)
    list_filter = (BecameFilter, "kind")
    ordering = ("-due_at", "-pk")
    sortable_by = ()
    actions = ("remind_now",)
    fields = ("whom", "what", "about", "which", "due", "looked_at", "became", "leaves", "mail_error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        """About applications that one may see, and know of."""
        related = [f"{way}application__{of}" for way in ("", "ask__") for of in ("candidate", "job")]
        rows = Reminder.objects.select_related(*related, "message")
        rows = rows.defer("application__letter", "ask__application__letter", "message__text")
        visible = Application.objects.filter(identity.named_to(request.user, "pk"))
        if not request.user.is_superuser:
            visible = visible & Application.objects.visible_to(request.user)
        known = Ask.objects.filter(firewall.tells_no_grading(request.user, now()), application__in=visible.order_by())
        return rows.filter(Q(ask__in=known.order_by()) | Q(ask=None, application__in=visible.order_by()))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return KeysetChangeList

    @admin.display(description=gettext_lazy("for"))
    def whom(self, row: Reminder) -> str:
        """Who was to be reminded; of what others were told, who these are."""
        if row.kind == Reminder.Kind.ESCALATION and row.message:
            return row.message.to
        return row.ask.name if row.ask else application_of(row).candidate.name

    @admin.display(description=gettext_lazy("what"))
    def what(self, row: Reminder) -> str:
        """What is asked, or comes."""
        return row.ask.title if row.ask else _("Interview")

    @admin.display(description=gettext_lazy("application"))
    def about(self, row: Reminder) -> str:
        """For whom and what."""
        return str(application_of(row))

    @admin.display(description=gettext_lazy("which"))
    def which(self, row: Reminder) -> str:
        """The how manieth, and whether it was the last."""
        if row.kind == Reminder.Kind.ESCALATION:
            return str(row.get_kind_display())
        if row.kind == Reminder.Kind.INTERVIEW:
            return _("an hour before the interview") if row.is_last else _("a day before the interview")
        return _("%d, the last one") % row.number if row.is_last else str(row.number)

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, row: Reminder) -> str:
        """When it was due."""
        return mail_state.when(row.due_at)

    @admin.display(description=gettext_lazy("what became of it"))
    def became(self, row: Reminder) -> str:
        """In words."""
        told = reminding.became(row)
        if row.message and row.message.status == Status.SENT:
            return f"{told}, {mail_state.when(row.message.sent_at)}"
        if row.leaves_at and row.leaves_at > now():
            return _("%(told)s, until %(when)s") % {"told": told, "when": mail_state.when(row.leaves_at)}
        return told

    @admin.display(description=gettext_lazy("looked at"))
    def looked_at(self, row: Reminder) -> str:
        """When the sweep found it."""
        return mail_state.when(row.at)

    @admin.display(description=gettext_lazy("leaves"))
    def leaves(self, row: Reminder) -> str:
        """When it leaves, or left at the earliest."""
        return mail_state.when(row.leaves_at)

    @admin.display(description=gettext_lazy("what the mail server said"))
    def mail_error(self, row: Reminder) -> str:
        """Why it failed."""
        return row.message.error if row.message else ""

    def has_remind_permission(self, request: HttpRequest) -> bool:
        """Whether one may remind people by hand."""
        return request.user.has_perm("candidates.change_message")

    @admin.action(description=gettext_lazy("Remind now"), permissions=["remind"])
    def remind_now(self, request: HttpRequest, queryset: QuerySet[Reminder]) -> None:
        """For those that were left out or failed; each person once, however many of theirs are ticked."""
        done, at, by = 0, now(), Actor.person(request.user)  # type: ignore[arg-type]
        asked = {row.ask_id: row.ask for row in reminding.can_be_sent_again(queryset) if row.ask}
        if not asked:
            messages.warning(request, _("Nobody to remind: these were sent, or told others."))
        for one in asked.values():
            try:
                actions.remind_now(one, at=at, by=by)
                done += 1
            except NotAllowed as refused:
                messages.error(request, f"{one.name}, {one.title}: {refused}")
        if done:
            told = ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", done)
            messages.success(request, told % {"n": done})


def application_of(row: Reminder) -> Application:
    """What it is about; every row names it, or what was asked for it."""
    application = row.application or (row.ask.application if row.ask else None)
    assert application is not None, "the database holds no row without both"
    return application
