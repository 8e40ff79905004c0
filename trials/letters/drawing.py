"""An offer letter as a PDF, the same bytes for the same letter, drawn by `programs/letter.py` in its own process."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from candidates.people.extraction import child
from candidates.people.extraction.child import Limits
from trials.letters import texts

PROGRAM = Path(__file__).parent / "programs" / "letter.py"
LIMITS = Limits(output=8 * 1024 * 1024)


class NotDrawn(Exception):
    """The letter could not be drawn now: no process, no memory, or not in its time."""


@dataclass(frozen=True)
class Sheet:
    """What is drawn: the company's name and logo, the subject, the text, when it is sent, in which language."""

    company: str
    subject: str
    text: str
    language: str
    at: datetime
    logo: bytes = b""


def draw(sheet: Sheet) -> bytes:
    """The letter as a PDF.

    Raises:
        NotDrawn: it could not be drawn now.
    """
    parts = [(part.kind, part.lines) for part in texts.parts(sheet.text)]
    told = {"company": sheet.company, "subject": sheet.subject, "language": sheet.language, "parts": parts}
    return _run(told | {"at": sheet.at.isoformat(), "logo": base64.b64encode(sheet.logo).decode()})


def without_shape(text: str) -> list[str]:
    """The characters of `text` that the font cannot draw, each once, in their order. Raises as `draw`."""
    found: list[str] = json.loads(_run({"text": text}, "shapes"))
    return found


def _run(told: dict[str, Any], *arguments: str) -> bytes:
    try:
        return child.run(PROGRAM, io.BytesIO(json.dumps(told).encode()), *arguments, limits=LIMITS)
    except (child.ChildFailed, OSError) as error:
        raise NotDrawn from error
