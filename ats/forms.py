"""What the verbs that touch all stages ask of a recruiter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.steps import StepForm

REASONS = [
    ("skills", _("Others showed more of what the work needs")),
    ("letter", _("The application does not speak to this job")),
    ("languages", _("The languages or hours do not fit")),
    ("references", _("The references")),
    ("trial", _("The trial ended without a confirmation")),
    ("filled", _("The position is filled")),
]


class RejectForm(StepForm):
    """Why; colleagues read it, the candidate does not."""

    reason = forms.ChoiceField(label=_("Reason, for colleagues"), choices=REASONS)


class WithdrawForm(StepForm):
    """What the candidate said, if anything."""

    reason = forms.CharField(label=_("What they said"), required=False, max_length=500)


class BackForm(StepForm):
    """Why the application goes back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
