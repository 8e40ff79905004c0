"""All that can be looked up of the domain that our mails come from."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from ats.deliverability import keys, policy, spf
from ats.deliverability.findings import Finding, State
from ats.deliverability.lookups import Resolver, Unknown


def sending_domain() -> str:
    """The domain of the address that mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()


def look_up(resolver: Resolver) -> list[Finding]:
    """Every check, each by itself: one that gets no answer says so, and the others go on."""
    domain, provider = sending_domain(), settings.MAIL_PROVIDER
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    found = [
        _asked("SPF", lambda: spf.check(domain, resolver, provider=provider, host=settings.EMAIL_HOST)),
        _asked("DKIM", lambda: keys.check(domain, resolver, selector=settings.DKIM_SELECTOR)),
        _asked("DMARC", lambda: policy.dmarc(domain, resolver, provider=provider, reports_to=sender)),
        _asked("MX", lambda: policy.mx(domain, resolver)),
    ]
    answers = settings.REPLY_ADDRESS.rpartition("@")[2].lower()
    if answers and answers != domain:
        name = _("MX of %s, where answers go") % answers
        there = _asked(name, lambda: policy.mx(answers, resolver))
        there.name = name
        found.append(there)
    return found


def _asked(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Unknown:
        words = _("The servers of the domain gave no answer in time. Look it up again in a minute.")
        return Finding(name, State.UNKNOWN, words=[words])
