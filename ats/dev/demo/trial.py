"""The trial of one story: offered or agreed, check-ins of three people, the verdict, the approval, the letter."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from ats import pipeline as process
from ats.dev.demo import company as companies
from ats.dev.demo import words
from ats.dev.demo.company import Company
from ats.dev.demo.diary import Diary, friday_before, monday_after
from ats.dev.demo.judgements import Judge, by_whom
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from candidates.post.models import Ask
from trials import actions as trials
from trials.check_ins import actions as check_ins
from trials.check_ins.actions import Own, OwnAnswers
from trials.letters.actions import Offer
from trials.models import Approval, LetterTemplate, Trial, Verdict
from trials.verdicts import actions as verdicts

NOTICE = timedelta(days=3)  # between the offer and the first Monday
LONGEST_WAIT = timedelta(days=7)  # in which a candidate may choose the first day


class TrialStory:
    """Walks one trial by the verbs that people use."""

    def __init__(self, application: Application, company: Company, judge: Judge, diary: Diary, random: Random) -> None:
        self._application, self._company, self._judge = application, company, judge
        self._diary, self._random = diary, random
        self._job = application.job
        self._recruiter = Actor.person(company.recruiter(self._job))
        self._approval: Approval | None = None

    def begin(self, at: datetime, by: Actor, *, is_open: bool) -> None:
        """Agree on a trial, or only offer it (`is_open`): then the candidate has not answered yet."""
        buddy = self._random.choice(companies.buddies())
        first = monday_after(at.date() + NOTICE)
        told = {"leader": self._job.hiring_manager, "buddy_name": buddy, "buddy_email": companies.address(buddy)}
        if is_open:
            until = first + LONGEST_WAIT
            trials.offer(self._application, starts_on=first, starts_until=until, at=at, by=by, **told)
        else:
            self._trial = trials.begin(self._application, starts_on=first, at=at, by=by, **told)

    def live(self) -> None:
        """Check-ins up to the leader's verdict, then the request for approval."""
        trial = self._trial
        decided_on = trial.ends_on - timedelta(days=1)
        for check_in in trial.check_ins.filter(due_on__lt=decided_on):
            cards = Scorecard.objects.filter(check_in_card__check_in=check_in).order_by("pk")
            for card in cards.select_related("ask", "application__plan", "check_in_card"):
                if not self._diary.wait_for(card.ask.opens_at):
                    return
                self._check_in(card)
        if self._diary.reach(friday_before(decided_on)):
            self._decide(trial)

    def approve(self, at: datetime) -> None:
        """The last yes of the managers who were asked, and the letter that follows."""
        while self._approval:
            asked, self._approval = self._approval, None
            process.approve(asked, at=at, by=Actor.person(asked.approver))
            self._approval = self._trial.approvals.filter(decision="").first()
        self._application.refresh_from_db()
        self._send_the_letter(at + timedelta(hours=1))

    def _check_in(self, card: Scorecard) -> None:
        at, answers = self._diary.pass_minutes(20, 150), self._judge.answers(card)
        if card.ask.role != Ask.Role.CANDIDATE:
            check_ins.lock(card, answers, at=at, by=by_whom(card.ask))
            return
        support, tired = self._random.choice([3, 4, 4, 5]), self._random.choice([1, 2, 2, 3])
        own = Own(support=support, drained=tired, worn_out=max(tired - 1, 1), stays=self._random.choice([4, 4, 5]))
        check_ins.lock_own(card, OwnAnswers(answers.scores, own=own), at=at, by=by_whom(card.ask))

    def _decide(self, trial: Trial) -> None:
        evidence = words.read("evidence")["verdict"]["confirm"]
        grounds = {row.competency_id: evidence for row in verdicts.judged(trial.application.plan) if row.must_have}
        leader = Actor.person(trial.leader)
        trials.decide(trial, Verdict.Kind.CONFIRM, evidence, grounds=grounds, at=self._diary.at, by=leader)
        if self._diary.reach(trial.ends_on):
            approver = self._company.other_manager(self._job)
            request = trials.request_approval
            self._approval = request(self._application, approver=approver, at=self._diary.at, by=self._recruiter)

    def _send_the_letter(self, at: datetime) -> None:
        """Accepted the day after."""
        template = LetterTemplate.objects.get(name="Offer after the trial", language="en")
        day = at.date()
        offer = Offer(
            starts_on=monday_after(day + timedelta(days=14)),
            answer_by=day + timedelta(days=7),
            hours=self._job.hours,
            pay=f"{self._job.pay_currency} {self._job.pay_from:,} {self._job.get_pay_period_display()}",
        )
        letter = trials.send_letter(self._application, template, offer, at=at, by=self._recruiter)
        name = self._application.candidate.name
        trials.accept_letter(letter, name=name, at=at + timedelta(hours=20), by=Actor.candidate(name))
