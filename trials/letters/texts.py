"""The words of an offer letter: which placeholders a template may hold, how they are filled in, and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.post import placeholders

PLACEHOLDERS: dict[str, str | Promise] = {
    "candidate": _("the candidate's name"),
    "job": _("the title of the job"),
    "company": _("the name of your company"),
    "place": _("where the work is"),
    "starts_on": _("the first day"),
    "hours": _("the hours a week, as you write them"),
    "pay": _("the pay, as you write it"),
    "manager": _("the hiring manager"),
    "today": _("the day on which it is sent"),
    "answer_by": _("until when they may answer"),
    "extra": _("what you add for this person"),
}
EXAMPLE: dict[str, str] = {
    "candidate": "Łucja Øberg-Müller",
    "job": "Support specialist",
    "company": "Harbour Help",
    "place": "Rotterdam",
    "starts_on": "1 March",
    "hours": "32",
    "pay": "EUR 2,900 a month",
    "manager": "Max Manager",
    "today": "12 February",
    "answer_by": "19 February",
    "extra": "Your laptop comes by post.",
}


@dataclass(frozen=True)
class Part:
    """A piece of a letter: "heading", "paragraph" or "list"; a list has a line for each item."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its lines as one."""
        return "\n".join(self.lines)


def mistakes(written: str) -> list[str]:
    """What is wrong with the placeholders of a template, each named, in words for who wrote it."""
    return placeholders.mistakes(written, allowed=PLACEHOLDERS)


def fill(written: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled in; a paragraph whose only word stays empty is left out."""
    filled = placeholders.fill_in(written.replace("\r\n", "\n").replace("\r", "\n"), values)
    return re.sub(r"\n\s*\n(\s*\n)+", "\n\n", filled).strip()


def parts(text: str) -> Iterator[Part]:
    """A letter in its parts: "# " begins a heading, "- " an item of a list, a blank line ends what stands before it."""
    for piece in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        yield from _parts_of(tuple(line.strip() for line in piece.split("\n") if line.strip()))


def _parts_of(lines: tuple[str, ...]) -> Iterator[Part]:
    if not lines:
        return
    kind = _kind(lines[0])
    same = 1 if kind == "heading" else next((n for n, line in enumerate(lines) if _kind(line) != kind), len(lines))
    yield Part(kind, tuple(_plain(line, kind) for line in lines[:same]))
    yield from _parts_of(lines[same:])


def _kind(line: str) -> str:
    if line.startswith("# "):
        return "heading"
    return "list" if line.startswith("- ") else "paragraph"


def _plain(line: str, kind: str) -> str:
    return line if kind == "paragraph" else line[2:].strip()
