"""What the leader fills in at the end of a trial."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trials.offering.models import Trial
from trials.verdicts import actions
from trials.verdicts.models import Verdict

DAY = {"type": "date"}
UNCHOSEN = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the three.")}
MISSING = {"required": _("Say in words what you saw; there is no silent pass.")}


class VerdictForm(forms.Form):
    """The leader's verdict.

    Args:
        trial: which one is decided on.
    """

    kind = forms.ChoiceField(
        label=_("Your verdict"), choices=Verdict.Kind.choices, widget=forms.RadioSelect, error_messages=UNCHOSEN
    )
    evidence = forms.CharField(
        label=_("What it stands on"),
        help_text=_("What you saw in the work, in words. The manager who approves reads this first."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        error_messages=MISSING,
    )
    new_end = forms.DateField(
        label=_("New end, if you extend"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        required=False,
    )

    def __init__(self, data: Any = None, *, trial: Trial) -> None:
        super().__init__(data)
        self.trial = trial

    def clean(self) -> dict[str, Any]:
        """Refuses what the verb would refuse, beside its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            missing = actions.verdict_obstacles(self.trial, cleaned["kind"], cleaned["evidence"], cleaned["new_end"])
            for name, obstacle in missing.items():
                self.add_error(name, obstacle)
        return cleaned
