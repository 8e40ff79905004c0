"""Form fields that several admin pages share."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import Field
from django.http import HttpRequest
from django.utils.text import capfirst


class ZoneFields:
    """Mixin for admin pages: a time zone is chosen from the list of zones, so that no mail meets an unknown one."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """A box with all zones for every field called `zone`."""
        if db_field.name != "zone":
            return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        return forms.ChoiceField(label=capfirst(db_field.verbose_name), choices=zones, initial="UTC")


@cache
def zones() -> list[tuple[str, str]]:
    """All zones with their names as people write them; read from the disk once."""
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
