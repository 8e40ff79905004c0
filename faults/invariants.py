"""What has to hold after every scenario: I1 to I10 on the stand, by its database, its mailbox, its logs, its pages."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.timezone import now

from ats.engine import invariants
from candidates.people.models import Application, Candidate
from candidates.post.models import Ask, Message
from candidates.staff.models import User
from faults.stand.stand import Stand

TOKEN = re.compile(r"/(?:link|my|drafts|pool|pool/links|interviews/times)/([^/\s\"']*:[^/\s\"']*)")
MOMENT = 20  # seconds
REFUSED = {301, 302, 303, 400, 401, 403, 404, 405, 410, 429}
# Addresses that everybody may look at; what stands there is for everybody.
PUBLIC = (
    "/", "/robots.txt", "/sitemap.xml", "/jobs.rss", "/jobs.json", "/feeds/", "/embed/", "/privacy/", "/jobs/",
    "/healthz", "/readyz", "/my/link/", "/mailbox/", "/company/", "/pool/", "/admin/login/", "/admin/jsi18n/",
    "/language/",
)  # fmt: skip


def broken(stand: Stand) -> dict[str, list[str]]:
    """What does not hold: the name of each invariant, and a line for each place. Empty is well."""
    found = _on_the_database()
    found["I5"] = list(_mails_doubled(stand))  # not as operators ask: nobody told them what may come twice
    found["I8"] = list(_told_in_logs(stand))
    found["I10"] = list(_open_to_strangers(stand))
    return {name: lines for name, lines in found.items() if lines}


def _on_the_database() -> dict[str, list[str]]:
    """I1 to I9. A mail of a scenario that plays in the past is late from the beginning: it has a moment to leave."""
    deadline = time.monotonic() + MOMENT
    while True:
        found = {finding.name: finding.violations for finding in invariants.check(at=now())}
        if not found["I4"] or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def _mails_doubled(stand: Stand) -> Iterator[str]:
    """I5: one mail a key; two where the scenario said so, and never of the solemn kinds."""
    copies = {key: times for key, times in Counter(mail.key for mail in stand.mails()).items() if times > 1}
    rows = Message.objects.in_bulk([UUID(key) for key in copies if _is_uuid(key)])
    for key, times in copies.items():
        row = rows.get(UUID(key)) if _is_uuid(key) else None
        if row is None or row.solemn or times > (2 if key in stand.may_come_twice else 1):
            yield f"mail {key} ({row.key if row else 'no row'}) arrived {times} times{_solemnly(row)}"


def _solemnly(row: Message | None) -> str:
    return ", and it is solemn" if row and row.solemn else ""


def _told_in_logs(stand: Stand) -> Iterator[str]:
    """I8: no log of any part has the token of a link that was mailed, nor anybody's mail address."""
    secrets = {token for mail in stand.mails() for link in mail.links for token in TOKEN.findall(link)}
    people = {address.lower() for address in _addresses()}
    for file in sorted(stand.place.logs.iterdir()):
        text = stand.log(file.stem)
        if any(secret in text for secret in secrets):
            yield f"{file.name} has the token of a link"
        told = people & {found.lower() for found in re.findall(r"[\w.+-]+@[\w.-]+\w", text)}
        if told:
            yield f"{file.name} has {len(told)} mail addresses, for example in: {_line(text, min(told))}"


def _addresses() -> Iterator[str]:
    for model, field in ((Candidate, "email"), (Ask, "email"), (Message, "to"), (User, "email")):
        yield from model._default_manager.exclude(**{field: ""}).values_list(field, flat=True).distinct()


def _line(text: str, word: str) -> str:
    return next((line for line in text.splitlines() if word in line.lower()), "")[:300]


def _open_to_strangers(stand: Stand) -> Iterator[str]:
    """I10: who is not signed in gets no page that is not for everybody, and no error."""
    addresses = sorted({address for address in _walk(get_resolver()) if not _is_public(address)})
    with ThreadPoolExecutor(4) as pool:
        pages = pool.map(lambda address: stand.visitor().get(address, follow=False), addresses)
    for address, page in zip(addresses, pages, strict=True):
        if page.status not in REFUSED:
            yield f"{address} answers a stranger with {page.status} {page.text[:100] if not page.status else ''}"


def _walk(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address below `resolver`, with a key that is there where it takes one."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            for pk in _keys():
                yield before + _filled(str(one.pattern), pk)
        else:
            for pk in _keys() if "<" in str(one.pattern) else [1]:
                yield from _walk(one, before + _filled(str(one.pattern), pk))


def _keys() -> list[int]:
    found = [Application.objects.order_by("-pk").values_list("pk", flat=True).first()]
    found.append(Ask.objects.order_by("-pk").values_list("pk", flat=True).first())
    return sorted({pk or 1 for pk in found})


def _filled(pattern: str, pk: int) -> str:
    """An address of `pattern`: numbers are `pk`, words are x."""
    plain = re.sub(r"<int:\w+>", str(pk), pattern)
    plain = re.sub(r"<uuid:\w+>", str(UUID(int=pk)), plain)
    plain = re.sub(r"<(?:\w+:)?\w+>", "x", plain)
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "x", plain)  # patterns of the admin that catch the rest
    return plain.lstrip("^").rstrip("$").replace("\\Z", "").replace("\\", "")


def _is_public(address: str) -> bool:
    return any(address == one if one == "/" else address.startswith(one) for one in PUBLIC)


def _is_uuid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
