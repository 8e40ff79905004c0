"""One form for every rule: it asks what the chosen "when" and "then" need, and nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ats.automation import checking
from ats.automation.models import Rule
from ats.automation.words import CHOICES, COMPLETE, EVENTS, MOVES, PAGES
from ats.forms import REASONS
from candidates.staff.models import User
from candidates.stages import OPEN, Stage
from interviews.forms import InterviewersField
from interviews.models import LONGEST, SHORTEST
from trials.models import Verdict

When, Then = Rule.When, Rule.Then
EMPTY = [("", "---------")]
FLAGS = {  # conditions without a value
    "passes": _("the composite reaches the plan's line and no must-have is missed"),
    "no_must_have_missed": _("no must-have is missed"),
    "no_knock_out": _("no answer of the form is a knock-out"),
    "references": _("there are as many references as the plan needs"),
    "no_flags": _("no reference has an open remark"),
    "nobody_waits": _("nobody else is asked for anything"),
}
VALUES = ("stage", "at_least", "below", "source", "language", "verdict")
ASKED_WHEN: dict[str, tuple[str, ...]] = {
    When.EVENT: ("event",),
    When.COMPLETE: ("stage",),
    When.OVERDUE: ("page",),
    When.DAYS: ("stage", "days"),
    When.OVER: ("stage", "score"),
    When.UNDER: ("stage", "score"),
    When.KNOCK_OUT: (),
}
ASKED_THEN: dict[str, tuple[str, ...]] = {
    Then.MOVE: ("to_stage",),
    Then.ASK: ("who", "words", "days_to_do"),
    Then.MAIL: ("subject", "text"),
    Then.NOTE: ("words",),
    Then.TELL: ("who", "words"),
    Then.REJECT: ("hours", "reason"),
}
ASKED_MOVE: dict[str, tuple[str, ...]] = {
    Stage.SCREENING: ("reader", "caller", "chooses_time"),
    Stage.INTERVIEWS: ("interviewers", "minutes", "place", "video_link"),
    Stage.REFERENCES: ("note",),
    Stage.TRIAL: ("leader", "buddy_name", "buddy_email"),
    Stage.HIRED: ("approver", "second"),
}
PEOPLE = ("who", "reader", "caller", "leader", "approver", "second")
PLAIN = ("words", "subject", "text", "reason", "note", "chooses_time", "minutes", "place", "video_link", "buddy_name")
NAMED_ALONE = ("approver", "second")  # always one colleague, never in turn
BRACES = _("{name}, {job} and {company} stand for the candidate, the job and the company.")


class PersonField(forms.ModelChoiceField):
    """A colleague by name."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        found = User.objects.filter(is_active=True, is_staff=True).exclude(email="")
        ordered = found.order_by("first_name", "last_name", "pk")
        super().__init__(ordered, label=label, required=False, **kwargs)


class RuleForm(forms.Form):
    """A rule as a person writes it.

    Args:
        rule: what is changed, or a new one of its plan.
    """

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("It stands on the timeline of everybody."))
    when = forms.ChoiceField(label=_("What begins it"), choices=When.choices)
    event = forms.ChoiceField(label=_("What happens"), choices=sorted(EVENTS.items(), key=lambda one: one[0]))
    stage = forms.ChoiceField(label=_("In the stage"))
    page = forms.ChoiceField(label=_("What is overdue"), choices=[(key, told) for key, (told, _s) in PAGES.items()])
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=checking.MOST_DAYS)
    score = forms.DecimalField(
        label=_("Score"), required=False, max_digits=3, decimal_places=2, help_text=_("Empty: the plan's line.")
    )
    if_flags = forms.MultipleChoiceField(
        label=_("All of these hold"), required=False, choices=list(FLAGS.items()), widget=forms.CheckboxSelectMultiple
    )
    if_stage = forms.ChoiceField(
        label=_("It stands at"), required=False, choices=[*EMPTY, *((one.value, one.label) for one in OPEN)]
    )
    if_at_least = forms.DecimalField(label=_("Composite at least"), required=False, max_digits=3, decimal_places=2)
    if_below = forms.DecimalField(label=_("Composite below"), required=False, max_digits=3, decimal_places=2)
    if_source = forms.CharField(label=_("Source"), required=False, max_length=80)
    if_language = forms.ChoiceField(
        label=_("Language of the candidate"), required=False, choices=[*EMPTY, *settings.LANGUAGES]
    )
    if_verdict = forms.ChoiceField(label=_("Verdict"), required=False, choices=[*EMPTY, *Verdict.Kind.choices])
    then = forms.ChoiceField(label=_("What is done"), choices=Then.choices)
    to_stage = forms.ChoiceField(
        label=_("To"), choices=[(one.value, MOVES.get(one, one.label)) for one in (*OPEN[1:], Stage.HIRED)]
    )
    hours = forms.IntegerField(
        label=_("Carried out in so many hours"),
        min_value=1,
        max_value=checking.MOST_HOURS,
        help_text=_("Until then it can be undone, and nobody hears of it."),
    )
    reason = forms.ChoiceField(label=_("Reason, for colleagues"), choices=REASONS)
    subject = forms.CharField(label=_("Subject"), max_length=200, help_text=BRACES)
    text = forms.CharField(label=_("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}), help_text=BRACES)
    words = forms.CharField(
        label=_("In these words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=BRACES
    )
    days_to_do = forms.IntegerField(label=_("Days to do it"), min_value=0, max_value=90, initial=2)
    note = forms.CharField(
        label=_("A personal word to the candidate"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    chooses_time = forms.BooleanField(label=_("Let the candidate choose a time for the call"), required=False)
    interviewers = InterviewersField(
        label=_("Interviewers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "One a line, name and e-mail. Empty: those of the last interview for the job. The candidate chooses when."
        ),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_("Empty: as the kit takes."),
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=500)
    video_link = forms.URLField(
        label=_("Link of the video call"), required=False, max_length=500, assume_scheme="https",
        help_text=_("Without place and link: as in the last interview for the job."),
    )  # fmt: skip
    buddy_name = forms.CharField(label=_("Buddy"), max_length=200)
    buddy_email = forms.EmailField(label=_("Buddy's e-mail"), max_length=254)

    def __init__(self, data: Any = None, *, rule: Rule) -> None:
        super().__init__(data, initial=_typed(rule))
        self.rule = rule
        self._add_people()
        self.chosen_when, self.chosen_then = self._chosen("when", When.EVENT), self._chosen("then", Then.MOVE)
        stages = COMPLETE if self.chosen_when in (When.COMPLETE, When.OVER, When.UNDER) else OPEN
        self.fields["stage"].choices = [(one, Stage(one).label) for one in stages]  # type: ignore[attr-defined]
        self._keep_asked()

    def _chosen(self, name: str, usual: str) -> str:
        value = str((self.data.get(name) if self.is_bound else None) or self.initial.get(name) or usual)
        return value if value in dict(self.fields[name].choices) else usual  # type: ignore[attr-defined]

    def _add_people(self) -> None:
        labels = {
            "who": _("Whom"), "reader": _("Who reads the letter"), "caller": _("Who calls"), "leader": _("Led by"),
            "approver": _("Manager"), "second": _("Second manager, where the plan wants two"),
        }  # fmt: skip
        for name in PEOPLE:
            if name not in NAMED_ALONE:
                self.fields[f"{name}_who"] = forms.ChoiceField(label=labels[name], choices=CHOICES, required=False)
            label = labels[name] if name in NAMED_ALONE else _("Colleague, if it is always the same")
            self.fields[f"{name}_user"] = PersonField(label)

    def _keep_asked(self) -> None:
        """Drop what the chosen "when" and "then" do not ask."""
        asked = {*ASKED_WHEN[self.chosen_when], *ASKED_THEN[self.chosen_then]}
        if self.chosen_then == Then.MOVE:
            asked |= set(ASKED_MOVE.get(self._chosen("to_stage", Stage.SCREENING), ()))
        people = {f"{name}_{part}" for name in asked & set(PEOPLE) for part in ("who", "user")}
        always = {"name", "when", "then", "if_flags", *(f"if_{kind}" for kind in VALUES)}
        for name in [one for one in self.fields if one not in asked | people | always]:
            del self.fields[name]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """For the template: the boxes under "when", "and only if" and "then"."""
        when = ["when", *ASKED_WHEN[self.chosen_when]]
        conditions = [name for name in self.fields if name.startswith("if_")]
        then = [name for name in self.fields if name not in {"name", *when, *conditions, "then", "to_stage"}]
        first = [name for name in ("then", "to_stage") if name in self.fields]
        groups = [(_("When"), when), (_("And only if"), conditions), (_("Then"), first + then)]
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in groups]

    def clean(self) -> dict[str, Any]:
        """Nothing that PostgreSQL or a mail could not hold."""
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str) and not _is_storable(value):
                self.add_error(name, ValidationError(_("This holds a character that cannot be kept.")))
        return cleaned

    def apply(self) -> Rule:
        """The rule as it was typed, not saved; of one with errors as far as it can be read."""
        rule, cleaned = self.rule, getattr(self, "cleaned_data", {})
        rule.name = cleaned.get("name") or rule.name
        rule.when, rule.then = self.chosen_when, self.chosen_then
        for name in ("event", "stage", "page", "to_stage"):
            setattr(rule, name, cleaned.get(name) or "")
        rule.days, rule.score, rule.hours = cleaned.get("days"), cleaned.get("score"), cleaned.get("hours")
        rule.conditions = self._conditions(cleaned)
        rule.settings = self._settings(cleaned)
        rule.event = rule.listens_to
        return rule

    def refuse(self, objections: list[checking.Objection]) -> None:
        """Put what is wrong beside its box."""
        for one in objections:
            self.add_error(one.field if one.field in self.fields else None, one.words)

    def _conditions(self, cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [{"kind": kind} for kind in cleaned.get("if_flags") or []]
        for kind in VALUES:
            if (value := cleaned.get(f"if_{kind}")) not in (None, ""):
                found.append({"kind": kind, "value": str(value)})
        return found

    def _settings(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        kept = {name: cleaned[name] for name in PLAIN if cleaned.get(name) not in (None, "", False)}
        if "days_to_do" in cleaned:
            kept["days"] = cleaned["days_to_do"]
        if cleaned.get("buddy_email"):
            kept["buddy_email"] = cleaned["buddy_email"]
        if cleaned.get("interviewers"):
            kept["interviewers"] = [{"name": one.name, "email": one.email} for one in cleaned["interviewers"]]
        for name in PEOPLE:
            if f"{name}_user" in self.fields and (chosen := _person(name, cleaned)):
                kept[name] = chosen
        return kept


def _person(name: str, cleaned: dict[str, Any]) -> dict[str, Any] | None:
    user = cleaned.get(f"{name}_user")
    who = cleaned.get(f"{name}_who") or ("colleague" if name in NAMED_ALONE else "recruiters")
    if name in NAMED_ALONE and user is None:
        return None
    return {"who": who, "user": user.pk if user else 0} if who == "colleague" else {"who": who}


def _typed(rule: Rule) -> dict[str, Any]:
    """A rule as the form shows it."""
    names = ("name", "when", "event", "stage", "page", "days", "score", "then", "to_stage", "hours")
    shown: dict[str, Any] = {name: getattr(rule, name) for name in names}
    shown |= {name: rule.settings[name] for name in (*PLAIN, "buddy_email") if name in rule.settings}
    if "days" in rule.settings:
        shown["days_to_do"] = rule.settings["days"]
    people = rule.settings.get("interviewers") or []
    shown["interviewers"] = "\n".join(f"{one['name']} <{one['email']}>" for one in people)
    for name in PEOPLE:
        setting = rule.settings.get(name) or {}
        shown |= {f"{name}_who": setting.get("who", "recruiters"), f"{name}_user": setting.get("user") or None}
    shown["if_flags"] = [one["kind"] for one in rule.conditions if one.get("kind") in FLAGS]
    return shown | {f"if_{one['kind']}": one.get("value") for one in rule.conditions if one.get("kind") in VALUES}


def _is_storable(text: str) -> bool:
    try:
        return "\0" not in text and bool(text.encode() is not None)
    except UnicodeEncodeError:
        return False
