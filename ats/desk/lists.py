"""Lists that stay quick however long they are: pages by key instead of by number, counts that stop.

A page by key asks for the rows after the last one shown, which an index answers at once; a page by number makes the
database walk all the rows before it. Nobody needs to know whether there are 48,211 or 48,212 of something.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.text import capfirst

from ats.desk.editing.admin import SavesApart

AFTER, BEFORE = "after", "before"
COUNTED = 1000


class CappedPaginator(Paginator):
    """Counts up to `COUNTED` and pages no further: whoever looks for more searches or filters."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `COUNTED`."""
        return capped_count(self.object_list, COUNTED)


def capped_count(queryset: Any, most: int) -> int:
    """How many rows `queryset` has, counted no further than `most`."""
    return queryset.order_by()[:most].count()


class PlainChangeList(ChangeList):
    """A change list called by what it lists, which tells no number that was not counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = capfirst(str(self.opts.verbose_name_plural))
        self.full_result_count = self.result_count  # equal, so that the search box tells no number


class DeskAdmin(SavesApart, admin.ModelAdmin):
    """What all our admin pages share: strangers get 404, nothing is deleted or overwritten unseen, lists are capped."""

    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    actions: Any = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Ours; long tables take `KeysetChangeList`."""
        return PlainChangeList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, if the signed-in person may see it.

        Raises:
            Http404: there is none for them; the admin's own way would tell that the key is unknown.
        """
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that an application hangs on is deleted by hand."""
        return False


class ReadOnlyAdmin(DeskAdmin):
    """For what the verbs write and people only look at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Verbs add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Verbs change."""
        return False


class KeysetChangeList(PlainChangeList):
    """A change list that pages by the key of the last row shown: `?after=` and `?before=`.

    The order must run in one direction and end with the primary key.
    """

    pages_by_key = True

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """The filters, without our two words for pages."""
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in (AFTER, BEFORE)}

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """A link within the list; whoever filters or sorts anew starts at the first page."""
        return super().get_query_string(new_params, [*(remove or []), AFTER, BEFORE])

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """As the admin has it, but the key at the end runs the same way as the column before it."""
        ordering = [name for name in super().get_ordering(request, queryset) if name not in ("pk", "-pk")]
        downwards = not ordering or str(ordering[0]).startswith("-")
        return [*ordering, "-pk" if downwards else "pk"]

    def get_results(self, request: HttpRequest) -> None:
        """Read one page and one row more, which tells whether there is a next one."""
        order: list[Any] = list(self.queryset.query.order_by)
        after, before = request.GET.get(AFTER), request.GET.get(BEFORE)
        rows = self._read(order, after=after, before=before)
        more = len(rows) > self.list_per_page
        rows = rows[: self.list_per_page]
        if before:
            rows.reverse()
        self.result_list = rows
        self.previous_url = self._link(BEFORE, rows[:1], order) if after or (before and more) else ""
        self.next_url = self._link(AFTER, rows[-1:], order) if before or more else ""
        is_whole = not (after or before or more)
        self.result_count = len(rows) if is_whole else self._count(is_deep=bool(after or before))
        self._tell_templates(request)

    def _read(self, order: list[Any], *, after: str | None, before: str | None) -> list[Model]:
        rows: QuerySet[Model] = self.queryset
        if before:
            rows = self._beyond(rows.order_by(*[_reversed(name) for name in order]), before)
        elif after:
            rows = self._beyond(rows, after)
        return list(rows[: self.list_per_page + 1])

    def _beyond(self, rows: QuerySet[Model], cursor: str) -> QuerySet[Model]:
        order: list[Any] = list(rows.query.order_by)
        names = [name.lstrip("-") for name in order]
        past = "lt" if str(order[0]).startswith("-") else "gt"
        values = dict(zip(names, self._values(names, cursor), strict=True))
        return rows.filter(_past(values, past))

    def _values(self, names: list[str], cursor: str) -> list[Any]:
        try:
            values = json.loads(cursor)
            fields: list[Any] = [self.opts.pk if name == "pk" else self.opts.get_field(name) for name in names]
            return [field.to_python(value) for field, value in zip(fields, values, strict=True)]
        except (ValueError, TypeError, ValidationError) as error:
            raise IncorrectLookupParameters from error

    def _link(self, word: str, rows: list[Model], order: list[Any]) -> str:
        if not rows:
            return ""
        values = [str(getattr(rows[0], name.lstrip("-"))) for name in order]
        return self.get_query_string({word: json.dumps(values)})

    def _count(self, *, is_deep: bool) -> int:
        """The number is told on the first page only."""
        return 0 if is_deep else capped_count(self.queryset, COUNTED + 1)

    def _tell_templates(self, request: HttpRequest) -> None:
        """What the admin's templates want to know."""
        self.is_capped = self.result_count > COUNTED
        self.counted = min(self.result_count, COUNTED)
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all, self.multi_page = False, bool(self.previous_url or self.next_url)
        self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _past(values: dict[str, Any], past: str) -> Q:
    """Rows past the cursor. Written so that an index on the first column starts at the right place."""
    (first, value), *rest = values.items()
    if not rest:
        return Q(**{f"{first}__{past}": value})
    ties = Q(**{first: value}) & _past(dict(rest), past)
    return Q(**{f"{first}__{past}e": value}) & (Q(**{f"{first}__{past}": value}) | ties)
