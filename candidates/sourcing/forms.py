"""The form of the talent pool: four boxes, one of them to tick."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from candidates.careers.forms import TRAP
from candidates.careers.texts import email_box, name_box, one_line

linked = lazy(format_html, SafeString)


def interests_field() -> forms.CharField:
    """What kind of work somebody looks for, in their words."""
    return forms.CharField(
        label=_("What are you interested in?"),
        help_text=_("For example: chat and e-mail, Spanish, evenings, remote."),
        required=False,
        max_length=300,
        validators=[one_line],
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")},
    )


class JoinForm(forms.Form):
    """Who wants to hear of new jobs."""

    name = name_box()
    email = email_box(required=_("Tell us your e-mail, so that we can write to you."))
    interests = interests_field()
    consent = forms.BooleanField(
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        label=_("You may keep this and write to me about new jobs, until I say stop."),
        help_text=linked(
            '<a href="{}" target="_blank">{}</a>',
            reverse_lazy("careers:privacy"),
            _("Privacy notice: what we keep and who reads it (opens in a new tab)"),
        ),
        error_messages={"required": _("Without your permission we may not write to you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    @property
    def is_trapped(self) -> bool:
        """Whether the box is filled that people neither see nor reach."""
        return bool(self.data.get(TRAP))


class InterestsForm(forms.Form):
    """What a member changes later."""

    interests = interests_field()
