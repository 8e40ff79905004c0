"""What candidates fill in on their own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from ats.desk.fields import zones
from candidates.careers.forms import one_line
from candidates.people.documents import DocumentField
from candidates.people.models import Candidate


def languages() -> list[tuple[str, str]]:
    """Our languages, each in its own words."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class DocumentForm(forms.Form):
    """One more document."""

    document = DocumentField(
        label=_("Another document"),
        help_text=_("PDF, DOCX, ODT, RTF or text, at most 10 MB. For example a certificate."),
    )


class SpeechForm(forms.Form):
    """In which language and at which times we speak with the candidate."""

    language = forms.ChoiceField(label=_("Language of this page and of our mails"), choices=lazy(languages, list))
    zone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=zones,
        help_text=_("All times on this page and in our mails are shown in it."),
        widget=forms.Select(attrs={"data-own-zone": True}),
    )

    @classmethod
    def of(cls, candidate: Candidate, data: Any = None) -> SpeechForm:
        """The form as `candidate` chose before."""
        return cls(data, initial={"language": candidate.language, "zone": candidate.zone})


class LinkForm(forms.Form):
    """Where a lost link goes."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        validators=[one_line],
        help_text=_("The address you applied with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Tell us the e-mail address you applied with."),
            "invalid": _("This is no e-mail address. It looks like name@example.org."),
        },
    )
