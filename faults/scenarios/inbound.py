"""What comes in over the provider's address of the running web: reports of mails that came back, and answers."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from candidates.people.models import Application, Event
from candidates.post.inbound.models import DeliveryReport, Reply
from candidates.post.models import Message
from candidates.post.to_dos.models import ToDo
from candidates.staff.models import User
from faults import people
from faults.stand.stand import Stand
from faults.verdict import expect, until

SECRET = "rapport:what-the-provider-shows"
FORGED = "rapport:what-a-stranger-guesses"
# The web alone listens to the provider; mails still leave by SMTP.
LISTENING = {
    "MAIL_PROVIDER": "postmark",
    "POSTMARK_SERVER_TOKEN": "none-of-ours",
    "ANYMAIL_WEBHOOK_SECRET": SECRET,
    "REPLY_ADDRESS": "reply@rapport.example",
}
LOOP = 100  # mails of one sender within an hour, after which they are two machines that answer each other
FLOOD = 130


def _ring(stand: Stand, kind: str, told: dict[str, Any], secret: str = SECRET) -> int:
    """Tell the web as the provider does; gives the status of its answer."""
    key = base64.b64encode(secret.encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {key}"}
    address = f"{stand.place.site}/hooks/postmark/{kind}/"
    request = urllib.request.Request(address, json.dumps(told).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def _listen(stand: Stand) -> None:
    stand.restart("web", **LISTENING)
    stand.await_well()


# --- reports ----------------------------------------------------------------------------------------------------------


def bounced_twice(stand: Stand) -> str:
    """F16: the provider tells of one bounce five times at once and again in other words, then of a delivery that was
    before it; of another mail it tells before we know ourselves that it left. A stranger tells, too."""
    _listen(stand)
    first, third = _letter(), _letter()
    until(lambda: people.are_all([first, third], "sent"), 30, "the mails did not leave")
    with ThreadPoolExecutor(5) as pool:
        rings = [pool.submit(_ring, stand, "tracking", _bounce(first, 1)) for _ in range(5)]
    expect([one.result() for one in rings] == [200] * 5, f"the provider got {[one.result() for one in rings]}")
    flagged = _returned_at(first)
    expect(flagged, "a mail that came back is not flagged")
    at = now()
    later = [_bounce(first, 1), _bounce(first, 2, Type="SoftBounce"), _delivery(first, at - timedelta(minutes=5))]
    later += [_delivery(first, at)] * 2
    told = [_ring(stand, "tracking", one) for one in later]
    expect(told == [200] * 5, f"the provider got {told}")
    expect(_returned_at(first) == flagged, "a delivery told later took the flag away, or moved it")
    kept = sorted(DeliveryReport.objects.filter(message=first).values_list("kind", flat=True))
    expect(kept == ["bounced", "bounced", "delivered", "delivered"], f"kept are {kept}")
    _one_task_each(stand, first)
    _before_we_know(stand)
    expect(_ring(stand, "tracking", _bounce(third, 9), FORGED) == 403, "a stranger was heard")
    expect(not _returned_at(third), "a stranger's word flagged a mail")
    return (
        "told ten times and out of order: one flag that stays, one task, one mail of it; also told while it was leaving"
    )


def _before_we_know(stand: Stand) -> None:
    """The bounce comes while the mail is still in our hands."""
    stand.mails_are("hang", times=1)
    message = _letter()
    until(stand.hanging, 30, "the mail is not on its way")
    expect(_ring(stand, "tracking", _bounce(message, 5)) == 200, "a bounce of a mail under way was not heard")
    stand.tell_mail(do="release")
    until(lambda: people.are_all([message], "sent"), 30, "the mail is not sent")
    expect(_returned_at(message), "what we wrote when it left took the flag away")
    _one_task_each(stand, message)


def _letter() -> Message:
    job = people.job(recruiters=[people.colleague("Rita Recruiter"), people.colleague("Rob Recruiter")])
    return people.letters([people.application(of=job)])[0]


def _bounce(message: Message, number: int, **fields: str) -> dict[str, Any]:
    told = {"RecordType": "Bounce", "ID": number * 10**9 + (message.application_id or 0), "Type": "HardBounce"}
    told |= {"MessageID": f"p-{message.pk}", "Email": message.to, "Description": "No such user", "Details": "550 5.1.1"}
    return told | {"BouncedAt": "2026-01-07T09:00:00Z", "Metadata": {"message": str(message.pk)}} | fields


def _delivery(message: Message, at: datetime) -> dict[str, Any]:
    told = {"RecordType": "Delivery", "MessageID": f"p-{message.pk}", "Recipient": message.to}
    return told | {"DeliveredAt": f"{at:%Y-%m-%dT%H:%M}:00Z", "Details": "", "Metadata": {"message": str(message.pk)}}


def _returned_at(message: Message) -> datetime | None:
    return Message.objects.values_list("returned_at", flat=True).get(pk=message.pk)


def _one_task_each(stand: Stand, message: Message) -> None:
    """Each recruiter has one task of it and one mail; the timeline tells it once."""
    tasks, recruiters = ToDo.objects.filter(message=message), _recruiters(message.application)
    expect(tasks.count() == len(recruiters), f"{tasks.count()} tasks for {len(recruiters)} recruiters")
    events = Event.objects.filter(application=message.application_id, name="mail.returned").count()
    expect(events == 1, f"the timeline tells it {events} times")
    until(lambda: all(stand.mails(one.email) for one in recruiters), 30, "the recruiters were not told")
    time.sleep(1)
    counted = [len(stand.mails(one.email)) for one in recruiters]
    expect(counted == [1] * len(recruiters), f"the recruiters were told {counted} times")


def _recruiters(application: Application | None) -> list[User]:
    assert application is not None
    return list(application.job.recruiters.order_by("pk"))


# --- answers ----------------------------------------------------------------------------------------------------------


def answered_by_machines(stand: Stand) -> str:
    """F18: one answer comes five times at once; then whoever gets a mail of ours answers it by a machine, first ones
    that say so, then ones that do not; at last a machine writes 130 times."""
    _listen(stand)
    message = _letter()
    application = message.application
    assert application is not None
    until(lambda: people.are_all([message], "sent"), 30, "the mail did not leave")
    raw = _answer(message.to, str(message.pk), "Yes, Monday suits me.")
    with ThreadPoolExecutor(5) as pool:
        rings = [pool.submit(_ring, stand, "inbound", _came(raw, message.to)) for _ in range(5)]
    expect([one.result() for one in rings] == [200] * 5, f"the provider got {[one.result() for one in rings]}")
    expect(Reply.objects.filter(application=application).count() == 1, "one answer was kept twice")
    expect(_told(application) == 1, f"the timeline tells one answer {_told(application)} times")
    recruiters = _recruiters(application)
    until(lambda: all(stand.mails(one.email) for one in recruiters), 30, "the recruiters were not told")
    polite = _answer_all(stand, headers="Auto-Submitted: auto-replied\r\n")
    rude = _answer_all(stand)
    flooded = _flood(stand, message, application)
    counted = [len(stand.mails(one.email)) for one in recruiters]
    expect(max(counted) <= 3, f"the recruiters were told {counted} times")
    return (
        f"five times the same kept and told once; machines that answer each mail of ours ended after {polite} and "
        f"{rude} answers; of {FLOOD} mails of one sender {flooded} were set aside, and recruiters "
        f"were told {max(counted)} times at most"
    )


def _answer_all(stand: Stand, headers: str = "") -> int:
    """Let a machine answer each mail that arrived, and each that arrives because of that; gives how many it wrote.

    Raises:
        Failed: it does not end.
    """
    answered, quiet_since = set[str](), time.monotonic()
    while time.monotonic() - quiet_since < 5:
        for mail in [one for one in stand.mails() if one.key not in answered]:
            answered.add(mail.key)
            expect(len(answered) < 30, "machines answer each other without end")
            told = _answer(mail.to, mail.key, "I am away and will answer next week.", headers)
            expect(_ring(stand, "inbound", _came(told, mail.to)) == 200, "an answer was not taken")
            quiet_since = time.monotonic()
        time.sleep(0.2)
    return len(answered)


def _flood(stand: Stand, message: Message, application: Application) -> int:
    """A machine that never says what it is writes again and again; gives how many were set aside."""
    before = Reply.objects.filter(sender__iexact=message.to).count()
    with ThreadPoolExecutor(4) as pool:
        texts = [_answer(message.to, str(message.pk), f"Ticket {n} was opened.") for n in range(FLOOD)]
        told = list(pool.map(lambda text: _ring(stand, "inbound", _came(text, message.to)), texts))
    expect(set(told) == {200}, f"the provider got {set(told)}")
    found = Reply.objects.filter(sender__iexact=message.to)
    expect(found.count() == before + FLOOD, f"of {FLOOD} mails {found.count() - before} are kept")
    aside = found.filter(why__contains="a hundred times").count()
    expect(FLOOD + before - LOOP - 4 <= aside, f"only {aside} were set aside")  # four came at the same moment
    expect(_told(application) <= LOOP + 4, f"the timeline tells of {_told(application)} answers")
    return aside


def _told(application: Application) -> int:
    return Event.objects.filter(application=application, name="mail.replied").count()


def _answer(sender: str, key: str, words: str, headers: str = "") -> str:
    """An answer to the mail of ours with this key."""
    name = f"{people.unique('answer')}@{sender.partition('@')[2]}"
    return (
        f"From: {sender}\r\nTo: jobs@rapport.example\r\nSubject: Re: Your application\r\nMessage-ID: <{name}>\r\n"
        f"In-Reply-To: <{key}@rapport.example>\r\n{headers}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    )


def _came(raw: str, sender: str) -> dict[str, Any]:
    return {"RawEmail": raw, "FromFull": {"Email": sender}, "OriginalRecipient": "jobs@rapport.example"}
