"""Interviews and who holds them. The database lets nobody be in two places at once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from candidates.models import Application, Ask, Candidate, Scorecard
from candidates.screening.models import TimeSpan
from interviews.kits.models import Round

SHORTEST, LONGEST = 10, 240


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Interviews, by their state."""

    def standing(self) -> InterviewQuerySet:
        """Those that were not called off; perhaps without a time yet."""
        return self.filter(cancelled_at=None)

    def agreed(self) -> InterviewQuerySet:
        """Those that take place at a known time."""
        return self.standing().filter(starts_at__isnull=False)


class Interview(models.Model):
    """One conversation with a candidate: when, how long, where.

    Without a time it waits for the candidate to choose one (`ask`). `zone` is the job's when it was arranged.
    `sequence` counts its changes, for calendars. `candidate` is whose time it takes, from the moment it is agreed.
    """

    class Missed(models.TextChoices):
        CANDIDATE = "candidate", _("the candidate did not come")
        INTERVIEWER = "interviewer", _("we did not come")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="interviews")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="interviews")
    ask = models.OneToOneField(Ask, null=True, on_delete=models.PROTECT, related_name="interview")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="interviews")
    starts_at = models.DateTimeField(_("begins"), null=True)
    ends_at = models.DateTimeField(_("ends"), null=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=45,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    zone = models.CharField(_("time zone"), max_length=64)
    # As clocks on the wall in `zone` showed it when it was agreed, with their offset then: 2030-03-31T14:00:00+02:00.
    wall_clock = models.CharField(max_length=40, blank=True, default="", db_default="")
    place = models.CharField(_("place"), max_length=500, blank=True)
    video_link = models.URLField(_("link of the video call"), max_length=500, blank=True, default="", db_default="")
    sequence = models.PositiveSmallIntegerField(default=0, db_default=0)
    changes = models.PositiveSmallIntegerField(_("changed by the candidate"), default=0, db_default=0)
    remind_at = models.DateTimeField(null=True)  # when both sides are told next: a day before, an hour before
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    missed = models.CharField(
        _("did not take place"), max_length=12, choices=Missed, blank=True, default="", db_default=""
    )
    missed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="interview_minutes_sensible"),
            models.CheckConstraint(condition=~Q(place="") | ~Q(video_link=""), name="interview_has_a_place"),
            models.CheckConstraint(
                condition=Q(starts_at__gt=F("created_at")), name="interview_begins_after_its_invitation"
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="interview_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(missed="", missed_at=None) | Q(missed__in=["candidate", "interviewer"]),
                name="interview_missed_by_somebody",
            ),
            ExclusionConstraint(
                name="candidate_is_in_one_interview",
                expressions=[
                    ("candidate", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None, starts_at__isnull=False, candidate__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="interview_by_time"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="interview_reminders_due"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.starts_at:%Y-%m-%d %H:%M}" if self.starts_at else str(self.application)

    @property
    def uid(self) -> str:
        """What calendars know it by, whatever changes."""
        return f"interview-{self.pk}"

    def is_over(self, at: datetime) -> bool:
        """Whether its time has passed."""
        return self.ends_at is not None and self.ends_at <= at


class PanelistQuerySet(models.QuerySet["Panelist"]):
    """Panelists, by their state."""

    def standing(self) -> PanelistQuerySet:
        """Those who were not released."""
        return self.filter(released_at=None)


class Panelist(models.Model):
    """One interviewer of an interview, with the scorecard that they owe. No account needed.

    `starts_at` and `ends_at` are the interview's, copied when it is agreed, so that the database can see that one
    person is in one place. `released_at` is set when somebody handed it back or was replaced.
    """

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="panelists")
    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="panelist")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(_("released"), null=True)
    released_because = models.CharField(_("because"), max_length=300, blank=True, default="", db_default="")
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )  # for whom they stand in: of two replacements at once one comes too late

    objects = PanelistQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("panelist")
        verbose_name_plural = _("panelists")
        constraints = [
            models.UniqueConstraint(
                "interview", Lower("email"), condition=Q(released_at=None), name="one_panelist_per_email"
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="panelist_time_runs_forward",
            ),
            ExclusionConstraint(
                name="interviewer_is_in_one_interview",
                expressions=[
                    (Lower("email"), RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at=None, starts_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
