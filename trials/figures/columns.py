"""What a column may mean, and how that is guessed by its tool, its name and what stands in it (`tools.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trials.figures.metrics import PERCENT, Metric, Tool

IGNORE = ""
TEXT = str | Promise
WHO: dict[str, TEXT] = {
    "agent_id": _("the agent's number"),
    "agent_name": _("the agent's name"),
    "agent_email": _("the agent's mail address"),
}
WHEN: dict[str, TEXT] = {
    "day": _("a day"),
    "week": _("a week: its number, its first day, or from – to"),
    "month": _("a month"),
    "year": _("the year of a week or month"),
    "from": _("the first day"),
    "to": _("the last day"),
}
TIMES = (Metric.FIRST_REPLY, Metric.RESOLUTION)
FORMS: dict[str, TEXT] = {
    "percent": _("in per cent: 93 or 93%"),
    "fraction": _("as a share of one: 0.93"),
    "seconds": _("in seconds"),
    "minutes": _("in minutes"),
    "hours": _("in hours"),
    "days": _("in days"),
    "clock": _("as 1:05:30 or 1h 5m"),
    "number": _("– how many"),
    "good": _("– how many good ratings"),
    "other": _("– how many other ratings"),
    "n": _("– of how many (n)"),
}
FORMS_OF: dict[Metric, tuple[str, ...]] = {
    Metric.SATISFACTION: ("percent", "fraction", "good", "other", "n"),
    Metric.FIRST_REPLY: ("minutes", "seconds", "hours", "days", "clock", "n"),
    Metric.RESOLUTION: ("hours", "seconds", "minutes", "days", "clock", "n"),
    Metric.REOPENED: ("number", "percent", "fraction", "n"),
    Metric.SOLVED: ("number",),
    Metric.QUALITY: ("percent", "fraction", "n"),
    Metric.ADHERENCE: ("percent", "fraction", "n"),
}
SEVERAL = {IGNORE, "satisfaction:other"}  # may stand in several columns
TICKETS = "n"
FILE = Path(__file__).with_name("tools.toml")
SAYS_NOTHING = {"avg", "average", "mean", "med", "median", "count", "d_count", "d", "the"}
UNIT = re.compile(r"(?<!business)(?:\(|\bin |- | |_)(s|secs?|seconds|m|mins?|minutes|h|hrs?|hours|d|days)[)\s]*$")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Preset:
    """What a tool calls its columns. One of `tells` stands in its header as a whole."""

    tells: tuple[frozenset[str], ...]
    columns: Mapping[str, str]


@cache
def presets() -> dict[str, Preset]:
    """What we know of each tool."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        str(tool): Preset(tuple(map(frozenset, told[tool]["tells"])), told["other"]["columns"] | told[tool]["columns"])
        for tool in Tool.values
    }


def choices() -> list[tuple[Any, Any]]:
    """All meanings, in groups, for a box."""
    groups: list[tuple[Any, Any]] = [
        (IGNORE, _("(leave out)")),
        (_("Who"), list(WHO.items())),
        (_("When"), list(WHEN.items())),
    ]
    for metric, forms in FORMS_OF.items():
        name = metric.label.partition(",")[0]  # a closed box shows no group
        groups.append((name, [(f"{metric}:{form}", f"{name} {FORMS[form]}") for form in forms]))
    return [*groups, (_("For all of them"), [(TICKETS, _("how many tickets (n, where nothing else tells it)"))])]


@cache
def meanings() -> frozenset[str]:
    """The keys of all meanings."""
    of_metrics = (f"{metric}:{form}" for metric, forms in FORMS_OF.items() for form in forms)
    return frozenset({IGNORE, TICKETS, *WHO, *WHEN, *of_metrics})


def plain(name: str) -> str:
    """A column's name in small letters, one space where other signs stood: by it a meaning is remembered."""
    return " ".join(re.findall(r"[^\W_]+|%", name.casefold()))


def bare(name: str) -> str:
    """A column's name as `tools.toml` writes it: without its unit, and without words that say how it was summed up."""
    text = name.casefold()
    if match := UNIT.search(text):
        text = text[: match.start()]
    return " ".join(word for word in plain(text.replace("d_count", "")).split() if word not in SAYS_NOTHING)


def unit(name: str) -> str:
    """The unit that the name tells: "First reply time (min)"."""
    match = UNIT.search(name.casefold())
    return UNITS[match[1][0]] if match else ""


def recognise(header: Sequence[str]) -> str:
    """The tool whose export has this header, if one can be told."""
    names = {bare(name) for name in header}
    return next((tool for tool, preset in presets().items() if any(tell <= names for tell in preset.tells)), "")


def guess(looks: Sequence[Mapping[str, Any]], tool: str, remembered: Mapping[str, str]) -> list[str]:
    """The meaning of each column: as it was named last, else as its tool calls it; what may stand once is given once.

    Args:
        looks: what each column looks like (`tables.Look`).
        tool: which preset to read by.
        remembered: meanings by the columns' plain names, as somebody named them last for this tool.
    """
    found: list[str] = []
    for look in looks:
        meaning = remembered.get(plain(look["name"]))
        if meaning not in meanings():
            meaning = _meaning(look, presets()[tool].columns)
        found.append(IGNORE if meaning in found and meaning not in SEVERAL else meaning)
    return _one_value_each(found)


def _meaning(look: Mapping[str, Any], known: Mapping[str, str]) -> str:
    meaning = known.get(bare(look["name"]), IGNORE)
    if meaning in TIMES:
        by_name = unit(look["name"]) or ("clock" if look["has_clocks"] and not look["has_numbers"] else "")
        return f"{meaning}:{by_name}" if by_name else IGNORE
    metric, _colon, form = meaning.partition(":")
    if (
        form == "percent"
        and metric in PERCENT
        and look["has_numbers"]
        and look["is_fraction"]
        and not look["has_signs"]
    ):
        return f"{metric}:fraction"
    return meaning


def _one_value_each(found: list[str]) -> list[str]:
    """Of two columns with the same figure in different units the first."""
    values: dict[str, str] = {}
    result = []
    for meaning in found:
        metric, _colon, form = meaning.partition(":")
        is_value = bool(form) and form not in ("n", "good", "other", "number")
        result.append(IGNORE if is_value and values.setdefault(metric, meaning) != meaning else meaning)
    return result


def lacks_unit(look: Mapping[str, Any], tool: str) -> bool:
    """Whether the column is a time whose unit nobody tells, so that a person has to."""
    known = presets()[tool].columns.get(bare(look["name"]))
    return known in TIMES and _meaning(look, presets()[tool].columns) == IGNORE


def wrongs(chosen: Sequence[str]) -> list[tuple[int | None, str]]:
    """What is wrong with these meanings: the column's place, or None for all of them, and why."""
    found: list[tuple[int | None, str]] = []
    for place, meaning in enumerate(chosen):
        if meaning not in SEVERAL and meaning in chosen[:place]:
            found.append((place, gettext("Another column has this meaning already.")))
    for place, meaning in enumerate(_one_value_each(list(chosen))):
        if meaning != chosen[place] and chosen[place] not in chosen[:place]:
            found.append(
                (place, gettext("Another column holds this figure already, in another unit. Leave one of them out."))
            )
    if not set(WHO) & set(chosen):
        found.append(
            (None, gettext("Say which column tells whose figures these are: a number, a name or a mail address."))
        )
    if not any(_is_figure(meaning) for meaning in chosen):
        found.append((None, gettext("Say for one column at least which figure it holds.")))
    return found


def _is_figure(meaning: str) -> bool:
    form = meaning.partition(":")[2]
    return form not in ("", "n", "other")


def tells_time(chosen: Sequence[str]) -> bool:
    """Whether columns tell for when the figures are; else the whole file is for one time, which is asked."""
    return bool({"day", "week", "month"} & set(chosen)) or {"from", "to"} <= set(chosen)
