"""How far this database has come, to notice that an older copy of it was brought back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HighWaterMark(models.Model):
    """A number that only grows, in one row; its twin lies outside the database, and outlives a restore of it."""

    number = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    restored_at = models.DateTimeField(_("an older copy was brought back"), null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_high_water_mark")]

    def __str__(self) -> str:
        return str(self.number)
