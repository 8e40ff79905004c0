"""How far an import is, in a number and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ats.importing.models import Import, ImportRow

MINUTE = 60


@dataclass(frozen=True)
class Progress:
    """`rows` is None while nobody knows how many there are."""

    done: int
    rows: int | None
    words: str


@dataclass(frozen=True)
class Tally:
    """How many rows met a fate."""

    fate: str
    label: str
    number: int


def of(run: Import, *, at: datetime) -> Progress:
    """How far `run` is."""
    done, rows = run.position, run.rows or None
    if not run.is_at_work and done == rows:
        return Progress(done, rows, ngettext("%s row", "%s rows", done) % f"{done:,}")
    told = {"done": f"{done:,}", "rows": f"{rows or 0:,}"}
    words = _("%(done)s of %(rows)s rows") % told if rows else _("%(done)s rows so far") % told
    if run.is_at_work and (left := _left(run, at)):
        words = f"{words}, {left}"
    return Progress(done, rows, words)


def _left(run: Import, at: datetime) -> str:
    """How long it will take, by how quick it was so far."""
    finished = run.position - run.counts.get("began_from", 0)
    if not run.rows or finished <= 0:
        return ""
    began = datetime.fromisoformat(run.counts["began_at"])
    seconds = (at - began).total_seconds() / finished * max(run.rows - run.position, 0)
    if seconds < MINUTE:
        return _("about %d s left") % max(round(seconds), 1)
    minutes = round(seconds / MINUTE)
    return ngettext("about %d minute left", "about %d minutes left", minutes) % minutes


def tallies(run: Import) -> list[Tally]:
    """How many rows met which fate, in words that tell whether it happened already."""
    labels = {
        ImportRow.Fate.NEW: _("taken in") if run.has_run else _("would be taken in"),
        ImportRow.Fate.KNOWN: _("known already"),
        ImportRow.Fate.REFUSED: _("not taken"),
    }
    counts = run.counts_of_fates()
    return [Tally(str(fate), label, counts[str(fate)]) for fate, label in labels.items()]
