"""What may stand in a text that somebody outside writes."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BREAKS_OR_HIDES = {"Cc", "Cs", "Zl", "Zp"}  # controls with NUL and line breaks, lone surrogates, line separators
BIDI_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ADDRESS = re.compile(r"://|www\.|[<>]", re.IGNORECASE)


def one_line(value: str) -> None:
    """Refuse what would break a line of a mail or a page, or turn its direction round."""
    if any(unicodedata.category(char) in BREAKS_OR_HIDES or char in BIDI_OVERRIDES for char in value):
        raise ValidationError(_("Write this on one line, without control characters."), code="one_line")


def no_address(value: str) -> None:
    """The name stands in a mail that anybody can have sent to anybody: it must not carry a link (V10)."""
    if ADDRESS.search(value):
        raise ValidationError(_("Write your name as you want to be called, without web addresses."), code="address")


def no_surrogates(value: str) -> None:
    """Half a character cannot be kept."""
    if any(unicodedata.category(char) == "Cs" for char in value):
        raise ValidationError(_("One character came damaged. Remove unusual signs and send it again."), code="damaged")


class LetterField(forms.CharField):
    """A long text; line ends count as one character, as they do in the browser."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text with plain line ends and without characters that nobody can see."""
        text = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", super().to_python(value) or "")
        return "".join(char for char in text if char in "\0\n\t" or unicodedata.category(char) != "Cc")


def name_box() -> forms.CharField:
    """Who writes; it goes into mails and on pages."""
    return forms.CharField(
        label=_("Your name"),
        max_length=200,
        validators=[one_line, no_address],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Tell us your name."),
            "max_length": _("Shorten your name to %(limit_value)d characters; this has %(show_value)d."),
        },
    )


def email_box(*, required: Any) -> forms.EmailField:
    """Where we answer; `required` says what for, when it was left out."""
    return forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        validators=[one_line],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": required,
            "invalid": _("This is no e-mail address. It looks like name@example.org."),
            "max_length": _("An e-mail address has at most %(limit_value)d characters; this has %(show_value)d."),
        },
    )
