"""The recruiter's desk: Django's admin site with a home of its own."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ats.desk import home


class DeskSite(AdminSite):
    """The admin, whose first page shows what waits."""

    site_title = "Rapport"
    site_header = "Rapport"
    index_title = _("Home")
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for the person who is signed in, what comes, and where each job stands."""
        return super().index(request, home.context(request.user, at=now()) | (extra_context or {}))
