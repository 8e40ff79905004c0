"""The privacy notice: our words, which come with Rapport, and what the company adds, in versions."""

from __future__ import annotations

from datetime import datetime

from candidates.company.models import PrivacyNotice

BASE = "2"  # the version of templates/careers/privacy.html; count up with every change of its meaning


def current() -> PrivacyNotice | None:
    """What the company adds now; None while it never added anything. One query."""
    return PrivacyNotice.objects.first()


def current_version() -> str:
    """What somebody agrees to now: "2", or "2.3" with the company's third addition. One query."""
    return name(current())


def name(addition: PrivacyNotice | None) -> str:
    """The version of our words with this addition."""
    return f"{BASE}.{addition.version}" if addition else BASE


def revise(text: str, *, at: datetime) -> PrivacyNotice | None:
    """Make `text` the company's addition: a new version when it differs from the last one, else nothing.

    Call it with the row of the company locked: of two people who save at once one waits.
    """
    last = current()
    if text == (last.text if last else ""):
        return None
    return PrivacyNotice.objects.create(version=last.version + 1 if last else 1, text=text, at=at)
