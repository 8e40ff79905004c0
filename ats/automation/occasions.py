"""What rules have not looked at yet, found in one query: events, overdue requests, days in a stage.

A rule meets an occasion of an application once: a `Firing` of it, whatever came of it, takes the occasion away. So
does a firing ahead of all occasions, by which a person keeps a rule from an application.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from ats.automation.models import AHEAD, Rule
from candidates.people.models import TOLD_TO_RULES, Application
from candidates.stages import CLOSED, Stage

LOOK_BACK = timedelta(days=30)  # a worker that was away for longer leaves the decision to people
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Occasion(NamedTuple):
    """That a rule has something to look at; `event` is 0 where the clock is the occasion."""

    rule: int
    application: int
    name: str
    event: int
    since: datetime


# The list of names is written out, so that the partial index on events serves; rules at work come by theirs.
DUE = """
    -- Each event with its plan first, the rules of that plan then: without statistics of either PostgreSQL would try
    -- all rules of all plans on every event.
    WITH happened AS MATERIALIZED (
        SELECT e.id, e.name, e.at, a.id AS application, a.plan_id, a.is_marked
        FROM candidates_event e
        JOIN candidates_application a ON a.id = e.application_id
        WHERE e.name IN ({names}) AND e.at > %(back)s
              AND e.at > (SELECT min(since) FROM ats_rule WHERE NOT mode = 'off')
              AND e.name = ANY (ARRAY(SELECT event FROM ats_rule WHERE NOT mode = 'off'))
              AND NOT e.data ? 'import'  -- what came over from elsewhere was decided there
              -- a step back, an undo, a closed way that goes on: a person brought it there, and nobody arrives
              AND coalesce(array_position(%(order)s, e.data->>'came_from')
                           < array_position(%(order)s, substr(e.name, 7)), true)
    ), due AS (
        SELECT r.id AS rule, h.application, 'event:' || h.id AS name, h.id AS event, h.at AS moment, r."then"
        FROM happened h
        JOIN ats_rule r ON r.plan_id = h.plan_id AND r.event = h.name AND h.at > r.since AND NOT r.mode = 'off'
        WHERE r."when" IN ('event', 'complete', 'over', 'under', 'knock_out')
              AND (r."when" <> 'knock_out' OR h.is_marked)
        UNION ALL
        SELECT r.id, a.id, 'ask:' || q.id, 0, q.due_at, r."then"
        FROM candidates_ask q
        JOIN candidates_application a ON a.id = q.application_id
             AND a.stage <> ALL (%(closed)s) AND a.duplicate_of_id IS NULL
        JOIN ats_rule r ON r.plan_id = a.plan_id AND r.page = q.page AND q.due_at > r.since AND NOT r.mode = 'off'
        WHERE q.answered_at IS NULL AND q.cancelled_at IS NULL AND q.due_at <= %(at)s AND q.due_at > %(back)s
              AND r."when" = 'overdue'
        UNION ALL
        SELECT r.id, a.id, 'stage:' || (extract(epoch FROM a.stage_since) * 1000000)::bigint, 0,
               a.stage_since + r.days * interval '1 day', r."then"
        FROM ats_rule r
        JOIN candidates_application a ON a.plan_id = r.plan_id AND a.stage = r.stage AND a.duplicate_of_id IS NULL
        WHERE NOT r.mode = 'off' AND r."when" = 'days' AND a.stage <> ALL (%(closed)s)
              AND a.stage_since <= %(at)s - r.days * interval '1 day'
              AND a.stage_since > greatest(r.since, %(back)s) - r.days * interval '1 day'
    )
    SELECT d.rule, d.application, d.name, d.event, d.moment FROM due d
    WHERE NOT EXISTS (
        SELECT FROM ats_firing f WHERE f.rule_id = d.rule AND f.application_id = d.application
               AND f.occasion = d.name
    )
    AND NOT EXISTS (
        SELECT FROM ats_firing f WHERE f.rule_id = d.rule AND f.application_id = d.application
               AND f.occasion = %(ahead)s AND f.outcome = 'dismissed'
    )
    ORDER BY d.moment, d."then" IN ('move', 'reject'), d.rule, d.application
    LIMIT %(most)s
""".format(names=", ".join(f"'{name}'" for name in TOLD_TO_RULES))


def due(*, at: datetime, most: int) -> list[Occasion]:
    """What rules at work have to look at, the oldest first; of one moment those that move come last."""
    values: dict[str, Any] = {
        "at": at,
        "back": at - LOOK_BACK,
        "closed": [str(stage) for stage in CLOSED],
        "order": [str(stage) for stage in Stage],
        "ahead": AHEAD,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUE, values | {"most": most})
        return [Occasion(*row) for row in cursor.fetchall()]


def oldest(*, at: datetime) -> datetime | None:
    """Since when the oldest occasion waits that no rule has looked at."""
    found = next(iter(due(at=at, most=1)), None)
    return found.since if found else None


def of_stay(application: Application) -> str:
    """The occasion of rules that count days: this stay in this stage."""
    return f"stage:{(application.stage_since - EPOCH) // timedelta(microseconds=1)}"


def falls_due(rule: Rule, application: Application) -> datetime:
    """When a rule that counts days has its occasion, if the application stays where it is."""
    return application.stage_since + timedelta(days=rule.days or 0)
