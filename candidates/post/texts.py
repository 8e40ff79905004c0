"""Mails in the company's own words: which may be worded anew, whose words are sent, and the mail that they make.

What may stand between braces: `placeholders.py`. What may stand in HTML: `markup.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from candidates.post import markup, placeholders
from candidates.post.models import Ask, MailText, Message
from candidates.post.placeholders import PLACEHOLDERS, fill_in

BASIC = ("name", "job", "company", "link")
TRIAL = (*BASIC, "starts_on", "ends_on", "leader", "buddy", "note", "signature")
MEETING = (*BASIC, "when", "place", "video", "minutes")
CANDIDATE, REFEREE, INTERVIEWER, OTHER = "candidate", "referee", "interviewer", "other"
LINK = ("link",)
FOOT = re.compile(r"^-- ?\n", re.MULTILINE)  # where mail programs know that the words are over


@dataclass(frozen=True)
class Editable:
    """A mail that may be worded anew.

    `needs`: the placeholders without which its reader can do nothing. `by_reason`: each reason of a rejection may have
    its own text. `reader`: whom the words speak to; a mail that also goes to colleagues goes to them as we ship it.
    """

    label: str | Promise
    placeholders: tuple[str, ...] = BASIC
    needs: tuple[str, ...] = ()
    by_reason: bool = False
    reader: str = CANDIDATE


EDITABLE: dict[str, Editable] = {
    "candidates/received": Editable(_("Your application is with us"), (*BASIC, "days")),
    "candidates/rejected": Editable(_("We do not go on"), by_reason=True),
    "candidates/withdrawn": Editable(_("Your application is withdrawn")),
    "candidates/hired": Editable(_("Welcome for good"), (*BASIC, "manager")),
    "careers/draft": Editable(
        _("The link to an application that was begun"), ("job", "company", "link", "days"), LINK, reader="draft"
    ),
    "portal/link": Editable(_("The link to your application"), needs=LINK),
    "screening/choose_time": Editable(_("Choose a time for our call"), (*BASIC, "caller", "due", "times"), LINK),
    "screening/time_agreed": Editable(_("Our call is agreed"), (*BASIC, "caller", "when")),
    "interviews/choose_time": Editable(
        _("Choose a time for your interview"), (*BASIC, "interviewers", "minutes", "due"), LINK
    ),
    "interviews/invitation": Editable(_("Invitation to an interview"), MEETING),
    "interviews/agreed": Editable(_("The interview is agreed"), MEETING),
    "interviews/changed": Editable(_("The interview has changed"), MEETING),
    "interviews/cancelled": Editable(_("The interview does not take place"), (*BASIC, "when")),
    "interviews/reminder": Editable(_("Reminder of an interview"), MEETING),
    "interviews/exercise": Editable(_("A written exercise"), (*BASIC, "exercise", "minutes", "due"), LINK),
    "interviews/exercise_time": Editable(
        _("More time for the written exercise"), (*BASIC, "exercise", "minutes", "more"), LINK
    ),
    "interviews/exercise_cancelled": Editable(_("The written exercise is not needed"), (*BASIC, "exercise")),
    "interviews/scorecard": Editable(
        _("To interviewers: your interview"), ("reader", *MEETING, "kit", "due"), LINK, reader=INTERVIEWER
    ),
    "interviews/scorecard_due": Editable(
        _("To interviewers: your scorecard is missing"), ("reader", *BASIC, "due"), LINK, reader=INTERVIEWER
    ),
    "interviews/panel_changed": Editable(
        _("To interviewers: the interview has changed"), ("reader", *MEETING), reader=INTERVIEWER
    ),
    "interviews/panel_cancelled": Editable(
        _("To interviewers: the interview is off"), ("reader", "name", "job", "company", "when"), reader=INTERVIEWER
    ),
    "interviews/panel_reminder": Editable(
        _("To interviewers: reminder of the interview"), ("reader", *MEETING, "kit"), reader=INTERVIEWER
    ),
    # Nothing of this one may tell whose work it is: it knows no name.
    "interviews/grade": Editable(
        _("To graders: please grade written work"),
        ("reader", "job", "company", "link", "exercise", "work", "due"),
        LINK,
        reader=INTERVIEWER,
    ),
    "interviews/times": Editable(
        _("To interviewers: tell us when you can"), ("reader", "company", "link"), LINK, reader=INTERVIEWER
    ),
    "references/name_referees": Editable(
        _("Please name referees"), (*BASIC, "wanted", "due", "note", "signature"), LINK
    ),
    "references/name_another": Editable(
        _("Please name somebody else"), (*BASIC, "wanted", "names", "due", "note", "signature"), LINK
    ),
    "references/request": Editable(
        _("To referees: would you give a reference?"),
        ("reader", *BASIC, "minutes", "about", "due", "signature"),
        LINK,
        reader=REFEREE,
    ),
    "references/request_due": Editable(
        _("To referees: reminder"), ("reader", *BASIC, "asked", "due", "manager"), LINK, reader=REFEREE
    ),
    "references/withdrawn": Editable(
        _("To referees: no reference needed any more"),
        ("reader", "name", "job", "company", "signature"),
        reader=REFEREE,
    ),
    "references/copy": Editable(_("To referees: your copy"), ("reader", *BASIC, "signature"), LINK, reader=REFEREE),
    "references/copy_of_call": Editable(
        _("To referees: what we wrote down"), ("reader", *BASIC, "caller", "signature"), LINK, reader=REFEREE
    ),
    "trials/offer": Editable(
        _("Our offer of a trial"),
        (*TRIAL, "starts_until", "length", "hours", "pay", "weeks", "due"),
        LINK,
    ),
    "trials/offer_due": Editable(_("Our offer of a trial waits for an answer"), (*BASIC, "due", "signature"), LINK),
    "trials/offer_taken_back": Editable(_("Our offer of a trial is taken back"), (*BASIC, "signature")),
    "trials/welcome": Editable(_("Your trial begins"), (*TRIAL, "hours", "pay", "check_ins", "weeks")),
    "trials/moved": Editable(_("Your trial begins on another day"), (*TRIAL, "next_check_in")),
    "trials/paused": Editable(_("Your trial pauses"), (*TRIAL, "from_on", "until_on")),
    "trials/resumed": Editable(_("Your trial goes on"), (*TRIAL, "on", "next_check_in")),
    "trials/extended": Editable(_("Your trial goes on longer"), (*TRIAL, "next_check_in")),
    "trials/ended": Editable(_("Your trial ends"), TRIAL),
    "trials/check_in": Editable(_("Check-in: how is your trial going?"), (*BASIC, "number", "due", "signature"), LINK),
    "trials/letter": Editable(_("Our offer letter"), (*BASIC, "due", "signature"), LINK),
    "trials/letter_due": Editable(_("Our offer letter waits for an answer"), (*BASIC, "due"), LINK),
    "trials/letter_accepted": Editable(_("You accepted our offer")),
    "trials/development": Editable(_("Your development plan"), (*BASIC, "due", "signature"), LINK),
    "trials/development_due": Editable(_("Your development plan waits for you"), (*BASIC, "due"), LINK),
    "trials/pulse": Editable(_("Would you join us again?"), (*BASIC, "since", "due"), LINK),
    "trials/pulse_due": Editable(_("Would you join us again? Reminder"), (*BASIC, "due"), LINK),
    "sourcing/invitation": Editable(
        _("To the talent pool: a new job"),
        ("reader", "job", "company", "link", "signature", "way_out"),
        ("link", "way_out"),
        reader="pool",
    ),
    "sourcing/referrer": Editable(
        _("To colleagues: your links to recommend people"), ("reader", "company", "link"), LINK, reader="referrer"
    ),
    # To whoever was asked, graders too, who are not to know whose work it is: no name.
    "candidates/reminder": Editable(
        _("Reminder of what somebody was asked for"),
        ("reader", "job", "company", "link", "what", "asked", "due"),
        LINK,
        reader=OTHER,
    ),
}


@dataclass(frozen=True)
class Words:
    """Subject, text and HTML as they were written, with placeholders; without HTML it is made of the text."""

    subject: str
    text: str
    html: str = ""


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
    if editable is None or not _speaks_to(editable, message):
        return None
    reasons = ["", str(message.data.get("reason") or "")] if editable.by_reason else [""]
    same = (one for one in texts if one.template == message.template and one.language == language)
    fitting = [one for one in same if one.reason in reasons]
    text = max(fitting, key=lambda one: one.reason, default=None)
    return Words(text.subject, text.text, text.html) if text else None


def fill(words: Words, message: Message, context: Mapping[str, Any]) -> Filled:
    """The mail in `words`; call with the reader's language and zone active. `context`: of `rendering.render`."""
    editable = EDITABLE[message.template]
    names = (placeholders.used(words.subject) | placeholders.used(words.text)) | placeholders.used(words.html)
    values = placeholders.values(names.intersection(editable.placeholders), message, context)
    subject = one_line(fill_in(words.subject, values))
    reader = "" if FOOT.search(plain(words.text)) else editable.reader  # then the words say themselves why it comes
    told = {"heading": subject, "company_name": context["company_name"], "reader": reader, "message": message}
    return Filled(subject, _text(words.text, values), _html(words, values, told))


def fill_alone(own: Mapping[str, Any], context: Mapping[str, Any]) -> Filled:
    """The mail in words that somebody wrote for it alone, with nothing left to fill in but the personal link.

    Args:
        own: `Message.own_words`: subject and text, in which `{link}` stands for the link.
        context: with `personal`, what stands for the personal link.
    """
    words = Words(str(own.get("subject", "")), str(own.get("text", "")))
    values = {"link": str(context["personal"])}
    told = {"heading": words.subject, "company_name": context["company_name"], "reader": "", "message": None}
    return Filled(one_line(words.subject), _text(words.text, values), _html(words, values, told))


def one_line(subject: str) -> str:
    """A subject without anything that could begin another header."""
    return " ".join(subject.split())


def known(template: str) -> list[tuple[str, str | Promise, str]]:
    """What may stand in the text of that mail, each with its meaning and an example."""
    rows = ((name, PLACEHOLDERS[name]) for name in EDITABLE[template].placeholders)
    return [(f"{{{name}}}", one.meaning, placeholders.in_words(one.example)) for name, one in rows]


def _speaks_to(editable: Editable, message: Message) -> bool:
    if editable.reader != CANDIDATE:
        return True
    if message.ask:
        return message.ask.role == Ask.Role.CANDIDATE
    return bool(message.application_id or message.application) and not message.language


def _text(written: str, values: Mapping[str, str]) -> str:
    """What is empty leaves no hole: where a paragraph said nothing there is none."""
    filled = fill_in(plain(written), values)
    return re.sub(r"\n[ \t]*\n\s*\n", "\n\n", filled).strip() + "\n"


def _html(words: Words, values: Mapping[str, str], told: dict[str, Any]) -> str:
    """The page around what was written: as HTML, or paragraphs and a button made of the text."""
    if words.html:
        page: dict[str, Any] = {"content": markup.fill_in(words.html, values), "url": ""}
    else:
        page = {"paragraphs": list(_paragraphs(words.text, values))}
        page["url"] = values.get("link", "") if "{link}" in words.text else ""
    return render_to_string("emails/candidates/own_words.html", told | page)


def _paragraphs(written: str, values: Mapping[str, str]) -> Iterable[SafeString]:
    """What stands between blank lines, escaped; a paragraph that is the link alone is the button below."""
    escaped = {name: escape(value) for name, value in values.items()}
    for paragraph in re.split(r"\n\s*\n", plain(written)):
        if paragraph.strip() == "{link}":
            continue
        if lines := fill_in(escape(FOOT.sub("", paragraph.strip())), escaped).strip():
            yield mark_safe(lines.replace("\n", "<br>"))  # nosec B308 B703 - every part was escaped


def plain(written: str) -> str:
    """With the line ends that mails are written with; browsers send others."""
    return written.replace("\r\n", "\n").replace("\r", "\n")
