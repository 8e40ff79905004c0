"""Whom a recruiter asks for the last yes, and what the manager who was asked fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.staff.models import User
from candidates.steps import StepForm
from trials.approvals import actions
from trials.approvals.models import Approval
from trials.planning import terms

LONGEST_REASON = 5_000


class ApprovalForm(StepForm):
    """Behind the button "Ask for approval to hire": which manager, or which two. The leader is not among them."""

    approver = forms.ModelChoiceField(
        label=_("Manager"),
        queryset=User.objects.none(),
        help_text=_("Somebody else than you and than the person who led the trial."),
    )
    then = forms.ModelChoiceField(
        label=_("Second manager"),
        queryset=User.objects.none(),
        help_text=_("Is asked as soon as the first has approved; nobody is hired before both have."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trial = self.application.trials.current().first()
        if terms.of(self.application.plan).approvers < 2:
            del self.fields["then"]
        if trial:
            for field in self.fields.values():
                field.queryset = actions.approvers(trial)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuses the same manager twice beside the second box."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("then") and cleaned["then"] == cleaned.get("approver"):
            self.add_error("then", _("The second manager must be somebody else than the first."))
        return cleaned


class DelegateForm(forms.Form):
    """To whom a manager hands the question on."""

    to = forms.ModelChoiceField(
        label=_("Manager"),
        queryset=User.objects.none(),
        help_text=_("They get a request of their own, and yours ends."),
        error_messages={"invalid_choice": _("Choose one of the managers in the list.")},
    )
    word = forms.CharField(
        label=_("A word to them"), max_length=LONGEST_REASON, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, approval: Approval) -> None:
        super().__init__(data, auto_id="id_delegate_%s")
        self.fields["to"].queryset = actions.successors(approval)  # type: ignore[attr-defined]
