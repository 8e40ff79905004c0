"""Uploads on their way in: never more of them on the disk than we take, and a full disk is no error page."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

MOST_BYTES = 10 * 1024 * 1024


class LostUpload(UploadedFile):
    """An upload that could not be written down; forms tell it to the person."""


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to a temporary file, but nothing of what comes beyond the limit.

    The size that it tells is the whole one, so that the form refuses what was cut (see `FILE_UPLOAD_HANDLERS`).
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        self.is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.is_lost = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write down a part of it."""
        if self.is_lost or start > MOST_BYTES:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self.is_lost = True
            self.file.close()  # and with it, gone

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file, with the size of all that came."""
        return LostUpload(name=self.file_name, size=file_size) if self.is_lost else super().file_complete(file_size)
