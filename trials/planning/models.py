"""What a plan says about its trials. All of it is copied to the job and locked with the plan."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Ask, HiringPlan, Job
from trials.figures.metrics import Metric

WHO = (
    (Ask.Role.CANDIDATE, _("the new colleague")),
    (Ask.Role.BUDDY, _("the buddy")),
    (Ask.Role.MANAGER, _("the lead")),
)
EVERYBODY = ["candidate", "buddy", "manager"]


def everybody() -> list[str]:
    """Whom a check-in asks when nothing is said."""
    return list(EVERYBODY)


class TrialPlan(models.Model):
    """Hours, pay and time limits of the trials of a plan, beside its length (`HiringPlan.trial_days`)."""

    plan = models.OneToOneField(HiringPlan, on_delete=models.CASCADE, related_name="trial_plan")
    hours_a_week = models.PositiveSmallIntegerField(
        _("hours a week at most"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    pay = models.DecimalField(_("pay"), max_digits=10, decimal_places=2, null=True, blank=True)
    pay_currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("Three letters: EUR."))
    pay_period = models.CharField(_("pay per"), max_length=5, choices=Job.Period, default=Job.Period.HOUR)
    note = models.TextField(
        _("what else the candidate should know"), blank=True, max_length=2000, help_text=_("It stands in the offer.")
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer the offer"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    verdict_days = models.PositiveSmallIntegerField(
        _("days before the end at which the lead is asked for a verdict"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    approvers = models.PositiveSmallIntegerField(
        _("managers who approve, one after the other"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(2)],
    )
    pulse_days = models.PositiveSmallIntegerField(
        _("days after the hire at which we look back"),
        default=90,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
    )

    class Meta:
        verbose_name = _("terms of the trial")
        verbose_name_plural = _("terms of the trial")
        constraints = [
            models.CheckConstraint(condition=Q(approvers__range=(1, 2)), name="trial_plan_approvers_sensible"),
            models.CheckConstraint(condition=Q(pay=None) | Q(pay__gte=0), name="trial_plan_pay_not_negative"),
            models.CheckConstraint(condition=Q(pay=None) | ~Q(pay_currency=""), name="trial_plan_pay_has_a_currency"),
        ]

    def __str__(self) -> str:
        return str(self.plan)


class TrialWeek(models.Model):
    """What a week of the trial is for."""

    class Work(models.TextChoices):
        TRAINING = "training", _("training")
        TICKETS = "tickets", _("tickets")
        CHAT = "chat", _("chat")
        PHONE = "phone", _("phone")
        MIXED = "mixed", _("everything")

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="trial_weeks")
    number = models.PositiveSmallIntegerField(_("week"), validators=[MinValueValidator(1), MaxValueValidator(60)])
    work = models.CharField(_("work"), max_length=10, choices=Work, default=Work.TICKETS)
    aim = models.CharField(_("aim"), max_length=300)

    class Meta:
        ordering = ["plan", "number"]
        verbose_name = _("week of the trial")
        verbose_name_plural = _("weeks of the trial")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_aim_per_plan_and_week"),
            models.CheckConstraint(
                condition=Q(work__in=["training", "tickets", "chat", "phone", "mixed"]), name="trial_week_work_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.aim}"


class PlannedCheckIn(models.Model):
    """A day of the trial on which some people are asked about some competencies.

    A plan without any asks all three every `HiringPlan.check_in_days` about all its competencies.
    """

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="planned_check_ins")
    day = models.PositiveSmallIntegerField(
        _("days after the first one"), validators=[MinValueValidator(1), MaxValueValidator(400)]
    )
    roles = ArrayField(models.CharField(max_length=12, choices=WHO), default=everybody, verbose_name=_("who is asked"))
    # Keys and not a relation, so that they are copied with the plan; one that is gone is left out.
    competencies = ArrayField(
        models.BigIntegerField(), default=list, blank=True, verbose_name=_("about"), help_text=_("Nothing chosen: all.")
    )

    class Meta:
        ordering = ["plan", "day"]
        verbose_name = _("check-in of the plan")
        verbose_name_plural = _("check-ins of the plan")
        constraints = [
            models.UniqueConstraint(fields=["plan", "day"], name="one_planned_check_in_per_day"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=EVERYBODY, roles__len__gte=1), name="planned_check_in_asks_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class FigureTarget(models.Model):
    """A figure of the help desk that the trial should reach; it decides nothing."""

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="figure_targets")
    metric = models.CharField(_("figure"), max_length=20, choices=Metric)
    target = models.DecimalField(_("target"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["plan", "pk"]
        verbose_name = _("figure wanted")
        verbose_name_plural = _("figures wanted")
        constraints = [
            models.UniqueConstraint(fields=["plan", "metric"], name="one_target_per_plan_and_figure"),
            models.CheckConstraint(condition=Q(target__gte=0), name="figure_target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()}: {self.target}"
