"""Lines about an interviewer's card in the middle of a talk: its page, and one autosave of it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from urllib.parse import urlencode

from bench.ground import COUNTING, Ground, NotMeasured, expect, queries, with_token
from bench.measure import Answer, Site, in_turn
from bench.report import Measured, measured
from candidates.builders import make_application, make_job, make_plan
from candidates.post import asks, links
from candidates.post.models import Ask
from candidates.stages import Stage
from interviews.builders import ask_of, make_interview
from interviews.cards.builders import make_words
from interviews.kits.builders import make_exercise, make_kit, make_question, make_round
from interviews.models import Exercise, KitAnswer

COMPETENCIES = ("Empathy", "Patience", "Communication", "Reliability", "Organisation")
URLENCODED = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


def scorecard(ground: Ground) -> Measured:
    """The page of a kit of eight parts: questions, a role-play with the thirteen steps, five competencies."""
    asked = _asked(ground)
    ours, path, path_of_limit = _ours(ground, asked), asked.get_absolute_url(), f"/card/{asked.pk}/"
    turns = in_turn(
        lambda: expect(ours.ask(path), 200, path).milliseconds,
        lambda: expect(ground.limit.ask(path_of_limit), 200, path_of_limit).milliseconds,
    )
    counted = expect(ours.ask(path, headers=COUNTING), 200, path)
    for body in (counted.body, ground.limit.ask(path_of_limit).body):
        if body.count(b'name="notes_') != 8 or body.count(b'name="score_') < 25 or body.count(b'name="step_') < 39:
            raise NotMeasured("a side does not show the whole card")
    return measured(turns, queries=queries(counted), rows=8, kb=len(counted.body) / 1024)


def autosave(ground: Ground) -> Measured:
    """A note and the words beside a rating, a little longer than before."""
    mine, theirs = _Typist(_asked(ground)), _Typist(_asked(ground))
    path, path_of_limit = mine.asked.get_absolute_url(), f"/card/{theirs.asked.pk}/"
    ours, token = with_token(_ours(ground, mine.asked), path)
    limit, token_of_limit = with_token(ground.limit, path_of_limit)

    def post(site: Site, where: str, csrf: str, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        sent = {"Content-Type": URLENCODED, "X-CSRFToken": csrf, **(headers or {})}
        return expect(site.ask(where, body=body, headers=sent), 200, where)

    turns = in_turn(
        lambda: post(ours, path, token, mine.typed()).milliseconds,
        lambda: post(limit, path_of_limit, token_of_limit, theirs.typed()).milliseconds,
    )
    counted = post(ours, path, token, mine.typed(), COUNTING)
    for typist in (mine, theirs):
        if KitAnswer.objects.get(scorecard__ask=typist.asked).notes != typist.note:
            raise NotMeasured("the last note was not kept")
    return measured(turns, queries=queries(counted), rows=1)


class _Typist:
    """Somebody who writes on one card."""

    def __init__(self, asked: Ask) -> None:
        self.asked, self.note = asked, ""
        words = asked.scorecard.wording
        self.trait = words.content["competencies"][0]["key"] if words else 0

    def typed(self) -> bytes:
        """What the browser sends next: what was touched, and what stood there before."""
        before, self.note = self.note, f"Named the worry before solving it, {next(_numbers)}"
        words = f"evidence_{self.trait}"
        typed = {"notes_2": self.note, "was_notes_2": before, words: self.note, f"was_{words}": before}
        return urlencode({"seen": "", "action": "autosave"} | typed).encode()


def _asked(ground: Ground) -> Ask:
    """What Ida was asked for: a card of her own."""
    at = ground.at - timedelta(hours=1)
    make_words()
    again = next(_numbers)
    questions = [
        make_question(f"Bench {again}.{place}", (one,)) for place, one in enumerate((*COMPETENCIES, "Empathy"))
    ]
    role_play = make_exercise(Exercise.Kind.ROLE_PLAY, COMPETENCIES[:1], name=f"Bench {again}", codes_steps=True)
    plan = make_plan(COMPETENCIES)
    chosen = make_round(plan, make_kit("Welcome", *questions, role_play))
    application = make_application(Stage.SCREENING, job=make_job(plan=plan), at=at)
    return ask_of(make_interview(application, at=at, round=chosen))


def _ours(ground: Ground, asked: Ask) -> Site:
    return Site(ground.ours.port, {asks.COOKIE: links.ask_token(asked)})
