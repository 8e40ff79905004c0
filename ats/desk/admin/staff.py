"""Colleagues with an account, and their groups; only administrators come here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ats.desk.admin.leavers import Leavers
from ats.desk.editing.admin import SavesApart
from ats.desk.fields import ZoneFields
from candidates.staff.forms import ColleagueForm, working_days
from candidates.staff.models import User


@admin.register(User)
class ColleagueAdmin(Leavers, SavesApart, ZoneFields, UserAdmin):
    """Who leaves is made inactive, or deleted when nothing hangs on the account: what they did keeps their name."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "groups")
    form = ColleagueForm
    fieldsets = (
        *UserAdmin.fieldsets,  # type: ignore[misc]
        (_("Place"), {"fields": ("zone", "language", "country", "subdivision", "working_days")}),
        (_("Reminders"), {"fields": (("quiet_from", "quiet_until"), "digest_hour", "reminded_in_digest")}),
    )
    readonly_fields = ("last_login", "date_joined")  # signing in writes the first one, whoever has the form open
    show_full_result_count = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Working days are boxes to tick."""
        if db_field.name == "working_days":
            return working_days()
        return super().formfield_for_dbfield(db_field, request, **kwargs)


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(SavesApart, GroupAdmin):
    """Who may do what."""
