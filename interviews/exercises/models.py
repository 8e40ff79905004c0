"""Written work: what a candidate was sent, what they wrote and when, and who grades it without knowing whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from candidates.models import Application, Ask, Scorecard, Wording
from interviews.kits.models import LONGEST_PART, Case, Exercise, Round

MOST_EXTRA = 240  # minutes
UNDER_WAY = timedelta(seconds=10)  # what was on its way when the time ended still counts as in time


class Submission(models.Model):
    """One candidate's work on one case. Its time runs from the first view; what comes late is kept and marked."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions")
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="submission")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="submissions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="submissions")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")  # as it was sent
    code_name = models.CharField(_("code name"), max_length=40, unique=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_PART)]
    )
    extra_minutes = models.PositiveSmallIntegerField(
        _("extra minutes"), default=0, validators=[MaxValueValidator(MOST_EXTRA)]
    )
    graders = models.JSONField(default=list)  # [{"name", "email"}, ...]: who grades, then who steps in, in this order
    raters = models.PositiveSmallIntegerField(default=2)  # how many of them grade at first
    begun_at = models.DateTimeField(_("first seen"), null=True)
    saved_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(_("handed in"), null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("written work")
        verbose_name_plural = _("written works")
        constraints = [
            models.CheckConstraint(
                condition=Q(posted_at=None) | Q(begun_at__isnull=False, posted_at__gte=F("begun_at")),
                name="submission_begun_before_posted",
            ),
            models.CheckConstraint(condition=Q(extra_minutes__lte=MOST_EXTRA), name="submission_extra_sensible"),
        ]

    def __str__(self) -> str:
        return self.code_name

    @property
    def ends_at(self) -> datetime | None:
        """When its time is over; None before it was begun."""
        return self.begun_at + timedelta(minutes=self.minutes + self.extra_minutes) if self.begun_at else None

    def is_over(self, at: datetime) -> bool:
        """Whether its time has passed: what is typed from now on is kept apart, as late."""
        return self.ends_at is not None and at > self.ends_at + UNDER_WAY

    @property
    def is_late(self) -> bool:
        """Whether it was handed in after its time."""
        return bool(self.posted_at and self.ends_at and self.posted_at > self.ends_at)


class Reply(models.Model):
    """An answer to one customer's mail (its number in the case), first turn or second; sent ones stay as they are.

    `text` is what stood there when the time ended. What comes later is kept beside it: `late_text`, last at `late_at`.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="replies")
    mail = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=1)  # 2: to what the customer wrote back
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    late_text = models.TextField(blank=True, default="", db_default="")
    late_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["mail", "turn"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.UniqueConstraint(fields=["submission", "mail", "turn"], name="one_reply_per_turn"),
            models.CheckConstraint(condition=Q(turn__in=[1, 2]), name="reply_turn_known"),
        ]

    def __str__(self) -> str:
        return f"{self.mail}.{self.turn}"


class Grading(models.Model):
    """One grader of one written work, with the scorecard that they owe."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="gradings")
    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="grading")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    shuffle = models.PositiveIntegerField(default=0)  # the order in which they meet works and answers
    is_third = models.BooleanField(_("asked because two differed"), default=False)
    recused_at = models.DateTimeField(_("recognised the person"), null=True)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("grading")
        verbose_name_plural = _("gradings")
        constraints = [models.UniqueConstraint("submission", Lower("email"), name="one_grading_per_email")]

    def __str__(self) -> str:
        return self.name
