"""Everything we wait for, and everything that leaves."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext as _spoken
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import EscalateTo
from candidates.people.models import Application
from candidates.stages import Stage

LETTER, GRADING = "screening:letter", "interviews:grade"  # pages that can be blind


class AskQuerySet(models.QuerySet["Ask"]):
    """Asks, by their state."""

    def open(self) -> AskQuerySet:
        """Neither answered nor cancelled."""
        return self.filter(answered_at=None, cancelled_at=None)

    def begun(self, at: datetime) -> AskQuerySet:
        """Open ones whose time to be asked has come."""
        return self.open().filter(opens_at__lte=at)

    def escalations_due(self, at: datetime) -> AskQuerySet:
        """Open ones of which the recruiters should be told now."""
        return self.open().filter(escalate_at__lte=at)

    def blind(self) -> AskQuerySet:
        """Those whose answerer is not to know whom it concerns: written work, and letters where the plan hides it."""
        letters = Q(page=LETTER, application__plan__hides_identity=True)
        return self.filter(letters | Q(page=GRADING))

    def reminders_due(self, at: datetime) -> AskQuerySet:
        """Open ones that should be reminded now."""
        return self.open().filter(remind_at__lte=at)


class Ask(models.Model):
    """Something one person was asked to do: the to-do, the link, the deadline and the reminders in one row."""

    class Role(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        RECRUITER = "recruiter", _("recruiter")
        INTERVIEWER = "interviewer", _("interviewer")
        REFEREE = "referee", _("referee")
        BUDDY = "buddy", _("buddy")
        MANAGER = "manager", _("manager")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="asks")
    stage = models.CharField(max_length=20, choices=Stage)
    outlives_stage = models.BooleanField(default=False, db_default=False)  # to be done in whatever stage comes
    page = models.CharField(max_length=60)
    template = models.CharField(max_length=60)
    title = models.CharField(_("what"), max_length=200)
    role = models.CharField(_("as"), max_length=12, choices=Role)
    name = models.CharField(_("who"), max_length=200)
    email = models.EmailField(_("e-mail"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="asks")
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    created_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    remind_at = models.DateTimeField(_("next reminder"), null=True)
    remind_later = ArrayField(models.DateTimeField(), default=list, db_default=[])  # those after the next one, in order
    snoozed_until = models.DateTimeField(_("put off until"), null=True)  # by the person asked
    escalate_to = models.CharField(
        max_length=10, choices=EscalateTo, default=EscalateTo.RECRUITERS, db_default=EscalateTo.RECRUITERS
    )
    escalate_at = models.DateTimeField(null=True)  # when the job's recruiters are told that nothing came
    expires_at = models.DateTimeField()
    generation = models.PositiveSmallIntegerField(default=1)
    renewed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.CheckConstraint(condition=Q(answered_at=None) | Q(cancelled_at=None), name="ask_ends_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("opens_at")), name="ask_due_after_it_opens"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="ask_stage_known"),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"], condition=Q(answered_at=None, cancelled_at=None), name="ask_reminders_due"
            ),
            models.Index(
                fields=["escalate_at"],
                condition=Q(answered_at=None, cancelled_at=None, escalate_at__isnull=False),
                name="ask_escalations_due",
            ),
            models.Index(
                fields=["application", "due_at"], condition=Q(answered_at=None, cancelled_at=None), name="ask_open"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(answered_at=None, cancelled_at=None), name="ask_by_due"),
            models.Index(
                fields=["user", "due_at"], condition=Q(answered_at=None, cancelled_at=None), name="ask_by_colleague"
            ),
            models.Index(
                Upper("email"), condition=Q(answered_at=None, cancelled_at=None), name="ask_by_address"
            ),  # of whom it knows no account: as `email__iexact` asks
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.name}"

    def get_absolute_url(self) -> str:
        """The page that answers it, without any secret: it opens with the link's cookie only."""
        return reverse(self.page, args=[self.pk])

    @property
    def spoken_title(self) -> str:
        """What is asked, in the language of now: the title was kept in that of the colleague who asked."""
        name, number = self.application.candidate.name, re.search(r"\d+", self.title)
        told = {"%s": name, "%(name)s": name, "%(number)d": number[0] if number else ""}
        numbered = re.sub(r"\d+", "%(number)d", self.title, count=1).replace(name, "%(name)s")
        for text in (self.title, self.title.replace(name, "%s"), numbered):
            if (spoken := _spoken(text)) != text:
                return re.sub(r"%s|%\(name\)s|%\(number\)d", lambda mark: told[mark[0]], spoken)
        return self.title

    @property
    def is_open(self) -> bool:
        """Neither answered nor cancelled."""
        return self.answered_at is None and self.cancelled_at is None

    @property
    def is_wanted(self) -> bool:
        """Whether its application still goes on, or was closed before this was asked: a hire is asked afterwards."""
        return self.application.is_open or self.stage == self.application.stage

    def is_expired(self, at: datetime) -> bool:
        """Whether its link has had its time."""
        return at >= self.expires_at

    def is_overdue(self, at: datetime) -> bool:
        """Due and not done."""
        return self.is_open and at >= self.due_at


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages, by what the outbox does next with them."""

    def due(self, at: datetime, *, stale_before: datetime) -> MessageQuerySet:
        """Those to send now: queued and their time has come, or left by a worker that died after claiming."""
        waiting = Q(status=Message.Status.QUEUED, next_try_at__lte=at)
        abandoned = Q(status=Message.Status.SENDING, solemn=False, claimed_at__lt=stale_before)
        return self.filter(waiting | abandoned)


class Message(models.Model):
    """One mail to one person, written in the transaction that causes it. Its key makes it happen once."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        HELD = "held", _("held back")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        UNCERTAIN = "uncertain", _("perhaps sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Priority(models.IntegerChoices):
        URGENT = 0, _("at once")  # somebody sits at the screen and waits for the link
        NORMAL = 5, _("as usual")
        LATER = 9, _("when there is time")

    key = models.CharField(max_length=160, unique=True)
    template = models.CharField(max_length=60)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL
    )
    solemn = models.BooleanField(default=False, help_text=_("Never sent twice: in doubt, a person decides."))
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="messages")
    ask = models.ForeignKey(Ask, null=True, on_delete=models.PROTECT, related_name="messages")
    link = models.CharField(
        max_length=40, blank=True, default="", db_default=""
    )  # whose personal link it carries without either: "draft:7"
    language = models.CharField(
        max_length=10, blank=True, default="", db_default=""
    )  # of the reader, where that is neither who was asked nor the candidate
    zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    to = models.EmailField(_("to"))
    data = models.JSONField(default=dict)
    calendar = models.TextField(
        blank=True, default="", db_default=""
    )  # an invitation, change or cancellation that goes with it
    outlives_ask = models.BooleanField(default=False, db_default=False)  # leaves although its ask has ended
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField(_("queued"))
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.TextField(blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, default="", db_default="")
    own_words = models.JSONField(null=True)  # subject and text that somebody wrote for this mail alone
    message_id = models.CharField(
        max_length=250, blank=True, default="", db_default=""
    )  # as which it left; what replies and reports refer to
    returned_at = models.DateTimeField(_("came back"), null=True)  # it bounced, or its reader called it spam
    returned = models.CharField(_("because"), max_length=200, blank=True, default="", db_default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["queued", "held", "sending", "sent", "failed", "cancelled", "uncertain"],
                ),
                name="message_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="message_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(ask=None) & ~Q(language="") & ~Q(zone=""),
                name="message_has_a_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(status="queued"), name="message_due"),
            models.Index(fields=["priority", "next_try_at"], condition=Q(status="queued"), name="message_due_first"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="message_by_its_id"),
            models.Index(
                fields=["-returned_at"], condition=Q(returned_at__isnull=False), name="message_that_came_back"
            ),
            models.Index(fields=["claimed_at"], condition=Q(status="sending"), name="message_claimed"),
            models.Index(fields=["application", "-created_at"], name="message_by_application"),
            models.Index(fields=["-created_at", "-id"], name="message_by_time"),
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(status__in=["failed", "uncertain"]),
                name="message_in_trouble",
            ),
            models.Index(fields=["-created_at", "-id"], condition=Q(status="held"), name="message_held"),
        ]

    def __str__(self) -> str:
        return self.subject or self.template


class MailText(models.Model):
    """The company's own words for one mail in one language; without a row the words that we ship are sent."""

    template = models.CharField(_("mail"), max_length=60)
    reason = models.CharField(_("only for the reason"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=5000)
    html = models.TextField(
        _("HTML"), max_length=20_000, blank=True, default="", db_default="", help_text=_("Empty: made of the text.")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["template", "reason", "language"]
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "reason", "language"],
                name="one_text_per_mail_and_language",
                violation_error_message=_("There is a text for this mail and language already. Change that one."),
            )
        ]

    def __str__(self) -> str:
        return self.subject
