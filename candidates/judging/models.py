"""One shape for every judgement of every stage, so that firewall, composite and reports are each written once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import Competency
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.stages import Stage


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    """Scorecards, by their state."""

    def locked(self) -> ScorecardQuerySet:
        """Those that count."""
        return self.exclude(locked_at=None)


class Scorecard(models.Model):
    """One person's judgement of one application at one occasion; a draft until it is locked.

    The database refuses changes of a locked card and of its ratings.
    """

    class Kind(models.TextChoices):
        LETTER = "letter", _("cover letter read")
        PHONE = "phone", _("phone screen")
        INTERVIEW = "interview", _("interview")
        REFERENCE = "reference", _("reference")
        CHECK_IN = "check_in", _("trial check-in")

    class Recommendation(models.TextChoices):
        STRONG_NO = "strong_no", _("strong no")
        NO = "no", _("no")
        YES = "yes", _("yes")
        STRONG_YES = "strong_yes", _("strong yes")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scorecards")
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="scorecard")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="scorecards")
    rater_name = models.CharField(_("by"), max_length=200)
    recommendation = models.CharField(_("recommendation"), max_length=10, choices=Recommendation, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    saved_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(_("locked"), null=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["letter", "phone", "interview", "reference", "check_in"]),
                name="scorecard_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(recommendation__in=["", "strong_no", "no", "yes", "strong_yes"]),
                name="scorecard_recommendation_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.rater_name}"

    @property
    def is_locked(self) -> bool:
        """Whether it counts and cannot be changed."""
        return self.locked_at is not None


class Rating(models.Model):
    """A score from 1 to 5 on one competency (or, for referees, one criterion), with the evidence in words."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="ratings")
    competency = models.ForeignKey(Competency, null=True, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=40, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "competency", "criterion"], name="one_rating_each", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(1, 5)), name="rating_on_the_scale"),
            models.CheckConstraint(
                condition=Q(competency=None) & ~Q(criterion="") | Q(competency__isnull=False) & Q(criterion=""),
                name="rating_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competency or self.criterion}: {self.score}"
