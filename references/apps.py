"""The stage in which former employers are asked."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferencesConfig(AppConfig):
    """`references`: referees and what they say."""

    name = "references"
    verbose_name = _("References")
