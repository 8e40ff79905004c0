"""Builders for tests: opening a mailed link as its reader does."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from candidates.models import Ask
from candidates.post import links


def link_to(ask: Ask) -> str:
    """The path of the link that stands in the mail of `ask`."""
    return urlsplit(links.ask_url(ask)).path


def open_link(client: Any, ask: Ask) -> Any:
    """Follow the mailed link to its page; from then on the client holds the cookie."""
    return client.get(link_to(ask), follow=True)


def without_links(text: str, *, instead: str) -> str:
    """A mail that left with `instead` for each personal link: two links of one row differ by the second of signing."""
    return re.sub(r"https?://[^\s\"<>]*?[\w-]+:[\w-]{6}:[\w-]{43}/?", instead, text)
