"""The debrief: all that was found out, competency by competency, the widest disagreement first; and past overrides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ats.desk import identity, roles
from ats.desk.evidence import Card, Evidence, Noted, Rated
from candidates.jobs.models import Job
from candidates.judging import composite, firewall
from candidates.judging.composite import Composite, Line
from candidates.judging.models import Decision
from candidates.people.models import Application
from candidates.stages import Stage
from interviews.exercises.grading import results
from interviews.exercises.grading.results import Graded
from trials.models import Verdict

MOST_OVERRIDES = 200
FEW = 10  # below it a share says little
LEFT, STEP, MIDDLE, DOT = 16, 40, 22, 5  # of a chart, in its own units: where 1 stands, from score to score, ...


@dataclass(frozen=True)
class Dot:
    """A rating on the chart: where it stands; ratings with one score stand beside each other."""

    x: float
    y: float
    score: int


@dataclass(frozen=True)
class Chart:
    """The ratings of one competency on the scale from 1 to 5, for an SVG; in words for those who do not see it."""

    dots: tuple[Dot, ...]
    mean_x: float | None
    words: str
    ticks: tuple[tuple[int, int], ...] = tuple((score, LEFT + STEP * (score - 1)) for score in range(1, 6))

    @property
    def mean_left(self) -> float | None:
        """Where the bar of the mean begins: it is three wide."""
        return None if self.mean_x is None else round(self.mean_x - 1.5, 1)


@dataclass(frozen=True)
class Said:
    """What one person said on one competency, and what stands behind it.

    `first` is what the card said before a revision that counts, `later` what a revision says that does not count.
    """

    card: Card
    rated: Rated
    first: Rated | None
    later: Rated | None
    notes: tuple[Noted, ...]


@dataclass(frozen=True)
class Section:
    """One competency: its line of the composite, its chart, and who said what."""

    line: Line
    name: str
    chart: Chart
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Written:
    """A piece of written work: its gradings line by line, and the cards of those who graded it."""

    graded: Graded
    cards: tuple[Card, ...]


def sections(evidence: Evidence) -> list[Section]:
    """Per competency of the plan the evidence side by side, those first on which people disagree most."""
    if evidence.composite is None:
        return []
    said = _said(evidence.cards)
    return [_section(line, said[line.competency.pk]) for line in evidence.composite.by_disagreement]


def written(application: Any, evidence: Evidence) -> list[Written]:
    """The written works that were handed in, with those of their gradings that are locked.

    Args:
        application: as the desk finds it, which knows whether it has any.
    """
    if not application.has_works:
        return []
    told = {card.pk: card for card in evidence.cards if card.is_told}
    works = results.of(application, cards=told)
    return [Written(work, tuple(told[one.scorecard_id] for one in work.graders)) for work in works]


def rule_in_words(computed: Composite) -> list[str]:
    """What the plan's rule looks at, and how each part stands."""
    told = []
    if computed.score is not None:
        words = {"score": computed.score, "line": computed.plan.line}
        reached = _("The composite is %(score)s; the plan asks for %(line)s: reached.")
        not_reached = _("The composite is %(score)s; the plan asks for %(line)s: not reached.")
        told.append((reached if computed.is_over_the_line else not_reached) % words)
    told += [_missed(line) for line in computed.missed]
    told += [_short(line) for line in computed.short]
    return told


def _missed(line: Line) -> str:
    if line.mean is None:
        return _("Must-have %(name)s: nobody rated it.") % {"name": line.competency.name}
    words = {"name": line.competency.name, "mean": f"{line.mean:.2f}"}
    return _("Must-have %(name)s: %(mean)s, and 3 is needed.") % words


def _short(line: Line) -> str:
    words = {"name": line.competency.name, "n": line.raters, "needed": line.needed}
    told = ngettext("%(name)s: %(n)d rater", "%(name)s: %(n)d raters", line.raters) % words
    return _("%(told)s; the plan asks for %(needed)d.") % {"told": told, "needed": line.needed}


def may_decide(user: Any, application: Application) -> bool:
    """Whether `user` decides on `application`: its recruiters and its hiring manager, while it is open."""
    job = application.job
    return application.is_open and (roles.recruits(user, job) or _manages(user, job))


def _manages(user: Any, job: Job) -> bool:
    return bool(user.is_active and user.is_staff and job.hiring_manager_id == user.pk)


def _said(cards: Iterable[Card]) -> defaultdict[int, list[Said]]:
    found: defaultdict[int, list[Said]] = defaultdict(list)
    for card in cards:
        for rated in card.ratings:
            if rated.competency is not None and (rated.score is not None or rated.evidence):
                found[rated.competency].append(_one(card, rated))
    return found


def _one(card: Card, rated: Rated) -> Said:
    counts = card.now(rated)
    later = next((one for one in _later(card) if one.competency == rated.competency), None)
    return Said(
        card=card,
        rated=counts,
        first=None if counts is rated or _same(counts, rated) else rated,
        later=None if later is None or _same(later, counts) else later,
        notes=tuple(one for one in card.notes if rated.competency in one.competencies),
    )


def _later(card: Card) -> tuple[Rated, ...]:
    """What the latest revision says, if it does not count."""
    last = card.revisions[-1] if card.revisions else None
    return last.ratings if last and not last.counts else ()


def _same(one: Rated, other: Rated) -> bool:
    return (one.score, one.evidence) == (other.score, other.evidence)


def _section(line: Line, said: list[Said]) -> Section:
    ordered = sorted(said, key=lambda one: (one.card.is_own_view, one.rated.score is None, one.rated.score or 0))
    name = said[0].rated.name if said else line.competency.name
    return Section(line, str(name), _chart(line, ordered), tuple(ordered))


def _chart(line: Line, said: list[Said]) -> Chart:
    scores = [one.rated.score for one in said if one.rated.score is not None and not one.card.is_own_view]
    seen: defaultdict[int, int] = defaultdict(int)
    apart = 2.2 * DOT if max(Counter(scores).values(), default=0) <= 2 else 1.12 * DOT  # four still stand on the chart
    dots = []
    for score in scores:
        dots.append(Dot(_x(score), round(MIDDLE - apart * (seen[score] % 4), 1), score))
        seen[score] += 1
    told = _("Ratings from 1 to 5: %(scores)s.") % {"scores": ", ".join(map(str, scores)) or _("none")}
    return Chart(tuple(dots), None if line.mean is None else _x(line.mean), told)


def _x(score: int | Decimal) -> float:
    return round(LEFT + STEP * (float(score) - 1), 1)


@dataclass(frozen=True)
class Outcome:
    """A decision against the rule, and what became of the application since."""

    decision: Decision
    application: Application
    stage: str
    verdict: str
    score: Decimal | None  # the composite of today, where it may be shown


@dataclass(frozen=True)
class Tally:
    """How many applications were decided on against the rule in one direction, and how many were hired or closed."""

    towards_go_on: bool
    n: int
    hired: int
    ended: int  # rejected or withdrawn

    @property
    def is_few(self) -> bool:
        """Whether the numbers are too small to conclude anything."""
        return self.n < FEW


def overridden(user: Any, at: datetime) -> QuerySet[Decision]:
    """The decisions against the rule that `user` may look back on: of the jobs they recruit or hire for."""
    applications = Application.objects.visible_to(user).filter(
        firewall.open_for(user, at), identity.named_to(user, "pk")
    )
    if not user.is_superuser:
        recruits = Job.recruiters.through.objects.filter(user_id=user.pk).values("job_id")
        applications = applications.filter(Q(job__in=recruits) | Q(job__hiring_manager=user.pk))
    return Decision.objects.filter(is_override=True, application__in=applications)


def tallies(decisions: QuerySet[Decision]) -> list[Tally]:
    """For both directions; an application counts once, however often it was decided on."""
    rows = decisions.order_by().values_list("choice", "application", "application__stage").distinct()
    stages: defaultdict[str, list[str]] = defaultdict(list)
    for choice, _application, stage in rows:
        stages[choice].append(stage)
    both = ((True, stages[Decision.Choice.GO_ON]), (False, stages[Decision.Choice.STOP]))
    return [_tally(towards, found) for towards, found in both]


def _tally(towards_go_on: bool, stages: list[str]) -> Tally:
    ended = sum(stage in (Stage.REJECTED, Stage.WITHDRAWN) for stage in stages)
    return Tally(towards_go_on, len(stages), stages.count(Stage.HIRED), ended)


def outcomes(decisions: QuerySet[Decision]) -> list[Outcome]:
    """The newest of them beside what became of each, in a few queries however many there are."""
    related = decisions.select_related("application__candidate", "application__job", "application__plan")
    shown = list(
        related.defer("application__letter", "application__job__description").order_by("-at", "-pk")[:MOST_OVERRIDES]
    )
    applications = {one.application_id: one.application for one in shown}
    now, verdicts = composite.computed(applications.values()), _verdicts(applications)
    return [
        Outcome(
            decision=one,
            application=one.application,
            stage=str(Stage(one.application.stage).label),
            verdict=verdicts.get(one.application_id, ""),
            score=now[one.application_id].score,
        )
        for one in shown
    ]


def _verdicts(applications: Iterable[int]) -> dict[int, str]:
    """The latest verdict on the trial of each."""
    found = Verdict.objects.filter(trial__application__in=list(applications)).order_by("at", "pk")
    return {one.trial.application_id: one.get_kind_display() for one in found.select_related("trial")}
