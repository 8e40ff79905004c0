"""The two files of an import on their way in: larger than candidates' files may be, on the disk and never in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest

from candidates.people.filetypes import FileType
from candidates.people.uploads import BoundedUploadHandler

MEGABYTE = 1024 * 1024
MOST_OF_TABLE = 50 * MEGABYTE
MOST_OF_RESUMES = 200 * MEGABYTE
MOST = {"table": MOST_OF_TABLE, "resumes": MOST_OF_RESUMES}
CSV = FileType("CSV", "text/csv", ".csv")
XLSX = FileType("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
ZIP = FileType("ZIP", "application/zip", ".zip")
TYPES = {"csv": CSV, "xlsx": XLSX}


class ImportUploadHandler(BoundedUploadHandler):
    """As for every upload, with the limits of an import; what is sent under another name is not written at all."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write down a part of it."""
        if self.is_lost or start > MOST.get(self.field_name or "", 0):
            return
        try:
            self.file.write(raw_data)
        except OSError:
            self.is_lost = True
            self.file.close()  # and with it, gone


def prepare(request: HttpRequest) -> None:
    """Let this request bring the files of an import; before anything looks at what it posts."""
    request.upload_handlers = [ImportUploadHandler(request)]


@contextmanager
def on_disk(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a file with a path."""
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile() as copy:
        for piece in upload.chunks():
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
