"""The trial, what is asked on its way, the leader's verdict, and another manager's approval.

Accounts that led, asked or approved cannot be deleted, only deactivated: who was allowed to approve must stay provable.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from candidates.judging.models import Scorecard
from candidates.people.models import Application
from candidates.post.models import Ask


class TrialQuerySet(models.QuerySet["Trial"]):
    """Trials, by whether they count."""

    def current(self) -> TrialQuerySet:
        """Those that no later trial of the application has replaced."""
        return self.filter(replaced_at=None)


class Trial(models.Model):
    """Some weeks of real work. An application that comes back to this stage begins another, which replaces it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="trials")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("decided by"))
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trials_led", verbose_name=_("led by")
    )
    buddy_name = models.CharField(_("buddy"), max_length=200)
    buddy_email = models.EmailField(_("buddy's e-mail"))
    verdict_ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="trial")
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="trial_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_at=None), name="one_current_trial_per_application"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}, {self.starts_on} - {self.ends_on}"

    @property
    def verdict(self) -> Verdict | None:
        """The last one; after an extension there is none until the leader decides again."""
        last = self.verdicts.last()
        return None if last is None or last.kind == Verdict.Kind.EXTEND else last


class CheckIn(models.Model):
    """One day on which candidate, buddy and leader are each asked how it goes."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="check_ins")
    number = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("day"))

    class Meta:
        ordering = ["trial", "number"]
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="one_check_in_per_number"),
            models.UniqueConstraint(fields=["trial", "due_on"], name="one_check_in_per_day"),
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


class Verdict(models.Model):
    """What the leader decided, with the evidence in words."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Confirm")
        EXTEND = "extend", _("Extend the trial")
        END = "end", _("End the trial")

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(_("verdict"), max_length=10, choices=Kind)
    evidence = models.TextField(_("evidence"))
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


class Approval(models.Model):
    """The yes or no of a manager who neither led the trial nor asked for the approval."""

    class Decision(models.TextChoices):
        APPROVE = "approve", _("approved")
        REFUSE = "refuse", _("refused")
        LAPSED = "lapsed", _("taken back")

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="approvals")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals")
    ask = models.OneToOneField(Ask, on_delete=models.PROTECT, related_name="approval")
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
                | Q(decision__in=["approve", "refuse", "lapsed"], decided_at__isnull=False),
                name="approval_decided_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(decision="refuse", reason=""), name="refusal_has_a_reason"),
            models.UniqueConstraint(
                fields=["trial"], condition=Q(decision__in=["", "approve"]), name="one_live_approval_per_trial"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approver}: {self.get_decision_display() or _('asked')}"
