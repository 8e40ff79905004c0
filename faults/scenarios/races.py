"""Two people, or a person and a rule, who want different things at the same moment."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from ats.automation.builders import make_rule
from ats.automation.models import Firing
from ats.desk import roles
from candidates import pipeline
from candidates.builders import make_application, make_plan
from candidates.people.actors import Actor
from candidates.people.models import Application, Event
from candidates.post.builders import link_to
from candidates.post.models import Ask, Message
from candidates.staff.models import User
from candidates.stages import Stage
from faults import people
from faults.scenarios.broker import RESUME
from faults.stand.stand import Stand
from faults.stand.visitor import Page, Visitor
from faults.verdict import expect, until
from interviews import actions as interviews
from interviews.actions import Invited
from interviews.availability.builders import make_interviewer
from interviews.models import Interview
from trials import actions as trials
from trials.builders import decide, last_day, make_trial
from trials.models import Approval

DONE, QUICKER = 302, 409
LONG_AGO = timedelta(days=200)


def at_once(*calls: Callable[[], Page]) -> list[Page]:
    """Let all of them ask at the same moment; gives what each got."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def press(visitor: Visitor, application: Application, to: Stage, **typed: Any) -> Callable[[], Page]:
    """Open the page of a move now; gives what confirms it."""
    address = f"/admin/candidates/application/{application.pk}/move/{to}/"
    page = visitor.get(address)
    expect(page.status == 200, f"the page of the move answers {page.status}")
    told = {"seen": page.hidden().get("seen", ""), "action": "confirm", **typed}
    return lambda: visitor.post(address, told, follow=False)


def moves_of(application: Application) -> list[str]:
    """The moves after its arrival, in their order."""
    events = Event.objects.filter(application=application, name__startswith="stage.").order_by("pk")
    return [name.removeprefix("stage.") for name in events.values_list("name", flat=True)][1:]


def two_recruiters(stand: Stand) -> str:
    """F22: two recruiters move one application at once, one to rejected, one to withdrawn; twenty times."""
    first, second = people.colleague("Rita Recruiter"), people.colleague("Rob Recruiter")
    job = people.job(recruiters=[first, second])
    browsers = [stand.visitor().sign_in(user) for user in (first, second)]
    won: Counter[str] = Counter()
    for application in people.applications(20, of=job):
        no = press(browsers[0], application, Stage.REJECTED, reason="skills", when="now")
        away = press(browsers[1], application, Stage.WITHDRAWN, reason="")
        statuses = [page.status for page in at_once(no, away)]
        expect(sorted(statuses) == [DONE, QUICKER], f"the two recruiters got {statuses}")
        winner = ["rejected", "withdrawn"][statuses.index(DONE)]
        expect(moves_of(application) == [winner], f"it moved {moves_of(application)}, and {winner} was told")
        won[winner] += 1
    until(lambda: stand.count_mails() == 20, 30, lambda: f"{stand.count_mails()} mails for 20 moves")
    return f"20 of 20 moved once and told once; the other learned of it ({dict(won)})"


def recruiter_against_rule(stand: Stand) -> str:
    """F23: a recruiter rejects at the moment in which a rule asks for referees; twenty times, a little later each."""
    recruiter, plan = people.colleague(), make_plan((people.unique("Empathy"),))
    make_rule(plan, conditions=[], since=now() - timedelta(days=1))
    job = people.job(recruiters=[recruiter], plan=plan)
    browser, won = stand.visitor().sign_in(recruiter), Counter[str]()
    for number, person in enumerate(people.persons(20)):
        application = make_application(Stage.INTERVIEWS, at=now(), job=job, candidate=person)
        no = press(browser, application, Stage.REJECTED, reason="skills", when="now")
        pipeline.record(application, "interviews.complete", at=now(), by=Actor.outsider("Ida Interviewer"))
        time.sleep(number * 0.01)
        page = no()
        expect(page.status in (DONE, QUICKER), f"the recruiter got {page.status}")
        until(lambda: Firing.objects.filter(application=application).exists(), 30, "the rule met nothing")  # noqa: B023
        moves, is_told = moves_of(application)[2:], page.status == DONE
        expect(moves == (["rejected"] if is_told else ["references"]), f"told {page.status}, and it moved {moves}")
        outcome = Firing.objects.get(application=application).outcome
        expect(outcome == ("overtaken" if is_told else "acted"), f"moved {moves}, and the rule says it {outcome}")
        won["the recruiter" if is_told else "the rule"] += 1
    return f"20 of 20 moved once and told truly ({dict(won)})"


def reject_against_hire(stand: Stand) -> str:
    """F24: a manager's last yes and a recruiter's no at the same moment; six times."""
    won: Counter[str] = Counter()
    for _number in range(6):
        asked, recruiter, manager = _asked_for_approval()
        application = asked.trial.application
        no = press(stand.visitor().sign_in(recruiter), application, Stage.REJECTED, reason="trial", when="now")
        yes = _approves(stand.visitor().sign_in(manager), asked)
        statuses = [page.status for page in at_once(no, yes)]
        expect(all(status < 500 for status in statuses), f"they got {statuses}")
        moves = moves_of(application)
        expect(moves[-1] in ("rejected", "hired") and len(set(moves) & {"rejected", "hired"}) == 1, f"moves: {moves}")
        told = Message.objects.filter(application=application, template__in=_ENDS).values_list("template", flat=True)
        expect(list(told) == [f"candidates/{moves[-1]}"], f"{moves[-1]}, and the mails say {list(told)}")
        won[moves[-1]] += 1
    return f"6 of 6 ended once and were told so once ({dict(won)})"


_ENDS = ["candidates/rejected", "candidates/hired"]


def _asked_for_approval() -> tuple[Approval, User, User]:
    """A trial whose leader confirmed it, and what a manager was asked; who asked, and who was asked."""
    at, recruiter, manager = now() - LONG_AGO, people.colleague(), people.colleague("Mona Manager", roles.MANAGERS)
    leader = people.colleague("Max Manager", roles.MANAGERS)
    job = people.job(recruiters=[recruiter], hiring_manager=leader, opened_at=at)
    [person] = people.persons(1)
    application = make_application(Stage.REFERENCES, at=at, job=job, candidate=person)
    day = (at + timedelta(days=7)).date()
    trial = make_trial(
        application, at=at, starts_on=day, leader=leader, buddy_email=f"{people.unique('bob')}@example.org"
    )
    decide(trial)
    by = Actor.person(recruiter)
    asked = trials.request_approval(trial.application, approver=manager, at=last_day(trial), by=by)
    return Approval.objects.select_related("trial__application", "ask").get(pk=asked.pk), recruiter, manager


def _approves(visitor: Visitor, asked: Approval) -> Callable[[], Page]:
    return _answers(visitor, asked, action="confirm")


def _refuses(visitor: Visitor, asked: Approval) -> Callable[[], Page]:
    return _answers(visitor, asked, action="refuse", reason="Not yet.")


def _answers(visitor: Visitor, asked: Approval, **typed: str) -> Callable[[], Page]:
    address = f"/desk/approval/{asked.ask_id}/"
    visitor.get("/admin/")  # brings the token against forgery, so that who is refused is refused for who they are
    visitor.get(address)
    return lambda: visitor.post(address, typed, follow=False)


def posted_fifty_times(stand: Stand) -> str:
    """F25: one form of one person arrives fifty times, from as many connections as the browser and its proxies make."""
    job, email = people.job(), f"{people.unique('ada')}@example.org"
    address = f"/jobs/{job.slug}/apply/"
    visitor = stand.visitor()
    form = visitor.get(address).hidden()
    told = form | {"name": "Ada Applicant", "email": email, "letter": "I love to help.", "consent": "on"}
    time.sleep(1.1)
    pages = at_once(*[lambda: visitor.post(address, told, files={"resume": RESUME})] * 50)
    statuses = Counter(page.status for page in pages)
    expect(statuses == {200: 50}, f"they got {dict(statuses)}")
    expect(all("/thanks/" in page.path for page in pages), "somebody was not thanked")
    expect(job.applications.count() == 1, f"{job.applications.count()} applications")
    until(lambda: stand.count_mails() >= 1, 30, "no mail came")
    expect(len(stand.mails(email)) == 1, f"{len(stand.mails(email))} mails")
    return "one application with one file, one mail, thanked fifty times"


def one_slot_two_candidates(stand: Stand) -> str:
    """F26: two candidates choose the same hour of the same interviewers at once; five times."""
    panel = [Invited(name, f"{people.unique(name.lower())}@example.org") for name in ("Ida", "Ivan")]
    for who in panel:
        make_interviewer(who, days="0123456")
    asked = _to_choose(panel, 10)
    for pair in zip(asked[::2], asked[1::2], strict=True):
        visitors = [stand.visitor() for _ in pair]
        pages = [visitor.get(link_to(one)) for visitor, one in zip(visitors, pair, strict=True)]
        free = [set(re.findall(r'value="(\d{4}-\d\d-\d\dT[^"]+)"', page.text)) for page in pages]
        slot = min(free[0] & free[1])
        at_once(*[_chooses(visitor, page, slot) for visitor, page in zip(visitors, pages, strict=True)])
        agreed = Interview.objects.filter(ask__in=pair, starts_at=datetime.fromisoformat(slot)).count()
        expect(agreed == 1, f"{agreed} of two got the hour")
    return "5 of 5 hours went to one of the two; the other was shown the hours that are left"


def _chooses(visitor: Visitor, page: Page, slot: str) -> Callable[[], Page]:
    def choose() -> Page:
        answer = visitor.post(page.path, {"action": "choose", "starts_at": slot})
        expect(answer.status == 200, f"who chose got {answer.status}")
        return answer

    return choose


def _to_choose(panel: Sequence[Invited], number: int) -> list[Ask]:
    """What candidates are asked: to choose a time with these two."""
    at = now()
    job = people.job()
    by = Actor.person(job.recruiters.get())
    made = []
    for person in people.persons(number):
        application = make_application(Stage.SCREENING, at=at, job=job, candidate=person)
        made.append(interviews.invite(application, interviewers=list(panel), minutes=45, place="Room 1", at=at, by=by))
    return [Ask.objects.get(interview=interview) for interview in made]


def two_approvers(stand: Stand) -> str:
    """F27: a manager says yes in three tabs and no in another at once, while who asked and who led the trial try to
    say yes themselves."""
    for _number in range(4):
        asked, recruiter, manager = _asked_for_approval()
        leader = User.objects.get(pk=asked.trial.leader_id)
        for user in (recruiter, leader):
            user.groups.set(manager.groups.all())
        tabs = [_approves(stand.visitor().sign_in(manager), asked) for _ in range(3)]
        no = _refuses(stand.visitor().sign_in(manager), asked)
        others = [_approves(stand.visitor().sign_in(user), asked) for user in (recruiter, leader)]
        pages = at_once(*tabs, no, *others)
        expect([page.status for page in pages[4:]] == [404, 404], f"they got {[page.status for page in pages[4:]]}")
        expect(all(page.status < 500 for page in pages), f"they got {[page.status for page in pages]}")
        asked.refresh_from_db()
        moves, is_hired = moves_of(asked.trial.application), "hired" in moves_of(asked.trial.application)
        expect(moves.count("hired") == (asked.decision == "approve"), f"{asked.decision}, and the moves are {moves}")
        mails = Message.objects.filter(application=asked.trial.application, template="candidates/hired").count()
        expect(mails == is_hired, f"{mails} mails of a hire, hired: {is_hired}")
    return "4 of 4 decided once by the manager who was asked; who asked and who led were shown nothing"
