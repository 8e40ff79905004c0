"""Workers killed, ended, doubled."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from datetime import timedelta

from django.utils.timezone import now

from candidates.post import doorbell
from candidates.post.models import Message
from faults import people
from faults.stand.place import SWEEP_SECONDS
from faults.stand.stand import Stand
from faults.verdict import expect, until

# What one worker's two children have handed over at most and not written down (delivery.UNWRITTEN each).
DECLARED_WINDOW = 50
LEASE_AT_MOST = timedelta(minutes=3)  # by then another worker has to have what a killed one held


def child_killed_before_smtp(stand: Stand) -> str:
    """F4: a child dies by kill -9 while the server has not taken its mail; the mail leaves once, later.

    Three minutes pass by moving the row's times.
    """
    stand.mails_are("hang", times=1)
    [message] = people.letters([people.application()])
    until(stand.hanging, 30, "the mail was not begun")
    os.kill(stand.busy_child(), signal.SIGKILL)
    until(lambda: not stand.hanging(), 10, "the connection of a dead child stays open")
    stand.mail_takes()
    people.pass_time([message], LEASE_AT_MOST)
    until(lambda: people.are_all([message], "sent"), 30, "the mail did not leave three minutes later")
    return "the mail left once, three minutes of its row later"


def whole_worker_killed(stand: Stand) -> str:
    """F6: the whole worker dies by kill -9 in mid batch and comes back; the lease frees what it held, in real time.

    What it had handed over and not written down comes twice with one Message-ID; no solemn mail does.
    """
    applications = people.applications(300)
    ordinary: list[Message] = []
    solemn: list[Message] = []
    for one in applications:  # nine of ten ordinary, so that it dies among both
        ordinary += people.letters_at_once([one])
        solemn += people.letters_at_once([one], people.REJECTED) if len(ordinary) % 10 == 0 else []
    stand.may_twice(*[one.pk for one in ordinary])
    stand.mails_are("slow", seconds=0.02)
    until(lambda: stand.count_mails() > 60, 60, "the sweep did not begin")
    stand.kill("worker")
    began, before = time.monotonic(), stand.count_mails()
    stand.mail_takes()
    expect(before < 300, "all had left before: this is no test")
    others = people.letters(people.applications(20))
    stand.start("worker")
    until(lambda: people.are_all(others, "sent"), 60, "other mails wait for those that were lost")
    seconds = time.monotonic() - began
    until(lambda: people.are_all(ordinary, "sent"), 180 - seconds, lambda: f"after 3 minutes {_left(ordinary)}")
    took = time.monotonic() - began
    until(lambda: not {"queued", "sending"} & set(people.status_of(solemn)), 30, lambda: f"solemn: {_left(solemn)}")
    twice = sum(times - 1 for times in Counter(mail.key for mail in stand.mails()).values())
    expect(twice <= DECLARED_WINDOW, f"{twice} mails came twice")
    return (
        f"killed with {before} of 330 sent; 20 others left after {seconds:.1f} s, what was held after {took:.0f} s; "
        f"{twice} came twice with one Message-ID, of the solemn ones {_left(solemn)}"
    )


def _left(messages: list[Message]) -> str:
    return ", ".join(f"{number} {status}" for status, number in people.status_of(messages).items())


def child_killed_after_the_answer(stand: Stand) -> str:
    """F5: a child dies between the server's 250 and our commit: an ordinary mail comes again with the same
    Message-ID, a solemn one waits for a person.

    The commit is kept waiting by the door before PostgreSQL. Three minutes pass by moving the row's times.
    """
    stand.restart("worker", **stand.behind_database_door())
    stand.await_well()
    ordinary = _kill_after_answer(stand, people.RECEIVED)
    stand.may_twice(ordinary.pk)
    solemn = _kill_after_answer(stand, people.REJECTED)
    people.pass_time([ordinary, solemn], LEASE_AT_MOST)
    until(lambda: people.are_all([ordinary], "sent"), 30, "the ordinary mail did not leave again")
    until(lambda: people.are_all([solemn], "uncertain"), 30, lambda: f"the solemn one is {people.status_of([solemn])}")
    copies = Counter(mail.key for mail in stand.mails())
    expect(copies[str(ordinary.pk)] == 2, f"the ordinary mail came {copies[str(ordinary.pk)]} times")
    expect(copies[str(solemn.pk)] == 1, f"the solemn mail came {copies[str(solemn.pk)]} times")
    return "the ordinary mail came twice with one Message-ID, the solemn one once and is for a person to decide"


def _kill_after_answer(stand: Stand, template: str) -> Message:
    stand.mails_are("hold", times=1)
    [message] = people.letters([people.application()], template)
    until(stand.hanging, 30, "the mail was not begun")
    child = stand.busy_child()
    stand.door("database", "silent")
    stand.tell_mail(do="release")
    until(lambda: not stand.hanging(), 10, "the server did not answer")
    time.sleep(0.5)  # the answer is read, and the commit waits at the door
    expect(people.are_all([message], "sending"), f"the commit got through: {people.status_of([message])}")
    os.kill(child, signal.SIGKILL)
    stand.door("database", "cut")
    stand.door("database", "open")
    return message


def ended_in_mid_batch(stand: Stand) -> str:
    """F7: the worker is told to end twenty times while it sends, as at deployments, within the minute Docker gives."""
    applications, slowest = people.applications(100), 0.0
    messages = people.letters_at_once(applications)
    stand.mails_are("slow", seconds=0.05)
    for number in range(20):
        _await_more(stand, 4, f"nothing left after start number {number}")
        waiting = len(messages) - stand.count_mails()
        expect(waiting > 20, f"only {waiting} wait at signal number {number}: this is no test")
        slowest = max(slowest, stand.processes["worker"].stop(60))
        if len(messages) - stand.count_mails() < 100:
            messages += people.letters_at_once(applications)
        stand.start("worker")
    stand.mail_takes()
    until(lambda: people.are_all(messages, "sent"), 90, lambda: f"not all left: {people.status_of(messages)}")
    expect(stand.count_mails() == len(messages), f"{stand.count_mails()} mails for {len(messages)} rows")
    return f"{len(messages)} mails once each over 20 ends; the slowest end took {slowest:.1f} s"


def _await_more(stand: Stand, number: int, words: str) -> None:
    """Wait until so many more mails came."""
    begun = stand.count_mails()
    until(lambda: stand.count_mails() >= begun + number, 30, words)


def one_doorbell_rung_five_times(stand: Stand) -> str:
    """F8: five rings for each of 20 mails at once, for two workers, at a mail server that takes its time."""
    stand.one_more("worker")
    stand.mails_are("slow", seconds=0.3)
    messages = people.letters_at_once(people.applications(20))
    for message in messages:
        for _ring in range(5):
            doorbell.ring("candidates.post.tasks.send", str(message.pk))
    until(lambda: people.are_all(messages, "sent"), 60, lambda: f"not all left: {people.status_of(messages)}")
    time.sleep(3)  # for what may still come
    expect(stand.count_mails() == 20, f"{stand.count_mails()} mails for 20 rows")
    return "100 rings at two workers, 20 mails once each"


def two_beats(stand: Stand) -> str:
    """F9: two beats and two workers, with 200 reminders due; each leaves once, over several sweeps of both."""
    asked = people.asks_at_once(people.applications(200), remind_at=now() + timedelta(seconds=8))
    stand.one_more("beat")
    stand.one_more("worker")
    until(lambda: len(people.reminders_of(asked)) >= 200, 60, "the reminders were not queued")
    until(lambda: people.are_all(people.reminders_of(asked), "sent"), 60, "the reminders did not leave")
    time.sleep(3 * int(SWEEP_SECONDS))
    expect(stand.count_mails() == 200, f"{stand.count_mails()} mails for 200 reminders")
    return "200 reminders once each with two beats and two workers"


def beat_dead_for_a_day(stand: Stand) -> str:
    """F10: beat is away for 26 hours of clocks that really went on; monitoring says so, and one reminder comes, not
    all that were missed."""
    stand.let_clocks_go_wrong()
    stand.stop("beat")
    at = now()
    reminders = [at + timedelta(hours=hours) for hours in (1, 9, 25)]
    for one in people.applications(50):
        people.ask(one, remind_at=reminders)
    until(lambda: stand.count_mails() == 50, 30, "who was asked got no mail: doorbells need no beat")
    stand.turn_clocks(timedelta(hours=26))
    until(lambda: stand.visitor().get("/healthz").status == 503, 30, "monitoring does not see that beat is dead")
    told = stand.visitor().get("/healthz").text
    expect("beat" in told, f"monitoring says: {told[:200]}")
    expect(stand.count_mails() == 50, "something was sent without beat: this is no test")
    stand.start("beat", **stand.wrong_clock())
    back = time.monotonic()
    until(lambda: stand.count_mails() >= 100, 60, lambda: f"{stand.count_mails() - 50} of 50 were reminded")
    seconds = time.monotonic() - back
    time.sleep(3 * int(SWEEP_SECONDS))
    expect(stand.count_mails() == 100, f"{stand.count_mails() - 50} reminders for 50 asks")
    healthz = stand.visitor().get
    until(lambda: healthz("/healthz").status == 200, 30, lambda: f"monitoring says: {healthz('/healthz').text[:300]}")
    return f"monitoring said that beat was dead; 50 reminders once each, {seconds:.1f} s after it came back"


def one_poison_row(stand: Stand) -> str:
    """F11: one mail among 1,000 cannot be written; the others leave, it waits longer and longer, and is given up
    after five days.

    The five days pass by moving the row's times.
    """
    applications = people.applications(100)
    messages = people.letters_at_once(applications * 10)
    poison = messages.pop(500)
    Message.objects.filter(pk=poison.pk).update(template="candidates/no_such_mail")
    until(lambda: people.are_all(messages, "sent"), 120, lambda: f"not all left: {people.status_of(messages)}")
    poison.refresh_from_db()
    expect(poison.status == "queued" and poison.error, f"the poison is {poison.status}, and says {poison.error!r}")
    expect(poison.next_try_at > now() + timedelta(seconds=10), "the poison is tried again at once")
    people.pass_time([poison], timedelta(days=5, hours=1))
    until(lambda: people.are_all([poison], "failed"), 30, "the poison is not given up after five days")
    expect(stand.count_mails() == 999, f"{stand.count_mails()} mails for 999 rows")
    return f"999 left once each; the poison was given up visibly: {poison.error[:60]}"


def ten_thousand_due(stand: Stand) -> str:
    """F12: 10,000 reminders are due at once; whoever asks for the link of their page has it within 10 seconds."""
    waiting = people.application()
    applications = people.applications(1000) * 10
    asked = people.asks_at_once(applications, remind_at=now())
    began = time.monotonic()
    until(lambda: stand.count_mails() > 20, 60, "the reminders did not begin to leave")
    page = stand.visitor().fill("/my/link/", {"email": waiting.candidate.email})
    expect(page.status == 200, f"who asked for a link got {page.status}")
    pressed = time.monotonic()
    until(lambda: stand.mails(waiting.candidate.email), 10, "the link did not come within 10 s", every=0.5)
    seconds, then = time.monotonic() - pressed, stand.count_mails()
    expect(then < 10_000, "all reminders had left before: this is no test")
    until(lambda: stand.count_mails() >= 10_001, 400, lambda: f"only {stand.count_mails()} left", every=1)
    took = time.monotonic() - began
    until(lambda: people.are_all(people.reminders_of(asked), "sent"), 30, "a reminder's row does not say that it left")
    time.sleep(2 * int(SWEEP_SECONDS))
    expect(stand.count_mails() == 10_001, f"{stand.count_mails() - 1} reminders for 10,000 asks")
    return f"10,000 reminders once each in {took:.0f} s; the link left after {seconds:.1f} s, with {then} sent"
