"""What stands in a log, and what must not: tokens of personal links and mail addresses (I8, V23).

A line, or with LOG_FORMAT=json an object, for each record. Both are masked as a whole, after the record was put into
words, so that a traceback or an argument cannot bring in what the message left out.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

TOKEN = re.compile(r"/(link|my|drafts|pool|pool/links)/(?!renew/)[^/\s?\"'<]*[:.][^/\s?\"']*")
SIGNED = re.compile(r"[A-Za-z0-9_-]+:[A-Za-z0-9]{6,7}:[A-Za-z0-9_-]{43}")  # wherever Django's signing put it
# PostgreSQL tells the values of a row that it refuses: `DETAIL:  Key (lower(email))=(cara@example.org) already exists`.
VALUES = re.compile(r"(?m)^(DETAIL: +(?:Key|Failing row)[^=\n(]*(?:\(.*?\)=)?)\(.*\)")
ADDRESS = re.compile(
    r"[^\s@<>\"'()\[\]{},;:=|]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?", re.UNICODE
)
OUR_OWN = re.compile(r"(?:worker|celery|urgent|mail|work)@[\w.-]+$")  # a worker is called so, too
LONGEST = 20_000

_told: ContextVar[dict[str, str]] = ContextVar("told", default={})  # noqa: B039 - replaced, never changed


class WithoutTokens(logging.Filter):
    """Puts `…` where a token or an address stood, in the message, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record; every record passes."""
        try:
            text = record.getMessage()
        except Exception:  # a slip in a log line must not stop the work that it tells of
            text, record.msg, record.args = "", "A record that could not be put into words.", ()
        if (clean := masked(text)) != text:
            record.msg, record.args = clean, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True


class Console(logging.StreamHandler[TextIO]):
    """What is standard error just now. A record that cannot be written is told by its logger alone."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Looked up for every record, as who starts a process may replace it."""
        return sys.stderr

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """As usual it would print the record's arguments as they are."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"A record of {record.name} could not be written.\n")


class Line(logging.Formatter):
    """A record as lines of text, without what must not be told."""

    def format(self, record: logging.LogRecord) -> str:
        """As usual, masked; with the request that it belongs to."""
        request = _told.get().get("request_id", "")
        return masked(super().format(record)) + (f" [{request}]" if request else "")


class JsonLine(logging.Formatter):
    """A record as one JSON object in one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, traceback, and whose request or which task it was."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            **_told.get(),
        }
        for name in ("method", "path", "status", "seconds"):
            if hasattr(record, name):
                said[name] = masked(str(value)) if isinstance(value := getattr(record, name), str) else value
        if record.exc_info or record.exc_text:
            said["traceback"] = masked(record.exc_text or self.formatException(record.exc_info))  # type: ignore[arg-type]
        return json.dumps(said, ensure_ascii=False, default=str)


def masked(text: str) -> str:
    """`text` without tokens and without mail addresses, and not longer than a log can bear."""
    text = SIGNED.sub("…", TOKEN.sub(r"/\1/…", text[:LONGEST]))
    text = VALUES.sub(r"\1(…)", text)
    return ADDRESS.sub(lambda found: found[0] if OUR_OWN.match(found[0]) else "…@…", text)


@contextmanager
def telling(**told: str) -> Iterator[None]:
    """Within this block every record says so too; what is empty is left out."""
    before = _told.set(_told.get() | {name: value for name, value in told.items() if value})
    try:
        yield
    finally:
        _told.reset(before)


def carried() -> dict[str, str]:
    """What a ring takes along to the worker."""
    request = _told.get().get("request_id")
    return {"request_id": request} if request else {}
