"""Who can interview when. An account is not needed."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.dates import WEEKDAYS
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from interviews.availability.hours import zone_of


class Interviewer(models.Model):
    """Somebody who interviews, and by which rules they may be booked. An account is not needed."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interviewer",
        verbose_name=_("account"),
    )
    zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", help_text=_("An IANA name: Europe/Amsterdam.")
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    buffer_minutes = models.PositiveSmallIntegerField(
        _("minutes between two interviews"), default=15, validators=[MaxValueValidator(240)]
    )
    most_a_day = models.PositiveSmallIntegerField(
        _("most interviews a day"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    feed_url = models.URLField(
        _("address of their calendar"),
        max_length=1000,
        blank=True,
        help_text=_("An .ics address; we read when they are busy, never with what."),
    )
    feed_next_at = models.DateTimeField(null=True)  # when it is read again
    feed_read_at = models.DateTimeField(_("calendar read"), null=True)
    feed_error = models.CharField(_("calendar not read because"), max_length=500, blank=True)
    is_active = models.BooleanField(_("interviews"), default=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("interviewer")
        verbose_name_plural = _("interviewers")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_interviewer_per_email",
                violation_error_message=_("There is an interviewer with this address already."),
            ),
            models.CheckConstraint(condition=Q(most_a_day__gte=1), name="interviewer_may_be_booked"),
        ]
        indexes = [
            models.Index(fields=["feed_next_at"], condition=Q(feed_next_at__isnull=False), name="interviewer_feed_due")
        ]

    def __str__(self) -> str:
        return self.name


class WorkingHours(models.Model):
    """When somebody can be booked every week, by the clock on their wall; 0 is Monday."""

    interviewer = models.ForeignKey(Interviewer, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=list(WEEKDAYS.items()))
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        ordering = ["weekday", "begins"]
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="working_hours_end_after_they_begin",
                violation_error_message=_("This ends before it begins."),
            ),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="working_hours_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.begins:%H:%M}-{self.ends:%H:%M}"


class OfferedTime(models.Model):
    """A time outside the weekly hours at which somebody can be booked as well."""

    interviewer = models.ForeignKey(Interviewer, on_delete=models.CASCADE, related_name="offered_times")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("offered time")
        verbose_name_plural = _("offered times")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="offered_time_ends_after_it_begins",
                violation_error_message=_("This ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        zone = self.interviewer.zone
        return f"{localtime(self.starts_at, zone_of(zone)):%Y-%m-%d %H:%M} ({zone.replace('_', ' ')})"


class BusyTime(models.Model):
    """When somebody's own calendar says busy. Only from when to when is kept, never with what."""

    interviewer = models.ForeignKey(Interviewer, on_delete=models.CASCADE, related_name="busy_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("busy time")
        verbose_name_plural = _("busy times")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="busy_time_ends_after_it_begins")
        ]
        indexes = [models.Index(fields=["interviewer", "ends_at"], name="busy_time_by_interviewer")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
