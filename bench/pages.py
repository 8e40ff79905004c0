"""Lines about reading: one page of ours against the bare page that shows the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.urls import reverse

from bench.ground import COUNTING, Ground, NotMeasured, expect, queries
from bench.measure import Site, in_turn
from bench.report import Measured, measured
from candidates.people.models import Application

PAGE = 50
TOOL = "kayako"
LINK = rb"/admin/candidates/application/\d+/change/"
LINK_OF_LIMIT = rb"/application/\d+/\""
JOB_LINK = rb"/jobs?/[\w-]+/"


@dataclass(frozen=True)
class Pages:
    """Two paths that show the same, and what a row looks like on each; `least` rows must be on ours."""

    ours: str
    limit: str
    row: bytes | None = None
    row_of_limit: bytes | None = None
    least: int = 0
    public: bool = False
    on_limit: Callable[[Ground], Site] = lambda ground: ground.limit


def listing(ground: Ground) -> Measured:
    """The list of open applications."""
    return compare(ground, Pages(_list(), "/list/", LINK, LINK_OF_LIMIT, PAGE))


def deep(ground: Ground) -> Measured:
    """The same, 90 % down; its limit is our own first page."""
    where = Pages(_list(after=_cursor(ground)), _list(), LINK, LINK, PAGE, on_limit=lambda ground: ground.ours)
    return compare(ground, where)


def search(ground: Ground) -> Measured:
    """The list searched by a name."""
    name = _name(ground)
    return compare(ground, Pages(_list(q=name), f"/search/?q={quote(name)}", LINK, LINK_OF_LIMIT, 1))


def search_with_typo(ground: Ground) -> Measured:
    """The list searched by a name with one letter wrong."""
    name = _misspelt(_name(ground))
    return compare(ground, Pages(_list(q=name), f"/search/?alike={quote(name)}", LINK, LINK_OF_LIMIT, 1))


def cv_search(ground: Ground) -> Measured:
    """A word that stands in one of thirteen résumés: ranked, twenty passages with the word marked."""
    ours = f"{reverse('desk:passages')}?q={TOOL}"
    return compare(ground, Pages(ours, f"/cv-search/?q={TOOL}", LINK, LINK_OF_LIMIT, 20))


def detail(ground: Ground) -> Measured:
    """One application with 30 events, 6 scorecards, 10 mails."""
    busy = ground.company.busy.pk
    return compare(ground, Pages(reverse("admin:candidates_application_change", args=[busy]), f"/application/{busy}/"))


def home(ground: Ground) -> Measured:
    """The desk's home."""
    return compare(ground, Pages(reverse("admin:index"), "/home/"))


def career(ground: Ground) -> Measured:
    """The public list of jobs."""
    return compare(ground, Pages(reverse("careers:jobs"), "/", JOB_LINK, JOB_LINK, 40, public=True))


def job(ground: Ground) -> Measured:
    """A job's public page."""
    slug = ground.company.large.slug
    return compare(ground, Pages(reverse("careers:job", args=[slug]), f"/job/{slug}/", public=True))


def compare(ground: Ground, pages: Pages) -> Measured:
    """Ask for both in turn; both have to show their rows."""
    limit = pages.on_limit(ground)

    def ask_ours() -> float:
        return expect(ground.ours.ask(pages.ours, public=pages.public), 200, pages.ours).milliseconds

    def ask_limit() -> float:
        return expect(limit.ask(pages.limit, public=pages.public), 200, pages.limit).milliseconds

    turns = in_turn(ask_ours, ask_limit)
    counted = ground.ours.ask(pages.ours, headers=COUNTING, public=pages.public)
    rows = _rows(counted.body, pages.row, pages.ours, pages.least)
    bare = limit.ask(pages.limit, public=pages.public)
    _rows(bare.body, pages.row_of_limit, pages.limit, pages.least)
    return measured(turns, queries=queries(counted), rows=rows, kb=len(counted.body) / 1024)


def _rows(body: bytes, row: bytes | None, path: str, least: int) -> int | None:
    if row is None:
        return None
    found = len(set(re.findall(row, body)))
    if found < least:
        raise NotMeasured(f"{path} shows {found} rows, at least {least} were expected")
    return found


def _list(**words: str) -> str:
    return reverse("admin:candidates_application_changelist") + (f"?{urlencode(words)}" if words else "")


def _cursor(ground: Ground) -> str:
    """Where the page begins that is 90 % down the list, as the list itself would write it."""
    rows = Application.objects.open().visible_to(ground.company.recruiter).order_by("-stage_since", "-pk")
    place = int(rows.count() * 0.9)
    since, pk = rows.values_list("stage_since", "pk")[place]
    return json.dumps([str(since), str(pk)])


def _name(ground: Ground) -> str:
    """Somebody whose application is open."""
    return str(ground.company.busy.candidate.name)


def _misspelt(name: str) -> str:
    """One letter in the middle of the last name is another one."""
    place = len(name) - 3
    return name[:place] + ("y" if name[place] != "y" else "u") + name[place + 1 :]
