"""The form of an application: five required inputs, three minutes, no account."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from candidates.jobs.models import Job
from candidates.people.documents import DocumentField

PRIVACY_NOTICE = "1"  # the version of templates/careers/privacy.html; count up with every change of its meaning
LONGEST_LETTER = 10_000
BREAKS_OR_HIDES = {"Cc", "Cs", "Zl", "Zp"}  # controls with NUL and line breaks, lone surrogates, line separators
BIDI_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ZONES = available_timezones()
linked = lazy(format_html, SafeString)
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


class ApplyForm(forms.Form):
    """What somebody writes who applies for `job`."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        validators=[one_line, no_address],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Tell us your name."),
            "max_length": _("Shorten your name to %(limit_value)d characters; this has %(show_value)d."),
        },
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        validators=[one_line],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Tell us your e-mail, so that we can answer."),
            "invalid": _("This is no e-mail address. It looks like name@example.org."),
            "max_length": _("An e-mail address has at most %(limit_value)d characters; this has %(show_value)d."),
        },
    )
    phone = forms.CharField(
        label=_("Your phone (optional)"),
        required=False,
        max_length=40,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"max_length": _("A phone number has at most %(limit_value)d characters.")},
    )
    letter = LetterField(
        label=_("Your letter"),
        max_length=LONGEST_LETTER,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 8, "data-count": _("{n} letters left")}),
        error_messages={
            "required": _("Write us a few lines: this is what we read first."),
            "max_length": _("Shorten your letter to %(limit_value)d characters; it has %(show_value)d."),
        },
    )
    resume = DocumentField(label=_("Your résumé"), help_text=_("PDF, DOCX, ODT, RTF or text, at most 10 MB."))
    consent = forms.BooleanField(
        label=_("You may keep and read this to decide about my application."),
        help_text=linked(
            '<a href="{}" target="_blank">{}</a>',
            reverse_lazy("careers:privacy"),
            _("Privacy notice: what we keep and who reads it (opens in a new tab)"),
        ),
        error_messages={"required": _("Without your permission we may not keep your application.")},
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-zone": True}))
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prompt = job.letter_prompt or _("Why this work, and why with us?")
        self.fields["letter"].help_text = conditional_escape(prompt)  # crispy prints help texts as they are
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        letter = Field("letter", template="careers/letter.html")
        self.helper.layout = Layout(*(letter if name == "letter" else name for name in self.fields))

    @property
    def asks_again(self) -> bool:
        """Whether a good file came with something else that was not: browsers do not keep files."""
        return bool(self.errors) and "resume" not in self.errors

    def clean_zone(self) -> str:
        """The browser's time zone; one that we do not know is as good as none."""
        zone = self.cleaned_data["zone"]
        return zone if zone in ZONES else ""

    def clean_source(self) -> str:
        """Where they came from, as far as it can be shown."""
        return "".join(char for char in self.cleaned_data["source"] if char.isprintable())[:80]

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `careers.actions.apply`."""
        told = {name: self.cleaned_data[name] for name in self.fields if name != "consent"}
        return told | {"consent_version": PRIVACY_NOTICE}
