"""Flags in plain words: what was noticed, what it may mean, and how it may well be nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from references.flags.models import Flag

Kind = Flag.Kind


@dataclass(frozen=True)
class Meaning:
    """What a flag may mean, and the innocent ways in which it comes about."""

    may: str | Promise
    innocent: str | Promise


MEANINGS: dict[str, Meaning] = {
    Kind.FREE_MAIL: Meaning(
        gettext_lazy("Anybody can make such an address, so it does not show that they work or worked there."),
        gettext_lazy("Many people leave a job and keep only their own address; small firms and teachers use one, too."),
    ),
    Kind.OTHER_DOMAIN: Meaning(
        gettext_lazy("The address may belong to somebody else than the manager who was named."),
        gettext_lazy("They may work elsewhere today, or the company writes under another name or its group's."),
    ),
    Kind.SAME_NETWORK: Meaning(
        gettext_lazy("The candidate, or somebody beside them, may have answered."),
        gettext_lazy("They may still share an office, a household, or a company's way into the internet."),
    ),
    Kind.SAME_BROWSER: Meaning(
        gettext_lazy("The candidate may have answered. By itself this says very little."),
        gettext_lazy("Thousands of people use the same browser in the same version and language."),
    ),
    Kind.QUICK: Meaning(
        gettext_lazy("So little time is hardly enough to read the questions."),
        gettext_lazy("They may have read them before, in another window, and knew what to say."),
    ),
    Kind.SAME_TEXT: Meaning(
        gettext_lazy("One person may have written both, or both were given what to say."),
        gettext_lazy("Colleagues may have agreed on a text, or a company hands out one for all of its people."),
    ),
}


def noticed(flag: Flag) -> str:
    """What was noticed, with its figures."""
    data, kind = flag.data, flag.kind
    if kind == Kind.FREE_MAIL and data:
        return _("Writes from a free mail address (%(domain)s)") % data
    if kind == Kind.OTHER_DOMAIN and data:
        return _("The address (%(domain)s) does not look like the company's") % data
    if kind == Kind.QUICK and data:
        seconds = data["seconds"]
        return ngettext("Answered within %d second", "Answered within %d seconds", seconds) % seconds
    if kind == Kind.SAME_TEXT and data:
        whose = (
            _("another reference for this person") if data["same_application"] else _("a reference for somebody else")
        )
        told = {"share": round(100 * data["share"]), "whose": whose}
        return _("About %(share)d %% of the words stand in %(whose)s, too") % told
    return str(flag.get_kind_display()).capitalize()
