"""DMARC (RFC 7489): what servers do with mails that are not ours, and who is told. And where mail for us goes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ats.deliverability.findings import Finding, Record, State
from ats.deliverability.keys import tags
from ats.deliverability.lookups import Resolver

POLICIES = ("none", "quarantine", "reject")


def dmarc(domain: str, resolver: Resolver, *, provider: str, reports_to: str) -> Finding:
    """Whether a policy stands there, says something, and our mails are in line with it.

    Args:
        provider: anymail's name of who sends; empty when we do, by SMTP.
        reports_to: an address to suggest for reports.
    """
    finding = Finding("DMARC")
    where, finding.found = _records(domain, resolver)
    if len(finding.found) != 1:
        more = _("There is more than one policy, so that servers heed none. Keep one of them.")
        none = _("No policy says what to do with mails that pretend to come from you. Large providers ask for one.")
        finding.say(State.WRONG, more if finding.found else none)
        finding.publish = Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:{reports_to}")
        return finding
    told = tags(finding.found[0])
    _judge(finding, told, is_above=where != domain)
    _judge_line(finding, told, provider)
    if finding.state != State.GOOD:
        kept = "".join(f"; {name}={told[name]}" for name in ("adkim", "aspf", "sp") if name in told)
        reports = told.get("rua") or f"mailto:{reports_to}"
        stricter = told.get("p") if told.get("p") in ("quarantine", "reject") else "quarantine"
        finding.publish = Record(f"_dmarc.{where}", "TXT", f"v=DMARC1; p={stricter}; rua={reports}{kept}")
    return finding


def mx(domain: str, resolver: Resolver) -> Finding:
    """Whether answers and bounces find a server."""
    finding = Finding("MX")
    finding.found = resolver.mx(domain)
    if finding.found == [""]:
        finding.say(State.WRONG, _("The domain says that it takes no mail at all, so that nobody can answer."))
    elif finding.found:
        finding.say(State.GOOD, _("Answers and returned mails find a server."))
    elif resolver.addresses(domain):
        finding.say(State.BETTER, _("No server is named for mail; senders try %s itself. Name one.") % domain)
    else:
        finding.say(State.WRONG, _("No server takes mail for %s: answers and returned mails are lost.") % domain)
    return finding


def _records(domain: str, resolver: Resolver) -> tuple[str, list[str]]:
    """The policies of the domain, or of the nearest one above it that has any, and whose they are."""
    labels = domain.split(".")
    for number in range(max(len(labels) - 1, 1)):
        name = ".".join(labels[number:])
        texts = resolver.txt(f"_dmarc.{name}")
        if found := [text for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]:
            return name, found
    return domain, []


def _judge(finding: Finding, told: dict[str, str], *, is_above: bool) -> None:
    policy = (told.get("sp") if is_above else None) or told.get("p", "")
    if policy.lower() not in POLICIES:
        finding.say(State.WRONG, _("It names no policy that servers know: p= is none, quarantine or reject."))
    elif policy.lower() == "none":
        finding.say(
            State.BETTER, _("It only watches (p=none). Once reports show that your own mails pass, write quarantine.")
        )
    else:
        finding.say(State.GOOD, _("Mails that pretend to come from you are put aside or refused."))
    if told.get("pct", "100") != "100":
        finding.say(State.BETTER, _("It holds for %s per cent of mails only.") % told["pct"][:5])
    if "rua" not in told:
        finding.say(State.BETTER, _("Nobody gets reports: rua= is missing."))


def _judge_line(finding: Finding, told: dict[str, str], provider: str) -> None:
    """Mails pass when SPF or DKIM is of the very domain that stands in From."""
    if provider:
        finding.say(State.GOOD, _("As a provider sends, mails pass by DKIM: it must sign with your own domain (d=)."))
    elif told.get("aspf", "r").lower() == "s":
        finding.say(
            State.GOOD, _("Our mails leave under the very domain that they come from, so the strict rule holds.")
        )
