"""Mails in which a server tells what became of one of ours: it came back, is late, arrived, was called spam."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from candidates.post.inbound import machines, reading
from candidates.post.inbound.models import DeliveryReport
from candidates.post.inbound.reading import IDS

Kind = DeliveryReport.Kind
ACTIONS = {
    "failed": Kind.BOUNCED,
    "delayed": Kind.DEFERRED,
    "delivered": Kind.DELIVERED,
    "relayed": Kind.DELIVERED,
    "expanded": Kind.DELIVERED,
}
LONGEST_TOLD = 2000
MOST_TOLD = 50  # recipients of one report
LOOKED_THROUGH = 20_000  # characters of an old-fashioned report in which we look for the name of our mail
ADDRESS = re.compile(r"[^\s<>;,]+@[^\s<>;,]+")


@dataclass(frozen=True)
class Told:
    """What a report says about one address."""

    kind: Kind
    address: str
    words: str
    message_ids: tuple[str, ...]


def read(letter: Message) -> list[Told]:
    """What `letter` reports; nothing when it is no report."""
    kind = str(letter.get_param("report-type") or "").lower() if letter.get_content_type() == "multipart/report" else ""
    if kind == "delivery-status":
        return list(_of_delivery(letter))[:MOST_TOLD]
    if kind == "feedback-report":
        return list(_of_feedback(letter))[:MOST_TOLD]
    return list(_old_fashioned(letter))


def _of_delivery(letter: Message) -> Iterator[Told]:
    """RFC 3464: a block for the mail, and one for each address."""
    ids = _ids_of_ours(letter)
    for part in _parts(letter, "message/delivery-status"):
        for block in _blocks(part):
            action = str(block.get("Action") or "").strip().lower()
            if address := _address(block, "Final-Recipient") or _address(block, "Original-Recipient"):
                words = " ".join(f"{block.get('Status') or ''} {block.get('Diagnostic-Code') or ''}".split())
                yield Told(ACTIONS.get(action, Kind.OTHER), address, _short(words or action), ids)


def _of_feedback(letter: Message) -> Iterator[Told]:
    """RFC 5965: somebody pressed "spam"."""
    for part in _parts(letter, "message/feedback-report"):
        for block in _blocks(part):
            words = str(block.get("Feedback-Type") or "")
            yield Told(Kind.COMPLAINED, _address(block, "Original-Rcpt-To"), _short(words), _ids_of_ours(letter))


def _old_fashioned(letter: Message) -> Iterator[Told]:
    """Of a mail program that says in its own words that our mail came back: known by our mail's name in it."""
    sender = next(iter(reading.addresses_in(letter, "From")), "").lower()
    if not sender.startswith(machines.DAEMONS):
        return
    text = reading.text_of(letter)[:LOOKED_THROUGH]
    ids = _ids_of_ours(letter) or tuple(IDS.findall(text))
    failed = reading.addresses_in(letter, "X-Failed-Recipients") or ADDRESS.findall(text)
    if ids:
        yield Told(Kind.BOUNCED, failed[0][:254] if failed else "", _short(" ".join(text.split())), ids)


def _parts(letter: Message, content_type: str) -> Iterator[Message]:
    return (part for part in letter.walk() if part.get_content_type() == content_type)


def _blocks(part: Message) -> list[Message]:
    """The groups of fields in such a part: the parser takes each for a mail without a text."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)][:MOST_TOLD] if isinstance(payload, list) else []


def _ids_of_ours(letter: Message) -> tuple[str, ...]:
    """The names of the mail that it is about: in the copy that comes with it, in its headers, in what it answers."""
    copies = [copy for part in _parts(letter, "message/rfc822") for copy in _blocks(part)]
    found = [one for copy in copies for one in reading.ids_in(copy, "Message-ID")]
    for part in _parts(letter, "text/rfc822-headers"):
        headers = reading.parse_headers(reading.decoded(part))
        found += reading.ids_in(headers, "Message-ID")
    return tuple(found or reading.ids_in(letter, "In-Reply-To") or reading.ids_in(letter, "References"))


def _address(block: Message, name: str) -> str:
    """The address in a field like `rfc822; cara@example.org`."""
    value = reading.clean(str(block.get(name) or "")).rpartition(";")[2].strip(" <>\t\n")
    return value[:254] if "@" in value else ""


def _short(words: str) -> str:
    return reading.clean(words)[:LONGEST_TOLD]
