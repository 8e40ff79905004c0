"""One application's way, walked by the verbs that people use, at the times of its story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from random import Random

from django.conf import settings

from ats import pipeline as process
from ats.automation import actions as automation
from ats.desk import actions as desk
from ats.dev.demo import answers, resumes, words
from ats.dev.demo.company import Company
from ats.dev.demo.diary import Diary
from ats.dev.demo.judgements import Judge, by_whom
from ats.dev.demo.letters import About, Writer
from ats.dev.demo.people import Crowd, Person, at_work
from ats.dev.demo.rounds import Rounds
from ats.dev.demo.stories import Story
from ats.dev.demo.trial import TrialStory
from candidates.careers import actions as careers
from candidates.company import notice
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.screening import actions as screening
from candidates.screening.models import CallSlot
from candidates.stages import Stage
from references import actions as references
from references.actions import Named
from references.models import Reference
from references.questionnaire import KEYS

LATE_RATE = 0.5
JUST_OFFERED = 1  # days in the trial's stage: the candidate has not answered the offer yet
JUST_BEGUN = 1  # days in the interviews: the candidate has not chosen a time yet
NOTE_RATE = 0.2
RELATIONS = ("manager", "lead", "client")
REASONS = {
    Stage.APPLIED: "letter",
    Stage.SCREENING: "skills",
    Stage.INTERVIEWS: "skills",
    Stage.REFERENCES: "references",
    Stage.TRIAL: "trial",
}


@dataclass
class Cast:
    """What all stories share: the company, the people, the words already used."""

    company: Company
    crowd: Crowd
    writer: Writer
    random: Random


class Walk:
    """Walks one story; `run` gives the application as it stands at the end."""

    def __init__(self, cast: Cast, story: Story, *, now: datetime) -> None:
        self._cast, self._story, self._random = cast, story, cast.random
        self._diary = Diary(now, cast.random)
        self._own = Random(str(story))  # rounds do not change the words of the next stories
        self._judge = Judge(story.quality, cast.random)
        self._job = cast.company.jobs[story.job]
        self._recruiter = cast.company.recruiter(self._job)
        self._employer = cast.random.choice(words.read("letters")["words"]["employers"])
        self._is_late = cast.random.random() < LATE_RATE

    def run(self) -> Application:
        """Enter each stage, and do in it what was done by the time it was left, or by now."""
        days = [(stage, self._diary.day(ago)) for stage, ago in self._story.entered]
        for (stage, entered), following in zip_longest(days, days[1:]):
            self._enter(stage, entered)
            self._live(stage, entered, following[1] if following else None)
        return self._application

    def _enter(self, stage: Stage, day: date) -> None:
        if stage == Stage.APPLIED:
            self._application = self._apply(day)
            return
        self._application.refresh_from_db()
        if self._application.stage != stage:  # else a rule was quicker
            at = self._diary.must_reach(day, any_day=stage == Stage.WITHDRAWN)
            self._moves[stage](at, Actor.person(self._recruiter))

    def _live(self, stage: Stage, entered: date, left: date | None) -> None:
        lives: dict[Stage, Callable[[date, date | None], None]] = {
            Stage.SCREENING: self._live_screening,
            Stage.INTERVIEWS: self._live_interviews,
            Stage.REFERENCES: self._live_references,
            Stage.TRIAL: self._live_trial,
        }
        if stage in lives:
            lives[stage](entered, left)

    @property
    def _moves(self) -> dict[Stage, Callable[[datetime, Actor], object]]:
        return {
            Stage.SCREENING: self._begin_screening,
            Stage.INTERVIEWS: self._invite,
            Stage.REFERENCES: self._ask_for_referees,
            Stage.TRIAL: self._begin_trial,
            Stage.HIRED: self._approve,
            Stage.REJECTED: self._reject,
            Stage.WITHDRAWN: self._withdraw,
        }

    def _apply(self, day: date) -> Application:
        at = self._diary.must_reach(day, any_day=True)
        person, kit = self._cast.crowd.next(), words.read("letters")["words"]
        about = About(
            person.name, self._job.title, settings.COMPANY_NAME, self._employer, self._random.choice(kit["towns"])
        )
        resume = resumes.draw(person, self._employer, self._random, year=at.year)
        return careers.apply(
            self._job,
            name=person.name,
            email=person.email,
            phone=person.phone,
            zone=person.zone,
            letter=self._cast.writer.write(self._story.tone, about),
            resume=resumes.upload(resume, self._random, at=at),
            source=self._random.choice(kit["sources"]),
            consent_version=notice.current_version(),
            answers=answers.give(self._job, person.email, at=at),
            at=at,
        )

    def _begin_screening(self, at: datetime, by: Actor) -> None:
        team = [*self._cast.company.recruiters, self._job.hiring_manager]
        reader, caller = self._random.sample(team, 2)
        is_now = self._story.entered[-1][0] == Stage.SCREENING  # else the call was held long ago
        chooses = is_now and CallSlot.objects.free(at).filter(caller=caller).exists()
        screening.begin(self._application, reader=reader, caller=caller, chooses_time=chooses, at=at, by=by)

    def _live_screening(self, entered: date, left: date | None) -> None:
        for days, kind in enumerate((Scorecard.Kind.LETTER, Scorecard.Kind.PHONE), start=1):
            is_slow = left is None and self._is_late and kind == Scorecard.Kind.PHONE
            if is_slow or not self._diary.reach(entered + timedelta(days=days)):
                return
            card = self._waiting(kind)[0]
            screening.submit(card, self._judge.answers(card), at=self._diary.at, by=by_whom(card.ask))
        self._note()

    def _note(self) -> None:
        if self._random.random() < NOTE_RATE:
            text = self._random.choice(words.read("evidence")["notes"]["texts"])
            desk.add_note(self._application, text=text, at=self._diary.pass_minutes(10, 90), by=self._recruiter)

    def _invite(self, at: datetime, by: Actor) -> None:
        stage, days_ago = self._story.entered[-1]
        just_now = stage == Stage.INTERVIEWS and days_ago <= JUST_BEGUN
        self._rounds = Rounds(self._application, self._job, self._judge, self._diary, self._own)
        self._rounds.arrange(candidate_chooses=just_now, at=at, by=by)
        self._application.refresh_from_db()

    def _live_interviews(self, entered: date, left: date | None) -> None:
        self._rounds.live(entered, left, one_is_late=self._is_late)
        if left:
            self._diary.must_reach(left)
        automation.act(at=self._diary.pass_minutes(1, 1))

    def _ask_for_referees(self, at: datetime, by: Actor) -> None:
        references.request_referees(self._application, at=at, by=by)

    def _live_references(self, entered: date, left: date | None) -> None:
        if not self._diary.reach(entered + timedelta(days=1)):
            return
        asked = self._application.asks.open().get(page="references:name_referees")
        people = [self._named(self._cast.crowd.next(), relation) for relation in self._random.sample(RELATIONS, 2)]
        by = Actor.candidate(self._application.candidate.name)
        views = {key: self._own.randint(3, 5) for key in KEYS}
        references.name_referees(asked, people, at=self._diary.at, by=by, self_views=views)
        given = Reference.objects.filter(referee__application=self._application).order_by("pk")
        for days, reference in enumerate(given.select_related("referee", "scorecard__application"), start=1):
            is_slow = left is None and self._is_late and days > 1
            if is_slow or not self._diary.reach(entered + timedelta(days=1 + 2 * days)):
                return
            self._refer(reference)

    def _named(self, person: Person, relation: str) -> Named:
        return Named(person.name, at_work(person, self._employer), relation, self._employer, person.phone)

    def _refer(self, reference: Reference) -> None:
        role = self._random.choice(words.read("letters")["words"]["roles"])
        facts = self._judge.facts(role, self._diary.at.date())
        by = Actor.outsider(reference.referee.name)
        references.answer(reference, facts, self._judge.reference(), at=self._diary.at, by=by)

    def _begin_trial(self, at: datetime, by: Actor) -> None:
        stage, days_ago = self._story.entered[-1]
        cast = self._cast
        self._trial = TrialStory(self._application, cast.company, self._judge, self._diary, self._random)
        self._is_offered = stage == Stage.TRIAL and days_ago <= JUST_OFFERED
        self._trial.begin(at, by, is_open=self._is_offered)

    def _live_trial(self, entered: date, left: date | None) -> None:
        if not self._is_offered:
            self._trial.live()

    def _approve(self, at: datetime, by: Actor) -> None:
        self._trial.approve(at)

    def _reject(self, at: datetime, by: Actor) -> None:
        process.reject(self._application, reason=REASONS[Stage(self._application.stage)], at=at, by=by)

    def _withdraw(self, at: datetime, by: Actor) -> None:
        reason = self._random.choice(words.read("evidence")["reasons"]["withdrawn"])
        by = Actor.candidate(self._application.candidate.name)
        process.withdraw(self._application, reason=reason, at=at, by=by)

    def _waiting(self, kind: Scorecard.Kind) -> list[Scorecard]:
        """The cards of this kind that are still open, in the order in which they were asked for."""
        cards = self._application.scorecards.filter(kind=kind, locked_at=None, ask__cancelled_at=None)
        return list(cards.select_related("ask__user", "application__plan").order_by("pk"))
