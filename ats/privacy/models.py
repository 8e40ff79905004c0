"""Who was forgotten, kept as a digest that tells nobody who it was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One person was erased. The digest of their address lets us prove that nothing names them any more (I9)."""

    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("erased"))
    by_name = models.CharField(_("by"), max_length=200)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [models.Index(fields=["digest"], name="erasure_digest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
