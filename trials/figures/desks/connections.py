"""Which help desks the settings name, and how each is reached."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings

from trials.figures.desks import freshdesk, helpscout, zendesk
from trials.figures.desks.interface import HelpDesk
from trials.figures.metrics import Tool

TOOLS = (Tool.ZENDESK, Tool.FRESHDESK, Tool.HELP_SCOUT)
SETTINGS = {  # what an operator sets, for people
    Tool.ZENDESK: ("ZENDESK_SUBDOMAIN", "ZENDESK_EMAIL", "ZENDESK_TOKEN"),
    Tool.FRESHDESK: ("FRESHDESK_DOMAIN", "FRESHDESK_KEY"),
    Tool.HELP_SCOUT: ("HELPSCOUT_APP_ID", "HELPSCOUT_SECRET"),
}
Connect = Callable[[str], HelpDesk]


def configured() -> list[str]:
    """The help desks that can be asked."""
    return [str(tool) for tool in TOOLS if tool in settings.HELP_DESKS]


def connect(tool: str) -> HelpDesk:
    """A conversation with one of them; days are counted by the clock of the installation.

    Raises:
        KeyError: the settings do not name it.
    """
    told, zone = settings.HELP_DESKS[tool], ZoneInfo(settings.TIME_ZONE)
    if tool == Tool.ZENDESK:
        return zendesk.connect(told["account"], told["email"], told["token"], zone)
    if tool == Tool.FRESHDESK:
        return freshdesk.connect(told["account"], told["key"], zone)
    return helpscout.connect(told["account"], told["secret"], zone)
