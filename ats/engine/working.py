"""What every task passes through, in one place: whether it may act now, whose request rang, how long it took."""

from __future__ import annotations

import time
from typing import Any

from celery import Task
from celery.signals import before_task_publish
from django.utils.timezone import now

from ats.engine import logs, restoring, sweeps, tracing

# What may go on while the outbox is held after a restore: nothing of it writes to anybody, moves or deletes anything.
HARMLESS = {
    "ats.engine.tasks.beat",
    "ats.importing.tasks.work",
    "candidates.people.tasks.read",
    "candidates.people.tasks.read_due",
    "candidates.screening.tasks.print_letters",
    "interviews.agreement.tasks.compute",
    "interviews.availability.tasks.read_calendars",
}


class Doorbell(Task):
    """A ring that is answered: seen in logs, spans and on the page Engine."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task, unless the outbox is held and this is what waits for a person."""
        name, began = str(self.name), time.monotonic()
        with (
            logs.telling(request_id=_rung_by(self), task=name),
            tracing.span(f"task {name}", kind="task", parent=_of(self)),
        ):
            error, has_waited = "", False
            try:
                if has_waited := name not in HARMLESS and restoring.must_wait(at=now()):
                    return None
                return super().__call__(*args, **kwargs)
            except Exception as failure:
                error = type(failure).__name__
                raise
            finally:
                took = time.monotonic() - began
                sweeps.keep(name, at=now(), seconds=took, error=error, has_waited=has_waited)


def _rung_by(task: Doorbell) -> str:
    """The id of the request whose commit rang, as the ring carries it; nothing for what beat rang."""
    return str(getattr(task.request, "request_id", None) or "")


def _of(task: Doorbell) -> dict[str, str]:
    """The span of that request, likewise."""
    found = getattr(task.request, "traceparent", None)
    return {"traceparent": str(found)} if found else {}


@before_task_publish.connect(weak=False)
def _carry_on(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None:
        headers |= logs.carried() | tracing.carried()
