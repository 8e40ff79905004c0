"""Whether the process in this container is well: `python -m ats.engine.probe web|worker|urgent|beat`; 0 is well."""

import http.client
import os
import socket
import sys
import time
from urllib.parse import urlsplit

from django.conf import settings

from ats.celery import app
from ats.engine.scheduler import turned_file

SECONDS = 5
BEAT_SECONDS = 60


def web() -> bool:
    """Whether a page is served."""
    port = int((os.environ.get("BIND") or ":8000").rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Host": urlsplit(settings.SITE_URL).netloc, "X-Forwarded-Proto": "https"}
    try:
        connection.request("GET", "/readyz", headers=headers)
        # Without a proxy that it trusts, it answers with a redirection to https; that is well too.
        return connection.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except OSError:
        return False


def worker() -> bool:
    """Whether the worker of this machine answers a ping through the broker."""
    return _answers("worker")


def urgent() -> bool:
    """The same of the process for urgent mails."""
    return _answers("urgent")


def _answers(name: str) -> bool:
    try:
        return bool(app.control.ping(destination=[f"{name}@{socket.gethostname()}"], timeout=SECONDS))
    except OSError:
        return False


def beat() -> bool:
    """Whether beat turned lately."""
    try:
        return time.time() - turned_file().stat().st_mtime < BEAT_SECONDS
    except FileNotFoundError:
        return False


PROBES = {"web": web, "worker": worker, "urgent": urgent, "beat": beat}

if __name__ == "__main__":
    sys.exit(0 if PROBES[sys.argv[1]]() else 1)
