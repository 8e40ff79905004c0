"""What recruiters and leaders fill in about a trial."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.staff.models import User
from candidates.steps import StepForm
from trials import actions, schedule
from trials.models import Trial, Verdict

DAY = {"type": "date"}
UNCHOSEN = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the three.")}
MISSING = {"required": _("Say in words what you saw; there is no silent pass.")}


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


class ApprovalForm(StepForm):
    """Behind the button "Ask for approval to hire": which manager. The leader of the trial is not among them."""

    approver = forms.ModelChoiceField(
        label=_("Manager"),
        queryset=User.objects.none(),
        help_text=_("Somebody else than you and than the person who led the trial."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trial = self.application.trials.current().first()
        if trial:
            self.fields["approver"].queryset = actions.approvers(trial)  # type: ignore[attr-defined]


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
