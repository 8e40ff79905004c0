"""Spans for OpenTelemetry, when OTEL_EXPORTER_OTLP_ENDPOINT names a collector: requests, tasks, SQL, mails.

The library is not even imported otherwise. Attributes hold routes, names of tasks and statements without their
values: nothing of a person.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from django.db.backends.signals import connection_created

LONGEST_STATEMENT = 2000
IS_ON = bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))


class Spans(Protocol):
    """What keeps spans: `exporting.Exported`, or none."""

    def begin(self, name: str, kind: str, parent: Mapping[str, str]) -> AbstractContextManager[Any]:
        """A span that lasts as long as the block."""

    def carried(self) -> dict[str, str]:
        """The present span, for the headers of a ring."""


if IS_ON:
    from ats.engine.exporting import Exported

_spans: Spans | None = Exported() if IS_ON else None


def use(spans: Spans | None) -> Spans | None:
    """Keep spans there from now on; gives back where they were kept before."""
    global _spans
    before, _spans = _spans, spans
    return before


def span(name: str, *, kind: str = "internal", parent: Mapping[str, str] | None = None) -> AbstractContextManager[Any]:
    """A span around the block; nothing when no collector is named."""
    return _spans.begin(name, kind, parent or {}) if _spans else nullcontext()


def tell(span: Any, **attributes: str | float) -> None:
    """Say more of a span; a dot in a name is written as two underscores."""
    if span is not None:
        span.set_attributes({name.replace("__", "."): value for name, value in attributes.items()})


def carried() -> dict[str, str]:
    """What a ring takes along, so that the task belongs to the request."""
    return _spans.carried() if _spans else {}


def _told(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """A statement without its values, which travel apart from it."""
    if _spans is None:
        return execute(sql, params, many, context)
    statement = str(sql)
    with span(f"SQL {statement.split(None, 1)[0].upper() if statement.strip() else ''}", kind="client") as one:
        tell(one, db__system__name="postgresql", db__query__text=statement[:LONGEST_STATEMENT])
        return execute(sql, params, many, context)


def _watch(connection: Any, **_kwargs: Any) -> None:
    if _told not in connection.execute_wrappers:
        connection.execute_wrappers.append(_told)


def watch_statements() -> None:
    """Have every connection to the database that is made from now on tell its statements."""
    connection_created.connect(_watch, dispatch_uid="rapport.tracing")


if IS_ON:
    watch_statements()
