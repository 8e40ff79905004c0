"""What people do to applications, each by the verb that their page or button calls."""

from contextlib import suppress
from datetime import timedelta
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile

from ats import pipeline as process
from ats.automation import keeping
from ats.automation.models import Rule
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.careers import actions as careers
from candidates.judging.builders import make_answers
from candidates.models import Ask, PlanCompetency, Scorecard, Stage, ToDo
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post.to_dos import actions as to_dos
from candidates.screening import actions as screening
from candidates.stages import CLOSED
from interviews.actions import Invited
from interviews.cards import actions as cards
from interviews.cards.actions import CardAnswers
from references import actions as references
from references.actions import Named
from references.builders import make_answers as make_reference
from references.builders import make_facts
from references.models import Reference
from trials import actions as trials
from trials.builders import decide, make_manager
from trials.check_ins import actions as check_ins
from trials.check_ins.actions import Own, OwnAnswers
from trials.models import Approval, Trial, Verdict

PEOPLE = ("Ada", "Ben", "Cy")
_numbers = count(1)


class World:
    """One company with one job; every verb takes the clock."""

    def __init__(self):
        plan = make_plan(referees=1, undo_minutes=10, rejection_hours=24, line="3.00")
        PlanCompetency.objects.filter(plan=plan).update(must_have=True)
        self.rita, self.ron = make_user("Rita Recruiter"), make_user("Ron Recruiter")
        self.leader, self.manager = make_manager("Max Manager"), make_manager("Mona Manager")
        self._let_rules_act(plan)
        self.job = make_job(plan=plan, recruiters=[self.rita, self.ron], hiring_manager=self.leader)

    def _let_rules_act(self, plan):
        """All ready rules but those that contradict one before them."""
        told = {"at": NOW - timedelta(days=7), "by": self.rita}
        keeping.add_ready(plan, **told)
        for rule in Rule.objects.filter(plan=plan):
            with suppress(NotAllowed):
                keeping.switch(rule, Rule.Mode.ACT, **told)

    def apply(self, name, at):
        """From the career page; the same person again is the same application."""
        resume = SimpleUploadedFile("cv.txt", b"Two years on the phone.", content_type="text/plain")
        told = {"phone": "", "letter": "I like to help.", "source": "", "consent_version": "1"}
        return careers.apply(self.job, name=name, email=f"{name}@example.org".lower(), resume=resume, at=at, **told)

    def begin_at(self, stage, at):
        """Somebody who came to `stage` before."""
        return make_application(stage=stage, job=self.job, at=at)

    def arguments(self, to, at):
        """What the form of the button would give."""
        number = next(_numbers)
        starts_at = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=3, hours=number % 200)
        panel = [Invited("Ida", "ida@example.org"), Invited("Ivo", "ivo@example.org")]
        team = {"leader": self.leader, "buddy_name": "Bob", "buddy_email": "bob@example.org"}
        return {
            Stage.SCREENING: {"reader": self.rita, "caller": self.ron},
            Stage.INTERVIEWS: {"interviewers": panel, "starts_at": starts_at, "minutes": 45, "place": "Room 4"},
            Stage.TRIAL: {"starts_on": at.date(), "references_reason": "They are known here.", **team},
            Stage.HIRED: {"approver": self.manager},
            Stage.REJECTED: {"reason": "skills", "hours": 24 if number % 2 else 0},
            Stage.WITHDRAWN: {"reason": "Another job."},
        }.get(to, {})

    def take(self, seen, to, at):
        """Press the button of the stage `to` on a page that showed the application as `seen`."""
        if to == Stage.APPLIED and seen.stage in (Stage.APPLIED, *CLOSED):
            raise NotAllowed("no page has such a button")
        back = process.step(seen, to) is process.BACK
        told = {"reason": "Too early."} if back else self.arguments(to, at)
        process.take(seen, to, at=at, by=Actor.person(self.rita), arguments=told)

    def answer(self, asked, score, at):
        """What the page of this ask does, filled in with `score`; whether there is such a page here."""
        answering = ANSWERS.get(asked.page)
        if answering is None:
            return False
        answering(asked, score, at)
        return True


def _by(asked):
    if asked.user:
        return Actor.person(asked.user)
    return Actor.candidate(asked.name) if asked.role == Ask.Role.CANDIDATE else Actor.outsider(asked.name)


def _card(asked):
    return Scorecard.objects.select_related("ask__user", "application__plan", "wording").get(ask=asked)


def _screen(asked, score, at):
    card = _card(asked)
    screening.submit(card, make_answers(card, score), at=at, by=_by(asked))


def _judge(asked, score, at):
    card = _card(asked)
    given = make_answers(card, score)
    cards.submit(card, CardAnswers(given.scores, given.recommendation, given.summary), at=at, by=_by(asked))


def _name(asked, score, at):
    people = [Named(f"Ruth {next(_numbers)}", f"ruth{next(_numbers)}@former.example", "manager", "Former Ltd")]
    references.name_referees(asked, people, at=at, by=_by(asked))


def _refer(asked, score, at):
    reference = Reference.objects.select_related("referee", "scorecard__application").get(scorecard__ask=asked)
    if score == 1:
        references.decline(reference, at=at, by=_by(asked))
    else:
        references.answer(reference, make_facts(), make_reference(score), at=at, by=_by(asked))


def _check_in(asked, score, at):
    card = _card(asked)
    given = make_answers(card, score)
    if asked.role == Ask.Role.CANDIDATE:
        own = Own(support=4, drained=2, worn_out=2, stays=4)
        check_ins.lock_own(card, OwnAnswers(given.scores, own=own), at=at, by=_by(asked))
    else:
        check_ins.lock(card, given, at=at, by=_by(asked))


def _verdict(asked, score, at):
    trial = Trial.objects.select_related("application__plan", "leader").get(application=asked.application_id)
    decide(trial, Verdict.Kind.END if score == 1 else Verdict.Kind.CONFIRM, at=at)


def _approve(asked, score, at):
    approval = Approval.objects.select_related("trial__application", "approver").get(ask=asked)
    by = Actor.person(approval.approver)
    if score == 1:
        trials.refuse(approval, "Not yet.", at=at, by=by)
    else:
        process.approve(approval, at=at, by=by)


def _see_to(asked, score, at):
    to_dos.finish(ToDo.objects.select_related("ask__application").get(ask=asked), at=at, by=_by(asked))


ANSWERS = {
    "screening:letter": _screen,
    "screening:phone": _screen,
    "interviews:scorecard": _judge,
    "references:name_referees": _name,
    "references:answer": _refer,
    "trials:check_in": _check_in,
    "trials:verdict": _verdict,
    "desk:approval": _approve,
    "post:to_do": _see_to,
}
