"""What somebody who was hired could work on next, drafted from the evidence of all stages.

Weak is what lies below `LINE`, lowest first: the mean of all that counts, where what lead and buddy saw at the last
check-ins of the trial weighs `HEAVY` times as much. What the new colleague says of themselves is not counted, as
nowhere. To it come the steps with somebody upset that were missing most often.

The words that are drafted quote nobody and name nobody: buddy, lead, interviewers and referees wrote for colleagues.
What they said stands beside the draft, for who may read it and as long as they may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ats.desk import roles
from ats.desk.evidence import Card, Evidence
from candidates.judging.composite import Line as Mean
from candidates.people.models import Application
from interviews.models import DeescalationStep, StepCoding
from trials.afterwards import suggestions
from trials.afterwards.developing import Line
from trials.models import Trial

LINE = Decimal("3.5")
LAST_CHECK_INS = 2
HEAVY = 3
MOST_COMPETENCIES = 4
MOST_STEPS = 3
TITLE = 160
AIM = 2000


@dataclass(frozen=True)
class Standing:
    """Where somebody stands on one competency: over all, at the last check-ins if they were asked, and before."""

    mean: Mean
    value: Decimal
    lately: Decimal | None

    @property
    def is_weak(self) -> bool:
        """Whether there is something to work on."""
        return self.value < LINE


@dataclass(frozen=True)
class Seen:
    """What somebody wrote on a competency, without who it was."""

    occasion: str
    score: int | None
    words: str


def may_develop(user: Any, application: Application, trial: Trial | None) -> bool:
    """Whether `user` writes the development plan: who recruits for the job, and who led the trial."""
    leads = trial is not None and trial.leader_id == user.pk and user.is_active and user.is_staff
    return leads or roles.recruits(user, application.job)


def draft(application: Application, evidence: Evidence) -> list[Line]:
    """What the evidence suggests; two queries. Nothing where it may not be read.

    Args:
        application: of somebody who was hired.
        evidence: as far as whoever asks may read it.
    """
    if not evidence.is_open:
        return []
    weak = sorted((one for one in standings(evidence) if one.is_weak), key=lambda one: (one.value, -one.mean.weight))
    return [_of_competency(one) for one in weak[:MOST_COMPETENCIES]] + _of_steps(application)


def standings(evidence: Evidence) -> list[Standing]:
    """Of each competency of the plan that was rated, where they stand."""
    cards = [card for card in evidence.cards if card.state == "locked" and not card.is_own_view]
    days = sorted({card.check_in for card in cards if card.check_in})[-LAST_CHECK_INS:]
    lines = evidence.composite.lines if evidence.composite else ()
    return [one for line in lines if (one := _standing(line, cards, days))]


def seen(evidence: Evidence) -> dict[int, list[Seen]]:
    """By competency what was written on it, the lowest score first."""
    found: dict[int, list[Seen]] = {}
    for card in evidence.cards:
        for rated in () if card.is_own_view else card.ratings:
            for key in {rated.competency} if rated.competency else set(rated.about):
                if rated.evidence:
                    found.setdefault(key, []).append(Seen(card.occasion, rated.score, rated.evidence))
    return {key: sorted(told, key=lambda one: one.score or 9) for key, told in found.items()}


def _standing(line: Mean, cards: Iterable[Card], days: Sequence[Any]) -> Standing | None:
    lately: list[int] = []
    before: list[int] = []
    for card in cards:
        scores = [one.score for one in card.counted if one.competency == line.competency.pk and one.score]
        (lately if card.check_in in days else before).extend(scores)
    if not lately + before:
        return None
    total = HEAVY * len(lately) + len(before)
    value = Decimal(HEAVY * sum(lately) + sum(before)) / total
    return Standing(line, value, Decimal(sum(lately)) / len(lately) if lately else None)


def _of_competency(standing: Standing) -> Line:
    competency = standing.mean.competency
    level = min(5, int(standing.value) + 1)  # one above where they stand
    return Line(
        title=competency.name[:TITLE],
        why=_why(standing),
        aim=competency.anchors[level - 1][:AIM],
        how=suggestions.for_competency(competency.name, competency.trainable).text,
        competency=competency.pk,
    )


def _why(standing: Standing) -> str:
    if standing.lately is None:
        told = _("Of all that we looked at on the way to you, this showed less than the rest.")
    elif standing.lately < LINE:
        told = _("In the last weeks of your trial this showed less than the rest.")
    else:
        told = _("Earlier this showed less than the rest; in the last weeks of your trial it was better. Keep at it.")
    return " ".join([told, _("It matters a lot in this work.")] if standing.mean.must_have else [told])


def _of_steps(application: Application) -> list[Line]:
    """The steps with somebody upset that were missing at least as often as they were there, the most often first."""
    codings = StepCoding.objects.filter(
        scorecard__application=application, scorecard__locked_at__isnull=False, answer__in=("yes", "no")
    )
    counted: Counter[tuple[int, str]] = Counter(codings.values_list("step", "answer"))
    missing = {step: times for (step, answer), times in counted.items() if answer == "no"}
    often = [step for step in missing if missing[step] >= counted[step, "yes"]]
    often.sort(key=lambda step: (-missing[step], step))
    known = {one.number: one for one in DeescalationStep.objects.filter(number__in=often[:MOST_STEPS])}
    return [_of_step(known[step], missing[step], counted[step, "yes"]) for step in often[:MOST_STEPS] if step in known]


def _of_step(step: DeescalationStep, missing: int, there: int) -> Line:
    times = missing + there
    why = ngettext(
        "With somebody upset this step can make the difference. It was looked for once, and was missing.",
        "With somebody upset this step can make the difference. Of %(times)d times it was there %(there)d times.",
        times,
    )
    return Line(
        title=_("With upset customers: %s") % step.name[:120],
        why=why % {"times": times, "there": there} if times > 1 else why,
        aim=step.meaning,
        how=suggestions.for_step(step.number).text,
    )
