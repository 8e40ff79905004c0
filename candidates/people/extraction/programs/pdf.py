"""The words of a PDF, page by page until there are enough or the time is over."""

import sys
import time

from pypdf import PdfReader
from pypdf.errors import DependencyError

ENCRYPTED = 50
PATIENCE = 12.0  # seconds; what was read by then is worth more than a child that is killed

most, deadline = int(sys.argv[1]), time.monotonic() + PATIENCE
pages, length = [], 0
try:
    reader = PdfReader(sys.stdin.buffer)
    if reader.is_encrypted and not reader.decrypt(""):  # many are locked against printing only, with no password
        sys.exit(ENCRYPTED)
    for page in reader.pages:
        pages.append(page.extract_text())
        length += len(pages[-1])
        if length >= most or time.monotonic() > deadline:
            break
except DependencyError:  # a cipher that is not installed
    sys.exit(ENCRYPTED)
sys.stdout.buffer.write("\n\n".join(pages)[:most].encode("utf-8", "ignore"))
