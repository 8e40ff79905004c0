"""What recruiters fill in to begin a trial."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.staff.models import User
from candidates.steps import StepForm
from trials.offering import actions
from trials.planning import schedule

DAY = {"type": "date"}


class TrialForm(StepForm):
    """Behind the button "Begin the trial": when, who leads, who is the buddy."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    leader = forms.ModelChoiceField(
        label=_("Led by"),
        queryset=User.objects.none(),
        help_text=_("They decide at the end; another manager approves."),
    )
    buddy_name = forms.CharField(label=_("Buddy"), max_length=200)
    buddy_email = forms.EmailField(label=_("Buddy's e-mail"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = actions.leaders()  # type: ignore[attr-defined]
        self.initial.setdefault("leader", self.application.job.hiring_manager_id)
        self.initial.setdefault("starts_on", self._next_monday())

    def _next_monday(self) -> date:
        today = schedule.local_day(self.at, self.application.job.zone)
        return today + timedelta(days=7 - today.weekday())

    def clean(self) -> dict[str, Any]:
        """Refuses what the verb would refuse, beside its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            known = {name: cleaned[name] for name in ("starts_on", "leader", "buddy_email")}
            for name, obstacle in actions.obstacles(self.application, at=self.at, **known).items():
                self.add_error(name, obstacle)
        return cleaned
