"""Lines about those who come once: a referee's step, a check-in, and the manager who approves on the whole evidence."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import now

from bench.ground import COUNTING, Ground, NotMeasured, expect, queries, signed_in, with_token
from bench.measure import Answer, Site, in_turn
from bench.report import Measured, measured
from candidates.builders import make_application, make_job, make_plan, make_user
from candidates.judging.builders import make_locked_card
from candidates.post import asks, links
from candidates.post.models import Ask
from candidates.stages import Stage
from references.builders import give, make_references
from references.models import Reference
from references.questionnaires.builders import make_reference_plan
from trials.builders import make_approval, make_manager, make_trial
from trials.check_ins.builders import ask_at, tell
from trials.figures.builders import make_agent, make_figure, make_team
from trials.models import Approval, Trial

COMPETENCIES = ("Empathy", "Patience", "Communication", "Reliability", "Organisation")
CRITERION, STEP = "reliability", 2
METRICS = ("satisfaction", "quality", "reopened", "first_reply")
URLENCODED = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


def referee(ground: Ground) -> Measured:
    """The step of a criterion: five anchors and an example."""
    asked = _reference(ground).scorecard.ask
    return _shown(ground, asked, f"{asked.get_absolute_url()}?step={STEP}", f"/referee/{asked.pk}/", radios=5)


def referee_post(ground: Ground) -> Measured:
    """The same step, answered, on to the next."""
    mine, theirs = (_reference(ground).scorecard.ask for _side in range(2))
    path = f"{mine.get_absolute_url()}?step={STEP}"
    typed = {f"score_{CRITERION}": "4"}
    return _posted(ground, mine, theirs, path, f"evidence_{CRITERION}", typed | {"action": "next"}, 302)


def check_in(ground: Ground) -> Measured:
    """The buddy's page of a check-in on five competencies."""
    asked = _check_in(ground)
    return _shown(ground, asked, asked.get_absolute_url(), f"/check-in/{asked.pk}/", radios=25)


def check_in_post(ground: Ground) -> Measured:
    """An autosave of the words beside one competency."""
    mine, theirs = _check_in(ground), _check_in(ground)
    trait = mine.scorecard.wording.content["competencies"][0]["key"]
    typed = {"action": "autosave", "seen": ""}
    return _posted(ground, mine, theirs, mine.get_absolute_url(), f"evidence_{trait}", typed, 200)


def approval(ground: Ground) -> Measured:
    """The case for a hire: fourteen cards, two references, four check-ins of three people, figures of four weeks."""
    asked = _approval(ground)
    path, path_of_limit = reverse("desk:approval", args=[asked.ask_id]), f"/approval/{asked.ask_id}/"
    ours, limit = (signed_in(Site(site.port), asked.approver) for site in (ground.ours, ground.limit))
    turns = in_turn(
        lambda: expect(ours.ask(path), 200, path).milliseconds,
        lambda: expect(limit.ask(path_of_limit), 200, path_of_limit).milliseconds,
    )
    counted = expect(ours.ask(path, headers=COUNTING), 200, path)
    for body in (counted.body, limit.ask(path_of_limit).body):
        if body.count(b"Told by the") < 12 or b"Stayed late to help" not in body:
            raise NotMeasured("a side does not show the whole evidence")
    return measured(turns, queries=queries(counted), rows=1, kb=len(counted.body) / 1024)


def _shown(ground: Ground, asked: Ask, path: str, path_of_limit: str, *, radios: int) -> Measured:
    ours = _ours(ground, asked)
    turns = in_turn(
        lambda: expect(ours.ask(path), 200, path).milliseconds,
        lambda: expect(ground.limit.ask(path_of_limit), 200, path_of_limit).milliseconds,
    )
    counted = expect(ours.ask(path, headers=COUNTING), 200, path)
    for body in (counted.body, ground.limit.ask(path_of_limit).body):
        if body.count(b'name="score_') < radios:
            raise NotMeasured("a side does not show the whole form")
    return measured(turns, queries=queries(counted), rows=1, kb=len(counted.body) / 1024)


def _posted(
    ground: Ground, mine: Ask, theirs: Ask, path: str, box: str, typed: dict[str, str], status: int
) -> Measured:
    path_of_limit = f"/{'referee' if 'references' in path else 'check-in'}/{theirs.pk}/"
    ours, token = with_token(_ours(ground, mine), path)
    limit, token_of_limit = with_token(ground.limit, path_of_limit)

    said = {mine.pk: "", theirs.pk: ""}

    def post(site: Site, where: str, csrf: str, whose: Ask, is_counted: bool = False) -> Answer:
        before, said[whose.pk] = said[whose.pk], f"Asked the caller twice what they needed, {next(_numbers)}."
        body = urlencode(typed | {box: said[whose.pk], f"was_{box}": before}).encode()
        counting = COUNTING if is_counted else {}
        sent = {"Content-Type": URLENCODED, "X-CSRFToken": csrf, **counting}
        return expect(site.ask(where, body=body, headers=sent), status, where)

    turns = in_turn(
        lambda: post(ours, path, token, mine).milliseconds,
        lambda: post(limit, path_of_limit, token_of_limit, theirs).milliseconds,
    )
    counted = post(ours, path, token, mine, is_counted=True)
    for whose in (mine, theirs):
        if not whose.scorecard.ratings.filter(evidence=said[whose.pk]).exists():
            raise NotMeasured("the last words were not kept")
    return measured(turns, queries=queries(counted), rows=1)


def _reference(ground: Ground) -> Reference:
    """A referee of an application of its own, who has begun."""
    at, plan = now() - timedelta(hours=1), make_plan(COMPETENCIES)
    make_reference_plan(plan, needed=2, managers=0, replacements=0)
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=plan), at=at)
    return make_references(application, at=at)[0]


def _check_in(ground: Ground) -> Ask:
    """The buddy's, of a trial of its own that began a week ago."""
    return ask_at(_trial(now() - timedelta(days=8)), 1, Ask.Role.BUDDY)


def _trial(at: datetime) -> Trial:
    plan = make_plan(COMPETENCIES, trial_days=28, check_in_days=7)
    application = make_application(Stage.REFERENCES, job=make_job(plan=plan), at=at)
    return make_trial(application, at=at, starts_on=at.date())


def _approval(ground: Ground) -> Approval:
    """Asked of Mona about somebody whose four weeks are over."""
    at = now() - timedelta(days=29)
    plan = make_plan(COMPETENCIES, trial_days=28, check_in_days=7)
    make_reference_plan(plan, needed=2, managers=0, replacements=0)
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=plan), at=at - timedelta(days=3))
    for number in range(6):
        make_locked_card(application, dict.fromkeys(COMPETENCIES, 4), name=f"R{number}", email=f"r{number}@example.org")
    for reference in make_references(application, at=at - timedelta(days=2)):
        give(reference, at=at - timedelta(days=1))
    application.refresh_from_db()
    trial = make_trial(application, at=at, starts_on=at.date())
    for check_in in trial.check_ins.all():
        for role in (Ask.Role.CANDIDATE, Ask.Role.BUDDY, Ask.Role.MANAGER):
            tell(trial, check_in.number, role)
    _figures(trial)
    return make_approval(trial, at=now(), approver=make_manager(), requested_by=make_user())


def _figures(trial: Trial) -> None:
    for agent in (make_agent(trial.application), *make_team(4)):
        for week, metric in itertools.product(range(4), METRICS):
            make_figure(agent, trial.starts_on + timedelta(weeks=week), 80 + week, metric=metric)


def _ours(ground: Ground, asked: Ask) -> Site:
    return Site(ground.ours.port, {asks.COOKIE: links.ask_token(asked)})
