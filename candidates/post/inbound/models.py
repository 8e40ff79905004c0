"""Mails that came back to us, and what the world of mail reports of those we sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.people.models import Application, Document
from candidates.post.models import Message


class Reply(models.Model):
    """One mail that somebody wrote to us. Nothing that came is thrown away: what we cannot place is shown."""

    class State(models.TextChoices):
        TAKEN = "taken", _("on the timeline")
        UNKNOWN = "unknown", _("of somebody we cannot place")
        IGNORED = "ignored", _("written by a machine")
        QUARANTINED = "quarantine", _("set aside unread")

    class Way(models.TextChoices):
        WEBHOOK = "webhook", _("by the mail provider")
        MAILBOX = "mailbox", _("out of a mailbox")

    message_id = models.CharField(max_length=250, unique=True)  # as it says, or a digest of its bytes
    way = models.CharField(_("came"), max_length=10, choices=Way)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(_("text"), blank=True)
    received_at = models.DateTimeField(_("received"))
    size = models.PositiveIntegerField(_("bytes"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State)
    why = models.CharField(_("why"), max_length=200, blank=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="replies")
    answers = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="replies")
    of_candidate = models.BooleanField(
        default=False, db_default=False
    )  # anybody else's words may be a judgement, and wait with those
    files = models.JSONField(default=list, db_default=[])  # what came with it: name, bytes, key of the document or None
    raw = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")  # its bytes, for a while
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["taken", "unknown", "ignored", "quarantine"]), name="reply_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(application__isnull=False), name="reply_taken_has_a_place"
            ),
        ]
        indexes = [
            models.Index(fields=["application", "-received_at"], name="reply_by_application"),
            models.Index(fields=["-received_at", "-id"], name="reply_by_time"),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id


class DeliveryReport(models.Model):
    """One thing that a mail provider or server told of a mail: it came back, was complained of, was delivered."""

    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        DEFERRED = "deferred", _("delayed")
        BOUNCED = "bounced", _("came back")
        COMPLAINED = "complained", _("called spam by its reader")
        OTHER = "other", _("something else")

    key = models.CharField(max_length=200, unique=True)  # the provider's name and its number of the event
    provider = models.CharField(_("told by"), max_length=40)
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(_("told"))
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="reports")
    address = models.CharField(_("address"), max_length=254, blank=True)
    told = models.TextField(_("in their words"), blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("report on a mail")
        verbose_name_plural = _("reports on mails")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["delivered", "deferred", "bounced", "complained", "other"]),
                name="delivery_report_kind_known",
            )
        ]
        indexes = [models.Index(fields=["-received_at", "-id"], name="delivery_report_by_time")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"
