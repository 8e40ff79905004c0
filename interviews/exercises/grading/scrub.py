"""A candidate's answer without its writer: what the letter's reader does not see, and how people sign.

Names, addresses, numbers and links go as they do in a letter (`candidates/screening/masking.py`). What stands in the
case itself stays: whether the right link or number was given is for the grader to see. So does the customer's name in
a greeting. Below a closing line, and after "my name is", whatever name stands there goes, nicknames too.

Answers are text; no file comes with them. Files would have to lose names and metadata here as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from candidates.screening import masking
from candidates.screening.masking import Identity
from candidates.screening.reading.marks import Kind, Mark, Piece, pieces

SHOWN = 20_000  # signs of one answer; names beyond could not be hidden in good time
SIGNATURE_LINES, SIGNATURE_LENGTH, SIGNATURE_WORDS = 4, 60, 6

_CLOSING = re.compile(
    r"^[ \t]*(?:(?:(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many|friendly)[ ,]*(?:and warm )?"
    r"(?:regards|wishes|greetings|thanks)|regards|best|cheers|sincerely|yours(?: sincerely| faithfully| truly)?"
    r"|(?:thanks|thank you)(?: (?:so|very) much| again| and (?:kind |best )?regards)?|take care"
    r"|have a (?:nice|great) day"
    r"|(?:mit )?(?:freundliche[nmr]?|beste[nr]?|liebe[nr]?|viele[nr]?|herzliche[nr]?) gr(?:ü|ue)(?:ß|ss)en?|mfg|lg"
    r"|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groetjes|mvg|cordialement|bien à vous|bonne journée"
    r"|(?:un )?saludos?(?: cordial(?:es)?)?|atentamente|cordiali saluti|(?:com os )?melhores cumprimentos)"
    r"[ \t]*[,.!–—-]*)(?P<same>(?<=[,.!–—-])[^\n]*)?[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_INTRODUCED = re.compile(
    r"(?i:\b(?:my name(?:['’]s| is)|you can call me|mein name ist|ich hei(?:ß|ss)e|mijn naam is|ik heet"
    r"|je m['’]appelle|mi nombre es|me llamo|mi chiamo|o meu nome é|me chamo))[ \t]+"
    r"(?P<name>[^\W\d_][\w'’.\-]*(?:[ \t]+[A-ZÀ-ÞŁŚŻ][\w'’.\-]*){0,3})"
)
_ALONE = re.compile(r"\n[ \t]*[-–—~/]*[ \t]*(?P<name>[A-ZÀ-ÞŁŚŻ][\w'’.\-]*(?:[ \t][A-ZÀ-ÞŁŚŻ][\w'’.\-]*)?)[,.]?\s*\Z")
_POSTSCRIPT = re.compile(r"^\s*(?:p\.?\s?s|n\.?\s?b)\b", re.IGNORECASE)


class Scrubber:
    """Scrubs the answers of one candidate to one case.

    Args:
        identity: whose answers they are.
        given: texts of the case; links, numbers and addresses that stand in them are nobody's secret.
    """

    def __init__(self, identity: Identity, given: Iterable[str]) -> None:
        self.identity = identity
        self.given = _plain("\n".join(given))

    def pieces(self, text: str) -> list[Piece]:
        """The answer in pieces for the page; what was hidden stands as a mark of its own."""
        shown = text[:SHOWN]
        spans = _merged([*self._told(shown), *_signatures(shown), *_introductions(shown)])
        told, marks, done, length = [], [], 0, 0
        for start, end, word in spans:
            told += [shown[done:start], word]
            length += start - done
            marks.append(Mark(length, length + len(word), Kind.HIDDEN))
            length += len(word)
            done = end
        told.append(shown[done:])
        return pieces("".join(told), marks)

    def text(self, text: str) -> str:
        """The answer as plain text."""
        return "".join(piece.text for piece in self.pieces(text))

    def _told(self, text: str) -> Iterator[tuple[int, int, str]]:
        """What tells who somebody is, as in a letter; without what the case gives."""
        masked = masking.mask(text, self.identity)
        for (start, end, _length), (left, right) in zip(masked.cuts, masked.marks, strict=True):
            word = masked.text[left:right]
            if word == _("[name]") or _plain(text[start:end]) not in self.given:
                yield start, end, word


def _plain(text: str) -> str:
    """Without spaces and case, so that a number is found however it was written."""
    return re.sub(r"[\s().\-/–]+", "", text).casefold()


def _signatures(text: str) -> Iterator[tuple[int, int, str]]:
    """What stands behind a closing formula, on its line and below; and a name alone on the last line."""
    word = _("[signature]")
    for closing in _CLOSING.finditer(text):
        if (closing["same"] or "").strip():
            yield closing.start("same"), closing.end("same"), f" {word}"
        if span := _lines_below(text, closing.end()):
            yield *span, word
    if (last := _ALONE.search(text)) and not _CLOSING.fullmatch(last["name"]):
        yield last.start("name"), last.end("name"), word


def _lines_below(text: str, place: int) -> tuple[int, int] | None:
    """The lines behind `place` where they read like a signature: few and short, then the end or a postscript."""
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]*[^\s][^\n]*", text[place:]):
        words = line[0].strip()
        if _POSTSCRIPT.match(words):
            break
        if len(found) == SIGNATURE_LINES or not _reads_like_signature(words):
            return None
        start = place + line.start() + line[0].index(words)
        found.append((start, start + len(words)))
    return (found[0][0], found[-1][1]) if found else None


def _reads_like_signature(line: str) -> bool:
    count = len(line.split())
    return len(line) <= SIGNATURE_LENGTH and count <= SIGNATURE_WORDS and (count <= 2 or line[-1] not in ".?!:")


def _introductions(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _INTRODUCED.finditer(text):
        yield found.start("name"), found.end("name"), _("[name]")


def _merged(spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """In order and apart; of two that overlap the first keeps its word and takes in the other."""
    found: list[tuple[int, int, str]] = []
    for start, end, word in sorted(spans, key=lambda span: (span[0], -span[1], span[2] == _("[name]"))):
        if found and start < found[-1][1]:
            first, last, kept = found[-1]
            found[-1] = (first, max(last, end), kept)
        else:
            found.append((start, end, word))
    return found
