"""What rules made of the events that they react to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.people.models import Event


class Handling(models.Model):
    """One rule has dealt with one event, once. That it exists keeps the rule from acting again, also after an undo."""

    class Outcome(models.TextChoices):
        MOVED = "moved", _("moved")
        NOT_ALLOWED = "not_allowed", _("the plan does not allow it")
        NOT_MET = "not_met", _("the condition was not met")
        OVERTAKEN = "overtaken", _("a person moved it meanwhile")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="handlings")
    rule = models.CharField(max_length=60)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("automatic decision")
        verbose_name_plural = _("automatic decisions")
        constraints = [
            models.UniqueConstraint(fields=["event", "rule"], name="one_handling_per_event_and_rule"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["moved", "not_allowed", "not_met", "overtaken"]),
                name="handling_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.outcome}"
