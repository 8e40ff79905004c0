"""The 46 faults, and the scenario that makes each. A fault without one is told as MISSING, never passed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from faults.scenarios import (
    backup,
    broker,
    data,
    database,
    erasing,
    inbound,
    judging,
    mail,
    operations,
    races,
    scanner,
    times,
    workers,
)
from faults.stand.stand import Stand

Play = Callable[[Stand], str]


@dataclass(frozen=True)
class Fault:
    """One fault: its words, what makes it, and the seconds that one round may take."""

    title: str
    play: Play | None = None
    seconds: int = 60


FAULTS: dict[str, Fault] = {
    "F1": Fault("the broker refuses at commit", broker.refuses_at_commit, 90),
    "F2": Fault("the broker accepts and never answers", broker.never_answers, 90),
    "F3": Fault("the broker loses everything with 1,000 due", broker.loses_everything, 150),
    "F4": Fault("a worker's child killed before SMTP", workers.child_killed_before_smtp, 90),
    "F5": Fault("killed between the server's 250 and our commit", workers.child_killed_after_the_answer, 120),
    "F6": Fault("the whole worker killed", workers.whole_worker_killed, 240),
    "F7": Fault("SIGTERM in mid batch, 20 times", workers.ended_in_mid_batch, 400),
    "F8": Fault("one doorbell rung five times at once", workers.one_doorbell_rung_five_times, 90),
    "F9": Fault("two beats", workers.two_beats, 120),
    "F10": Fault("beat dead for 26 h", workers.beat_dead_for_a_day, 120),
    "F11": Fault("one poison row among 1,000", workers.one_poison_row, 150),
    "F12": Fault("10,000 due at once while a code mail must leave", workers.ten_thousand_due, 500),
    "F13": Fault("SMTP down three days", mail.server_down_three_days, 240),
    "F14": Fault("three bad recipients among 100", mail.three_bad_recipients, 90),
    "F15": Fault("a time-out after DATA", mail.silent_after_data, 100),
    "F16": Fault("a bounce reported twice and out of order", inbound.bounced_twice, 120),
    "F17": Fault("a scanner opens every link", scanner.opens_every_link, 150),
    "F18": Fault("a reply arriving twice; an auto-reply loop", inbound.answered_by_machines, 150),
    "F19": Fault("the address corrected, or the candidate withdrawn, after queueing", mail.changed_after_queueing, 100),
    "F20": Fault("PostgreSQL restarted in mid request and task", database.restarted_under_way, 120),
    "F21": Fault("a deadlock", database.deadlock, 90),
    "F22": Fault("two recruiters move one application", races.two_recruiters, 90),
    "F23": Fault("a recruiter against automation", races.recruiter_against_rule, 120),
    "F24": Fault("reject against hire", races.reject_against_hire, 90),
    "F25": Fault("an application posted 50 times", races.posted_fifty_times, 90),
    "F26": Fault("one slot, two candidates", races.one_slot_two_candidates, 90),
    "F27": Fault("two approvers, one's own request", races.two_approvers, 90),
    "F28": Fault("two people save the same admin form", data.two_save_one_form, 90),
    "F29": Fault("one scorecard in two tabs", judging.two_tabs, 120),
    "F30": Fault("merge against move", data.merge_against_move, 120),
    "F31": Fault("a bulk of 500 where number 250 fails", data.bulk_where_one_fails, 120),
    "F32": Fault("a staff user deleted", data.colleague_deleted, 90),
    "F33": Fault("a job with applications deleted", data.job_deleted, 60),
    "F34": Fault("erasure with reminders pending", erasing.erased_under_way, 150),
    "F35": Fault("the disk full at upload", data.disk_full, 60),
    "F36": Fault("an import killed half way, run again", data.import_killed, 240),
    "F37": Fault("DST gaps and overlaps in three zones", times.gaps_and_overlaps, 150),
    "F38": Fault("zone rules change", times.zone_rules_change, 200),
    "F39": Fault("the clock jumps two hours", times.clock_jumps, 240),
    "F40": Fault("29 February, month ends", times.leap_days, 200),
    "F41": Fault("new code on the old schema and back", operations.code_and_schema_apart, 500),
    "F42": Fault("a migration on a million rows under traffic", operations.migration_under_traffic, 400),
    "F43": Fault("a migration killed", operations.migration_killed, 400),
    "F44": Fault("restore of yesterday's backup", backup.yesterday_restored, 300),
    "F45": Fault("the secret key rotated", operations.key_rotated, 200),
    "F46": Fault("each required setting missing in turn", operations.settings_missing, 180),
}
