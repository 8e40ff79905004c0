"""Whether this worker was asked to end: what is in hand is finished, the rest is given back.

Celery asks the worker's first process, the mails are in its children; one shared byte reaches all of them.
"""

import mmap

_byte = mmap.mmap(-1, 1)


def ask() -> None:
    """Let every sweep of this worker end after the mail in hand."""
    _byte[0] = 1


def is_asked() -> bool:
    """Whether this worker is to end."""
    return _byte[0] == 1


def forget() -> None:
    """Begin anew."""
    _byte[0] = 0
