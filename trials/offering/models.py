"""The trial itself: offered, agreed, paused, ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Application, Ask
from trials.verdicts.models import Verdict


class TrialQuerySet(models.QuerySet["Trial"]):
    """Trials, by whether they count."""

    def current(self) -> TrialQuerySet:
        """Those that no later trial of the application has replaced."""
        return self.filter(replaced_at=None)

    def agreed(self) -> TrialQuerySet:
        """Those that the candidate said yes to."""
        return self.exclude(agreed_at=None)


class Trial(models.Model):
    """Some weeks of real work. An application that comes back to this stage begins another, which replaces it.

    It is offered first (`agreed_at` is empty, nothing is planned yet) or was agreed in conversation. Accounts that
    led, asked or approved cannot be deleted, only deactivated: who was allowed to approve must stay provable.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="trials")
    starts_on = models.DateField(_("first day"))
    starts_until = models.DateField(_("first day at the latest"), null=True, blank=True)  # the candidate may choose
    ends_on = models.DateField(_("decided by"))
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trials_led", verbose_name=_("led by")
    )
    buddy_name = models.CharField(_("buddy"), max_length=200)
    buddy_email = models.EmailField(_("buddy's e-mail"))
    terms = models.JSONField(default=dict, db_default={})  # hours, pay and note as they were offered
    offer_ask = models.OneToOneField(Ask, null=True, on_delete=models.PROTECT, related_name="trial_offered")
    verdict_ask = models.OneToOneField(Ask, null=True, on_delete=models.PROTECT, related_name="trial")
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    declined_at = models.DateTimeField(_("declined"), null=True)
    decline_reason = models.TextField(_("why declined"), blank=True, db_default="")
    ended_at = models.DateTimeField(_("ended early"), null=True)
    end_reason = models.TextField(_("why ended early"), blank=True, db_default="")
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
            models.CheckConstraint(condition=Q(agreed_at=None) | Q(declined_at=None), name="trial_agreed_or_declined"),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(end_reason=""), name="trial_end_has_a_reason"),
            models.CheckConstraint(
                condition=Q(starts_until=None) | Q(starts_until__gte=F("starts_on")), name="trial_start_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}, {self.starts_on} - {self.ends_on}"

    @property
    def verdict(self) -> Verdict | None:
        """The last one; after an extension there is none until the leader decides again."""
        given = list(self.verdicts.all())  # a page that shows them has read them before
        return given[-1] if given and given[-1].kind != Verdict.Kind.EXTEND else None


class Pause(models.Model):
    """Days on which a trial rests; what lies after them moves by as many."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="pauses")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("goes on again on"), null=True, blank=True)
    reason = models.TextField(_("because"))
    at = models.DateTimeField()
    by_name = models.CharField(_("by"), max_length=200)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            models.UniqueConstraint(fields=["trial"], condition=Q(until_on=None), name="one_open_pause_per_trial"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="pause_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.trial}: {self.from_on}"
