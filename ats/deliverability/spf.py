"""SPF (RFC 7208): which servers may send for the domain."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ats.deliverability.findings import Finding, Record, State
from ats.deliverability.lookups import Resolver

MOST_LOOKUPS = 10
# What the providers that we can send by want to stand there.
INCLUDES = {
    "amazon_ses": "amazonses.com",
    "brevo": "spf.brevo.com",
    "mailersend": "_spf.mailersend.net",
    "mailgun": "mailgun.org",
    "mailjet": "spf.mailjet.com",
    "mandrill": "spf.mandrillapp.com",
    "postmark": "spf.mtasv.net",
    "resend": "amazonses.com",
    "sendgrid": "sendgrid.net",
    "sparkpost": "_spf.sparkpostmail.com",
}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass
class Walk:
    """What a record says when all that it includes is read: lookups so far, names, networks, dead ends."""

    lookups: int = 0
    names: set[str] = field(default_factory=set)
    networks: list[Network] = field(default_factory=list)
    dead_ends: list[str] = field(default_factory=list)


def check(domain: str, resolver: Resolver, *, provider: str, host: str) -> Finding:
    """Whether exactly one record stands there, can be read by every server, and lets our sender send.

    Args:
        domain: of the address that mails come from.
        provider: anymail's name of who sends; empty when `host` does, by SMTP.
    """
    finding = Finding("SPF")
    finding.found = records(domain, resolver)
    if len(finding.found) != 1:
        return _none_or_several(finding, domain, provider, host)
    terms = finding.found[0].split()[1:]
    walk = Walk()
    _walk(finding.found[0], domain, resolver, walk)
    _judge_lookups(finding, walk)
    _judge_end(finding, terms, domain)
    _judge_sender(finding, walk, resolver, provider, host)
    if finding.state != State.GOOD:
        finding.publish = Record(domain, "TXT", _written([_sender(provider, host), *terms]))
    return finding


def records(domain: str, resolver: Resolver) -> list[str]:
    """The SPF records of a domain; one is right."""
    texts = (" ".join(text.split()) for text in resolver.txt(domain))
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def _none_or_several(finding: Finding, domain: str, provider: str, host: str) -> Finding:
    terms = [term for record in finding.found for term in record.split()[1:]]
    if terms:
        finding.say(State.WRONG, _("There is more than one record, so that servers heed none. Make one of them."))
    else:
        finding.say(State.WRONG, _("No record says who may send for this domain, so anybody may pretend to."))
    finding.publish = Record(domain, "TXT", _written([_sender(provider, host), *terms]))
    return finding


def _walk(record: str, domain: str, resolver: Resolver, walk: Walk) -> None:
    """Read a record and all that it includes, until there are too many lookups anyway."""
    for term in record.split()[1:]:
        name, value = _split(term)
        if name in ("ip4", "ip6"):
            walk.networks += _network(value)
        elif name in ("a", "mx", "ptr", "exists", "include", "redirect"):
            walk.lookups += 1
            if walk.lookups <= MOST_LOOKUPS:
                _follow(name, value or domain, resolver, walk)


def _follow(name: str, target: str, resolver: Resolver, walk: Walk) -> None:
    target = target.partition("/")[0].lower()
    if "%" in target:  # depends on each mail
        return
    if name in ("include", "redirect"):
        walk.names.add(target)
        found = records(target, resolver)
        if len(found) == 1:
            _walk(found[0], target, resolver, walk)
        else:
            walk.dead_ends.append(target)
    elif name in ("a", "mx"):
        hosts = [target] if name == "a" else resolver.mx(target)[:MOST_LOOKUPS]
        walk.networks += [net for one in hosts for address in resolver.addresses(one) for net in _network(address)]


def _judge_lookups(finding: Finding, walk: Walk) -> None:
    if walk.lookups > MOST_LOOKUPS:
        words = _(
            "It takes more than %d lookups to read, so that servers heed none of it. Take out what no longer sends."
        )
        finding.say(State.WRONG, words % MOST_LOOKUPS)
    else:
        finding.say(State.GOOD, _("%(n)d of %(most)d lookups.") % {"n": walk.lookups, "most": MOST_LOOKUPS})
    for name in walk.dead_ends:
        finding.say(State.WRONG, _("It includes %s, where no record stands: servers then heed none of it.") % name)


def _judge_end(finding: Finding, terms: list[str], domain: str) -> None:
    last = terms[-1].lower() if terms else ""
    if last in ("-all", "~all") or any(_split(term)[0] == "redirect" for term in terms):
        finding.say(State.GOOD, _("It ends in a clear no to all others."))
    elif last in ("+all", "all"):
        finding.say(State.WRONG, _("It ends in +all: everybody on the internet may send for %s.") % domain)
    else:
        finding.say(State.BETTER, _("It does not say no to others. End it in ~all."))


def _judge_sender(finding: Finding, walk: Walk, resolver: Resolver, provider: str, host: str) -> None:
    if provider:
        wanted = INCLUDES.get(provider)
        if wanted and wanted not in walk.names:
            words = _("It does not include %s. Many providers send under a domain of their own, then DKIM is enough.")
            finding.say(State.BETTER, words % wanted)
        return
    ours = [ipaddress.ip_address(one) for one in resolver.addresses(host)]
    if any(one in network for one in ours for network in walk.networks):
        finding.say(State.GOOD, _("Our mail server %s may send.") % host)
    elif ours and not any(one.is_private for one in ours):
        words = _("Our mail server %s is not among those that may send, unless it hands mails on to another.")
        finding.say(State.BETTER, words % host)


def _sender(provider: str, host: str) -> str:
    if provider in INCLUDES:
        return f"include:{INCLUDES[provider]}"
    return "mx" if provider or "." not in host else f"a:{host}"  # a server with a name of our own network alone


def _written(terms: list[str]) -> str:
    """One record of these terms, each once, with one end."""
    kept = dict.fromkeys(term for term in terms if _split(term)[0] != "all")
    return " ".join(["v=spf1", *kept, "~all"])


def _split(term: str) -> tuple[str, str]:
    """The name and the value of `?include:example.org`."""
    plain = term.lstrip("+-~?")
    name = plain.replace("=", ":", 1).partition(":")[0].partition("/")[0].lower()
    return name, plain.replace("=", ":", 1).partition(":")[2]


def _network(text: str) -> list[Network]:
    try:
        return [ipaddress.ip_network(text, strict=False)]
    except ValueError:
        return []
