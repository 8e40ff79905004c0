"""Changing the words of a mail before it leaves, on the page that shows what an act will do.

The mail that is shown is written in a transaction that is rolled back; the one that leaves is written when the act is
carried out. Both are known by who gets which mail.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy

from candidates.careers.forms import no_surrogates, one_line
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.pipeline import NotAllowed
from candidates.post import holding
from candidates.post.models import Message
from candidates.post.texts import Words

PREFIX = "mail-"


class WordsForm(forms.Form):
    """The words of one mail."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=holding.LONGEST_SUBJECT, validators=[one_line, no_surrogates]
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=holding.LONGEST_TEXT,
        validators=[no_surrogates, ProhibitNullCharactersValidator()],
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("{link} stands for their personal link."),
    )


def mails(application: Application, *, at: datetime) -> Iterator[tuple[str, Message]]:
    """The mails that an act with the clock `at` wrote about `application`, each with its handle."""
    seen: Counter[str] = Counter()
    written = application.messages.filter(created_at=at).select_related("ask")
    for message in written.order_by("next_try_at", "to", "template"):
        message.application = application
        who = f"{message.template}:{message.to}"
        seen[who] += 1
        yield hashlib.sha256(f"{who}:{seen[who]}".encode()).hexdigest()[:12], message


def apply(application: Application, typed: Mapping[str, str], *, at: datetime, by: Actor) -> None:
    """Send the mails that an act just wrote in the words that somebody wrote for them; in the act's transaction.

    Raises:
        NotAllowed: some words cannot be sent.
    """
    for handle, message in mails(application, at=at):
        words = typed_words(handle, typed)
        if words and digest(words) != typed.get(f"{PREFIX}{handle}-was"):
            holding.reword(message, subject=words.subject, text=words.text, at=at, by=by)


def problems(typed: Mapping[str, str]) -> list[str]:
    """Why the words that were written for mails cannot be sent, as far as a page can tell before the act is done."""
    handles = [name.removeprefix(PREFIX).removesuffix("-text") for name in typed if is_own(name) and "-text" in name]
    return [told for handle in handles for told in _problems(handle, typed)]


def refusal(message: Message, words: Words, *, at: datetime, by: Actor) -> str:
    """Take over these words for this mail; gives why they cannot be sent, or nothing."""
    if told := mistakes(words):
        return " ".join(told)
    try:
        holding.reword(message, subject=words.subject, text=words.text, at=at, by=by)
    except NotAllowed as refused:
        return str(refused)
    return ""


def mistakes(words: Words) -> list[str]:
    """What is wrong with these words whichever mail they are for."""
    form = WordsForm({"subject": words.subject, "text": words.text})
    return [f"{form[name].label}: {told}" for name, errors in form.errors.items() for told in errors]


def _problems(handle: str, typed: Mapping[str, str]) -> list[str]:
    words = typed_words(handle, typed)
    if words is None or digest(words) == typed.get(f"{PREFIX}{handle}-was"):
        return []
    told = mistakes(words)
    if typed.get(f"{PREFIX}{handle}-link") and holding.LINK_MARK not in words.text:
        told.append(holding.LINK_MARK)
    return told


def typed_words(handle: str, typed: Mapping[str, str]) -> Words | None:
    """What was written for the mail with this handle."""
    subject, text = typed.get(f"{PREFIX}{handle}-subject"), typed.get(f"{PREFIX}{handle}-text")
    return None if subject is None or text is None else Words(subject, text)


def is_own(name: str) -> bool:
    """Whether a field of a page belongs to the words of a mail, and not to the act's form."""
    return name.startswith(PREFIX)


def digest(words: Words) -> str:
    """By which words are known again that nobody changed; browsers send other line ends than they got."""
    plain = "\n".join([words.subject.strip(), *(line.rstrip() for line in words.text.strip().splitlines())])
    return hashlib.sha256(plain.encode(errors="backslashreplace")).hexdigest()[:16]
