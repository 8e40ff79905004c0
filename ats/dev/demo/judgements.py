"""What raters say: scores around how good somebody is, with evidence in words that fits the score."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from ats.dev.demo import words
from candidates.judging import wording
from candidates.judging.actions import Answers, Score
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.post.models import Ask
from interviews.cards.actions import CardAnswers, Coded, Heard
from references.actions import Facts
from references.questionnaire import KEYS

SPREAD = 0.55
NOTED_RATE = 0.7
ROUTES = ("did", "did", "did", "procedure", "customer")
NEEDS_WORDS = {1, 2, 5}
NOT_HEARD = {"Written language", "Attention to detail"}  # on the phone
RECOMMENDED_FROM = ((4.2, "strong_yes"), (3.3, "yes"), (2.2, "no"), (0.0, "strong_no"))


class Judge:
    """Fills in the scorecards of one application; no sentence twice.

    Args:
        quality: how good the candidate is, on the scale of the anchors.
        random: for scores and words.
    """

    def __init__(self, quality: float, random: Random) -> None:
        self._quality, self._random = quality, random
        self._used: set[str] = set()

    def answers(self, card: Scorecard) -> Answers:
        """A whole scorecard of a colleague."""
        kit: dict[str, Any] = words.read("evidence")
        scores = []
        for trait in wording.traits(card):
            name = trait.name
            score = self._score()
            if card.kind == Scorecard.Kind.LETTER:
                sentences = kit["letter"][_band(score)].get(name)
            else:
                sentences = None if _is_unheard(card, name) else kit[name][_band(score)]
            if sentences:
                scores.append(Score(competency=trait.pk, score=score, evidence=self._words(sentences, score)))
        return self._conclude(scores)

    def heard(self, card: Scorecard) -> CardAnswers:
        """An interviewer's card: the ratings, with notes on the questions and coded steps where the kit has them."""
        answers, content = self.answers(card), card.wording.content if card.wording else {}
        asked = [part for part in content.get("parts", []) if part["kind"] == "question"]
        heard = [self._noted(part) for part in asked if self._random.random() < NOTED_RATE]
        coded = [self._coded(step["number"]) for step in content.get("steps", [])]
        return CardAnswers(answers.scores, answers.recommendation, answers.summary, heard=heard, coded=coded)

    @property
    def band(self) -> str:
        """How good the candidate is, in a word."""
        return _band(round(self._quality))

    def _noted(self, part: dict[str, Any]) -> Heard:
        kit = words.read("evidence")["notes_on_answers"]
        is_behavioural = part["family"] == "behavioural"
        route = self._random.choice(ROUTES) if is_behavioural else ""
        return Heard(part["number"], self._random.choice(kit["texts"]), route)

    def _coded(self, step: int) -> Coded:
        if self._random.random() * 5 < self._quality:
            quotes = words.read("evidence")["notes_on_answers"]["quotes"]
            return Coded(step, "yes", quotes[(step - 1) % len(quotes)])
        return Coded(step, "no")

    def reference(self) -> Answers:
        """What a referee scores."""
        kit = words.read("evidence")["reference"]
        scores = []
        for key in KEYS:
            score = self._score()
            scores.append(Score(criterion=key, score=score, evidence=self._pick(kit[_band(score)][key])))
        return Answers(scores)

    def facts(self, role: str, today: date) -> Facts:
        """What a referee knows of the shared time."""
        until = (today - timedelta(days=self._random.randint(60, 400))).replace(day=1)
        since = (until - timedelta(days=self._random.randint(300, 1200))).replace(day=1)
        again = "yes" if self._quality >= 3.4 else self._random.choice(["unsure", "no"])
        return Facts(would_hire_again=again, role=role, worked_from=since, worked_until=until)

    def _conclude(self, scores: list[Score]) -> Answers:
        mean = sum(one.score or 0 for one in scores) / len(scores)
        recommendation = next(word for least, word in RECOMMENDED_FROM if mean >= least)
        return Answers(scores, recommendation, self._pick(words.read("evidence")["summary"][recommendation]))

    def _score(self) -> int:
        return min(max(round(self._random.gauss(self._quality, SPREAD)), 1), 5)

    def _words(self, sentences: list[str], score: int) -> str:
        """Evidence: always for what is far from the middle, mostly for the rest."""
        return self._pick(sentences) if score in NEEDS_WORDS or self._random.random() < 0.8 else ""

    def _pick(self, sentences: list[str]) -> str:
        fresh = [one for one in sentences if one not in self._used] or sentences
        chosen = self._random.choice(fresh)
        self._used.add(chosen)
        return chosen


def by_whom(asked: Ask) -> Actor:
    """Who answers this ask, as the page of its stage would write it."""
    if asked.user:
        return Actor.person(asked.user)
    if asked.role == Ask.Role.CANDIDATE:
        return Actor.candidate(asked.name)
    return Actor.outsider(asked.name)


def _band(score: int) -> str:
    return "low" if score <= 2 else "middle" if score == 3 else "high"


def _is_unheard(card: Scorecard, name: str) -> bool:
    return card.kind == Scorecard.Kind.PHONE and name in NOT_HEARD
