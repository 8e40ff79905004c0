"""What a colleague says of a to-do."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.careers.texts import no_surrogates


class DoneForm(forms.Form):
    """Done; a word on it if they like."""

    outcome = forms.CharField(
        label=_("What came of it"),
        help_text=_("It stands on the timeline, for colleagues who owe no judgement."),
        required=False,
        max_length=5000,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
