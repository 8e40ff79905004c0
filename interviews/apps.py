"""The app of the interviews."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterviewsConfig(AppConfig):
    """`interviews`: invitations, panels, the interviewers' page."""

    name = "interviews"
    verbose_name = _("Interviews")
