"""One Django app for all rooms of `ats`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AtsConfig(AppConfig):
    """`ats`: the outermost package."""

    name = "ats"
    verbose_name = _("Automation")
