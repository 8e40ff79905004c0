"""What a recruiter says to invite to an interview."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates.pipeline import NotAllowed
from candidates.steps import StepForm
from interviews.actions import Invited, check_panel
from interviews.models import LONGEST, SHORTEST, Interview

BETWEEN = " \t,;<>"  # what may stand between a name and an address
LONGEST_NAME = 200
PLACEHOLDER = "Ida Interviewer <ida@example.org>"


class InterviewersField(forms.CharField):
    """One interviewer a line, pasted or typed; what is wrong is said with its line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text as a list of interviewers; an empty text as it is."""
        text = super().to_python(value)
        return [_interviewer(line.strip()) for line in text.splitlines() if line.strip()] if text else text


class InviteForm(StepForm):
    """When, how long, where, by whom. Times are meant in the job's zone, whatever the recruiter's own is."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST, initial=45)
    place = forms.CharField(label=_("Place, or link of the video call"), max_length=500)
    interviewers = InterviewersField(
        label=_("Interviewers"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": PLACEHOLDER, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job, plan = self.application.job, self.application.plan
        self.zone = ZoneInfo(job.zone)
        self.fields["starts_at"].help_text = _("In the time of the job: %s.") % job.zone
        self.fields["interviewers"].help_text = _(
            "One a line: name and e-mail, at least %d. No account is needed; each gets a mail with their own page."
        ) % (plan.interviewers)
        for name, value in self._suggestions().items():
            self.initial.setdefault(name, value)

    def _suggestions(self) -> dict[str, object]:
        """In three days at ten, and otherwise as in the last interview for this job."""
        day = timezone.localdate(self.at, self.zone) + timedelta(days=3)
        suggested: dict[str, object] = {"starts_at": datetime.combine(day, time(10))}
        last = Interview.objects.filter(application__job=self.application.job_id).order_by("pk").last()
        if last:
            panel = [f"{panelist.name} <{panelist.email}>" for panelist in last.panelists.all()]
            suggested |= {
                "minutes": last.minutes,
                "place": last.place,
                "interviewers": "\n".join(panel),
            }
        return suggested

    def full_clean(self) -> None:
        """Read the time that was typed as the job's."""
        with timezone.override(self.zone):
            super().full_clean()

    def clean_starts_at(self) -> datetime:
        """An interview lies ahead."""
        starts_at: datetime = self.cleaned_data["starts_at"]
        if starts_at <= self.at:
            raise ValidationError(_("This time is over. Choose one that lies ahead."))
        return starts_at

    def clean_interviewers(self) -> list[Invited]:
        """The panel, by the rule of the verb."""
        interviewers: list[Invited] = self.cleaned_data["interviewers"]
        try:
            check_panel(self.application, interviewers)
        except NotAllowed as refused:
            raise ValidationError(str(refused)) from refused
        return interviewers


def _interviewer(line: str) -> Invited:
    """Read one line: "Ida Interviewer <ida@example.org>"; a comma or a space before the address will do.

    Raises:
        ValidationError: it has no name or no address that can be.
    """
    email = re.split(f"[{BETWEEN}]+", line.strip(BETWEEN))[-1]
    name = line[: line.rindex(email)].strip(BETWEEN + "\"'")
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("“%(name)s” is too long a name."), params={"name": name})
    if not name or set(name) & set("<>@") or not _is_address(email):
        message = _("“%(line)s” is not a name and an e-mail. Write: %(example)s")
        raise ValidationError(message, params={"line": line, "example": PLACEHOLDER})
    return Invited(name, email)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
