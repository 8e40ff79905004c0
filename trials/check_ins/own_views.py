"""How the new colleague is, beside how they do: what is asked, in which words, and what they told.

The two items on exhaustion are in the manner of burnout inventories, in words of our own: how often, not how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.judging.models import Scorecard
from trials.check_ins.models import OwnView

Words = str | Promise
HOW_OFTEN: tuple[Words, ...] = (
    gettext_lazy("Never"),
    gettext_lazy("Seldom"),
    gettext_lazy("Now and then"),
    gettext_lazy("Most days"),
    gettext_lazy("Every day"),
)
OFTEN = 4  # from here on both answers on exhaustion together are a sign
UNWILLING = 2  # down from here the wish to stay is one


@dataclass(frozen=True)
class Item:
    """One thing they are asked about themselves: a field of `OwnView`, its question, and five answers in words."""

    key: str
    short: Words
    name: Words
    meaning: Words
    anchors: tuple[Words, ...]


ITEMS = (
    Item(
        "support",
        gettext_lazy("Support"),
        gettext_lazy("How well were you supported?"),
        gettext_lazy("By your buddy, your lead and the team."),
        (
            gettext_lazy("I was left alone with most things"),
            gettext_lazy("I had to ask several times"),
            gettext_lazy("I got what I needed for the day"),
            gettext_lazy("Somebody was there when I asked"),
            gettext_lazy("Help often came before I asked"),
        ),
    ),
    Item(
        "drained",
        gettext_lazy("Drained by the work"),
        gettext_lazy("How often did the work leave you drained?"),
        gettext_lazy("So that you had little left to give the next customer."),
        HOW_OFTEN,
    ),
    Item(
        "worn_out",
        gettext_lazy("Worn out after the day"),
        gettext_lazy("How often were you worn out when the working day ended?"),
        gettext_lazy("Too tired for what you like to do in your own time."),
        HOW_OFTEN,
    ),
    Item(
        "stays",
        gettext_lazy("Wish to stay"),
        gettext_lazy("As of today, would you like to stay?"),
        gettext_lazy("You may change your mind at any time; this binds you to nothing."),
        (
            gettext_lazy("No"),
            gettext_lazy("Rather not"),
            gettext_lazy("I do not know yet"),
            gettext_lazy("Rather yes"),
            gettext_lazy("Yes, gladly"),
        ),
    ),
)


def of(card: Scorecard) -> OwnView | None:
    """The own view that was kept with `card`, if there is one."""
    check_in_card = getattr(card, "check_in_card", None)
    return getattr(check_in_card, "own_view", None)


def told(card: Scorecard) -> list[tuple[str, str]]:
    """What they told, as labels and words. It is a judgement like others: show it where the firewall is open.

    Read cards with `select_related("check_in_card__own_view")`, else it asks the database.
    """
    view = of(card)
    return [] if view is None else list(_lines(view))


def _lines(view: Any) -> Iterator[tuple[str, str]]:
    for item in ITEMS:
        given = getattr(view, item.key)
        if given is not None:
            yield str(item.short), _("%(score)d of 5: %(words)s") % {"score": given, "words": item.anchors[given - 1]}
    if view.words:
        yield _("What would help"), view.words
