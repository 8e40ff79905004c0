"""The ledger of reminders: every one that was due is a row, whatever became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.people.models import Application
from candidates.post.models import Ask, Message


class Reminder(models.Model):
    """One reminder or escalation that was due. What became of its mail stands in the mail.

    `ask` is what somebody was asked; who is invited to a fixed time was asked nothing, then `application` says of what.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("reminder")
        ESCALATION = "escalation", _("told others that nothing came")
        INTERVIEW = "interview", _("reminder of an interview")

    class Why(models.TextChoices):
        """Why no mail was written, or why it waits."""

        NONE = "", ""
        DIGEST = "digest", _("told in the daily digest instead")
        QUIET = "quiet", _("waits for the end of the quiet hours")
        HOLIDAY = "holiday", _("waits for the next working day")
        SNOOZED = "snoozed", _("put off by the person asked")
        REJECTION = "rejection", _("waits, because a rejection is planned")
        LATE = "late", _("left out: a later one was due by then too")
        NOBODY = "nobody", _("left out: nobody is there to tell")
        BLIND = "blind", _("left out: whoever would be told still owes a judgement")
        CLOSED = "closed", _("left out: the application is closed")
        NOT_HELD = "not_held", _("left out: by then there was no interview to come")

    ask = models.ForeignKey(Ask, null=True, on_delete=models.PROTECT, related_name="reminders")
    application = models.ForeignKey(
        Application, null=True, db_index=False, on_delete=models.PROTECT, related_name="reminders"
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind, default=Kind.REMINDER)
    due_at = models.DateTimeField(_("due"))
    at = models.DateTimeField(_("looked at"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    is_last = models.BooleanField(_("the last one"), default=False)
    why = models.CharField(_("why"), max_length=10, choices=Why, blank=True)
    leaves_at = models.DateTimeField(_("leaves"), null=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="reminders")

    class Meta:
        ordering = ["-due_at", "-pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["ask", "kind", "due_at", "message"], name="one_row_per_reminder"),
            models.CheckConstraint(
                condition=Q(kind__in=["reminder", "escalation", "interview"]), name="reminder_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ask__isnull=False) | Q(application__isnull=False), name="reminder_is_of_something"
            ),
            models.CheckConstraint(condition=Q(message__isnull=False) | ~Q(why=""), name="reminder_says_why_not"),
        ]
        indexes = [models.Index(fields=["-due_at", "-id"], name="reminder_by_time")]

    def __str__(self) -> str:
        return f"{self.ask_id}: {self.kind} {self.due_at:%Y-%m-%d %H:%M}"
