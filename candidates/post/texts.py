"""Mails in the company's own words: which may be worded anew, with which placeholders, and how they are filled in.

Filling in is plain replacement of `{name}` and its like out of a fixed list: no attribute, no expression, no template
language, so that a text can say nothing that the list does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.post.models import MailText, Message

BASIC = ("name", "job", "company", "link")
BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")
MEANINGS: dict[str, str | Promise] = {
    "name": gettext_lazy("the candidate's name"),
    "job": gettext_lazy("the title of the job"),
    "company": gettext_lazy("the name of your company"),
    "link": gettext_lazy("the personal link, which becomes the button"),
    "days": gettext_lazy("the days until they hear from you"),
    "when": gettext_lazy("day and time of the interview, in their time zone"),
    "place": gettext_lazy("where the interview is"),
    "minutes": gettext_lazy("how long the interview takes"),
    "due": gettext_lazy("until when they may answer, in their time zone"),
}


@dataclass(frozen=True)
class Editable:
    """A mail that may be worded anew.

    `needs_link`: its reader has to answer by the link. `by_reason`: each reason of a rejection may have its own text.
    """

    label: str | Promise
    placeholders: tuple[str, ...] = BASIC
    needs_link: bool = False
    by_reason: bool = False


EDITABLE: dict[str, Editable] = {
    "candidates/received": Editable(gettext_lazy("Your application is with us"), (*BASIC, "days")),
    "candidates/rejected": Editable(gettext_lazy("We do not go on"), by_reason=True),
    "candidates/withdrawn": Editable(gettext_lazy("Your application is withdrawn")),
    "candidates/hired": Editable(gettext_lazy("Welcome for good")),
    "interviews/invitation": Editable(gettext_lazy("Invitation to an interview"), (*BASIC, "when", "place", "minutes")),
    "references/name_referees": Editable(gettext_lazy("Please name referees"), (*BASIC, "due"), needs_link=True),
    "portal/link": Editable(gettext_lazy("The link to your application"), needs_link=True),
}


@dataclass(frozen=True)
class Words:
    """Subject and text as they were written, with placeholders."""

    subject: str
    text: str


@dataclass(frozen=True)
class Filled:
    """Subject, text and HTML as they leave."""

    subject: str
    text: str
    html: str


def own_words(message: Message, language: str) -> Words | None:
    """The company's words for `message`, those for its reason first; None when the shipped ones are sent."""
    return chosen(own_words_of([message.template]), message, language)


def own_words_of(templates: Iterable[str]) -> list[MailText]:
    """All that the company worded anew of these mails; one query, none when none of them can be worded anew."""
    editable = {template for template in templates if template in EDITABLE}
    return list(MailText.objects.filter(template__in=editable)) if editable else []


def chosen(texts: Iterable[MailText], message: Message, language: str) -> Words | None:
    """Those of `texts` that `message` is sent in, if any."""
    editable = EDITABLE.get(message.template)
    if editable is None:
        return None
    reasons = ["", str(message.data.get("reason") or "")] if editable.by_reason else [""]
    same = (one for one in texts if one.template == message.template and one.language == language)
    fitting = [one for one in same if one.reason in reasons]
    text = max(fitting, key=lambda one: one.reason, default=None)
    return Words(text.subject, text.text) if text else None


def fill(words: Words, message: Message, context: Mapping[str, Any]) -> Filled:
    """The mail in `words`; call with the reader's language and zone active. `context`: of `mail.render`."""
    values = _values(message, context)
    html_words = {name: escape(value) for name, value in values.items()}
    has_link = "{link}" in words.text
    page = {
        "heading": _one_line(fill_in(words.subject, values)),
        "paragraphs": list(_paragraphs(words.text, html_words)),
        "company_name": context["company_name"],
        "url": context["url"] if has_link else "",
    }
    html = render_to_string("emails/candidates/own_words.html", page)
    return Filled(_one_line(fill_in(words.subject, values)), f"{fill_in(_plain(words.text), values).strip()}\n", html)


def mistakes(written: str, *, allowed: Iterable[str]) -> list[str]:
    """What is wrong with the placeholders of `written`, each named, in words for the person who wrote it."""
    known = list(allowed)
    return [_mistake(brace) for brace in BRACES.finditer(written) if brace[1] is None or brace[1] not in known]


def placeholders(template: str) -> list[tuple[str, str | Promise]]:
    """What may stand in the text of that mail, each with its meaning."""
    return [(f"{{{name}}}", MEANINGS[name]) for name in EDITABLE[template].placeholders]


def _mistake(brace: re.Match[str]) -> str:
    if brace[1] is None:
        return _("A single %(brace)s has no partner. Braces only stand around placeholders.") % {"brace": brace[0]}
    return _("%(placeholder)s is no placeholder of this mail.") % {"placeholder": brace[0]}


def _values(message: Message, context: Mapping[str, Any]) -> dict[str, str]:
    """What stands for each placeholder; what this mail does not know stays empty."""
    data, application = message.data, message.application
    return {
        "name": application.candidate.name if application else "",
        "job": application.job.title if application else str(data.get("job") or ""),
        "company": str(context["company_name"]),
        "link": str(context["url"]),
        "days": str(data.get("days") or ""),
        "when": _moment(data["starts_at"]) if data.get("starts_at") else "",
        "place": str(data.get("place") or ""),
        "minutes": str(data.get("minutes") or ""),
        "due": _moment(message.ask.due_at) if message.ask else "",
    }


def _moment(at: datetime | str) -> str:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return date_format(localtime(moment), _("D j M Y, H:i"))


def fill_in(written: str, values: Mapping[str, str]) -> str:
    """`written` with its placeholders filled in, in one pass: a value that looks like one stays what it is."""
    return BRACES.sub(lambda brace: values.get(brace[1] or "", brace[0]), written)


def _paragraphs(written: str, values: Mapping[str, str]) -> Iterable[SafeString]:
    """What stands between blank lines, escaped; a paragraph that is the link alone is the button below."""
    for paragraph in re.split(r"\n\s*\n", _plain(written)):
        if paragraph.strip() not in ("", "{link}"):
            lines = fill_in(escape(paragraph.strip()), values)
            yield mark_safe(lines.replace("\n", "<br>"))  # every part was escaped


def _plain(written: str) -> str:
    return written.replace("\r\n", "\n").replace("\r", "\n")


def _one_line(subject: str) -> str:
    return " ".join(subject.split())
