"""What recruiters say about interviews: whom to invite and when, what changes, who stands in, what did not happen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from candidates.pipeline import NotAllowed
from candidates.steps import StepForm
from interviews.actions import FURTHEST, Invited
from interviews.completion import rounds_to_come
from interviews.models import LONGEST, SHORTEST, Interview, Interviewer, Round
from interviews.scheduling.panel import check_bookable, check_kit, check_panel
from interviews.scheduling.standing_in import LONGEST_REASON

BETWEEN = " \t,;<>"  # what may stand between a name and an address
LONGEST_NAME = 200
LONGEST_EMAIL = 254
LONGEST_PANEL = 5000
PLACEHOLDER = "Ida Interviewer <ida@example.org>"


class RoundField(forms.ModelChoiceField):
    """A round by its name, how it is held, and how long its kit takes."""

    def label_from_instance(self, round: Any) -> str:
        """As "First talk (one conversation with all interviewers, 55 minutes)"."""
        minutes = getattr(round, "kit_minutes", 0) or 0
        return _("%(name)s (%(kind)s, %(minutes)d minutes)") % {
            "name": round.name,
            "kind": round.get_kind_display(),
            "minutes": minutes,
        }


class InterviewersField(forms.CharField):
    """One interviewer a line, pasted or typed; what is wrong is said with its line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text as a list of interviewers; an empty text as it is."""
        text = super().to_python(value) or ""
        if len(text) > LONGEST_PANEL:
            raise ValidationError(_("This is too long: at most %d characters.") % LONGEST_PANEL)
        if "\x00" in text:
            raise ValidationError(_("Null characters are not allowed."))
        return [_interviewer(line.strip()) for line in text.splitlines() if line.strip()] if text else text


class WhenAndWhere(StepForm):
    """When, how long and where. Times are meant in the job's zone, whatever the recruiter's own is."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST, initial=45)
    place = forms.CharField(label=_("Place"), max_length=500, required=False)
    video_link = forms.URLField(
        label=_("Link of the video call"), max_length=500, required=False, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(self.application.job.zone)
        self.fields["starts_at"].help_text = _("In the time of the job: %s.") % self.application.job.zone

    def full_clean(self) -> None:
        """Read the time that was typed as the job's."""
        with timezone.override(self.zone):
            super().full_clean()

    def clean_starts_at(self) -> datetime | None:
        """An interview lies ahead, and not too far."""
        starts_at: datetime | None = self.cleaned_data["starts_at"]
        if starts_at and starts_at <= self.at:
            raise ValidationError(_("This time is over. Choose one that lies ahead."))
        if starts_at and starts_at > self.at + FURTHEST:
            raise ValidationError(_("That is more than a year away. Choose an earlier day."))
        return starts_at

    def clean(self) -> dict[str, Any]:
        """It takes place somewhere."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        nowhere = not cleaned.get("place") and not cleaned.get("video_link")
        if nowhere and "place" not in self.errors and "video_link" not in self.errors:
            self.add_error("place", _("Say where it takes place, or give the link of the video call."))
        return cleaned


class InviteForm(WhenAndWhere):
    """Which round, by whom, and when: fixed, or chosen by the candidate."""

    round = RoundField(Round.objects.none(), label=_("Round"), required=False)
    known = forms.ModelMultipleChoiceField(
        Interviewer.objects.none(), label=_("Interviewers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    interviewers = InterviewersField(
        label=_("Interviewers"),
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": PLACEHOLDER, "spellcheck": "false"}),
    )
    chooses_time = forms.BooleanField(
        label=_("The candidate chooses the time"),
        required=False,
        help_text=_("Among the times at which all of them can. The time below does not count then."),
    )
    field_order = ("round", "known", "interviewers", "chooses_time")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_rounds()
        self._offer_people()
        if self.is_bound and "chooses_time" in self.data:
            self.fields["starts_at"].required = False
        for name, value in self._suggestions().items():
            self.initial.setdefault(name, value)

    def clean_interviewers(self) -> list[Invited]:
        """Those who were typed."""
        return self.cleaned_data["interviewers"] or []

    def clean(self) -> dict[str, Any]:
        """The panel, its kit and its times, by the rules of the verb."""
        cleaned = super().clean()
        if cleaned.get("chooses_time"):
            self.errors.pop("starts_at", None)
            cleaned["starts_at"] = None
        if "interviewers" not in self.errors and "known" not in self.errors:
            self._check_panel(cleaned)
        self._check("round", lambda: check_kit(cleaned.get("round")))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """As `interviews.actions.invite` takes them."""
        names = ("interviewers", "round", "starts_at", "minutes", "place", "video_link")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def _check_panel(self, cleaned: dict[str, Any]) -> None:
        chosen = [Invited(one.name, one.email) for one in cleaned.get("known") or []]
        cleaned["interviewers"] = panel = chosen + cleaned["interviewers"]
        self._check("interviewers", lambda: check_panel(self.application, panel, cleaned.get("round")))
        if cleaned.get("chooses_time") and not self.errors:
            self._check("chooses_time", lambda: check_bookable(panel, at=self.at))

    def _check(self, field: str, rule: Callable[[], None]) -> None:
        try:
            rule()
        except NotAllowed as refused:
            self.add_error(field if field in self.fields else None, str(refused))

    def _offer_rounds(self) -> None:
        rounds = Round.objects.filter(plan=self.application.plan_id).exclude(kind=Round.Kind.WRITTEN)
        offered = rounds.select_related("kit").annotate(kit_minutes=Sum("kit__parts__minutes"))
        choices(self, "round").queryset = offered
        self._rounds = list(offered)
        if not self._rounds:
            del self.fields["round"]

    def _offer_people(self) -> None:
        known, needed = Interviewer.objects.filter(is_active=True), self.application.plan.interviewers
        self._people = list(known)
        choices(self, "known").queryset = known
        how = _("One a line: name and e-mail, at least %d. No account is needed; each gets a mail with their own page.")
        if self._people:
            self.fields["interviewers"].required, self.fields["interviewers"].label = False, _("Others")
            how = _("One a line: name and e-mail; at least %d in all. No account is needed.")
        else:
            del self.fields["known"]
        self.fields["interviewers"].help_text = how % (self._next.raters if self._next else needed)

    @cached_property
    def _next(self) -> Round | None:
        """The first round that was not begun."""
        waiting = {one.pk for one in rounds_to_come(self.application)} if self._rounds else set()
        return next((one for one in self._rounds if one.pk in waiting), None)

    def _suggestions(self) -> dict[str, object]:
        """In three days at ten, and otherwise as in the last interview for this job."""
        day = timezone.localdate(self.at, self.zone) + timedelta(days=3)
        suggested: dict[str, object] = {"starts_at": datetime.combine(day, time(10))}
        last = Interview.objects.filter(application__job=self.application.job_id).order_by("pk").last()
        if last:
            suggested |= {"minutes": last.minutes, "place": last.place, "video_link": last.video_link}
            suggested |= self._same_people(last)
        if self._next:
            minutes = getattr(self._next, "kit_minutes", 0) or 0
            suggested |= {"round": self._next.pk, "minutes": min(max(minutes, SHORTEST), LONGEST)}
        return suggested

    def _same_people(self, last: Interview) -> dict[str, object]:
        panel = list(last.panelists.standing())
        known = {one.email.casefold(): one for one in self._people}
        typed = [f"{one.name} <{one.email}>" for one in panel if one.email.casefold() not in known]
        ticked = [known[one.email.casefold()].pk for one in panel if one.email.casefold() in known]
        return {"interviewers": "\n".join(typed) or None, "known": ticked}


class ChangeForm(WhenAndWhere):
    """Another time, length or place for an interview."""

    def __init__(self, *args: Any, interview: Interview, at: datetime, **kwargs: Any) -> None:
        now = {name: getattr(interview, name) for name in ("minutes", "place", "video_link")}
        if interview.starts_at:
            now["starts_at"] = timezone.localtime(interview.starts_at, ZoneInfo(interview.application.job.zone))
        super().__init__(*args, application=interview.application, at=at, initial=now, **kwargs)
        if interview.starts_at:  # shown by the job's clock, too
            self.initial["starts_at"] = now["starts_at"].replace(tzinfo=None)


class ReasonForm(forms.Form):
    """Why, for colleagues and the timeline."""

    reason = forms.CharField(label=_("Why, for your colleagues"), max_length=LONGEST_REASON, required=False)


class MissedForm(forms.Form):
    """Who did not come."""

    who = forms.ChoiceField(label=_("What happened?"), choices=Interview.Missed.choices, widget=forms.RadioSelect)


class StandInForm(forms.Form):
    """Who interviews instead."""

    known = forms.ModelChoiceField(
        Interviewer.objects.none(), label=_("Who stands in?"), required=False, empty_label=_("Somebody else")
    )
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)

    def __init__(self, *args: Any, interview: Interview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interview = interview
        here = interview.panelists.standing().values_list("email", flat=True)
        choices(self, "known").queryset = Interviewer.objects.filter(is_active=True).exclude(email__in=here)

    def clean(self) -> dict[str, Any]:
        """Somebody of the list, or a name and an address."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("name", "email"):
            if not cleaned.get("known") and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Choose somebody above, or give name and e-mail."))
        if not self.errors:
            cleaned["invited"] = self._invited(cleaned)
        return cleaned

    def _invited(self, cleaned: dict[str, Any]) -> Invited:
        known: Interviewer | None = cleaned.get("known")
        return Invited(known.name, known.email) if known else Invited(cleaned["name"], cleaned["email"])


def choices(form: forms.Form, name: str) -> Any:
    """A field of `form` that offers rows."""
    return form.fields[name]


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
    return len(text) <= LONGEST_EMAIL
