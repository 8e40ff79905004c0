"""What recruiters fill in to offer or begin a trial, and what the candidate answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.staff.models import User
from candidates.steps import StepForm
from trials.offering import actions
from trials.offering.models import Trial
from trials.planning import schedule

DAY = {"type": "date"}


def day_input(**attrs: str) -> forms.DateInput:
    """A box for a day, as browsers draw it."""
    return forms.DateInput(format="%Y-%m-%d", attrs=DAY | attrs)


class Way(models.TextChoices):
    """How a trial comes about."""

    OFFER = "offer", _("We offer it by mail, they answer by link")
    AGREED = "agreed", _("They agreed already, begin at once")


class TeamFields(StepForm):
    """Who leads, and who is the buddy."""

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


class TrialForm(TeamFields):
    """Behind the button "Offer a trial": how, when, who leads, who is the buddy."""

    way = forms.ChoiceField(
        label=_("How"),
        choices=Way.choices,
        required=False,
        help_text=_("The mail tells them hours, pay, weeks and check-ins of the plan."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    starts_until = forms.DateField(
        label=_("First day at the latest"),
        widget=day_input(),
        required=False,
        help_text=_("For an offer: the candidate chooses a day from the first to this one. Empty: the first day only."),
    )
    field_order = ("way", "starts_on", "starts_until", "leader", "buddy_name", "buddy_email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("leader", self.application.job.hiring_manager_id)
        self.initial.setdefault("starts_on", self._next_monday())

    def _next_monday(self) -> date:
        today = schedule.local_day(self.at, self.application.job.zone)
        return today + timedelta(days=7 - today.weekday())

    def clean(self) -> dict[str, Any]:
        """Refuses what the verb would refuse, beside its field."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["is_agreed"] = cleaned.pop("way", "") == Way.AGREED
        if cleaned["is_agreed"]:
            cleaned["starts_until"] = None
        if not self.errors:
            names = ("starts_on", "starts_until", "leader", "buddy_email")
            known = {name: cleaned[name] for name in names} | {"is_offered": not cleaned["is_agreed"]}
            for name, obstacle in actions.obstacles(self.application, at=self.at, **known).items():
                self.add_error(name, obstacle)
        return cleaned


class AcceptForm(forms.Form):
    """The candidate's yes.

    Args:
        trial: what is offered.
        at: now.
    """

    starts_on = forms.DateField(
        label=_("Your first day"),
        error_messages={"required": _("Choose your first day."), "invalid": _("This is no day.")},
    )

    def __init__(self, data: Any = None, *, trial: Trial, at: Any) -> None:
        first, last = actions.first_days(trial, at=at)
        super().__init__(data, initial={"starts_on": first})
        self.trial, self.at = trial, at
        box = day_input(min=first.isoformat(), max=last.isoformat(), **{"class": "form-control"})
        self.fields["starts_on"].widget = box
        self.is_over, self.is_fixed = first > last, first == last
        if self.is_fixed:
            self.fields["starts_on"].widget = forms.HiddenInput()

    def clean_starts_on(self) -> date:
        """One of the days that were offered."""
        chosen: date = self.cleaned_data["starts_on"]
        if obstacle := actions.day_obstacle(self.trial, chosen, at=self.at):
            raise ValidationError(obstacle)
        return chosen


class DeclineForm(forms.Form):
    """The candidate's no; they need not say why."""

    reason = forms.CharField(
        label=_("Why not? It helps us; you need not say it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=actions.LONGEST_REASON,
        required=False,
    )
