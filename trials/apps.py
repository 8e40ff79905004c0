"""The stage of real work before the lasting decision."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrialsConfig(AppConfig):
    """`trials`: trial, check-ins, verdict, approval."""

    name = "trials"
    verbose_name = _("Trials")
