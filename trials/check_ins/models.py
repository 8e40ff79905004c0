"""A day on which people are asked how a trial goes, whose scorecard is whose, and what should be looked at early."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Ask, Scorecard

ON_THE_SCALE = [MinValueValidator(1), MaxValueValidator(5)]


class CheckIn(models.Model):
    """One day on which candidate, buddy and lead, or some of them, are each asked how it goes."""

    trial = models.ForeignKey("trials.Trial", on_delete=models.PROTECT, related_name="check_ins")
    number = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("day"))
    competencies = ArrayField(models.BigIntegerField(), default=list, db_default=[])  # nothing: all of the plan
    called_off_at = models.DateTimeField(null=True)  # of a trial that was paused or ended before

    class Meta:
        ordering = ["trial", "number"]
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="one_check_in_per_number"),
            models.UniqueConstraint(  # deferred, so that all days of a trial can move at once
                fields=["trial", "due_on"], name="one_check_in_per_day", deferrable=Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.due_on}"


class CheckInCard(models.Model):
    """Whose scorecard it is at a check-in."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, related_name="cards")
    role = models.CharField(_("as"), max_length=12, choices=Ask.Role)
    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="check_in_card")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("scorecard of a check-in")
        verbose_name_plural = _("scorecards of check-ins")
        constraints = [
            models.UniqueConstraint(fields=["check_in", "role"], name="one_card_per_role_and_check_in"),
            models.CheckConstraint(
                condition=Q(role__in=["candidate", "buddy", "manager"]), name="check_in_card_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_in}, {self.get_role_display()}"


class OwnView(models.Model):
    """How the new colleague is, beside how they do: support, exhaustion in two items, the wish to stay; 1 to 5.

    Kept with the draft of their scorecard; the database refuses changes once that is locked.
    """

    card = models.OneToOneField(CheckInCard, on_delete=models.PROTECT, related_name="own_view")
    support = models.PositiveSmallIntegerField(_("support"), null=True, blank=True, validators=ON_THE_SCALE)
    drained = models.PositiveSmallIntegerField(_("drained"), null=True, blank=True, validators=ON_THE_SCALE)
    worn_out = models.PositiveSmallIntegerField(_("worn out"), null=True, blank=True, validators=ON_THE_SCALE)
    stays = models.PositiveSmallIntegerField(_("wish to stay"), null=True, blank=True, validators=ON_THE_SCALE)
    words = models.TextField(_("what would help"), blank=True)

    class Meta:
        verbose_name = _("own view of a trial")
        verbose_name_plural = _("own views of trials")
        constraints = [
            models.CheckConstraint(
                condition=(Q(support=None) | Q(support__range=(1, 5)))
                & (Q(drained=None) | Q(drained__range=(1, 5)))
                & (Q(worn_out=None) | Q(worn_out__range=(1, 5)))
                & (Q(stays=None) | Q(stays__range=(1, 5))),
                name="own_view_on_the_scale",
            )
        ]

    def __str__(self) -> str:
        return str(self.card)


class EarlyWarning(models.Model):
    """Something about a trial that the lead and the recruiters should look at before its end; told once."""

    class Kind(models.TextChoices):
        LATE = "late", _("check-ins are missing")
        FIGURES = "figures", _("figures are falling")
        RATINGS = "ratings", _("two low ratings")
        EXHAUSTED = "exhausted", _("signs of exhaustion")

    trial = models.ForeignKey("trials.Trial", on_delete=models.PROTECT, related_name="warnings")
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    occurrence = models.CharField(max_length=80)  # what it is about, so that the same is told once
    data = models.JSONField(default=dict)
    raised_at = models.DateTimeField(_("noticed"))
    told_at = models.DateTimeField(_("told"), null=True)  # not before its readers may know what it says
    seen_at = models.DateTimeField(_("seen to"), null=True)
    seen_by_name = models.CharField(_("by"), max_length=200, blank=True)
    note = models.TextField(_("what was done"), blank=True)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        verbose_name = _("early warning")
        verbose_name_plural = _("early warnings")
        constraints = [
            models.UniqueConstraint(fields=["trial", "kind", "occurrence"], name="one_warning_per_occurrence"),
            models.CheckConstraint(
                condition=Q(kind__in=["late", "figures", "ratings", "exhausted"]), name="early_warning_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
