"""What a rule may look at before it does anything: a closed list, each with its words and its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from candidates.judging import composite, firewall
from candidates.judging.composite import Composite
from candidates.people.models import Application
from candidates.post.models import Ask
from candidates.stages import Stage
from references.models import Flag
from references.naming import standing
from trials.models import Verdict


class Case:
    """One application as rules look at it; what costs a query is asked when it is first needed.

    Args:
        application: with its plan, job and candidate.
        at: now.
    """

    def __init__(self, application: Application, *, at: datetime) -> None:
        self.application, self.at = application, at

    @cached_property
    def composite(self) -> Composite:
        """The composite over what is locked; asked only where `is_judged`."""
        return composite.compute(self.application)

    @cached_property
    def is_judged(self) -> bool:
        """Whether nobody owes a judgement: before that no rule looks at any."""
        return firewall.is_open(self.application, at=self.at)

    @cached_property
    def verdict(self) -> str:
        """The verdict on the trial that counts; empty without one."""
        given = Verdict.objects.filter(trial__application=self.application, trial__replaced_at=None)
        return given.order_by("-pk").values_list("kind", flat=True).first() or ""

    @property
    def others_wait(self) -> bool:
        """Whether somebody is still asked for something."""
        return Ask.objects.open().filter(application=self.application).exists()

    @property
    def has_flags(self) -> bool:
        """Whether a remark on a reference was not judged harmless."""
        flags = Flag.objects.filter(reference__referee__application=self.application)
        return flags.exclude(is_harmless=True).exists()


@dataclass(frozen=True)
class Condition:
    """One thing that must hold: how it reads in a sentence, why it does not hold, and whether it does.

    Neither of both names a score that somebody got: reasons stand on the timeline.
    """

    words: Callable[[Any], str]
    unmet: Callable[[], str]
    holds: Callable[[Case, Any], bool]


def _reaches(case: Case, least: Decimal | None) -> bool:
    score = case.composite.score
    return score is not None and score >= (case.application.plan.line if least is None else least)


def _stays_below(case: Case, line: Decimal | None) -> bool:
    score = case.composite.score
    return score is not None and score < (case.application.plan.line if line is None else line)


def number(value: Any) -> Decimal | None:
    """A score as it is kept: text, or nothing for the plan's line."""
    return Decimal(str(value)) if value not in (None, "") else None


def score_in_words(value: Any) -> str:
    """ "3.50", or the plan's line."""
    return str(value) if value not in (None, "") else _("the plan's line")


CONDITIONS: dict[str, Condition] = {
    "stage": Condition(
        lambda value: _("it stands at %s") % Stage(value).label,
        lambda: _("it stands elsewhere"),
        lambda case, value: case.application.stage == value,
    ),
    "passes": Condition(
        lambda value: _("the composite reaches the plan's line and no must-have is missed"),
        lambda: _("the plan's rule does not say go on"),
        lambda case, value: case.composite.passes,
    ),
    "at_least": Condition(
        lambda value: _("the composite reaches %s") % score_in_words(value),
        lambda: _("the composite does not reach the score"),
        lambda case, value: _reaches(case, number(value)),
    ),
    "below": Condition(
        lambda value: _("the composite stays below %s") % score_in_words(value),
        lambda: _("the composite is not below the score"),
        lambda case, value: _stays_below(case, number(value)),
    ),
    "no_must_have_missed": Condition(
        lambda value: _("no must-have is missed"),
        lambda: _("a must-have is missed"),
        lambda case, value: not case.composite.missed,
    ),
    "no_knock_out": Condition(
        lambda value: _("no answer is a knock-out"),
        lambda: _("an answer of the form is a knock-out"),
        lambda case, value: not case.application.is_marked,
    ),
    "source": Condition(
        lambda value: _("the source is “%s”") % value,
        lambda: _("it came from elsewhere"),
        lambda case, value: case.application.source.casefold() == str(value).casefold(),
    ),
    "language": Condition(
        lambda value: _("the candidate's language is %s") % value,
        lambda: _("the candidate speaks another language"),
        lambda case, value: case.application.candidate.language == value,
    ),
    "references": Condition(
        lambda value: _("there are as many references as the plan needs"),
        lambda: _("references are missing"),
        lambda case, value: standing.of(case.application).is_enough,
    ),
    "no_flags": Condition(
        lambda value: _("no reference has an open remark"),
        lambda: _("a reference has a remark that nobody judged harmless"),
        lambda case, value: not case.has_flags,
    ),
    "nobody_waits": Condition(
        lambda value: _("nobody else is asked for anything"),
        lambda: _("somebody is still asked for something"),
        lambda case, value: not case.others_wait,
    ),
    "verdict": Condition(
        lambda value: _("the verdict is “%s”") % Verdict.Kind(value).label,
        lambda: _("the verdict is another one"),
        lambda case, value: case.verdict == value,
    ),
}
