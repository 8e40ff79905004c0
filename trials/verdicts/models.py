"""What the leader of a trial decided, and what they had typed before."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Ask


class Verdict(models.Model):
    """What the leader decided, with the evidence in words. The database refuses changes."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Confirm")
        EXTEND = "extend", _("Extend the trial")
        END = "end", _("End the trial")

    trial = models.ForeignKey("trials.Trial", on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(_("verdict"), max_length=10, choices=Kind)
    evidence = models.TextField(_("evidence"))
    # [{"competency": key, "name": as it was called, "evidence": words}, ...]
    grounds = models.JSONField(_("per competency"), default=list, db_default=[])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["confirm", "extend", "end"]), name="verdict_kind_known"),
            models.CheckConstraint(condition=~Q(evidence=""), name="verdict_has_evidence"),
            models.UniqueConstraint(fields=["trial"], condition=~Q(kind="extend"), name="one_final_verdict_per_trial"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class VerdictDraft(models.Model):
    """What the leader typed so far; nobody else sees it."""

    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="verdict_draft")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft of a verdict")
        verbose_name_plural = _("drafts of verdicts")

    def __str__(self) -> str:
        return str(self.ask)
