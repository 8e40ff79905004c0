"""The words of an OpenDocument text. They are taken as they stream by: no tree is built, nothing is nested too deep."""

import sys
import zipfile

from defusedxml.ElementTree import XMLParser  # type: ignore[import-untyped]

CHUNK = 64 * 1024
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
BREAKS = {f"{TEXT}p": "\n", f"{TEXT}h": "\n", f"{TEXT}line-break": "\n", f"{TEXT}tab": "\t", f"{TEXT}s": " "}


class Words:
    """Gathers text, and a break where one begins."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.data(BREAKS.get(tag, ""))

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text between elements."""
        self.parts.append(text)
        self.length += len(text)

    def close(self) -> str:
        """All of it."""
        return "".join(self.parts)


most, words = int(sys.argv[1]), Words()
parser = XMLParser(target=words, forbid_dtd=True)
with zipfile.ZipFile(sys.stdin.buffer) as archive, archive.open("content.xml") as content:
    while words.length < most and (chunk := content.read(CHUNK)):
        parser.feed(chunk)
sys.stdout.buffer.write(words.close().strip()[:most].encode("utf-8", "ignore"))
