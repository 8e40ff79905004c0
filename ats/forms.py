"""What the verbs that touch all stages ask of a recruiter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ats.rejections.actions import leaves_at
from candidates.steps import StepForm

REASONS = [
    ("skills", _("Others showed more of what the work needs")),
    ("letter", _("The application does not speak to this job")),
    ("languages", _("The languages or hours do not fit")),
    ("references", _("The references")),
    ("trial", _("The trial ended without a confirmation")),
    ("filled", _("The position is filled")),
]


LATER, NOW = "later", "now"
USUAL_HOURS = 24


def notice_hours(plan_hours: int) -> int:
    """How long a rejection that is to wait does wait, also under a plan that usually rejects at once."""
    return plan_hours or USUAL_HOURS


def at_once() -> str:
    """What a rejection at once means for its mail."""
    if not settings.SOLEMN_MINUTES:
        return gettext("At once. The mail leaves right away and cannot be taken back.")
    told = gettext("At once. The mail waits %(minutes)d minutes, and can be held or cancelled until then.")
    return told % {"minutes": settings.SOLEMN_MINUTES}


class RejectForm(StepForm):
    """Why, which colleagues read and the candidate does not; and when, so that it can be taken back."""

    reason = forms.ChoiceField(label=_("Reason, for colleagues"), choices=REASONS)
    when = forms.ChoiceField(label=_("When"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = self.application.plan.rejection_hours
        self.hours = notice_hours(usual)
        self.initial.setdefault("when", LATER if usual else NOW)
        self.fields["when"].choices = [  # type: ignore[attr-defined]
            (LATER, self._later()),
            (NOW, at_once()),
        ]

    def arguments(self) -> dict[str, Any]:
        """The reason, and how many hours it waits."""
        hours = self.hours if self.cleaned_data["when"] == LATER else 0
        return {"reason": self.cleaned_data["reason"], "hours": hours}

    def _later(self) -> str:
        when = date_format(localtime(leaves_at(self.at, self.hours)), "D j M, H:i")
        return gettext("In %(hours)d hours, on %(when)s. Until then it can be undone, and nobody hears of it.") % {
            "hours": self.hours,
            "when": when,
        }


class WithdrawForm(StepForm):
    """What the candidate said, if anything."""

    reason = forms.CharField(label=_("What they said"), required=False, max_length=500)


class BackForm(StepForm):
    """Why the application goes back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
