"""A résumé to send: a valid PDF of a chosen size, different on every call when asked for."""

from __future__ import annotations

_HEAD = b"%PDF-1.4\n"
_PAGE = (
    b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>\nendobj\n"
)
_TEXT = b"BT /F1 12 Tf 72 770 Td (Three years in customer support, by phone and e-mail.) Tj ET\n"
MEGABYTE = 1024 * 1024


def resume(size: int = MEGABYTE, *, mark: int = 0) -> bytes:
    """A PDF of one page of about `size` bytes; another `mark` gives another content."""
    padding = (b"%% %d\n" % mark).ljust(max(size - len(_HEAD + _PAGE + _TEXT) - 400, 8), b" ") + b"\n"
    stream = b"4 0 obj\n<< /Length %d >>\nstream\n%sendstream\nendobj\n" % (
        len(_TEXT),
        _TEXT,
    )
    body = _HEAD + _PAGE + stream + padding
    return body + _references(body)


def _references(body: bytes) -> bytes:
    """The table of where each object stands, and the end."""
    places = [body.index(b"%d 0 obj" % number) for number in range(1, 5)]
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 5\n0000000000 65535 f \n" + rows
    return table + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
