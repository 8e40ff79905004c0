"""An interview and the people who hold it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from candidates.models import Application, Scorecard

SHORTEST, LONGEST = 10, 240


class Interview(models.Model):
    """One conversation with a candidate: when, how long, where. `zone` is where the time was agreed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="interviews")
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=45,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    zone = models.CharField(_("time zone"), max_length=64)
    place = models.CharField(_("place or link"), max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST, LONGEST)),
                name="interview_minutes_sensible",
            ),
            models.CheckConstraint(condition=~Q(place=""), name="interview_has_a_place"),
            models.CheckConstraint(
                condition=Q(starts_at__gt=models.F("created_at")),
                name="interview_begins_after_its_invitation",
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="interview_by_time")]

    def __str__(self) -> str:
        return f"{self.application} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Panelist(models.Model):
    """One interviewer of an interview, with the scorecard that they owe. No account needed."""

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="panelists")
    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="panelist")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("interviewer")
        verbose_name_plural = _("interviewers")
        constraints = [models.UniqueConstraint("interview", Lower("email"), name="one_panelist_per_email")]

    def __str__(self) -> str:
        return self.name
