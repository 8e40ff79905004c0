"""The words of a Word document: its text with tables and boxes, then headers and footers."""

import sys
import zipfile

from docx import Document
from docx.oxml.ns import qn

TOO_LARGE = 51
MOST_BYTES = 100 * 1024 * 1024  # unpacked, as its directory says; zipfile reads no more of a member than that
BREAKS = {qn("w:p"): "\n", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:tc"): "\t"}
TEXT = qn("w:t")

most = int(sys.argv[1])
with zipfile.ZipFile(sys.stdin.buffer) as archive:
    if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
        sys.exit(TOO_LARGE)
document = Document(sys.stdin.buffer)
parts = [document.element.body]
margins = [part for section in document.sections for part in (section.header, section.footer)]
parts += [part._element for part in margins if not part.is_linked_to_previous]
words = [
    element.text or "" if element.tag == TEXT else BREAKS[element.tag]
    for part in parts
    for element in part.iter(TEXT, *BREAKS)
]
sys.stdout.buffer.write("".join(words).strip()[:most].encode("utf-8", "ignore"))
