"""What referees are asked, as rows that a team can change, in as many languages as it writes."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Competency, HiringPlan

FIVE = 5


class Questionnaire(models.Model):
    """A set of criteria on which referees judge; the facts of the shared job are asked of everybody."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes it takes"), default=6, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("Not offered for new plans."))

    class Meta:
        ordering = ["name"]
        verbose_name = _("questionnaire for referees")
        verbose_name_plural = _("questionnaires for referees")

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """One thing that referees can tell apart, and the competencies that it tells about."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(_("short name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    competencies: models.ManyToManyField[Competency, Any] = models.ManyToManyField(
        Competency, verbose_name=_("tells about"), related_name="+", blank=True
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "key"], name="one_criterion_per_key"),
        ]

    def __str__(self) -> str:
        return self.key


class CriterionWords(models.Model):
    """A criterion in one language."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(_("language"), max_length=10)
    name = models.CharField(_("name"), max_length=80)
    meaning = models.CharField(_("what it means"), max_length=300)
    anchors = ArrayField(models.TextField(max_length=300), size=FIVE, verbose_name=_("anchors, from 1 to 5"))
    example = models.CharField(_("which example to ask for"), max_length=200)

    class Meta:
        ordering = ["language"]
        verbose_name = _("words of a criterion")
        verbose_name_plural = _("words of criteria")
        constraints = [
            models.UniqueConstraint(fields=["criterion", "language"], name="one_wording_per_criterion_and_language"),
            models.CheckConstraint(condition=Q(anchors__len=FIVE), name="criterion_has_five_anchors"),
        ]

    def __str__(self) -> str:
        return self.name


class ReferencePlan(models.Model):
    """What a plan says about references beside how many it wants; copied and locked with it."""

    plan = models.OneToOneField(HiringPlan, on_delete=models.CASCADE, related_name="reference_plan")
    questionnaire = models.ForeignKey(
        Questionnaire, null=True, blank=True, on_delete=models.PROTECT, related_name="plans"
    )
    needed = models.PositiveSmallIntegerField(
        _("answers needed to go on"),
        default=2,
        validators=[MaxValueValidator(10)],
        help_text=_("With fewer a trial begins only with a reason in words."),
    )
    managers = models.PositiveSmallIntegerField(
        _("of them past managers or team leads"), default=1, validators=[MaxValueValidator(10)]
    )
    reminders = models.PositiveSmallIntegerField(
        _("reminders for a referee"), default=2, validators=[MaxValueValidator(5)]
    )
    expire_days = models.PositiveSmallIntegerField(
        _("days after the deadline until somebody else is asked"), default=2, validators=[MaxValueValidator(60)]
    )
    replacements = models.PositiveSmallIntegerField(
        _("how often the candidate may name somebody else"), default=2, validators=[MaxValueValidator(10)]
    )

    class Meta:
        verbose_name = _("rule for references")
        verbose_name_plural = _("rules for references")

    def __str__(self) -> str:
        return f"{self.plan}: {self.needed}"
