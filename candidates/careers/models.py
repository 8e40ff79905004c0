"""An application that is not sent yet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import Job
from candidates.people.models import Application, Document


class Draft(models.Model):
    """What somebody typed so far and wants to go on with by the link in a mail; gone after it was sent or expired."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="drafts")
    email = models.EmailField(_("e-mail"))
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    data = models.JSONField(default=dict)
    resume = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = _("application not sent yet")
        verbose_name_plural = _("applications not sent yet")
        indexes = [models.Index(fields=["expires_at"], name="draft_expires")]

    def __str__(self) -> str:
        return f"{self.job} {self.saved_at:%Y-%m-%d}"
