"""Links in mails. A token is signed for one purpose, names one row, and the database holds no secret of it."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from candidates.people.models import Application
from candidates.post.models import Ask

ASK = "candidates.ask"
APPLICATION = "candidates.application"
# Personal links that hang on neither: whose they are -> the page's URL name, which takes the token.
ROUTES = {
    "draft": "careers:resume",
    "interviewer": "interviews:times",
    "pool": "sourcing:membership",
    "referrer": "sourcing:referrals",
}
SIGNED_IN = {  # pages for which one signs in: their links are no secret
    "desk": "admin:candidates_application_change",
    "home": "admin:index",
    "test": "desk:deliverability_arrived",
}


def ask_token(ask: Ask) -> str:
    """The token that opens the page of `ask`; a renewed ask has another."""
    return signing.dumps([ask.pk, ask.generation], salt=ASK)


def read_ask_token(token: str) -> tuple[int, int] | None:
    """The ask's key and the generation of the link, or None for what we never signed."""
    return _read(token, ASK)


def application_token(application: Application) -> str:
    """The token of the candidate's own page about `application`; it never expires, it only shows."""
    return signing.dumps([application.pk, 1], salt=APPLICATION)


def read_application_token(token: str) -> int | None:
    """The application's key, or None for what we never signed."""
    read = _read(token, APPLICATION)
    return read[0] if read else None


def ask_url(ask: Ask) -> str:
    """The absolute address that goes into the mail to the person asked."""
    return settings.SITE_URL + reverse("post:enter", args=[ask_token(ask)])


def application_url(application: Application) -> str:
    """The absolute address of the candidate's page, for mails to the candidate."""
    return settings.SITE_URL + reverse("portal:enter", args=[application_token(application)])


def personal(whose: str, pk: int) -> str:
    """How a message names the link that it carries: `whose` is one of `ROUTES`."""
    return f"{whose}:{pk}"


def personal_url(link: str) -> str:
    """The absolute address behind "draft:7"; the token is made only here."""
    whose, _colon, pk = link.partition(":")
    if whose in SIGNED_IN:
        return settings.SITE_URL + reverse(SIGNED_IN[whose], args=[int(pk)] if pk else [])
    return settings.SITE_URL + reverse(ROUTES[whose], args=[personal_token(whose, int(pk))])


def personal_token(whose: str, pk: int) -> str:
    """The token that opens the page of that row; it lives as long as the row lets it."""
    return signing.dumps([pk, 1], salt=f"candidates.{whose}")


def read_personal_token(whose: str, token: str) -> int | None:
    """The row's key, or None for what we never signed for this purpose."""
    read = _read(token, f"candidates.{whose}")
    return read[0] if read else None


def _read(token: str, salt: str) -> tuple[int, int] | None:
    try:
        row, generation = signing.loads(token, salt=salt)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return row, generation
