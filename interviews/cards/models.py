"""What an interviewer writes besides the ratings. The database keeps it as it was once the card is locked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Scorecard
from interviews.kits.models import LadderRoute


class KitAnswer(models.Model):
    """Notes on one part of the kit, by its number in the words the card was rated against, and the route taken."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="kit_answers")
    part = models.PositiveSmallIntegerField()
    route = models.CharField(_("route to the answer"), max_length=10, choices=LadderRoute.Key, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = ["part"]
        verbose_name = _("notes on a question")
        verbose_name_plural = _("notes on questions")
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "part"], name="one_kit_answer_per_part"),
            models.CheckConstraint(
                condition=Q(route__in=["", "did", "procedure", "customer", "none"]), name="kit_answer_route_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part}"


class StepCoding(models.Model):
    """Whether one of the thirteen steps was heard or read, with the quoted words."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        NOT_APPLICABLE = "na", _("not applicable")

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="step_codings")
    step = models.PositiveSmallIntegerField()
    answer = models.CharField(_("heard"), max_length=3, choices=Answer, blank=True)
    quote = models.TextField(_("quoted words"), blank=True)

    class Meta:
        ordering = ["step"]
        verbose_name = _("coded step")
        verbose_name_plural = _("coded steps")
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "step"], name="one_coding_per_step"),
            models.CheckConstraint(condition=Q(step__range=(1, 13)), name="coded_step_known"),
            models.CheckConstraint(condition=Q(answer__in=["", "yes", "no", "na"]), name="step_coding_answer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.answer}"
