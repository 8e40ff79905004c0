"""Who works in a help desk, their figures per week or day, and where these came from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Application, Document
from trials.figures.metrics import Metric, Tool

TOOLS = ["zendesk", "freshdesk", "helpscout", "liveagent", "other"]
METRICS = ["satisfaction", "first_reply", "resolution", "reopened", "solved", "quality", "adherence"]

LEASE = timedelta(minutes=2)  # without a sign of life for so long, another worker goes on with an import
MOST_ATTEMPTS = 5  # without a finished row in between


class Agent(models.Model):
    """Somebody as a help desk calls them. A person says once who that is: on trial, in the team, nobody of ours."""

    class Part(models.TextChoices):
        NEW = "new", _("not matched yet")
        TRIAL = "trial", _("on trial")
        TEAM = "team", _("in the team")
        IGNORED = "ignored", _("left out")

    tool = models.CharField(_("help desk"), max_length=10, choices=Tool)
    key = models.CharField(_("known there as"), max_length=200)  # number, else address, else name; in small letters
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    part = models.CharField(_("is"), max_length=8, choices=Part, default=Part.NEW)
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.PROTECT, related_name="agents")
    matched_at = models.DateTimeField(null=True)
    matched_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["tool", "key"]
        verbose_name = _("agent of the help desk")
        verbose_name_plural = _("agents of the help desk")
        constraints = [
            models.UniqueConstraint(fields=["tool", "key"], name="one_agent_per_tool_and_key"),
            models.CheckConstraint(condition=Q(tool__in=TOOLS), name="agent_tool_known"),
            models.CheckConstraint(
                condition=Q(part="trial", application__isnull=False)
                | Q(part__in=["new", "team", "ignored"], application=None),
                name="agent_on_trial_has_an_application",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class FigureImportQuerySet(models.QuerySet["FigureImport"]):
    """Imports of figures, by who may see them and whether a worker should look at them."""

    def visible_to(self, user: Any) -> FigureImportQuerySet:
        """One's own; administrators see all."""
        if not (user.is_active and user.is_staff):
            return self.none()
        return self if user.is_superuser else self.filter(by=user)

    def waiting(self, at: datetime) -> FigureImportQuerySet:
        """Those under way that no living worker has."""
        running = self.filter(state=FigureImport.State.RUNNING)
        return running.filter(Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE))


class FigureImport(models.Model):
    """A file of figures, from the upload to the result. Work goes on after a kill."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("columns to be named")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    tool = models.CharField(_("help desk"), max_length=10, choices=Tool)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(_("by"), max_length=200)
    at = models.DateTimeField(_("uploaded"))
    table = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("file"), max_length=255)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.MAPPING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    position = models.PositiveIntegerField(default=0)  # rows that are finished
    added = models.PositiveIntegerField(_("figures added"), default=0)
    changed = models.PositiveIntegerField(_("figures corrected"), default=0)
    same = models.PositiveIntegerField(_("figures known already"), default=0)
    refused = models.PositiveIntegerField(_("rows not taken"), default=0)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    error = models.TextField(blank=True)

    objects = FigureImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import of figures")
        verbose_name_plural = _("imports of figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["mapping", "running", "done", "failed"]), name="figure_import_state_known"
            ),
            models.CheckConstraint(condition=Q(tool__in=TOOLS), name="figure_import_tool_known"),
        ]
        indexes = [models.Index(fields=["claimed_at"], condition=Q(state="running"), name="figure_import_at_work")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        """Whether its rows are being read."""
        return self.state == self.State.RUNNING

    @property
    def recognised(self) -> str:
        """The tool whose export this looks like, where that is another than was chosen and nobody has settled it."""
        found = str(self.mapping.get("recognised", ""))
        return "" if found == self.tool or self.mapping.get("is_settled") else found


class RefusedRow(models.Model):
    """A row of which nothing, or not all, was taken, and why."""

    run = models.ForeignKey(FigureImport, on_delete=models.CASCADE, related_name="refusals")
    number = models.PositiveIntegerField(_("row"))
    reason = models.CharField(_("because"), max_length=300)
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "number"]
        verbose_name = _("row not taken")
        verbose_name_plural = _("rows not taken")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_refusal_per_row")]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"


class FigureMapping(models.Model):
    """Which column of a tool's export means what, as somebody named them last."""

    tool = models.CharField(_("help desk"), max_length=10, choices=Tool, unique=True)
    columns = models.JSONField(default=dict)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("mapping of figures")
        verbose_name_plural = _("mappings of figures")

    def __str__(self) -> str:
        return self.get_tool_display()


class Figure(models.Model):
    """One number of one agent for some days: always with how many cases it stands on, where that is known."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="figures")
    metric = models.CharField(_("figure"), max_length=20, choices=Metric)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    n = models.PositiveIntegerField(_("n"), null=True)
    spread = models.DecimalField(_("standard deviation"), max_digits=14, decimal_places=4, null=True)
    run = models.ForeignKey(FigureImport, null=True, on_delete=models.SET_NULL, related_name="figures")

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.UniqueConstraint(fields=["agent", "metric", "starts_on", "ends_on"], name="one_figure_per_time"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="figure_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_not_negative"),
            models.CheckConstraint(condition=Q(metric__in=METRICS), name="figure_metric_known"),
        ]
        indexes = [models.Index(fields=["metric", "starts_on"], name="figure_by_week")]

    def __str__(self) -> str:
        return f"{self.agent}, {self.get_metric_display()}, {self.starts_on}: {self.value}"


class FigureFetch(models.Model):
    """How far a help desk was asked for figures by its API, and how the last time went."""

    tool = models.CharField(_("help desk"), max_length=10, choices=Tool, unique=True)
    fetched_until = models.DateField(_("fetched until"), null=True)
    tried_at = models.DateTimeField(_("last tried"), null=True)
    claimed_at = models.DateTimeField(null=True)
    error = models.TextField(_("went wrong"), blank=True)

    class Meta:
        verbose_name = _("connection to a help desk")
        verbose_name_plural = _("connections to help desks")

    def __str__(self) -> str:
        return self.get_tool_display()
