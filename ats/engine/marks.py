"""The twin of the high-water mark, outside the database: in Redis, and beside the documents.

The number of the database grows with every heartbeat and is then written here. A database that lags behind its twin
is an older copy. Its upper half names the line it comes from, drawn when the row is made: a fresh database, as
`make reset` and `demo --reset` leave it, has no row, begins a line of its own and takes the old twin over.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ats.engine import beside

KEY = "rapport:high-water-mark"
NAME = ".high-water-mark"
LINE = 2**32  # a number's upper half names its line; the lower half lasts for four thousand years of heartbeats
EVERY = 10  # how many heartbeats lie between two writes into a bucket
COPIED_AFTER = timedelta(minutes=1)
logger = logging.getLogger(__name__)


class Finding(StrEnum):
    """What the twins tell of the database."""

    SAME = "same"
    OLDER = "older"  # the twin has come further: yesterday's copy was brought back
    COPIED = "copied"  # the twin's own file was brought back too, from the same night
    ELSEWHERE = "elsewhere"  # the twins know another line: the copy of another installation
    LOST = "lost"  # a database that ran before, in a place that knows nothing of it


@dataclass(frozen=True)
class Twin:
    """A number that was found, and whether the file that held it is a copy of the one that we wrote."""

    number: int
    is_copied: bool = False


def first_number() -> int:
    """The number with which a new line begins."""
    return secrets.randbelow(2**30) * LINE


def compare(number: int) -> Finding:
    """What the twins tell of a database that stands at `number`."""
    twins = _twins()
    own = [twin for twin in twins if twin.number // LINE == number // LINE]
    if any(twin.number > number for twin in own):
        return Finding.OLDER
    if any(twin.is_copied for twin in twins):
        return Finding.COPIED
    if own:
        return Finding.SAME
    return Finding.ELSEWHERE if twins else Finding.LOST


def highest(number: int) -> int:
    """The furthest that this line ever came, as far as anybody knows."""
    return max([number, *(twin.number for twin in _twins() if twin.number // LINE == number // LINE)])


def write(number: int, *, at: datetime, is_thorough: bool = False) -> None:
    """Write the number down outside the database, after the database has it. A place that is away is passed over."""
    with suppress(*beside.AWAY):
        beside.client().set(KEY, number)
    if folder := settings.DOCUMENTS_DIR:
        try:
            _write_file(Path(folder), number, at)
        except OSError as error:
            logger.warning("The high-water mark could not be written beside the documents: %s", error.strerror)
    elif is_thorough or number % EVERY == 0:
        _write_object(number)


def _twins() -> list[Twin]:
    """Redis and the file each time; the bucket, which takes a while, only where Redis knows nothing."""
    near = [*_in_redis(), *_beside_documents()]
    return near or ([] if settings.DOCUMENTS_DIR else list(_in_bucket()))


def _in_redis() -> Iterator[Twin]:
    with suppress(*beside.AWAY, ValueError):
        if told := beside.client().get(KEY):
            yield Twin(int(str(told)))


def _beside_documents() -> Iterator[Twin]:
    if not settings.DOCUMENTS_DIR:
        return
    path = Path(settings.DOCUMENTS_DIR) / NAME
    with suppress(OSError, ValueError, KeyError, TypeError):
        told, found = json.loads(path.read_text()), path.stat()
        # A copy is another file and was made later. Either alone is no proof: a file system of a network may number
        # its files anew at every start, and a change of the owner makes a file look younger.
        made = datetime.fromtimestamp(found.st_ctime, UTC)
        is_younger = made - datetime.fromtimestamp(float(told["at"]), UTC) > COPIED_AFTER
        yield Twin(int(told["number"]), found.st_ino != told["file"] and is_younger)


def _in_bucket() -> Iterator[Twin]:
    with suppress(OSError, ValueError), default_storage.open(NAME) as file:
        yield Twin(int(file.read().decode()))


def _write_file(folder: Path, number: int, at: datetime) -> None:
    """Whole or not at all: a new file takes the place of the old one, and says which file it is."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{NAME}.{os.getpid()}"
    with new.open("w") as file:
        json.dump({"number": number, "at": at.timestamp(), "file": os.fstat(file.fileno()).st_ino}, file)
    new.replace(folder / NAME)


def _write_object(number: int) -> None:
    try:
        default_storage.delete(NAME)
        default_storage.save(NAME, ContentFile(str(number).encode()))
    except OSError as error:
        logger.warning("The high-water mark could not be written into the bucket: %s", error)
