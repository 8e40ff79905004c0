"""Mixin for pages of the admin: of two people who have one form open, the second to save is asked, not the loser.

The form carries what it showed. When it comes back, its row is locked and read again; if a colleague saved something
else meanwhile, nothing is saved, and a page shows both versions. A form without the token (opened before this was
there, or sent by a program) is saved as ever.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from ats.desk.editing import again, differences, shown
from ats.desk.editing.differences import Difference
from ats.desk.editing.shown import Shown

LOOKS_ONLY = "_preview"  # the name of buttons that show something and save nothing
MOST_NAMES = 5


class State(NamedTuple):
    """The forms of one row: the unbound ones tell what the database holds, the bound ones what was typed."""

    form: Any
    formsets: list[Any]


class SavesApart:
    """See the top of this file. Stands before `ModelAdmin` among the bases."""

    def changeform_view(
        self: Any, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """As the admin has it, unless a colleague saved since the form was opened."""
        posted = shown.read(request.POST.get(shown.NAME)) if _saves(request) and object_id else None
        if posted is None:
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        with transaction.atomic():
            self._hold(object_id)
            if page := self._conflict(request, str(object_id), posted):
                return page
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]

    def render_change_form(self: Any, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With what it shows as a token; a form that comes back with errors keeps the one it was opened with."""
        if request.method == "POST":
            context["shown_token"] = request.POST.get(shown.NAME, "")
        elif kwargs.get("change"):
            below = [one.formset for one in context["inline_admin_formsets"] if one.has_change_permission]
            digests = shown.digests(context["adminform"].form, below)
            context["shown_token"] = shown.token(digests, at=now())
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def _hold(self: Any, object_id: str) -> None:
        """Lock the row, so that of two who save at once the second sees what the first one saved."""
        try:
            pk = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            return
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))

    def _conflict(self: Any, request: HttpRequest, object_id: str, posted: Shown) -> HttpResponse | None:
        """The page about a conflict, if there is one."""
        row = self.get_object(request, unquote(object_id))
        name = str(row)  # before what was typed is put into it
        if not self.has_change_permission(request, row):
            return None
        fresh = self._state(request, row, is_typed=False)
        digests = shown.digests(*fresh)
        if digests == posted.digests:
            return None
        typed = self._state(request, row, is_typed=True)
        found = list(differences.of_form(fresh.form, typed.form, posted))
        for pair in zip(fresh.formsets, typed.formsets, strict=True):
            found += differences.of_rows(*pair, posted)
        if all(one.changed == differences.YOURS for one in found):
            return None  # what they changed, the person typed just so
        pairs = again.pairs(request.POST, list(zip(fresh.formsets, typed.formsets, strict=True)))
        return self._conflict_page(request, row, name, found, pairs, digests, posted.at)

    def _state(self: Any, request: HttpRequest, row: Any, *, is_typed: bool) -> State:
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        make = self.get_form(request, row, change=True, fields=fields)
        form = make(request.POST, request.FILES, instance=row) if is_typed else make(instance=row)
        formsets, prefixes = [], dict[str, int]()
        for make_rows, inline in self.get_formsets_with_inlines(request, row):
            prefix = make_rows.get_default_prefix()
            prefixes[prefix] = prefixes.get(prefix, 0) + 1
            if prefixes[prefix] != 1:
                prefix = f"{prefix}-{prefixes[prefix]}"
            given = self.get_formset_kwargs(request, row, inline, prefix)
            if not is_typed:
                given = {name: given[name] for name in ("instance", "prefix", "queryset")}
            if inline.has_change_permission(request, row):
                formsets.append(make_rows(**given))
        return State(form, formsets)

    def _conflict_page(
        self: Any,
        request: HttpRequest,
        row: Any,
        name: str,
        found: list[Difference],
        pairs: list[tuple[str, str]],
        digests: dict[str, str],
        since: datetime,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": name,
            "opts": self.opts,
            "saved": _saved_by(row, since),
            "differences": found,
            "pairs": [*pairs, (shown.NAME, shown.token(digests, at=now()))],
            "files": [one.name for one in request.FILES.values() if isinstance(one, UploadedFile)],
        }
        return render(request, "desk/conflict.html", context, status=409)


def _saves(request: HttpRequest) -> bool:
    return request.method == "POST" and LOOKS_ONLY not in request.POST and "_saveasnew" not in request.POST


def _saved_by(row: Any, since: datetime) -> list[LogEntry]:
    """Who saved it since then, each once, the last one first."""
    kind = ContentType.objects.get_for_model(row)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk), action_time__gte=since)
    found: dict[int, LogEntry] = {}
    for entry in entries.select_related("user").order_by("-action_time")[:50]:
        found.setdefault(entry.user_id, entry)
    return list(found.values())[:MOST_NAMES]
