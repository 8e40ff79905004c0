"""What every line measures on: the two sites, the signed-in recruiter's cookies, the company in the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.test import Client

from bench.counting import ASKED, TOLD
from bench.dataset import Company
from bench.measure import Answer, Site
from bench.stand import Web
from candidates.staff.models import User


class NotMeasured(Exception):
    """A side did not do the work; the message says which and how."""


@dataclass(frozen=True)
class Ground:
    """Ours and the limit, side by side over one database."""

    company: Company
    web: Web
    ours: Site
    limit: Site
    at: datetime


def signed_in(site: Site, user: User) -> Site:
    """The site as `user` sees it, signed in without a password."""
    client = Client()
    client.force_login(user)
    return replace(site, cookies={settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value})


def with_token(site: Site, path: str) -> tuple[Site, str]:
    """The site with the CSRF cookie that the page at `path` sets, and what the header of a POST has to be."""
    cookies = site.ask(path).cookies
    if settings.CSRF_COOKIE_NAME not in cookies:
        raise NotMeasured(f"{path} sets no CSRF cookie")
    return replace(site, cookies={**site.cookies, **cookies}), cookies[settings.CSRF_COOKIE_NAME]


def expect(answer: Answer, status: int, what: str) -> Answer:
    """The answer, if it is the one wanted.

    Raises:
        NotMeasured: another status; a redirect to the sign-in page must not pass for a quick list.
    """
    if answer.status != status:
        raise NotMeasured(f"{what} answered {answer.status} instead of {status} {answer.headers.get('Location', '')}")
    return answer


def queries(answer: Answer) -> int:
    """How many queries the answer took; ask with `COUNTING`."""
    return int(answer.headers[TOLD])


COUNTING = {ASKED: "yes"}
