"""Who screens an application."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.screening.actions import team
from candidates.staff.models import User
from candidates.steps import StepForm


class ScreeningForm(StepForm):
    """Chooses the reader and the caller among those who hire for the job; two different people when there are two."""

    reader = forms.ModelChoiceField(
        label=_("Who reads the letter"),
        queryset=User.objects.none(),
        help_text=_("Beside the advert, without a résumé."),
    )
    caller = forms.ModelChoiceField(
        label=_("Who calls"),
        queryset=User.objects.none(),
        help_text=_("Ten to twenty minutes by phone. Best somebody who has not seen the résumé."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = team(self.application.job)
        for name in ("reader", "caller"):
            self.fields[name].queryset = members  # type: ignore[attr-defined]
        self._suggest(list(members))

    def _suggest(self, members: list[User]) -> None:
        """Recruiters read, so the hiring manager comes last; the call goes to the next one."""
        members.sort(key=lambda user: user.pk == self.application.job.hiring_manager_id)
        if members:
            self.initial.setdefault("reader", members[0].pk)
            self.initial.setdefault("caller", members[min(1, len(members) - 1)].pk)
