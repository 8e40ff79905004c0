"""The interview stage of one application: its plan's rounds, talked and written, judged by people who do not confer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ats.dev.demo import company as companies
from ats.dev.demo import words
from ats.dev.demo.diary import Diary, hours_of_the_day, monday_after, on_the_hour
from ats.dev.demo.judgements import Judge, by_whom
from candidates.jobs.models import Job
from candidates.judging.models import Scorecard
from candidates.people.actors import Actor
from candidates.people.models import Application
from interviews import actions as interviews
from interviews.actions import Invited
from interviews.cards import actions as cards
from interviews.exercises import actions as exercises
from interviews.exercises import sending
from interviews.exercises.grading import actions as grading
from interviews.exercises.models import Submission
from interviews.exercises.paper import Paper
from interviews.models import Interview, Panelist, Round

PANEL = 2
MANAGER_RATE = 0.3
LEAD = timedelta(days=3)  # from the invitation to the first conversation
AFTERNOON = time(15)


@dataclass(frozen=True)
class Happening:
    """What comes at its time."""

    moment: datetime
    act: Callable[[], object]


class Rounds:
    """Arranges the rounds of one application and lives through them.

    Args:
        application, job: whose, and for what.
        judge: how its raters judge.
        diary: its clock.
        random: for people, times and words.
    """

    def __init__(self, application: Application, job: Job, judge: Judge, diary: Diary, random: Random) -> None:
        self._application, self._job, self._judge, self._diary, self._random = application, job, judge, diary, random
        everybody = companies.interviewers()
        random.shuffle(everybody)
        self._panel, self._graders = everybody[:PANEL], everybody[PANEL : PANEL + 3]
        if random.random() < MANAGER_RATE:
            self._panel[0] = Invited(str(job.hiring_manager), job.hiring_manager.email)
        self._rounds = list(Round.objects.filter(plan=application.plan_id).select_related("kit", "exercise"))

    def arrange(self, *, candidate_chooses: bool, at: datetime, by: Actor) -> None:
        """Open the stage with the first conversation; send the written work and agree on the other conversations.

        Args:
            candidate_chooses: whether the first one waits for the candidate to choose a time; the others then wait too.
        """
        talks = [one for one in self._rounds if not one.is_written]
        self._talk(interviews.invite, talks[0], None if candidate_chooses else self._hour(at, 0), at=at, by=by)
        for number, written in enumerate(one for one in self._rounds if one.is_written):
            self._send(written, at=at + timedelta(minutes=2 + number), by=by)
        for number, talk in enumerate([] if candidate_chooses else talks[1:], start=1):
            later = at + timedelta(minutes=5 + number)
            self._talk(interviews.arrange, talk, self._hour(at, number), at=later, by=by)

    def live(self, entered: date, left: date | None, *, one_is_late: bool) -> None:
        """Everything up to the present, in the order of time. A late one is the last card of a stage that goes on."""
        for happening in sorted(self._happenings(entered, one_is_late and left is None), key=lambda one: one.moment):
            if not self._diary.wait_for(happening.moment):
                return
            happening.act()

    def _happenings(self, entered: date, one_is_late: bool) -> list[Happening]:
        found = [one for submission in self._submissions() for one in self._writing(submission, entered)]
        talks = list(Interview.objects.filter(application=self._application, starts_at__isnull=False))
        for interview in talks:
            owing = interview.panelists.order_by("pk")
            slow = one_is_late and interview == talks[-1]
            found += [self._judging(interview, panelist) for panelist in (owing[:1] if slow else owing)]
        return found

    def _judging(self, interview: Interview, panelist: Panelist) -> Happening:
        after = timedelta(minutes=self._random.randint(15, 120))
        return Happening((interview.ends_at or interview.created_at) + after, lambda: self._judge_talk(panelist))

    def _judge_talk(self, panelist: Panelist) -> None:
        card = Scorecard.objects.select_related("ask__user", "application__plan", "wording").get(panelist=panelist)
        at = self._diary.pass_minutes(1, 9)
        cards.submit(card, self._judge.heard(card), at=at, by=by_whom(card.ask))

    def _writing(self, submission: Submission, entered: date) -> list[Happening]:
        begun = datetime.combine(entered + timedelta(days=1), AFTERNOON, tzinfo=ZoneInfo(self._job.zone))
        begun += timedelta(minutes=self._random.randint(0, 240))
        done = begun + timedelta(minutes=submission.minutes - self._random.randint(3, 12))
        graded = done + timedelta(hours=self._random.randint(14, 20))
        return [
            Happening(begun, lambda: exercises.begin(submission, at=self._diary.at)),
            Happening(done, lambda: self._hand_in(submission)),
            *[Happening(graded + timedelta(hours=3 * turn), lambda: self._grade(submission)) for turn in range(3)],
        ]

    def _hand_in(self, submission: Submission) -> None:
        """Each mail is answered, the one who writes back twice."""
        while waiting := [turn for turn in Paper(self._read(submission)).turns if not turn.is_sent]:
            at = self._diary.pass_minutes(0, 0)
            exercises.keep(submission, {turn.box: self._reply(turn.text) for turn in waiting}, at=at)
            if not Paper(self._read(submission)).is_inbox:
                break
            for turn in waiting:
                exercises.send_reply(submission, turn.box, at=at)
        exercises.post(submission, at=self._diary.pass_minutes(0, 1))

    def _reply(self, _to: str) -> str:
        return str(self._random.choice(words.read("replies")[self._judge.band]["texts"]))

    def _grade(self, submission: Submission) -> None:
        """The next grader who still owes their judgement; a third one only when two differed."""
        owed = Scorecard.objects.filter(grading__submission=submission, locked_at=None, ask__cancelled_at=None)
        card = owed.select_related("ask__user", "application__plan", "wording").order_by("pk").first()
        if card:
            grading.grade(card, self._judge.answers(card), at=self._diary.at, by=by_whom(card.ask))

    def _submissions(self) -> list[Submission]:
        return list(Submission.objects.filter(application=self._application).select_related("wording", "ask"))

    def _read(self, submission: Submission) -> Submission:
        return Submission.objects.select_related("wording").get(pk=submission.pk)

    def _send(self, written: Round, *, at: datetime, by: Actor) -> None:
        if written.exercise is None:
            return
        application = self._fresh()
        exercise = written.exercise
        case = self._random.choice(list(exercise.cases.order_by("pk")))
        sending.send(application, exercise=exercise, round=written, case=case, graders=self._graders, at=at, by=by)

    def _talk(
        self, verb: Callable[..., Interview], talk: Round, starts_at: datetime | None, *, at: datetime, by: Actor
    ) -> None:
        remote = self._job.remote
        verb(
            self._application if verb is interviews.invite else self._fresh(),
            interviewers=self._panel,
            round=talk,
            starts_at=starts_at,
            minutes=sum(talk.kit.parts.values_list("minutes", flat=True)) if talk.kit else 45,
            place="" if remote else "Room Lighthouse, second floor",
            video_link="https://meet.example.org/lighthouse" if remote else "",
            at=at,
            by=by,
        )

    def _hour(self, at: datetime, days: int) -> datetime:
        """A free hour of the panel, the first round on a Monday, each further one a day later."""
        day = monday_after(at.date() + LEAD) + timedelta(days=days)
        emails = [one.email for one in self._panel]
        busy = list(Panelist.objects.filter(email__in=emails).values_list("starts_at", "ends_at"))
        wanted = on_the_hour(day, self._job.zone, self._random)
        return next(hour for hour in hours_of_the_day(wanted) if _is_free(hour, busy))

    def _fresh(self) -> Application:
        return Application.objects.select_related("candidate", "job", "plan").get(pk=self._application.pk)


def _is_free(hour: datetime, busy: list[tuple[datetime | None, datetime | None]]) -> bool:
    until = hour + timedelta(hours=1)
    return not any(begins and ends and begins < until and hour < ends for begins, ends in busy)
