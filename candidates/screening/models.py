"""What a letter shares with others, and the times at which a colleague can be talked to by phone."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from candidates.people.models import Application


class LetterPrint(models.Model):
    """Fingerprints of a letter: hashes of a sample of its word sequences, by which others that share them are found."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="letter_print")
    hashes = ArrayField(models.IntegerField(), default=list)
    share = models.FloatField(null=True)  # of the letter that stands in other letters, 0 to 1, when it was made
    others = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # letters that hold some of it, of those compared
    passages = models.JSONField(default=list, db_default=[])  # where it stands: [[from, to], ...] in characters
    made_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["hashes"], name="letter_print_hashes", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.application_id}: {len(self.hashes)}"


class TimeSpan(Func):
    """A range of two times, for the constraint that no two overlap."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class CallSlotQuerySet(models.QuerySet["CallSlot"]):
    """Offered times, by what can still be done with them."""

    def free(self, at: datetime) -> CallSlotQuerySet:
        """Those that somebody may still take: never past ones."""
        return self.filter(application=None, starts_at__gt=at)

    def to_come(self, at: datetime) -> CallSlotQuerySet:
        """Those that are not over."""
        return self.filter(ends_at__gt=at)


class CallSlot(models.Model):
    """A time that a colleague offers for phone screens; taken when it has an application."""

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="call_slots")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="call_slots")
    taken_at = models.DateTimeField(null=True)

    objects = CallSlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("time for a phone screen")
        verbose_name_plural = _("times for phone screens")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="call_slot_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(application=None, taken_at=None) | Q(application__isnull=False, taken_at__isnull=False),
                name="call_slot_taken_with_a_time",
            ),
            models.UniqueConstraint(fields=["application", "caller"], name="one_call_slot_each"),
            ExclusionConstraint(
                name="call_slots_do_not_overlap",
                expressions=[
                    ("caller", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caller}: {self.starts_at:%Y-%m-%d %H:%M}"
