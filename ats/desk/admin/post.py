"""What leaves and what is waited for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.desk import identity, mail_state
from ats.desk.lists import KeysetChangeList, ReadOnlyAdmin
from ats.desk.views import mails
from candidates.judging import firewall
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import holding, rendering, texts
from candidates.post.models import Ask, Message


class CameBackFilter(admin.SimpleListFilter):
    """Mails that the world of mail sent back, or whose reader complained."""

    title = gettext_lazy("came back")
    parameter_name = "back"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """It did."""
        return [("yes", gettext_lazy("Came back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """By the time at which it did."""
        return queryset.exclude(returned_at=None) if self.value() == "yes" else queryset


class WaitingFilter(admin.SimpleListFilter):
    """Mails of which a person can still decide whether and when they leave."""

    title = gettext_lazy("waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """It does."""
        return [("yes", gettext_lazy("Mails that wait"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """Queued or held."""
        return queryset.filter(status__in=holding.WAITING) if self.value() == "yes" else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Every mail with its state; those that wait or are in doubt are decided on here."""

    list_display = ("__str__", "to", "state", "why", "queued", "sent")
    empty_value_display = ""
    list_filter = (WaitingFilter, "status", CameBackFilter, "solemn")
    search_fields = ("to",)
    search_help_text = gettext_lazy("The whole address it went to.")
    ordering = ("-created_at", "-pk")
    sortable_by = ()
    actions = ("send_again", "was_sent", "send_now", "hold", "release")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """About applications that one may see."""
        found = mail_state.visible(request.user, now())
        return found.select_related("application__candidate", "application__job", "ask")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return MailChangeList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of one mail: how it stands, its words, what can be done. Its buttons are `views/mails.py`."""
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        return mails.show(request, mails.find(request, key))

    @admin.display(description=gettext_lazy("status"))
    def state(self, message: Message) -> SafeString:
        """In a word."""
        found = mail_state.of(message, now())
        return format_html('<span class="chip is-{}">{}</span>', found.chip, found.name)

    @admin.display(description=gettext_lazy("why"))
    def why(self, message: Message) -> str:
        """Until when it waits, why it did not leave, what there is to do."""
        return "" if message.status == Message.Status.SENT and not message.returned_at else _why(message)

    @admin.display(description=gettext_lazy("queued"), ordering="created_at")
    def queued(self, message: Message) -> str:
        """When it was written."""
        return _when(message.created_at)

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, message: Message) -> str:
        """When it left."""
        return _when(message.sent_at)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Whether one may decide on mails that wait or are in doubt."""
        return request.user.has_perm("candidates.change_message")

    @admin.action(description=gettext_lazy("Send again"), permissions=["settle"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """For mails that failed, or perhaps did not leave."""
        self._settle(request, queryset, "send_again")

    @admin.action(description=gettext_lazy("It was sent"), permissions=["settle"])
    def was_sent(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """For mails that perhaps left, and did."""
        self._settle(request, queryset, "was_sent")

    @admin.action(description=gettext_lazy("Send now"), permissions=["settle"])
    def send_now(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """For mails that wait for their time."""
        self._settle(request, queryset, "send_now")

    @admin.action(description=gettext_lazy("Hold back"), permissions=["settle"])
    def hold(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """For mails that wait: they do not leave until somebody releases them."""
        self._settle(request, queryset, "hold")

    @admin.action(description=gettext_lazy("Release"), permissions=["settle"])
    def release(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """For mails that somebody held back."""
        self._settle(request, queryset, "release")

    def _settle(self, request: HttpRequest, queryset: QuerySet[Message], verb: str) -> None:
        at, by = now(), Actor.person(request.user)  # type: ignore[arg-type]
        chosen = queryset.prefetch_related("application__job__recruiters")
        done = sum(_try(request, message, mails.VERBS[verb], at, by) for message in chosen)
        if done:
            told = ngettext("One mail settled.", "%d mails settled.", done)
            messages.success(request, told % done if done > 1 else told)


class MailChangeList(KeysetChangeList):
    """A mail that has not left shows the subject that it would leave with; one query for the company's words."""

    def get_results(self, request: HttpRequest) -> None:
        """The page, with a subject for each."""
        super().get_results(request)
        unsent = [one for one in self.result_list if not one.subject]
        words = texts.own_words_of([one.template for one in unsent])
        for message in unsent:
            message.subject = rendering.subject(message, words)


def _try(request: HttpRequest, message: Message, verb: mails.Verb, at: datetime, by: Actor) -> bool:
    try:
        if not mails.may_decide(request, message):
            raise NotAllowed(_("Who recruits for the job decides on its mails."))
        verb(message, {"reason": "", "is_untold": False}, at, by)
    except NotAllowed as refusal:
        messages.error(request, _("%(mail)s to %(to)s: %(why)s") % {"mail": message, "to": message.to, "why": refusal})
        return False
    return True


def _why(message: Message) -> str:
    return mail_state.of(message, now()).why


def _when(at: datetime | None) -> str:
    return mail_state.when(at)


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
