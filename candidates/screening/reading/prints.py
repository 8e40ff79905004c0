"""Which other letters share passages with one: found by fingerprints, then compared word by word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models.functions import Left

from candidates.people.models import Application
from candidates.screening.reading import shingles
from candidates.screening.reading.shingles import Shared
from candidates.screening.reading.words import LOOKED_AT

COMPARED = 10  # letters, those that cover most of the fingerprints
ASKED = 60  # fingerprints at most, spread over the letter
EACH = 40  # letters at most for each of them: a stock phrase stands in thousands, a few of them show it
FREQUENT = 1000  # letters of a fingerprint from which a part of them will do: PostgreSQL then takes some by chance

# Letters of the same person do not count, nor does what merging has made one person's.
FIND = """
SELECT asked.number, found.application_id
FROM unnest(%(numbers)s::int[]) AS asked(number)
CROSS JOIN LATERAL (
    SELECT letter.application_id
    FROM candidates_letterprint letter
    JOIN candidates_application application ON application.id = letter.application_id
    WHERE letter.hashes @> ARRAY[asked.number] AND application.candidate_id <> %(candidate)s
    LIMIT %(each)s
) AS found
"""


def given(application: Application) -> str:
    """The words that everybody had before them: of the advert and of the question."""
    job = application.job
    return f"{job.title}\n{job.description}\n{job.letter_prompt}"


def numbers(application: Application) -> list[int]:
    """The fingerprints of its letter."""
    told = set(shingles.rows(shingles.tokens(given(application))))
    return shingles.fingerprints(shingles.rows(shingles.tokens(application.letter)), told)


def shared(application: Application, fingerprints: Sequence[int]) -> Shared:
    """What of its letter stands in letters of other people that have been printed by now."""
    found = _candidates(application, _spread(fingerprints))
    letters = Application.objects.filter(pk__in=found).values_list(Left("letter", LOOKED_AT), flat=True)
    return shingles.compare(application.letter, letters, given(application))


def _spread(fingerprints: Sequence[int]) -> list[int]:
    """So many that a search stays quick; they are sorted by chance, so every so-manieth is a fair sample."""
    step = max(-(-len(fingerprints) // ASKED), 1)
    return list(fingerprints[::step])


def _candidates(application: Application, fingerprints: list[int]) -> list[int]:
    """The letters that together cover most of the fingerprints, the best first."""
    if not fingerprints:
        return []
    covered: defaultdict[int, set[int]] = defaultdict(set)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('gin_fuzzy_search_limit', %s, true)", [str(FREQUENT)])
        cursor.execute(FIND, {"numbers": fingerprints, "candidate": application.candidate_id, "each": EACH})
        for number, letter in cursor.fetchall():
            covered[letter].add(number)
        cursor.execute("SELECT set_config('gin_fuzzy_search_limit', '0', true)")
    return _cover(covered)


def _cover(covered: dict[int, set[int]]) -> list[int]:
    """Greedily: each time the letter that shows most of what is not shown yet, then those that share most."""
    chosen: list[int] = []
    left: set[int] = set().union(*covered.values())
    while left and len(chosen) < COMPARED:
        best = max(covered, key=lambda letter: (len(covered[letter] & left), len(covered[letter]), letter))
        chosen.append(best)
        left -= covered[best]
    rest = sorted(covered.keys() - set(chosen), key=lambda letter: -len(covered[letter]))
    return chosen + rest[: COMPARED - len(chosen)]
