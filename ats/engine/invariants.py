"""What must be true of any database of Rapport at any time, whatever failed: the invariants I1 to I7 and I9.

Each check is a handful of set-based queries, so that it stays quick at hundreds of thousands of applications; only
the files of documents and the local mailbox are read one by one. Nothing told here names a person.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet

from ats.engine import erased, restoring
from candidates.people.models import Application, Document, Event
from candidates.pipeline import MOVES
from candidates.post import delivery
from candidates.post.models import GRADING, LETTER, Ask, Message
from candidates.post.to_dos.actions import PAGE as TO_DO
from candidates.stages import Stage
from trials.models import Approval

GRACE = timedelta(minutes=5)
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One invariant after the check: what was counted, and one line for every place where it does not hold."""

    name: str
    counted: str
    violations: list[str]


def check(*, at: datetime) -> Iterator[Finding]:
    """Check every invariant on the present database; `at` decides which mails are late."""
    for name, one in CHECKS.items():
        counted, violations = one(at)
        yield Finding(name, counted, violations)


def everything_is_kept(at: datetime) -> tuple[str, list[str]]:
    """I1: every document's file is there with the same content, every application has the event of its arrival."""
    silent = _rows("""
        SELECT a.id FROM candidates_application a
        WHERE NOT EXISTS (SELECT FROM candidates_event e WHERE e.application_id = a.id AND e.name = 'stage.applied')
        """)
    violations = [f"application {pk} has no event of its arrival" for (pk,) in silent]
    for document in Document.objects.order_by("pk").iterator(chunk_size=1000):
        if fault := _fault(document):
            violations.append(f"document {document.pk} of application {document.application_id}: {fault}")
    return (
        f"{Application.objects.count()} applications, {Document.objects.count()} files",
        violations,
    )


def one_open_application(at: datetime) -> tuple[str, list[str]]:
    """I2: never two open applications for one job and mail address, but for those set aside as duplicates."""
    doubled = _rows(
        """
        SELECT a.job_id, array_agg(a.id ORDER BY a.id)
        FROM candidates_application a JOIN candidates_candidate c ON c.id = a.candidate_id
        WHERE a.stage <> ALL (%(closed)s) AND a.duplicate_of_id IS NULL
        GROUP BY a.job_id, lower(c.email) HAVING count(*) > 1
        """,
        closed=[Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN],
    )
    violations = [f"job {job} has open applications of one address: {_list(pks)}" for job, pks in doubled]
    return f"{Application.objects.open().count()} open applications", violations


def stage_is_the_last_move(at: datetime) -> tuple[str, list[str]]:
    """I3: the stage is the last move's; every move starts where the one before ended and stands in `MOVES`."""
    wrong = _rows(
        """
        WITH moves AS (
            SELECT id, application_id, substr(name, 7) AS stage, coalesce(data ->> 'came_from', '?') AS came_from,
                   lag(substr(name, 7), 1, '') OVER way AS before, lead(id) OVER way IS NULL AS is_last
            FROM candidates_event WHERE name LIKE 'stage.%%'
            WINDOW way AS (PARTITION BY application_id ORDER BY id)
        )
        SELECT m.application_id, m.id, m.came_from, m.stage, m.before, m.is_last, a.stage,
               (m.came_from, m.stage) IN (SELECT * FROM unnest(%(from)s::text[], %(to)s::text[])) AS is_allowed
        FROM moves m JOIN candidates_application a ON a.id = m.application_id
        WHERE m.came_from <> m.before OR (m.is_last AND a.stage <> m.stage)
              OR (m.came_from, m.stage) NOT IN (SELECT * FROM unnest(%(from)s::text[], %(to)s::text[]))
        ORDER BY m.id
        """,
        **_pairs(),
    )
    violations = [line for row in wrong for line in _broken_move(*row)]
    return (
        f"{Event.objects.filter(name__startswith='stage.').count()} moves",
        violations,
    )


def every_notice_has_its_mail(at: datetime) -> tuple[str, list[str]]:
    """I4: one message for every ask and every end of a way, and none waiting longer than it should.

    What waits for its own time, for quiet hours, for its turn under a rate or for the next try has that time in
    `next_try_at`; what is held waits for a person. Neither is late, nor is anything while the outbox is held. To-dos of
    colleagues without an address, or who judge this person blind, stand on the desk and are not mailed.
    """
    asks = _rows(
        """
        SELECT a.id FROM candidates_ask a
        WHERE NOT EXISTS (SELECT FROM candidates_message m WHERE m.key = 'ask:' || a.id)
              AND NOT EXISTS (  -- an interviewer is told when the candidate has chosen a time
                  SELECT FROM candidates_scorecard s JOIN interviews_panelist p ON p.scorecard_id = s.id
                  WHERE s.ask_id = a.id AND p.starts_at IS NULL
              )
              AND NOT (a.page = %(to_do)s AND (a.email = '' OR EXISTS (
                  SELECT FROM candidates_ask b WHERE b.application_id = a.application_id AND b.user_id = a.user_id
                         AND b.page = ANY (%(blind)s) AND b.created_at <= a.created_at
              )))
        ORDER BY a.id
        """,
        to_do=TO_DO,
        blind=[GRADING, LETTER],
    )
    ends = _rows("""
        SELECT e.id, e.name FROM candidates_event e
        WHERE e.name IN ('stage.rejected', 'stage.hired', 'stage.withdrawn')
              AND NOT e.data ? 'import'  -- what ended elsewhere was told elsewhere
              AND NOT EXISTS (SELECT FROM candidates_message m WHERE m.key = 'move:' || e.id) ORDER BY e.id
        """)
    late = Message.objects.due(at - GRACE, stale_before=at - GRACE - delivery.LEASE).order_by("next_try_at")
    violations = [f"ask {pk} has no mail" for (pk,) in asks]
    violations += [f"event {pk} ({name}) has no mail" for pk, name in ends]
    if restoring.is_held() is None:
        violations += [f"mail {pk} ({key}) is late" for pk, key in late.values_list("pk", "key")]
    return f"{Ask.objects.count()} asks, {Message.objects.count()} mails", violations


def no_mail_twice(at: datetime) -> tuple[str, list[str]]:
    """I5: one mail for each Message-ID in the local mailbox.

    A worker that died between the server's answer and our commit leaves a second attempt behind: such a mail may be
    there once for each attempt, unless it is solemn.
    """
    arrived = Counter(_message_ids(Path(settings.MAILBOX_DIR))) if settings.MAILBOX_DIR else Counter()
    doubled = Message.objects.in_bulk([pk for pk, copies in arrived.items() if copies > 1])
    violations = [
        f"mail {pk} ({message.key}) arrived {arrived[pk]} times{', and it is solemn' if message.solemn else ''}"
        for pk, message in doubled.items()
        if arrived[pk] > (1 if message.solemn else max(message.attempts, 1))
    ]
    where = "in the mailbox" if settings.MAILBOX_DIR else "(no local mailbox)"
    return f"{arrived.total()} mails {where}, {len(doubled)} more than once", violations


def no_hire_without_approval(at: datetime) -> tuple[str, list[str]]:
    """I6: each hired application was approved by those who had to, none of whom led the trial or asked for it.

    Of the last request of its current trial every step has the yes of another permitted person, the second where the
    request names one or the plan wants two.
    """
    hired = Application.objects.filter(stage=Stage.HIRED)
    proper = _approved().values("trial__application_id")
    violations = [
        f"application {pk} is hired without the approval of another person"
        for pk in hired.exclude(pk__in=proper).order_by("pk").values_list("pk", flat=True)
    ]
    known = set(proper.values_list("trial__application_id", flat=True))
    violations += [
        f"application {pk} is hired although its last request was not approved by all who were to"
        for (pk,) in _rows(HALF_APPROVED, hired=Stage.HIRED)
        if pk in known
    ]
    return f"{hired.count()} hired", violations


def people_win_over_rules(at: datetime) -> tuple[str, list[str]]:
    """I7: no rule does anything about an application that somebody moved after the event to which the rule reacts.

    What it does is its moves, the rejections that it plans, and whatever else an event says that it did. Of rules that
    look at the clock the event is the move with which the stay began.
    """
    overridden = _rows(f"""
        SELECT r.id, min(p.id) FROM ({RULE_ACTS}) r
        JOIN candidates_event p ON p.application_id = r.application_id AND p.name LIKE 'stage.%%'
             AND p.by_kind <> 'rule' AND p.id > r.trigger AND p.id < r.id
        GROUP BY r.id ORDER BY r.id
        """)
    unfounded = _rows(f"""
        SELECT r.id FROM ({RULE_ACTS}) r
        WHERE NOT EXISTS (SELECT FROM candidates_event t WHERE t.id = r.trigger AND t.id < r.id
                          AND t.application_id = r.application_id) ORDER BY r.id
        """)
    violations = [
        f"event {rule}: a rule overrode the later move of a person, event {move}" for rule, move in overridden
    ]
    violations += [f"event {rule}: a rule acted without an event to react to" for (rule,) in unfounded]
    violations += [f"planned rejection {pk}: no event says which rule planned it" for (pk,) in _rows(UNTOLD)]
    done = Event.objects.filter(by_kind="rule")
    moves, acts = done.filter(name__startswith="stage.").count(), done.filter(name="rule.acted").count()
    return f"{moves} moves by rules, {acts} times rules acted", violations


Check = Callable[[datetime], tuple[str, list[str]]]
CHECKS: dict[str, Check] = {  # I8 and I10 are about logs and addresses, which no database shows
    "I1": everything_is_kept,
    "I2": one_open_application,
    "I3": stage_is_the_last_move,
    "I4": every_notice_has_its_mail,
    "I5": no_mail_twice,
    "I6": no_hire_without_approval,
    "I7": people_win_over_rules,
    "I9": erased.nobody_is_named,
}
RULE_ACTS = r"""
    SELECT id, application_id,
           CASE WHEN data ->> 'event' ~ '^\d{1,18}$' THEN (data ->> 'event')::bigint END AS trigger
    FROM candidates_event
    WHERE by_kind = 'rule' AND (name LIKE 'stage.%%' OR name IN ('rejection.planned', 'rule.acted'))
"""
UNTOLD = """
    SELECT p.id FROM ats_plannedrejection p
    WHERE p.by_kind = 'rule' AND NOT EXISTS (
        SELECT FROM candidates_event e
        WHERE e.application_id = p.application_id AND e.name = 'rejection.planned' AND e.by_kind = 'rule'
              AND (e.data ->> 'planned')::bigint = p.id
    )
    ORDER BY p.id
"""

HALF_APPROVED = """
    WITH latest AS (
        SELECT t.application_id, a.*, r.approvers,
               max(a.round) OVER (PARTITION BY a.trial_id) AS last_round
        FROM trials_approval a JOIN trials_trial t ON t.id = a.trial_id AND t.replaced_at IS NULL
        JOIN candidates_application p ON p.id = t.application_id AND p.stage = %(hired)s
        LEFT JOIN trials_trialplan r ON r.plan_id = p.plan_id
    )
    SELECT application_id FROM latest WHERE round = last_round
    GROUP BY application_id
    HAVING NOT coalesce(bool_or(step = 1 AND decision = 'approve'), false)
        OR (bool_or(step = 2 OR then_id IS NOT NULL OR approvers = 2)
            AND NOT coalesce(bool_or(step = 2 AND decision = 'approve'), false))
        OR count(*) FILTER (WHERE decision = 'approve')
           <> count(DISTINCT approver_id) FILTER (WHERE decision = 'approve')
    ORDER BY application_id
"""


def _approved() -> QuerySet[Approval]:
    """The approvals by a person who had no part in what they approved."""
    given = Approval.objects.filter(decision=Approval.Decision.APPROVE)
    return given.exclude(Q(approver=F("led_by")) | Q(approver=F("requested_by")) | Q(approver=F("trial__leader")))


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _fault(document: Document) -> str:
    """What is wrong with the file of `document`; nothing mostly."""
    digest = hashlib.sha256()
    try:
        with document.file.open("rb") as file:
            for chunk in file.chunks(CHUNK):
                digest.update(chunk)
    except OSError:
        return "the file is missing"
    return "" if digest.hexdigest() == document.sha256 else "the file is not what was received"


def _list(pks: list[int]) -> str:
    return ", ".join(str(pk) for pk in pks)


def _pairs() -> dict[str, list[str]]:
    """The table of moves as two columns, with the arrival."""
    pairs = [
        ("", Stage.APPLIED),
        *((stage, to) for stage, targets in MOVES.items() for to in targets),
    ]
    return {
        "from": [str(stage) for stage, _to in pairs],
        "to": [str(to) for _stage, to in pairs],
    }


def _broken_move(
    application: int,
    pk: int,
    came_from: str,
    stage: str,
    before: str,
    is_last: bool,
    now: str,
    is_allowed: bool,
) -> Iterator[str]:
    where = f"application {application}, event {pk}"
    if came_from != before:
        yield f"{where}: came from {came_from or 'nowhere'}, but stood at {before or 'nowhere'}"
    if not is_allowed:
        yield f"{where}: no move leads from {came_from or 'nowhere'} to {stage}"
    if is_last and now != stage:
        yield f"{where}: the last move led to {stage}, but it stands at {now}"


def _message_ids(mailbox: Path) -> Iterator[UUID]:
    """The keys of our messages in a Maildir, once for every mail that carries one."""
    parser = BytesHeaderParser()
    for path in sorted([*mailbox.glob("new/*"), *mailbox.glob("cur/*")]):
        with path.open("rb") as file:
            name = str(parser.parse(file)["Message-ID"] or "")
        try:
            yield UUID(name.strip().removeprefix("<").partition("@")[0])
        except ValueError:
            continue  # not from the outbox
