"""What recruiters say when the days or the people of a trial change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from candidates.staff.models import User
from trials.offering import actions, days
from trials.offering.forms import day_input
from trials.offering.standing import Standing


class ChangeForm(forms.Form):
    """Why, and a sentence for those who are told.

    Args:
        stands: the trial as it stands.
        at: now.
    """

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("For your colleagues; it stays on the timeline. Nobody else reads it."),
        max_length=actions.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why; your colleagues read it on the timeline.")},
    )

    def __init__(self, data: Any = None, *, stands: Standing, at: datetime) -> None:
        super().__init__(data)
        self.stands, self.at = stands, at


class ToldForm(ChangeForm):
    """The same, with words for the candidate, the buddy and the lead."""

    note = forms.CharField(
        label=_("What the mail adds"),
        help_text=_("A sentence that candidate, buddy and lead read."),
        max_length=actions.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )


class MoveForm(ToldForm):
    """Another first day."""

    starts_on = forms.DateField(label=_("New first day"), widget=day_input())
    field_order = ("starts_on", "reason", "note")

    def clean_starts_on(self) -> date:
        """A day that the verb takes."""
        chosen: date = self.cleaned_data["starts_on"]
        _check(days.start_obstacle(self.stands, chosen))
        return chosen


class PauseForm(ToldForm):
    """From when on it rests, and until when."""

    from_on = forms.DateField(label=_("First day of the pause"), widget=day_input())
    until_on = forms.DateField(
        label=_("Goes on again on"),
        widget=day_input(),
        required=False,
        help_text=_("Empty when it is not known yet: nobody is asked until you let it go on."),
    )
    field_order = ("from_on", "until_on", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", self.stands.today)

    def clean(self) -> dict[str, Any]:
        """Days that the verb takes."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("from_on") and "until_on" in cleaned:
            for name, obstacle in days.pause_obstacles(self.stands, cleaned["from_on"], cleaned["until_on"]).items():
                self.add_error(name, obstacle)
        return cleaned


class ResumeForm(ToldForm):
    """When it goes on."""

    on = forms.DateField(label=_("Goes on again on"), widget=day_input())
    field_order = ("on", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        begins = self.stands.pause.from_on if self.stands.pause else self.stands.today
        self.initial.setdefault("on", max(self.stands.today, begins))

    def clean_on(self) -> date:
        """A day that the verb takes."""
        chosen: date = self.cleaned_data["on"]
        _check(days.resume_obstacle(self.stands, chosen))
        return chosen


class ExtendForm(ToldForm):
    """A later end."""

    ends_on = forms.DateField(label=_("New end"), widget=day_input())
    field_order = ("ends_on", "reason", "note")

    def clean_ends_on(self) -> date:
        """A day that the verb takes."""
        chosen: date = self.cleaned_data["ends_on"]
        _check(days.extension_obstacle(self.stands, chosen))
        return chosen


class LeaderForm(ChangeForm):
    """Who leads from now on."""

    leader = forms.ModelChoiceField(label=_("Led by, from now on"), queryset=User.objects.none())
    field_order = ("leader", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = actions.leaders().exclude(pk=self.stands.trial.leader_id)
        self.fields["leader"].queryset = others  # type: ignore[attr-defined]

    def clean_leader(self) -> User:
        """Somebody who can lead this trial."""
        leader: User = self.cleaned_data["leader"]
        trial = self.stands.trial
        found = actions.team_obstacles(trial.application, leader=leader, buddy_email=trial.buddy_email)
        _check(found.get("leader") or found.get("buddy_email", ""))
        return leader


class BuddyForm(ChangeForm):
    """Who is the buddy from now on."""

    buddy_name = forms.CharField(label=_("Buddy, from now on"), max_length=200)
    buddy_email = forms.EmailField(label=_("Buddy's e-mail"), max_length=254)
    field_order = ("buddy_name", "buddy_email", "reason")

    def clean_buddy_email(self) -> str:
        """Somebody who can be the buddy."""
        address: str = self.cleaned_data["buddy_email"]
        trial = self.stands.trial
        found = actions.team_obstacles(trial.application, leader=trial.leader, buddy_email=address)
        _check(found.get("buddy_email", ""))
        return address


def _check(obstacle: str) -> None:
    if obstacle:
        raise ValidationError(obstacle)
