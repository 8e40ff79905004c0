"""Documents in a bucket of an object store that speaks S3.

Not part of `storage.py`: its library takes half a second and thirty megabytes, which a folder does not need.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from django.core.files.base import File
from storages.backends.s3 import S3Storage  # type: ignore[import-untyped]

MEGABYTE = 1024 * 1024
IN_MEMORY = MEGABYTE  # of a file that is given back; the rest rests in a temporary file
ONE_REQUEST = 1024 * MEGABYTE  # up to here a file is one PUT: it is there whole or not at all
CONNECT, ANSWER = 3, 15  # seconds for each attempt
ATTEMPTS = 2


class StoreAway(OSError):
    """The object store did not answer, or refused."""


@contextmanager
def _told_as_by_a_disk() -> Iterator[None]:
    """Failures of the store as those of a disk, which is what callers know."""
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError("no such object") from error
        raise StoreAway("the object store refused") from error
    except (Boto3Error, BotoCoreError) as error:
        raise StoreAway("the object store did not answer") from error


class BucketStorage(S3Storage):
    """Private objects without addresses; what goes wrong is an `OSError`."""

    def get_default_settings(self) -> dict[str, Any]:
        """Ours instead of the library's; the address, the bucket and the keys come as options."""
        own = {
            "client_config": Config(
                connect_timeout=CONNECT,
                read_timeout=ANSWER,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                s3={"addressing_style": "path"},
                # Other stores than Amazon's do not know its newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            "transfer_config": TransferConfig(
                use_threads=False, multipart_threshold=ONE_REQUEST, multipart_chunksize=ONE_REQUEST
            ),
            "object_parameters": {"ContentType": "application/octet-stream"},  # never what the sender called it
            "max_memory_size": IN_MEMORY,
        }
        return super().get_default_settings() | own

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """None: documents are given back by the view that looks who asks.

        Raises:
            ValueError: always, as a folder without an address does.
        """
        raise ValueError("This file is not accessible via a URL.")

    def _open(self, name: str, mode: str = "rb") -> File:
        """The file, fetched whole, so that nothing can fail when it is half given back."""
        with _told_as_by_a_disk():
            found: File = super()._open(name, mode)
            try:
                found.open()
            except BaseException:
                found.close()
                raise
        return found

    def _save(self, name: str, content: File) -> str:
        with _told_as_by_a_disk():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """Delete the object, if it is there."""
        with _told_as_by_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether it is there."""
        with _told_as_by_a_disk():
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files in `path`."""
        with _told_as_by_a_disk():
            folders, names = super().listdir(path)
        return folders, names

    def get_modified_time(self, name: str) -> datetime:
        """When it was written."""
        with _told_as_by_a_disk():
            at: datetime = super().get_modified_time(name)
        return at
