"""Django's admin with our own site in its place."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Stands in `INSTALLED_APPS` where `django.contrib.admin` would."""

    default_site = "ats.desk.site.DeskSite"
