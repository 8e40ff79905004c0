"""DKIM (RFC 6376): the public key with which servers see that a mail was not changed on its way."""

from __future__ import annotations

import base64
import binascii

from django.utils.translation import gettext as _

from ats.deliverability.findings import Finding, Record, State
from ats.deliverability.lookups import Resolver

SHORT, GOOD = 1024, 2048  # bits
SEQUENCE, INTEGER, BIT_STRING = 0x30, 0x02, 0x03


def check(domain: str, resolver: Resolver, *, selector: str) -> Finding:
    """Whether a usable key stands where mails signed with `selector` say."""
    finding = Finding("DKIM")
    if not selector:
        words = _("Which key signs our mails is not known here. Set DKIM_SELECTOR to what stands after s= in the line")
        finding.say(State.UNKNOWN, f"{words} DKIM-Signature of a mail that arrived.")
        return finding
    name = f"{selector}._domainkey.{domain}"
    finding.found = [text for text in resolver.txt(name) if "p=" in text.replace(" ", "")]
    if len(finding.found) == 1:
        _judge(finding, tags(finding.found[0]))
        return finding
    if finding.found:
        finding.say(State.WRONG, _("There is more than one key under this name, so that servers use none."))
    else:
        finding.say(State.WRONG, _("No key stands at %s. Mails are not believed to be yours.") % name)
    shown = _("the key that your mail provider or mail server shows you")
    finding.publish = Record(name, "TXT", f"v=DKIM1; k=rsa; p=<{shown}>")
    return finding


def tags(text: str) -> dict[str, str]:
    """`v=DKIM1; p=...` as a table, names in small letters."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}


def _judge(finding: Finding, told: dict[str, str]) -> None:
    key = "".join(told.get("p", "").split())
    if not key:
        finding.say(State.WRONG, _("The key was taken back: p= is empty. Publish the present one."))
    elif told.get("k", "rsa").lower() == "ed25519":
        finding.say(State.BETTER, _("The key is Ed25519, which many servers cannot check. Sign with RSA as well."))
    elif (bits := key_bits(key)) == 0:
        finding.say(State.WRONG, _("The key cannot be read. It may be cut off: long texts are published in pieces."))
    elif bits < SHORT:
        finding.say(State.WRONG, _("The key has %d bits only; servers ignore it. Make one of 2048 bits.") % bits)
    elif bits < GOOD:
        finding.say(State.BETTER, _("The key has %d bits. It works; 2048 are better.") % bits)
    else:
        finding.say(State.GOOD, _("A key of %d bits.") % bits)
    if "y" in told.get("t", "").split(":"):
        finding.say(State.BETTER, _("It says t=y, which means that it is only being tried out. Take that out."))


def key_bits(key: str) -> int:
    """How long an RSA key is, out of its base64; 0 for what is none."""
    try:
        data = base64.b64decode(key, validate=True)
        inside = _inside(data, SEQUENCE)
        if inside[:1] == bytes([SEQUENCE]):  # which kind of key, then the key in a bit string
            bits = _inside(inside[_length(inside) :], BIT_STRING)
            inside = _inside(bits[1:], SEQUENCE)
        return int.from_bytes(_inside(inside, INTEGER), "big").bit_length()
    except (binascii.Error, ValueError, IndexError):
        return 0


def _inside(data: bytes, kind: int) -> bytes:
    """What the first element of DER holds; it must be of that kind and whole."""
    if data[0] != kind or len(data) < _length(data):
        raise ValueError
    return data[_head(data) : _length(data)]


def _head(data: bytes) -> int:
    return 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)


def _length(data: bytes) -> int:
    """Of the first element, with its head."""
    size = int.from_bytes(data[2 : _head(data)], "big") if data[1] & 0x80 else data[1]
    return _head(data) + size
