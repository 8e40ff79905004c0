"""The recruiter's desk: Django's admin site with a home of its own."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ats.desk import engine, home


class DeskSite(AdminSite):
    """The admin, whose first page shows what waits."""

    site_title = "Rapport"
    site_header = "Rapport"
    index_title = _("Home")
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """As usual, but the list of everything that can be opened is made by the one page that shows it."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": self.site_url,
            "has_permission": self.has_permission(request),
            "available_apps": SimpleLazyObject(lambda: self.get_app_list(request)),
            "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar,
            "log_entries": SimpleLazyObject(lambda: self.get_log_entries(request)),
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for the person who is signed in, what comes, and where each job stands."""
        at = now()
        shown = home.context(request.user, at=at) | {
            "engine_needs_a_person": engine.needs_a_person(request.user, at=at)
        }
        return super().index(request, shown | (extra_context or {}))
