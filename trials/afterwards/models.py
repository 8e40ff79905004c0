"""A plan to grow by, drafted from what was weak, and what manager and hire say after ninety days."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Application, Ask, Competency


class DevelopmentPlan(models.Model):
    """What somebody who was hired works on next."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="development_plan")
    drafted_at = models.DateTimeField(_("drafted"))
    shared_at = models.DateTimeField(_("shared with the new colleague"), null=True)
    note = models.TextField(_("a word to the new colleague"), blank=True, max_length=4000)

    class Meta:
        verbose_name = _("development plan")
        verbose_name_plural = _("development plans")

    def __str__(self) -> str:
        return str(self.application)


class DevelopmentItem(models.Model):
    """One thing to learn: why, what it should look like, and how to get there."""

    plan = models.ForeignKey(DevelopmentPlan, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    competency = models.ForeignKey(Competency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what"), max_length=160)
    why = models.TextField(_("why"), blank=True, max_length=4000)
    aim = models.TextField(_("what it should look like"), blank=True, max_length=2000)
    how = models.TextField(_("how"), blank=True, max_length=4000)
    by_when = models.DateField(_("by when"), null=True, blank=True)
    is_done = models.BooleanField(_("done"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("thing to learn")
        verbose_name_plural = _("things to learn")

    def __str__(self) -> str:
        return self.title


class DevelopmentShare(models.Model):
    """One time that the plan was given to the new colleague: as it stood then, and what they said to it."""

    plan = models.ForeignKey(DevelopmentPlan, on_delete=models.PROTECT, related_name="shares")
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="development_share")
    content = models.JSONField()  # {"note": text, "items": [{"title", "why", "aim", "how", "by_when", "is_done"}, ...]}
    shared_at = models.DateTimeField(_("shared"))
    shared_by_name = models.CharField(_("by"), max_length=200)
    reply = models.TextField(_("what they say to it"), blank=True, db_default="")
    replied_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("shared development plan")
        verbose_name_plural = _("shared development plans")

    def __str__(self) -> str:
        return f"{self.plan}, {self.shared_at:%Y-%m-%d}"


class Pulse(models.Model):
    """A look back some weeks after the hire: "would you hire again", "would you join again".

    The database refuses changes of an answer.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        UNSURE = "unsure", _("I am not sure")
        NO = "no", _("No")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="pulses")
    role = models.CharField(_("as"), max_length=12, choices=Ask.Role)
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="pulse")
    again = models.CharField(_("again"), max_length=6, choices=Answer, blank=True)
    performance = models.PositiveSmallIntegerField(
        _("how it goes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    words = models.TextField(_("in their words"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("look back")
        verbose_name_plural = _("looks back")
        constraints = [
            models.UniqueConstraint(fields=["application", "role"], name="one_pulse_per_application_and_role"),
            models.CheckConstraint(condition=Q(role__in=["candidate", "manager"]), name="pulse_role_known"),
            models.CheckConstraint(condition=Q(again__in=["", "yes", "unsure", "no"]), name="pulse_answer_known"),
            models.CheckConstraint(
                condition=Q(performance=None) | Q(performance__range=(1, 5)), name="pulse_on_the_scale"
            ),
            models.CheckConstraint(condition=Q(answered_at=None) | ~Q(again=""), name="answered_pulse_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_again_display()}"
