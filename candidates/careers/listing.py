"""The list of open jobs, and what it can be narrowed by. One query, whatever is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.careers.facts import Offer, line
from candidates.jobs.models import Job


class Shown(NamedTuple):
    """A job as the list shows it."""

    url: str
    title: str
    line: str


class Choice(NamedTuple):
    """One value of a filter, and how many open jobs have it."""

    value: str
    label: str
    jobs: int
    is_chosen: bool


class Filter(NamedTuple):
    """A box to choose from; only what is open can be chosen."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Listing:
    """What the page shows. `total` jobs are open, `jobs` are those that fit what was chosen."""

    jobs: list[Shown]
    total: int
    filters: list[Filter]
    is_narrowed: bool


class Kind(NamedTuple):
    """What a filter is called, and what a job has of it."""

    label: str | Promise
    of: Callable[[Offer], Iterable[str]]


YES, NO = "yes", "no"
KINDS: dict[str, Kind] = {
    "team": Kind(_("Team"), lambda row: [row.team] if row.team else []),
    "place": Kind(_("Place"), lambda row: [row.place] if row.place else []),
    "remote": Kind(_("Remote"), lambda row: [YES if row.remote else NO]),
    "language": Kind(_("Language of the customers"), lambda row: row.languages),
    "channel": Kind(_("Channel"), lambda row: row.channels),
}
WORDS: dict[str, str | Promise] = {
    **{f"channel {channel.value}": channel.label for channel in Job.Channel},
    f"remote {YES}": _("Remote"),
    f"remote {NO}": _("Not remote"),
}


def read(given: Mapping[str, str], *, at: datetime) -> Listing:
    """The open jobs that fit what `given` asks for; what no open job has is ignored.

    Args:
        given: the parameters of the address.
        at: now.
    """
    rows = [Offer(*values) for values in Job.objects.open_at(at).order_by("title", "pk").values_list(*Offer._fields)]
    counts = {name: Counter(value for row in rows for value in kind.of(row)) for name, kind in KINDS.items()}
    chosen = {name: given[name] for name in KINDS if given.get(name) in counts[name]}
    fitting = [row for row in rows if _fits(row, chosen)] if chosen else rows
    return Listing(
        jobs=_shown(fitting),
        total=len(rows),
        filters=[_filter(name, counts[name], chosen.get(name)) for name in KINDS if _narrows(counts[name], rows)],
        is_narrowed=bool(chosen),
    )


def _fits(row: Offer, chosen: Mapping[str, str]) -> bool:
    return all(value in KINDS[name].of(row) for name, value in chosen.items())


def _shown(rows: list[Offer]) -> list[Shown]:
    """With its address. Asking for each address anew would cost more than all the rest of the row."""
    before, _slug, after = reverse("careers:job", args=["-"]).rpartition("-")
    return [Shown(f"{before}{row.slug}{after}", row.title, line(row)) for row in rows]


def _narrows(count: Counter[str], rows: list[Offer]) -> bool:
    """Whether some choice would leave fewer jobs."""
    return any(number < len(rows) for number in count.values())


def _filter(name: str, count: Counter[str], chosen: str | None) -> Filter:
    choices = [
        Choice(value, str(WORDS.get(f"{name} {value}", value)), number, value == chosen)
        for value, number in count.items()
    ]
    ordered = sorted(choices, key=lambda choice: choice.label.casefold())
    return Filter(name, str(KINDS[name].label), tuple(ordered))
