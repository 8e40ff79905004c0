"""A mail server that is away, refuses, and leaves us in the dark; people whose address changes."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.utils.timezone import now

from candidates.people.models import Candidate
from candidates.post import links
from candidates.post.models import Message
from faults import people
from faults.stand.stand import Stand
from faults.verdict import expect, until

JUMPS = [timedelta(seconds=40), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10)]
JUMPS += [timedelta(minutes=30)] + [timedelta(hours=hours) for hours in (1, 2, 4, 8, 12, 20, 30, 48, 72)]
LONGEST_PAUSE = timedelta(hours=1)


def server_down_three_days(stand: Stand) -> str:
    """F13: nobody listens at the mail server for three days of clocks that really went on: tries come further and
    further apart, up to an hour, and all leaves within an hour of its return. After five days a mail has failed, and
    the desk says so."""
    stand.let_clocks_go_wrong()
    stand.mail_refuses()
    messages = people.letters_at_once(people.applications(3)) + people.letters_at_once(
        people.applications(1), people.REJECTED
    )
    pauses = [_pause_after(stand, messages, ahead) for ahead in JUMPS]
    expect(people.are_all(messages, "queued"), f"after three days they are {people.status_of(messages)}")
    expect(max(pauses) <= LONGEST_PAUSE, f"a pause of {max(pauses)}")
    expect(pauses[-1] > timedelta(minutes=50), f"after three days the pause is {pauses[-1]}")
    stand.mail_takes()
    stand.turn_clocks(JUMPS[-1] + LONGEST_PAUSE + timedelta(minutes=1))
    until(lambda: people.are_all(messages, "sent"), 30, lambda: f"an hour later: {people.status_of(messages)}")
    lost = _never_taken(stand, JUMPS[-1] + LONGEST_PAUSE)
    return f"pauses from {pauses[0].seconds} s to {pauses[-1].seconds} s, all left within an hour; {lost}"


def _pause_after(stand: Stand, messages: list[Message], ahead: timedelta) -> timedelta:
    """Turn the clocks, wait for another try of each, and give the longest time until the next."""
    before = _attempts(messages)
    stand.turn_clocks(ahead)
    until(lambda: min(map(int.__sub__, _attempts(messages), before)) > 0, 30, f"no try {ahead} later")
    until(lambda: not Message.objects.filter(pk__in=_keys(messages), status="sending").exists(), 15, "tries hang")
    times = Message.objects.filter(pk__in=_keys(messages)).values_list("next_try_at", flat=True)
    return max(times) - (now() + ahead)


def _attempts(messages: list[Message]) -> list[int]:
    return list(Message.objects.filter(pk__in=_keys(messages)).order_by("pk").values_list("attempts", flat=True))


def _keys(messages: list[Message]) -> list[UUID]:
    return [one.pk for one in messages]


def _never_taken(stand: Stand, since: timedelta) -> str:
    """A mail of a server that stays away: failed after five days, and not before."""
    stand.mail_refuses()
    [message] = people.letters_at_once([people.application()])
    Message.objects.filter(pk=message.pk).update(created_at=now() + since, next_try_at=now() + since)
    for days in (0.01, 2, 4.9):  # counted from the first try
        _pause_after(stand, [message], since + timedelta(days=days))
    expect(people.are_all([message], "queued"), "given up before five days were over")
    stand.turn_clocks(since + timedelta(days=5, hours=2))
    until(lambda: people.are_all([message], "failed"), 30, "not given up after five days")
    message.refresh_from_db()
    expect(message.application, "a mail without its application")
    boss = people.colleague("Ada Admin", is_superuser=True)
    page = stand.visitor().sign_in(boss).get(f"/admin/candidates/message/{message.pk}/change/")
    expect("failed" in page.text.lower(), f"the desk does not say that it failed ({page.status})")
    return "after five days the other one has failed, and the desk says so"


def three_bad_recipients(stand: Stand) -> str:
    """F14: the server refuses three addresses of a hundred for good; the others have their mail, the three say why."""
    applications = people.applications(100)
    bad = [applications[n].candidate.email for n in (10, 11, 12)]
    stand.mails_are("refuse", *bad, code=550)
    messages = people.letters_at_once(applications)
    good = [one for one in messages if one.to not in bad]
    refused = [one for one in messages if one.to in bad]
    until(lambda: people.are_all(good, "sent"), 60, lambda: f"the good ones: {people.status_of(good)}")
    until(lambda: people.are_all(refused, "failed"), 30, lambda: f"the bad ones: {people.status_of(refused)}")
    words = Message.objects.filter(pk__in=[one.pk for one in refused]).values_list("error", flat=True)
    expect(all(words), "a refused mail does not say why")
    expect(stand.count_mails() == 97, f"{stand.count_mails()} mails for 97 good addresses")
    return "97 arrived once each, three failed with the server's words"


def silent_after_data(stand: Stand) -> str:
    """F15: the server keeps a mail and never says so; an ordinary one comes again with the same Message-ID, a solemn
    one is for a person to decide.

    The time-out is waited for; the pause before the next try passes by moving the row's times.
    """
    stand.mails_are("hold", times=2)
    [ordinary] = people.letters([people.application()])
    [solemn] = people.letters([people.application()], people.REJECTED)
    stand.may_twice(ordinary.pk)
    until(lambda: people.are_all([solemn], "uncertain"), 60, lambda: f"the solemn one is {people.status_of([solemn])}")
    until(lambda: people.are_all([ordinary], "queued"), 30, lambda: f"the other is {people.status_of([ordinary])}")
    stand.mail_takes()
    people.pass_time([ordinary, solemn], timedelta(hours=2))
    until(lambda: people.are_all([ordinary], "sent"), 30, "the ordinary mail did not leave again")
    time.sleep(3)
    copies = Counter(mail.key for mail in stand.mails())
    expect(copies[str(ordinary.pk)] == 2, f"the ordinary mail came {copies[str(ordinary.pk)]} times")
    expect(copies[str(solemn.pk)] == 1, f"the solemn mail came {copies[str(solemn.pk)]} times")
    expect(people.are_all([solemn], "uncertain"), "nobody decided on the solemn mail")
    return "the ordinary mail came again with one Message-ID, the solemn one waits for a person"


def changed_after_queueing(stand: Stand) -> str:
    """F19: while mails wait for a server that is away, one candidate's address is corrected, another withdraws."""
    corrected, withdrawn = people.applications(2)
    wrong, right = corrected.candidate.email, f"{people.unique('right')}@example.org"
    stand.mail_refuses()
    asked = [people.ask(one) for one in (corrected, withdrawn)]
    waiting = list(Message.objects.filter(ask__in=asked))
    until(lambda: min(_attempts(waiting)) > 0, 30, "the mails were not tried")
    boss = people.colleague("Ada Admin", is_superuser=True)
    _correct(stand, boss, corrected.candidate, right)
    page = stand.visitor()
    home = page.get(links.application_url(withdrawn)).path
    expect(page.post(f"{home}withdraw/", {}).status == 200, "withdrawing failed")
    told = list(Message.objects.filter(application=withdrawn).exclude(pk__in=[one.pk for one in waiting]))
    until(lambda: min(_attempts(told)) > 0, 30, "the mail that confirms was not tried")
    stand.mail_takes()
    people.pass_time([*waiting, *told], timedelta(hours=1))
    until(lambda: stand.mails(right), 30, "nothing came to the corrected address")
    until(lambda: people.are_all(waiting[1:], "cancelled") or people.are_all(waiting[:1], "cancelled"), 30, "no cancel")
    goodbye = [mail.key for mail in stand.mails(withdrawn.candidate.email)]
    expect(str(_of(waiting, withdrawn.pk).pk) not in goodbye, "who withdrew was asked all the same")
    until(lambda: stand.mails(withdrawn.candidate.email), 30, "who withdrew was not told that it is done")
    expect(not stand.mails(wrong), "a mail went to the wrong address")
    return "one mail to the corrected address, none to the wrong one; who withdrew was told that alone"


def _correct(stand: Stand, boss: object, candidate: Candidate, email: str) -> None:
    """Correct the address on the page of the desk."""
    visitor = stand.visitor().sign_in(boss)  # type: ignore[arg-type]
    address = f"/admin/candidates/candidate/{candidate.pk}/change/"
    told = {"name": candidate.name, "email": email, "phone": "", "zone": candidate.zone, "language": "en"}
    page = visitor.fill(address, told | {"_save": "Save"})
    candidate.refresh_from_db()
    expect(candidate.email == email, f"the address was not corrected: {page.status} {page.path}")


def _of(messages: list[Message], application: int) -> Message:
    return next(one for one in messages if one.application_id == application)
