"""Printing letters: in the background, for every application that has none yet, also imported and old ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from candidates.people.models import Application
from candidates.screening.models import LetterPrint
from candidates.screening.reading import prints

AT_ONCE = 50  # letters in one write
SECONDS = 20.0  # for one run; the next sweep goes on


def print_letters(*, at: datetime, seconds: float = SECONDS) -> int:
    """Keep the fingerprints of letters that have none, the newest first, and what they share with others by now.

    Safe to run at any time and several times at once: a letter has one print, whoever was quicker.

    Args:
        at: now.
        seconds: after which the rest is left to the next run.

    Returns:
        How many were printed.
    """
    total, end = 0, time.monotonic() + seconds
    while time.monotonic() < end and (letters := _unprinted()):
        _print(letters, at)
        total += len(letters)
    return total


@transaction.atomic
def _print(letters: Sequence[Application], at: datetime) -> None:
    """Fingerprints of all of them first, so that letters that came together find each other."""
    numbers = {letter.pk: prints.numbers(letter) for letter in letters}
    new = [LetterPrint(application=letter, hashes=numbers[letter.pk], made_at=at) for letter in letters]
    LetterPrint.objects.bulk_create(new, ignore_conflicts=True)
    kept = LetterPrint.objects.in_bulk(list(numbers), field_name="application_id")
    for letter in letters:
        shared = prints.shared(letter, numbers[letter.pk])
        printed = kept[letter.pk]
        printed.share, printed.others = shared.share, shared.others
        printed.passages = [list(span) for span in shared.passages]
    LetterPrint.objects.bulk_update(kept.values(), ["share", "others", "passages"])


def _unprinted() -> Sequence[Application]:
    """The next letters; one that says nothing gets a print too, so that it is not looked at again."""
    waiting = Application.objects.filter(letter_print=None).order_by("-pk").select_related("job")
    read = ("candidate_id", "letter", "job__title", "job__description", "job__letter_prompt")
    return list(waiting.only(*read)[:AT_ONCE])
