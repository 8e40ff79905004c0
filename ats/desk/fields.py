"""Form fields that several admin pages share."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import Field
from django.http import HttpRequest


class ZoneFields:
    """Mixin for admin pages: a time zone is chosen from the list of zones, so that no mail meets an unknown one."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """A box with all zones for every field called `zone`."""
        if db_field.name != "zone":
            return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        return forms.ChoiceField(label=db_field.verbose_name, choices=zones, initial="UTC")
