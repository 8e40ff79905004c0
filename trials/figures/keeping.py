"""Figures, whoever brings them, kept once per agent, figure and time: what is known is compared, never added twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

COMING = """
CREATE TEMPORARY TABLE figures_coming (
    agent_id bigint, metric text, starts_on date, ends_on date, value numeric(14, 4), n integer, spread numeric(14, 4)
)
"""
# What this source does not tell (n, spread) stays as another told it, as long as the value is the same.
WRITE = """
WITH written AS (
    INSERT INTO trials_figure AS known (agent_id, metric, starts_on, ends_on, value, n, spread, run_id)
    SELECT agent_id, metric, starts_on, ends_on, value, n, spread, %s::bigint FROM figures_coming
    ORDER BY agent_id, metric, starts_on, ends_on
    ON CONFLICT (agent_id, metric, starts_on, ends_on) DO UPDATE SET
        value = excluded.value,
        n = CASE WHEN known.value = excluded.value THEN coalesce(excluded.n, known.n) ELSE excluded.n END,
        spread = CASE WHEN known.value = excluded.value THEN coalesce(excluded.spread, known.spread)
                 ELSE excluded.spread END,
        run_id = excluded.run_id
    WHERE known.value <> excluded.value
        OR known.n IS DISTINCT FROM coalesce(excluded.n, known.n)
        OR known.spread IS DISTINCT FROM coalesce(excluded.spread, known.spread)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""


@dataclass(frozen=True)
class Measured:
    """One figure of one agent for some days. `n` and `spread` are None where nobody told them."""

    agent: int
    metric: str
    starts_on: date
    ends_on: date
    value: Decimal
    n: int | None = None
    spread: Decimal | None = None


@dataclass(frozen=True)
class Kept:
    """How many figures are new, were corrected, and were known already just so."""

    added: int = 0
    changed: int = 0
    same: int = 0


@transaction.atomic
def keep(figures: Sequence[Measured], *, run: int | None) -> Kept:
    """Keep these figures.

    Args:
        figures: each agent, metric and time at most once; values with at most four decimals.
        run: the key of the import that brings them, or None when a help desk was asked itself.
    """
    if not figures:
        return Kept()
    with connection.cursor() as cursor:
        cursor.execute(COMING)
        with cursor.copy("COPY figures_coming FROM STDIN") as copy:
            for one in figures:
                copy.write_row((one.agent, one.metric, one.starts_on, one.ends_on, one.value, one.n, one.spread))
        cursor.execute(WRITE, [run])
        added, changed = cursor.fetchone()
        cursor.execute("DROP TABLE figures_coming")
    return Kept(added, changed, len(figures) - added - changed)
