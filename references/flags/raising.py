"""What a given reference makes a person look at. A flag decides nothing, and says what it may mean and may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from references.flags import domains, texts
from references.flags.models import Flag
from references.models import Reference

QUICK = timedelta(minutes=1)
Noticed = tuple[Flag.Kind, dict[str, Any]]


def look_at(reference: Reference, *, at: datetime) -> None:
    """Raise the flags of a reference that was just given, each once. Call it inside the verb's transaction."""
    noticed = [*of_address(reference)]
    if reference.mode == Reference.Mode.LINK:  # of a talk on the phone the recruiter knows how it came about
        noticed += [*of_trace(reference), *of_time(reference, at), *of_words(reference)]
    rows = [Flag(reference=reference, kind=kind, data=data, raised_at=at) for kind, data in noticed]
    Flag.objects.bulk_create(rows, ignore_conflicts=True)


def of_address(reference: Reference) -> Iterator[Noticed]:
    """A free address, or one that does not look like the company's; never both."""
    referee = reference.referee
    domain = domains.domain(referee.email)
    if domains.is_free(domain):
        yield Flag.Kind.FREE_MAIL, {"domain": domain}
    elif not domains.is_like(domain, referee.company):
        yield Flag.Kind.OTHER_DOMAIN, {"domain": domain}


def of_trace(reference: Reference) -> Iterator[Noticed]:
    """The network or the browser from which the candidate named people."""
    referee = reference.referee
    if reference.network and reference.network == referee.network:
        yield Flag.Kind.SAME_NETWORK, {}
    if reference.browser and reference.browser == referee.browser:
        yield Flag.Kind.SAME_BROWSER, {}


def of_time(reference: Reference, at: datetime) -> Iterator[Noticed]:
    """Less than a minute from beginning to sending."""
    if reference.began_at and at - reference.began_at < QUICK:
        yield Flag.Kind.QUICK, {"seconds": int((at - reference.began_at).total_seconds())}


def of_words(reference: Reference) -> Iterator[Noticed]:
    """The words of another reference; which one is named to nobody who may not see it."""
    if found := texts.alike(reference, texts.remember(reference)):
        other = found.reference
        is_here = other.referee.application_id == reference.referee.application_id
        yield Flag.Kind.SAME_TEXT, {"reference": other.pk, "same_application": is_here, "share": round(found.share, 2)}
