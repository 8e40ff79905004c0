"""Where spans go: to the collector of OpenTelemetry's own settings (OTEL_EXPORTER_OTLP_...). Imported only then.

Spans are sent by a thread of their own, in batches, over HTTP. One that a collector does not take in time is dropped:
an unreachable collector costs no request anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

SECONDS = 2  # for one batch; the library's ten would keep a process from ending
KINDS = {"internal": SpanKind.INTERNAL, "server": SpanKind.SERVER, "client": SpanKind.CLIENT, "task": SpanKind.CONSUMER}


class Exported:
    """Spans that are handed to a processor."""

    def __init__(self, processor: SpanProcessor | None = None) -> None:
        provider = TracerProvider(resource=Resource.create({"service.name": "rapport"}))
        provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter(timeout=SECONDS)))
        self._tracer = provider.get_tracer("rapport")

    @contextmanager
    def begin(self, name: str, kind: str, parent: Mapping[str, str]) -> Iterator[Any]:
        """A span that lasts as long as the block. Of an error only the type: its words may hold an address."""
        context = propagate.extract(parent) if parent else None
        with self._tracer.start_as_current_span(
            name, context=context, kind=KINDS[kind], record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR))
                span.set_attribute("error.type", type(error).__name__)
                raise

    def carried(self) -> dict[str, str]:
        """The present span, as the W3C writes it."""
        headers: dict[str, str] = {}
        if trace.get_current_span().get_span_context().is_valid:
            propagate.inject(headers)
        return headers
