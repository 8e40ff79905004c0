"""What was computed about how far raters agree; made in the background, shown as of its time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementReportQuerySet(models.QuerySet["AgreementReport"]):
    """Reports, by their state."""

    def waiting(self) -> AgreementReportQuerySet:
        """Those that are asked for and neither computed nor given up."""
        return self.filter(done_at=None, error="")

    def done(self) -> AgreementReportQuerySet:
        """Those that can be read."""
        return self.exclude(done_at=None)


class AgreementReport(models.Model):
    """One computation over all locked scorecards: asked for, then filled in by a worker."""

    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(_("computed"), null=True)
    error = models.CharField(max_length=500, blank=True)
    results = models.JSONField(default=dict)

    objects = AgreementReportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("agreement of raters")
        verbose_name_plural = _("agreement of raters")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be computed."""
        return self.done_at is None and not self.error
