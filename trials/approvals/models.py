"""The yes or no of managers who had no part in the trial."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Ask


class Approval(models.Model):
    """One manager's answer. A request asks one or two of them in turn: same `round`, `step` 1 and 2.

    The approver neither led the trial nor asked for the approval; the application is hired by the last step's yes.
    """

    class Decision(models.TextChoices):
        APPROVE = "approve", _("approved")
        REFUSE = "refuse", _("refused")
        SEND_BACK = "send_back", _("sent back")
        DELEGATED = "delegated", _("handed on")
        LAPSED = "lapsed", _("taken back")

    trial = models.ForeignKey("trials.Trial", on_delete=models.PROTECT, related_name="approvals")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals")
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="approval")
    round = models.PositiveSmallIntegerField(default=1, db_default=1)
    step = models.PositiveSmallIntegerField(default=1, db_default=1)
    then = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # who is asked after this yes
    delegated_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="delegated_to"
    )
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.CheckConstraint(condition=~Q(approver=F("led_by")), name="approver_did_not_lead"),
            models.CheckConstraint(condition=~Q(approver=F("requested_by")), name="approver_did_not_ask"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=["approve", "refuse", "send_back", "delegated", "lapsed"], decided_at__isnull=False),
                name="approval_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["refuse", "send_back"], reason=""), name="refusal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(then=None) | (~Q(then=F("approver")) & ~Q(then=F("led_by")) & ~Q(then=F("requested_by"))),
                name="next_approver_is_another",
            ),
            models.UniqueConstraint(fields=["trial"], condition=Q(decision=""), name="one_open_approval_per_trial"),
            models.UniqueConstraint(
                fields=["trial", "round", "step"],
                condition=Q(decision__in=["", "approve"]),
                name="one_live_approval_per_step",
            ),
            models.UniqueConstraint(
                fields=["trial", "round", "approver"],
                condition=Q(decision__in=["", "approve"]),
                name="one_step_per_approver",
            ),
            models.CheckConstraint(condition=Q(step__in=[1, 2]), name="approval_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.approver}: {self.get_decision_display() or _('asked')}"
