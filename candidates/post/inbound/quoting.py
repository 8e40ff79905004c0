"""What somebody wrote in an answer, apart from the mail that their program quotes below it.

A careful guess: where words stand below or between what is quoted, nothing is folded away, and nothing is ever lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTE_BEGINS = re.compile(
    r"""^\s*(?:
        -{2,}\s*(?:original\ message|ursprüngliche\ nachricht|message\ d.origine|mensaje\ original
            |oorspronkelijk\ bericht|forwarded\ message|weitergeleitete\ nachricht)\s*-{2,}
        |_{20,}
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
WROTE = re.compile(
    r"^\s*(?:on|am|le|el|op|il|em|den)\b.{5,200}\b(?:wrote|schrieb|écrit|escribió|schreef|scritto|escreveu|skrev)\b"
    r".{0,120}:\s*$",
    re.IGNORECASE | re.DOTALL,
)
FROM = re.compile(r"^\s*\*?(?:from|von|de|van|da)\s*:\*?\s", re.IGNORECASE)
SENT = re.compile(r"^\s*\*?(?:sent|date|gesendet|datum|envoyé|enviado|verzonden|inviato)\s*:\*?\s", re.IGNORECASE)
WROTE_LINES = 3  # over which programs break "On Monday ... wrote:"
LOOKED_AT = 5000  # lines


@dataclass(frozen=True)
class Parts:
    """What was written, and what was quoted below it; together they are the whole."""

    said: str
    quoted: str


def split(text: str) -> Parts:
    """`text` in its two parts; all of it is said where nothing or something doubtful is quoted."""
    lines = text.split("\n")
    cut = _cut(lines)
    said, quoted = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return Parts(said, quoted) if said and quoted else Parts(text.strip(), "")


def _cut(lines: list[str]) -> int:
    """The number of the first line that is quoted; how many there are when none is."""
    written = [number for number, line in enumerate(lines) if line.strip()]
    last_marked = max((number for number in written if lines[number].startswith(">")), default=-1)
    last_unmarked = max((number for number in written if not lines[number].startswith(">")), default=-1)
    # Whether nobody wrote below what is quoted; programs that mark no line quote all that follows.
    to_the_end = min(last_marked, last_unmarked)
    looked_at = range(min(len(lines), LOOKED_AT))
    return next((number for number in looked_at if _begins(lines, number, to_the_end)), len(lines))


def _begins(lines: list[str], number: int, to_the_end: int) -> bool:
    line = lines[number]
    if QUOTE_BEGINS.match(line):
        return True
    if FROM.match(line):
        return any(SENT.match(below) for below in lines[number + 1 : number + 4])
    if line.startswith(">"):
        return number > to_the_end
    ends = (number + more for more in range(1, WROTE_LINES + 1))
    return any(end > to_the_end and WROTE.match("\n".join(lines[number:end])) for end in ends)
