"""PostgreSQL that goes away, and transactions that are in each other's way."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Flag

import psycopg
from django.db import connections

from candidates.jobs.models import Job
from candidates.people.models import Application
from candidates.stages import Stage
from faults import people
from faults.scenarios.broker import RESUME
from faults.scenarios.races import moves_of, press
from faults.stand.stand import Stand
from faults.verdict import expect, until

APPLICANTS = 4
THANKED = "thanked"


def restarted_under_way(stand: Stand) -> str:
    """F20: PostgreSQL is restarted in order, and then killed by kill -9, while people apply and mails leave."""
    job, messages = people.job(), people.letters_at_once(people.applications(300))
    stand.may_twice(*[message.pk for message in messages])  # sent, and its commit met no database
    stand.mails_are("slow", seconds=0.02)
    with ThreadPoolExecutor(APPLICANTS) as pool:
        over = Flag()
        applying = [pool.submit(_apply_again_and_again, stand, job.slug, over) for _ in range(APPLICANTS)]
        try:
            away = [_restart(stand, how) for how in ("stop", "kill")]
        finally:
            over.set()
        told = [one for future in applying for one in future.result()]
    kept = set(job.applications.values_list("candidate__email", flat=True))
    confirmed = {email for email, status in told if status == THANKED}
    expect(confirmed, "nobody could apply at all: this is no test")
    expect(confirmed <= kept, f"{len(confirmed - kept)} of {len(confirmed)} confirmed applications are lost")
    people.pass_time(messages, timedelta(minutes=3))
    until(lambda: people.are_all(messages, "sent"), 60, lambda: f"not all left: {people.status_of(messages)}")
    statuses = Counter(status for _email, status in told)
    expect("500" not in statuses, f"somebody was told that we broke something: {dict(statuses)}")
    twice = stand.count_mails() - len({mail.key for mail in stand.mails()})
    return (
        f"pages served {max(away):.1f} s after its return; {len(confirmed)} confirmed, all kept (answers: "
        f"{dict(statuses)}); 300 mails left, {twice} twice with one Message-ID"
    )


def _restart(stand: Stand, how: str) -> float:
    """Let it go away under way and come back; gives the seconds until pages are served again."""
    time.sleep(2)
    connections.close_all()
    stand.stop("postgres") if how == "stop" else stand.kill("postgres")
    time.sleep(1.5)
    stand.start("postgres")
    began = time.monotonic()
    until(lambda: stand.visitor().get("/").status == 200, 15, "no page is served after the database is back")
    seconds = time.monotonic() - began
    time.sleep(3)
    return seconds


def _apply_again_and_again(stand: Stand, slug: str, over: Flag) -> list[tuple[str, str]]:
    """Apply, each time as somebody else, until it is over; gives each address with the status of the answer."""
    told, address = [], f"/jobs/{slug}/apply/"
    while not over.is_set():
        visitor, email = stand.visitor(), f"{people.unique('ada')}@example.org"
        form = visitor.get(address).hidden()
        time.sleep(1.05)
        typed = {"name": "Ada Applicant", "email": email, "letter": "I love to help.", "consent": "on"}
        page = visitor.post(address, form | typed, files={"resume": RESUME})
        told.append((email, THANKED if "/thanks/" in page.path else f"{page.status}"))
    return told


def deadlock(stand: Stand) -> str:
    """F21: a recruiter's move is made the victim of a deadlock; nothing of it is kept, and pressed again it is done.
    Without our help, forty moves of twenty applications at once meet no deadlock at all."""
    status = _made_victim(stand)
    before = _deadlocks(stand)
    _forty_moves(stand)
    time.sleep(1)  # the statistics come a moment later
    expect(_deadlocks(stand) == before, f"{_deadlocks(stand) - before} deadlocks among ordinary moves")
    return f"the victim was told {status}, and pressed again it is done; no deadlock among 40 moves at once"


def _made_victim(stand: Stand) -> int:
    """Hold an ask that the move ends, wait until it waits for us, and then want its application."""
    application = people.application()
    asked = people.ask(application)
    recruiter = application.job.recruiters.get()
    confirm = press(stand.visitor().sign_in(recruiter), application, Stage.REJECTED, reason="skills", when="now")
    with ThreadPoolExecutor(1) as pool, psycopg.connect(stand.place.database_url) as other:
        other.execute("SET deadlock_timeout = '30s'")
        other.execute("SELECT FROM candidates_ask WHERE id = %s FOR UPDATE", [asked.pk])
        pressed = pool.submit(confirm)
        until(lambda: _waiting(stand), 10, "the move does not wait for us: this is no test", every=0.02)
        other.execute("SELECT FROM candidates_application WHERE id = %s FOR UPDATE", [application.pk])
        page = pressed.result()
        other.rollback()
    is_done = moves_of(application) == ["rejected"]
    expect(is_done == (page.status == 302), f"told {page.status}, and the moves are {moves_of(application)}")
    if not is_done:
        expect(not moves_of(application), f"half of it was kept: {moves_of(application)}")
        again = press(stand.visitor().sign_in(recruiter), application, Stage.REJECTED, reason="skills", when="now")
        expect(again().status == 302, "pressed again it is not done")
    expect(moves_of(application) == ["rejected"], f"the moves are {moves_of(application)}")
    return page.status


def _waiting(stand: Stand) -> bool:
    return bool(stand.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = 'rapport'"))


def _deadlocks(stand: Stand) -> int:
    return int(stand.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = 'rapport'")[0][0])


def _forty_moves(stand: Stand) -> None:
    first, second = people.colleague("Rita Recruiter"), people.colleague("Rob Recruiter")
    job: Job = people.job(recruiters=[first, second])
    applications: list[Application] = people.applications(20, of=job)
    for one in applications:
        people.ask(one)
    browsers = [stand.visitor().sign_in(user) for user in (first, second)]
    typed = {Stage.REJECTED: {"reason": "skills", "when": "now"}, Stage.WITHDRAWN: {"reason": ""}}
    calls = [
        press(browser, one, to, **typed[to])
        for one in applications
        for browser, to in zip(browsers, typed, strict=True)
    ]
    with ThreadPoolExecutor(8) as pool:
        statuses = [page.status for page in pool.map(lambda call: call(), calls)]
    expect(statuses.count(302) == 20, f"{statuses.count(302)} of 20 moves were done: {Counter(statuses)}")
