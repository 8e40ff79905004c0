"""An import, what became of each of its rows, and which column meant what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import Job
from candidates.people.models import Application, Document


class ImportMapping(models.Model):
    """Which column means what, remembered for files with the same header."""

    header = models.CharField(max_length=64, unique=True)  # SHA-256 of the columns' names
    columns = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")

    def __str__(self) -> str:
        return self.header[:12]


LEASE = timedelta(minutes=2)  # without a sign of life for so long, another worker goes on
MOST_ATTEMPTS = 5  # without a finished row in between


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports, by who may see them and whether a worker should look at them."""

    def visible_to(self, user: Any) -> ImportQuerySet:
        """One's own; administrators see all."""
        if not (user.is_active and user.is_staff):
            return self.none()
        return self if user.is_superuser else self.filter(by=user)

    def at_work(self) -> ImportQuerySet:
        """Those that a dry run or the import itself is under way for."""
        return self.filter(state__in=[Import.State.CHECKING, Import.State.RUNNING])

    def waiting(self, at: datetime) -> ImportQuerySet:
        """Those at work that no living worker has."""
        return self.at_work().filter(Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE))


class Import(models.Model):
    """A file of applications, from the upload over the dry run to the result. Work goes on after a kill."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("columns to be named")
        CHECKING = "checking", _("dry run under way")
        CHECKED = "checked", _("dry run done")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(_("by"), max_length=200)
    at = models.DateTimeField(_("uploaded"))
    table = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    resumes = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("file"), max_length=255)
    preset = models.CharField(_("from"), max_length=20, blank=True)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MAPPING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    position = models.PositiveIntegerField(default=0)  # rows that are finished
    counts = models.JSONField(default=dict)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    error = models.TextField(blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["mapping", "checking", "checked", "running", "done", "failed", "stopped"]),
                name="import_state_known",
            )
        ]
        indexes = [
            models.Index(fields=["claimed_at"], condition=Q(state__in=["checking", "running"]), name="import_at_work")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        """Whether a dry run or the import itself is under way."""
        return self.state in {Import.State.CHECKING, Import.State.RUNNING}

    @property
    def has_run(self) -> bool:
        """Whether its results tell what was done; before that they tell what would be."""
        return bool(self.counts.get("is_run"))

    def counts_of_fates(self) -> dict[str, int]:
        """How many rows met which fate so far."""
        return {str(fate): self.counts.get(str(fate), 0) for fate in ImportRow.Fate}


class ImportRow(models.Model):
    """What became, or would become, of one row."""

    class Fate(models.TextChoices):
        NEW = "new", _("new application")
        KNOWN = "known", _("known already")
        REFUSED = "refused", _("not taken")

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="results")
    number = models.PositiveIntegerField(_("row"))
    fate = models.CharField(_("what becomes of it"), max_length=10, choices=Fate)
    name = models.CharField(_("name"), max_length=200, blank=True)
    reason = models.CharField(_("because"), max_length=300, blank=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_result_per_row")]

    def __str__(self) -> str:
        return f"{self.number}: {self.fate}"
