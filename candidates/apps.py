"""One Django app, one migration history, for all rooms of `candidates`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CandidatesConfig(AppConfig):
    """`candidates`: the kernel."""

    name = "candidates"
    verbose_name = _("Hiring")
