"""Asking the database with an end: a probe must answer also when the server accepts and never does."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db import OperationalError, connection, connections

T = TypeVar("T")
SECONDS = 1.0
CONNECT_SECONDS = 2  # the shortest that PostgreSQL's library knows


def within(look: Callable[[], T], *, seconds: float = SECONDS) -> T:
    """What `look` finds in the database over a connection of its own.

    A server that was stopped, or lies behind a network that swallows packets, keeps a query waiting for minutes, and
    no setting of the connection ends that. So the looking is done beside, and its socket is cut when the time is up.

    Raises:
        OperationalError: there was no answer in time.
        Error: what `look` raises.
    """
    found: list[T] = []
    failed: list[Exception] = []
    wire: list[int] = []
    thread = threading.Thread(target=_look, args=(look, seconds, found, failed, wire), daemon=True, name="look")
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if found:
        return found[0]
    _cut(wire)
    raise OperationalError("no answer in time")


def _look(look: Callable[[], T], seconds: float, found: list[T], failed: list[Exception], wire: list[int]) -> None:
    try:
        connection.settings_dict = connection.settings_dict | {"OPTIONS": _impatient(seconds), "CONN_MAX_AGE": 0}
        connection.ensure_connection()
        wire.append(connection.connection.fileno())
        found.append(look())
    except Exception as error:  # it is the asker's, whatever it is
        failed.append(error)
    finally:
        wire.clear()
        with suppress(Exception):
            connections.close_all()


def _impatient(seconds: float) -> dict[str, object]:
    options = dict(connection.settings_dict["OPTIONS"])
    told = f"{options.get('options', '')} -c statement_timeout={int(seconds * 1000)}".strip()
    return options | {"connect_timeout": CONNECT_SECONDS, "options": told}


def _cut(wire: list[int]) -> None:
    """End the connection under the waiting thread, so that it ends too instead of hanging on for minutes."""
    for descriptor in wire:
        with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as line:
            line.shutdown(socket.SHUT_RDWR)
