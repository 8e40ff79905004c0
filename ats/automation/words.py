"""A rule as one sentence: when something happens, and things are so, one thing is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ats.automation.conditions import CONDITIONS, score_in_words
from ats.automation.models import Rule
from candidates.staff.models import User
from candidates.stages import OPEN, Stage

When, Then = Rule.When, Rule.Then
Words = str | Promise

EVENTS: dict[str, Words] = {  # a closed list: what rules may listen to, as it reads after "when"
    "stage.applied": gettext_lazy("somebody applies"),
    "stage.screening": gettext_lazy("the screening begins"),
    "stage.interviews": gettext_lazy("the interviews begin"),
    "stage.references": gettext_lazy("referees are asked for"),
    "stage.trial": gettext_lazy("the trial is offered or begins"),
    "stage.hired": gettext_lazy("somebody is hired"),
    "stage.rejected": gettext_lazy("somebody is rejected"),
    "stage.withdrawn": gettext_lazy("the candidate withdraws"),
    "screening.no_time_fits": gettext_lazy("no time for the call fits"),
    "interviews.no_time_fits": gettext_lazy("no time for the interview fits"),
    "interviews.cannot_come": gettext_lazy("the candidate cannot come to the interview"),
    "interviews.missed": gettext_lazy("an interview did not take place"),
    "exercise.posted": gettext_lazy("written work is handed in"),
    "references.declined": gettext_lazy("a referee would rather not answer"),
    "references.expired": gettext_lazy("a referee did not answer in time"),
    "references.nobody_named": gettext_lazy("the candidate named nobody else in time"),
    "trial.agreed": gettext_lazy("the candidate says yes to the trial"),
    "trial.declined": gettext_lazy("the candidate declines the trial"),
    "offer.accepted": gettext_lazy("the offer letter is accepted"),
    "offer.declined": gettext_lazy("the offer letter is declined"),
    "document.added": gettext_lazy("the candidate adds a document"),
    "data.requested": gettext_lazy("the candidate asks for their data"),
    "mail.replied": gettext_lazy("somebody replies to a mail"),
}
COMPLETE: dict[str, Words] = {
    Stage.SCREENING: gettext_lazy("letter and phone screen are both judged"),
    Stage.INTERVIEWS: gettext_lazy("every interviewer's scorecard is in"),
    Stage.REFERENCES: gettext_lazy("no referee is waited for any more"),
    Stage.TRIAL: gettext_lazy("the verdict on the trial is given"),
}
PAGES: dict[str, tuple[Words, str]] = {  # what may be overdue: how it reads, and the stage in which it is asked
    "screening:letter": (gettext_lazy("the reading of the letter"), Stage.SCREENING),
    "screening:phone": (gettext_lazy("the phone screen"), Stage.SCREENING),
    "screening:choose_time": (gettext_lazy("the candidate's choice of a time for the call"), Stage.SCREENING),
    "interviews:choose_time": (gettext_lazy("the candidate's choice of a time for the interview"), Stage.INTERVIEWS),
    "interviews:scorecard": (gettext_lazy("an interviewer's scorecard"), Stage.INTERVIEWS),
    "interviews:exercise": (gettext_lazy("written work"), Stage.INTERVIEWS),
    "interviews:grade": (gettext_lazy("the grading of written work"), Stage.INTERVIEWS),
    "references:name_referees": (gettext_lazy("the naming of referees"), Stage.REFERENCES),
    "references:answer": (gettext_lazy("a referee's answer"), Stage.REFERENCES),
    "trials:offer": (gettext_lazy("the candidate's answer to the trial offer"), Stage.TRIAL),
    "trials:check_in": (gettext_lazy("a check-in"), Stage.TRIAL),
    "trials:verdict": (gettext_lazy("the verdict on the trial"), Stage.TRIAL),
    "trials:letter": (gettext_lazy("the answer to the offer letter"), ""),
    "desk:approval": (gettext_lazy("the approval of the hire"), Stage.TRIAL),
    "post:to_do": (gettext_lazy("a to-do of a colleague"), ""),
}
MOVES: dict[str, Words] = {
    Stage.SCREENING: gettext_lazy("begin the screening"),
    Stage.INTERVIEWS: gettext_lazy("invite the candidate to an interview"),
    Stage.REFERENCES: gettext_lazy("ask the candidate for referees"),
    Stage.TRIAL: gettext_lazy("offer the candidate a trial"),
    Stage.HIRED: gettext_lazy("ask a manager to approve the hire"),
}
WHO: dict[str, Words] = {
    "recruiters": gettext_lazy("a recruiter"),
    "manager": gettext_lazy("the hiring manager"),
    "colleague": gettext_lazy("a colleague"),
}


CHOICES: list[tuple[str, Words]] = [  # the same, to choose from
    ("recruiters", gettext_lazy("A recruiter of the job, in turn")),
    ("manager", gettext_lazy("The hiring manager")),
    ("colleague", gettext_lazy("This colleague:")),
]


def sentence(rule: Rule, *, people: dict[int, str] | None = None) -> str:
    """The whole rule, as "When somebody applies, and no answer is a knock-out, begin the screening.".

    Args:
        people: names of colleagues by key, where many sentences are told; else they are looked up.
    """
    conditions = [_("and %s") % words for words in conditions_of(rule)]
    told = [_("when %s") % when(rule), *conditions, then(rule, people=people)]
    return f"{capfirst(', '.join(told))}."


def when(rule: Rule) -> str:
    """Its occasion, as it reads after "when"."""
    return WHENS[When(rule.when)](rule) if rule.when in When.values else ""


def conditions_of(rule: Rule) -> list[str]:
    """What must hold besides, each as it reads after "and"; one that is not known any more says so."""
    return [_condition(one) for one in rule.conditions]


def then(rule: Rule, *, people: dict[int, str] | None = None) -> str:
    """What it does, as it reads after the comma."""
    names = named([rule]) if people is None else people
    return THENS[Then(rule.then)](rule, names) if rule.then in Then.values else ""


def named(rules: Iterable[Rule]) -> dict[int, str]:
    """The names of all colleagues in these rules; one query, none when they name nobody."""
    keys = {one["user"] for rule in rules for one in rule.settings.values() if _names_somebody(one)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)} if keys else {}


def _names_somebody(setting: Any) -> bool:
    return isinstance(setting, dict) and isinstance(setting.get("user"), int)


def who(setting: Any, names: dict[int, str]) -> str:
    """Whom a rule means, in words; who has left is told as such."""
    setting = setting if isinstance(setting, dict) else {}
    if setting.get("who") == "colleague":
        return names.get(setting.get("user", 0)) or _("somebody who has left")
    return str(WHO.get(setting.get("who", ""), WHO["recruiters"]))


def _condition(one: dict[str, Any]) -> str:
    known = CONDITIONS.get(one.get("kind", ""))
    return known.words(one.get("value")) if known else _("something holds that this version does not know")


def _stays(rule: Rule) -> str:
    days = rule.days or 0
    told = ngettext("it stands at %(stage)s for %(days)d day", "it stands at %(stage)s for %(days)d days", days)
    return told % {"stage": _stage(rule.stage), "days": days}


def _stage(value: str) -> str:
    return str(Stage(value).label) if value in Stage.values else value


def _overdue(rule: Rule) -> str:
    what = PAGES.get(rule.page, (rule.page, ""))[0]
    return _("%s is overdue") % what


def _over(rule: Rule) -> str:
    told = {"complete": COMPLETE.get(rule.stage, rule.stage), "score": score_in_words(rule.score)}
    return _("%(complete)s and the composite reaches %(score)s") % told


def _under(rule: Rule) -> str:
    told = {"complete": COMPLETE.get(rule.stage, rule.stage), "score": score_in_words(rule.score)}
    return _("%(complete)s and the composite stays below %(score)s") % told


WHENS: dict[Rule.When, Callable[[Rule], str]] = {
    When.EVENT: lambda rule: str(EVENTS.get(rule.event, rule.event)),
    When.COMPLETE: lambda rule: str(COMPLETE.get(rule.stage, rule.stage)),
    When.OVERDUE: _overdue,
    When.DAYS: _stays,
    When.OVER: _over,
    When.UNDER: _under,
    When.KNOCK_OUT: lambda rule: _("somebody applies with an answer that is a knock-out"),
}


def _move(rule: Rule, names: dict[int, str]) -> str:
    told = str(MOVES.get(rule.to_stage, ""))
    if rule.to_stage == Stage.HIRED:
        return _("ask %s to approve the hire") % who(rule.settings.get("approver"), names)
    if rule.to_stage == Stage.SCREENING:
        readers = {name: who(rule.settings.get(name), names) for name in ("reader", "caller")}
        return _("begin the screening: the letter is read by %(reader)s, the call is made by %(caller)s") % readers
    return told or _("go back to %s") % _stage(rule.to_stage)


def _give(rule: Rule, names: dict[int, str]) -> str:
    told = {"who": who(rule.settings.get("who"), names), "words": _short(rule.settings.get("words"))}
    return _("give %(who)s a to-do: “%(words)s”") % told


def _reject(rule: Rule, names: dict[int, str]) -> str:
    hours = rule.hours or 0
    told = ngettext("plan a rejection that is carried out in %d hour", "plan a rejection in %d hours", hours)
    return told % hours


THENS: dict[Rule.Then, Callable[[Rule, dict[int, str]], str]] = {
    Then.MOVE: _move,
    Then.ASK: _give,
    Then.MAIL: lambda rule, names: _("write to the candidate: “%s”") % _short(rule.settings.get("subject")),
    Then.NOTE: lambda rule, names: _("write the note “%s”") % _short(rule.settings.get("words")),
    Then.TELL: lambda rule, names: _("tell %s by mail") % who(rule.settings.get("who"), names),
    Then.REJECT: _reject,
}


def _short(text: Any) -> str:
    said = " ".join(str(text or "").split())
    return said if len(said) <= 60 else f"{said[:59]}…"


def comes_from(rule: Rule) -> str:
    """The stage in which its occasion lies; empty where it may be any."""
    if rule.when == When.KNOCK_OUT:
        return Stage.APPLIED
    if rule.when == When.OVERDUE and rule.page in PAGES:
        return str(PAGES[rule.page][1])
    if rule.when == When.EVENT and rule.event.startswith("stage."):
        return rule.event.removeprefix("stage.")
    asked = next((str(one.get("value")) for one in rule.conditions if one.get("kind") == "stage"), "")
    stages = {"screening": "screening", "interviews": "interviews", "exercise": "interviews", "trial": "trial"}
    stages["references"] = "references"
    return rule.stage or asked or stages.get(rule.event.partition(".")[0], "")


def open_stages() -> list[tuple[str, Words]]:
    """The stages in which something can happen."""
    return [(stage.value, stage.label) for stage in OPEN]
