"""What tells that two addresses or two numbers are the same person's."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

import phonenumbers

ONE_MAILBOX_WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
UNACCENTED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
NEARLY = 0.92  # lets a wrong letter pass in a name of thirteen, and keeps Maria García and Mario García apart
LONGEST_COMPARED = 100  # letters


def email_key(email: str) -> str:
    """The mailbox behind an address: no case, no +tag, and for Google's no dots."""
    local, _at, domain = email.strip().lower().rpartition("@")
    local = local.split("+")[0] or local
    if domain in ONE_MAILBOX_WITHOUT_DOTS:
        return f"{local.replace('.', '')}@{ONE_MAILBOX_WITHOUT_DOTS[domain]}"
    return f"{local}@{domain}"


def phone_key(phone: str, country: str = "") -> str:
    """The number in E.164 (+31201234567), or nothing when it cannot be told.

    Args:
        phone: as it was written.
        country: two letters, for a number without its country.
    """
    try:
        number = phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def plain_name(name: str) -> str:
    """The words of a name without case, accents and punctuation, in the order of the alphabet."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(UNACCENTED))
    letters = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(sorted(re.findall(r"\w+", letters)))


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: "Smith, John" and John Smith, Ana López and Ana María Lopez.

    A weak sign: many people share a name. One word in common is none at all.
    """
    first, second = plain_name(one)[:LONGEST_COMPARED], plain_name(other)[:LONGEST_COMPARED]
    if not first or not second:
        return False
    fewer, more = sorted((set(first.split()), set(second.split())), key=len)
    if first == second or (len(fewer) > 1 and fewer <= more):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= NEARLY
