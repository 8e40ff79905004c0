"""Whom a recruiter asks for the last yes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.staff.models import User
from candidates.steps import StepForm
from trials.approvals import actions


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
