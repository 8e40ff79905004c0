"""What tells that two addresses or two numbers are the same person's."""

from __future__ import annotations

import phonenumbers

ONE_MAILBOX_WITHOUT_DOTS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


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
