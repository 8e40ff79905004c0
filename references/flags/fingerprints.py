"""From which network and with which browser a page was sent, as digests that tell nobody either.

They are salted by application: the same network under two applications gives two digests, so that nobody can be
followed through the database. Two digests of one application can be compared, and that is all they are for.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from candidates.careers import spam
from candidates.people.models import Application

HOUSEHOLD = {4: 32, 6: 64}  # how much of an address one home or office shares; a provider's /24 would tell nothing
BROWSER = ("User-Agent", "Accept-Language")


def network(request: HttpRequest, application: Application) -> str:
    """The network from which `request` came, as a digest; empty when the address cannot be told."""
    address = spam.sender(request)
    return _digest("network", _shared(ip_address(address)), application) if address else ""


def browser(request: HttpRequest, application: Application) -> str:
    """The kind of browser that sent `request`, as a digest; empty when it says nothing of itself."""
    told = [request.headers.get(name, "") for name in BROWSER]
    return _digest("browser", "\n".join(told), application) if any(told) else ""


def _shared(address: IPv4Address | IPv6Address) -> str:
    return str(ip_network(f"{address}/{HOUSEHOLD[address.version]}", strict=False))


def _digest(kind: str, value: str, application: Application) -> str:
    # What comes in a header may hold anything, lone surrogates too.
    told = value.encode(errors="surrogatepass")
    return salted_hmac(f"references.{kind}.{application.pk}", told, algorithm="sha256").hexdigest()
