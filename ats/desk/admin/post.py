"""What leaves and what is waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.desk import identity
from ats.desk.lists import KeysetChangeList, ReadOnlyAdmin
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import outbox
from candidates.post.models import Ask, Message

Settle = Callable[..., None]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Every mail with its state; those in doubt are decided on here."""

    list_display = ("__str__", "to", "status", "queued", "sent")
    list_filter = ("status",)
    search_fields = ("to",)
    search_help_text = gettext_lazy("The whole address it went to.")
    ordering = ("-created_at", "-pk")
    sortable_by = ()
    actions = ("send_again", "was_sent")
    fields = ("application", "to", "status", "subject", "text", "created_at", "sent_at", "attempts", "error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """About applications that one may see."""
        mails = Message.objects.select_related("application__candidate", "application__job")
        mails = mails.filter(
            identity.named_to(request.user), firewall.tells_no_grading(request.user, now(), path="ask__")
        )
        if request.user.is_superuser:
            return mails
        return mails.filter(application__in=Application.objects.visible_to(request.user))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return KeysetChangeList

    @admin.display(description=gettext_lazy("queued"), ordering="created_at")
    def queued(self, message: Message) -> str:
        """When it was written."""
        return _when(message.created_at)

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, message: Message) -> str:
        """When it left."""
        return _when(message.sent_at)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Whether one may decide on mails in doubt."""
        return request.user.has_perm("candidates.change_message")

    @admin.action(description=gettext_lazy("Send again"), permissions=["settle"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """For mails that failed, or perhaps did not leave."""
        self._settle(request, queryset, outbox.send_again)

    @admin.action(description=gettext_lazy("It was sent"), permissions=["settle"])
    def was_sent(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """For mails that perhaps left, and did."""
        self._settle(request, queryset, outbox.was_sent)

    def _settle(self, request: HttpRequest, queryset: QuerySet[Message], verb: Settle) -> None:
        at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
        done = sum(_try(request, message, verb, at, by) for message in queryset)
        if done:
            told = ngettext("One mail settled.", "%d mails settled.", done)
            messages.success(request, told % done if done > 1 else told)


def _try(request: HttpRequest, message: Message, verb: Settle, at: datetime, by: Actor) -> bool:
    try:
        verb(message, at=at, by=by)
    except NotAllowed as refusal:
        messages.error(request, _("%(mail)s to %(to)s: %(why)s") % {"mail": message, "to": message.to, "why": refusal})
        return False
    return True


def _when(at: datetime | None) -> str:
    return date_format(localtime(at), "D j M Y, H:i") if at else ""


class AskStateFilter(admin.SimpleListFilter):
    """Open ones unless something else is chosen."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What became of it."""
        return [
            ("overdue", gettext_lazy("Overdue")),
            ("answered", gettext_lazy("Answered")),
            ("cancelled", gettext_lazy("Cancelled")),
            ("all", gettext_lazy("All")),
        ]

    def choices(self, changelist: Any) -> Any:
        """As usual, but the first one is called by what it shows."""
        first, *others = super().choices(changelist)
        yield first | {"display": gettext_lazy("Open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Ask]:
        """Due means due and not done."""
        narrowed: dict[str | None, QuerySet[Ask]] = {
            "overdue": queryset.open().filter(due_at__lte=now()),
            "answered": queryset.exclude(answered_at=None),
            "cancelled": queryset.exclude(cancelled_at=None),
            "all": queryset,
        }
        return narrowed.get(self.value(), queryset.open())


@admin.register(Ask)
class AskAdmin(ReadOnlyAdmin):
    """Everything we wait for."""

    list_display = ("title", "name", "role", "about", "due", "state")
    list_filter = (AskStateFilter, "role")
    ordering = ("due_at", "pk")
    sortable_by = ()
    fields = ("title", "application", "name", "role", "email", "due_at", "remind_at", "answered_at", "cancelled_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ask]:
        """About applications that one may see."""
        asks = Ask.objects.select_related("application__candidate", "application__job")
        asks = asks.filter(identity.named_to(request.user), firewall.tells_no_grading(request.user, now()))
        if request.user.is_superuser:
            return asks
        return asks.filter(application__in=Application.objects.visible_to(request.user))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return KeysetChangeList

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, ask: Ask) -> str:
        """By when."""
        return _when(ask.due_at)

    @admin.display(description=gettext_lazy("application"))
    def about(self, ask: Ask) -> str:
        """For whom and what."""
        return str(ask.application)

    @admin.display(description=gettext_lazy("state"))
    def state(self, ask: Ask) -> str:
        """In a word."""
        if ask.answered_at:
            return _("answered")
        if ask.cancelled_at:
            return _("cancelled")
        return _("overdue") if ask.is_overdue(now()) else _("open")
