"""The line about letters: finding what a new one shares with all others, against a stated time."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from bench.ground import Ground, NotMeasured
from bench.measure import TURNS, WARM_UP, in_turn, timed
from bench.report import Measured, measured
from candidates.people.models import Application
from candidates.screening.models import LetterPrint
from candidates.screening.reading import prints

STATED = 300.0  # milliseconds that one letter may take in the background, whatever the number of others
BATCH = 2000


def similarity(ground: Ground) -> Measured:
    """One letter fingerprinted, looked up among all letters of the dataset and compared; the limit is a stated time.

    The letters of the dataset are made of few sentences, so that nearly everything in them stands in thousands.
    """
    printed = _print_all(ground)
    letters = iter(Application.objects.exclude(letter="").select_related("job").order_by("pk")[: TURNS + WARM_UP])
    turns = in_turn(lambda: _compare(letters), lambda: STATED)
    return measured(turns, rows=printed, note=f"against a stated {STATED:g} ms, {printed:,} letters")


def _print_all(ground: Ground) -> int:
    """Fingerprints of every letter, without comparing each."""
    rows = []
    for application in Application.objects.select_related("job").order_by("pk").iterator(chunk_size=BATCH):
        rows.append(LetterPrint(application=application, hashes=prints.numbers(application), made_at=ground.at))
        if len(rows) == BATCH:
            LetterPrint.objects.bulk_create(rows, ignore_conflicts=True)
            rows = []
    LetterPrint.objects.bulk_create(rows, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) candidates_letterprint")
    return LetterPrint.objects.count()


def _compare(letters: Iterator[Application]) -> float:
    application = next(letters)
    found: list[float] = []
    took = timed(lambda: found.append(prints.shared(application, prints.numbers(application)).share))
    if not found[0]:
        raise NotMeasured("a letter of stock sentences was found in no other")
    return took
