"""The figures of a help desk that we understand: their names, units, and which way is better."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    """What is counted or measured about somebody's work in a help desk."""

    SATISFACTION = "satisfaction", _("satisfaction, %")
    FIRST_REPLY = "first_reply", _("first reply, minutes")
    RESOLUTION = "resolution", _("resolution, hours")
    REOPENED = "reopened", _("reopened, %")
    SOLVED = "solved", _("tickets solved")
    QUALITY = "quality", _("quality score, %")
    ADHERENCE = "adherence", _("adherence to the schedule, %")


PERCENT = frozenset({Metric.SATISFACTION, Metric.REOPENED, Metric.QUALITY, Metric.ADHERENCE})
PROPORTIONS = frozenset({Metric.SATISFACTION, Metric.REOPENED})  # of n answers or tickets: an interval follows from n
LOWER_IS_BETTER = frozenset({Metric.FIRST_REPLY, Metric.RESOLUTION, Metric.REOPENED})


class Tool(models.TextChoices):
    """A help desk whose exports we read."""

    ZENDESK = "zendesk", "Zendesk"
    FRESHDESK = "freshdesk", "Freshdesk"
    HELP_SCOUT = "helpscout", "Help Scout"
    LIVE_AGENT = "liveagent", "LiveAgent"
    OTHER = "other", _("another one")
