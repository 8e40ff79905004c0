"""Listening sockets that the supervisor opens and its children inherit.

So a port is taken once and for all: no second instance can slip in, and while a crashed server starts again its
callers wait instead of being refused.
"""

import socket

FIRST = 8000
LAST = 8999
BACKLOG = 512


class Taken(Exception):
    """The port is in use."""


def listen(port: int) -> socket.socket:
    """A socket that listens on `port` of this machine alone; 0 means any. Raises Taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise Taken(str(port)) from None
    return listener


def listen_on_next() -> socket.socket:
    """The first free port from 8000 on."""
    for port in range(FIRST, LAST + 1):
        try:
            return listen(port)
        except Taken:
            continue
    raise Taken(f"{FIRST} to {LAST}")


def number(listener: socket.socket) -> int:
    """The port it listens on."""
    return int(listener.getsockname()[1])
