"""The world that the firewall is walked in: everything of every stage, with canaries wherever words go."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from ats.automation import deeds, rules
from ats.automation.builders import make_rule
from ats.automation.models import Firing
from ats.desk import roles
from ats.desk.actions import add_note
from ats.desk.digest import actions as digests
from ats.desk.tests.conftest import signed_in, with_role
from ats.importing.models import Import
from ats.rejections import actions as rejections
from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging import firewall, wording
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import (
    Application,
    Ask,
    Decision,
    Document,
    Message,
    Revision,
    Scorecard,
    Stage,
)
from candidates.people.actors import Actor
from candidates.post import asks, links
from candidates.post.builders import open_link
from candidates.post.inbound.models import DeliveryReport
from candidates.post.inbound.tests.letters import letter, take
from candidates.post.reminding.models import Reminder
from candidates.post.to_dos import actions as to_dos
from candidates.screening.builders import ask_for, begin_screening
from candidates.sourcing.models import PoolMember
from candidates.staff.models import User
from interviews.builders import IVAN, make_interview
from interviews.exercises.grading.builders import GINA, grading_of, make_graded
from interviews.kits import wording as kit_wording
from interviews.kits.builders import make_exercise, make_kit
from interviews.models import Grading, KitAnswer, StepCoding, Submission
from references import actions as references
from references.actions import Named
from references.builders import LEO, NORA, ask_for_referees, make_facts, make_references, name_referees
from references.models import Flag, SelfView
from references.questionnaire import KEYS
from trials import actions as trials
from trials.afterwards.builders import make_development_plan, make_hired, pulse_of
from trials.afterwards.pulses import Said
from trials.approvals import requests as approvals
from trials.builders import make_manager, make_trial
from trials.check_ins import warnings
from trials.figures.builders import make_agent, make_figure
from trials.models import (
    Agent,
    Approval,
    CheckInCard,
    EarlyWarning,
    FigureImport,
    OwnView,
    Trial,
    Verdict,
    VerdictDraft,
)

WALKED = NOW + timedelta(days=22)  # the second check-in of the trial has begun
FIRST_DAY = date(2030, 1, 14)
PIA = Named("Pia Phoned", "pia@former.example", "lead", "Former Ltd")
DORA = Named("Dora Declines", "dora@former.example", "manager", "Former Ltd")
QUIN = Named("Quin Called", "quin@former.example", "colleague", "Former Ltd")
FALLING = 98765  # a figure that nobody else has
RULES = {"tell": "acted", "ask": "acted", "note": "acted", "move": "suggested", "mail": "failed"}  # and what came of it
BLIND, HIRED, NAME = "blind reader", "colleague by link", "Zebulon Quackenbush"


def canary(where):
    return f"canary-{where}-7f"


def looked(where):
    """What is said after a hire: no judgement that somebody owes hides it."""
    return f"looked-{where}-7f"


@dataclass
class World:
    """One application that everything was said about, and three that differ in their composites alone."""

    application: Application
    others: list[Application]
    unnamed: Application  # of another job: a recruiter of it reads the letter and grades the work without the name
    on_trial: Application  # of the same person: she still reads the letter, though it stands at the trial
    hired: Application  # lead and new colleague have looked back, and there is a development plan
    readers: dict[str, Client] = field(default_factory=dict)


def make_world():
    """Everything of every stage; the override lets all see it who owe nothing, and everybody here owes something."""
    rita, max_manager = with_role("Rita Recruiter", roles.RECRUITERS), with_role("Max Manager", roles.MANAGERS)
    ada = make_user("Ada Admin", is_superuser=True)
    plan = make_plan(("Empathy", "Patience", "Communication"), line="3.00", trial_days=28, check_in_days=7)
    job = make_job(plan=plan, recruiters=[rita], hiring_manager=max_manager)
    application = begin_screening(make_application(job=job), reader=rita, caller=max_manager)
    say(ask_for(application, Scorecard.Kind.LETTER).scorecard, "letter")
    say(ask_for(application, Scorecard.Kind.PHONE).scorecard, "phone")
    of_interviews(fresh(application))
    of_written_work(fresh(application))
    of_references(fresh(application))
    trial = of_trial(fresh(application), max_manager)
    reopen()
    owe(application, rita, user=rita)
    for by_address in (ada, trial.approvals.get(decision="refuse").approver):
        owe(application, by_address)
    of_colleagues(fresh(application), rita)
    of_rules(fresh(application))
    of_post(fresh(application))
    others = [make_ranked(job, rita, score) for score in (2, 5, 1, 4)]
    world = World(fresh(application), others, make_unnamed(), make_unnamed_on_trial(), make_looked_back(job))
    make_file(application)
    Import.objects.create(by=rita, by_name=str(rita), at=NOW, name="people.csv", job=job)
    of_figures(fresh(application), rita)
    warnings.raise_due(at=WALKED)
    User.objects.update(digest_hour=0)
    digests.send_due(at=WALKED)
    world.readers = readers(application, trial) | {HIRED: of_new_colleague(world.hired)}
    return world


def fresh(application):
    return Application.objects.select_related("candidate", "job", "plan").get(pk=application.pk)


def say(card, where, *, at=NOW, scores=(1, 5, 1)):
    """Lock `card` with canaries wherever words go."""
    keys = list(card.application.plan.weights.values_list("competency", flat=True))
    rated = zip(keys, scores, strict=True)
    given = [Score(competency=key, score=score, evidence=canary(where)) for key, score in rated]
    judging.lock(card, Answers(given, "strong_no", canary(where)), at=at, by=Actor.outsider(card.rater_name))
    return card


def owe(application, colleague, **fields):
    """A rating that `colleague` owes: asked by the account (`user`), or by the address alone."""
    asked = {"name": str(colleague), "email": colleague.email, "page": "screening:phone", "at": NOW}
    return make_card(application, Scorecard.Kind.PHONE, **asked | fields, due_at=WALKED + timedelta(days=2))


def of_interviews(application):
    """Ivan has rated, with notes, steps and a revision; Ida still owes."""
    interview = make_interview(application)
    card = Scorecard.objects.get(panelist__interview=interview, panelist__email=IVAN.email)
    say(card, "interview")
    words = kit_wording.of_kit(make_kit(), application.plan) | {"steps": [{"number": 1, "name": "Listened"}]}
    by_kit = make_card(application, words=words, name="Ina", email="ina@example.org")
    KitAnswer.objects.create(scorecard=by_kit, part=1, route="did", notes=canary("notes"))
    StepCoding.objects.create(scorecard=by_kit, step=1, answer="yes", quote=canary("step"))
    say(by_kit, "kit")
    told = {"reason": canary("revision"), "summary": canary("revision"), "recommendation": "strong_no"}
    Revision.objects.create(scorecard=card, at=NOW, by_name="Ivan", scores=[], **told)


def of_written_work(application):
    """Gina has graded, Greta still owes."""
    exercise = make_exercise()
    case = exercise.cases.get()
    words_of = kit_wording.of_exercise(exercise, case)
    who = {"role": Ask.Role.CANDIDATE, "name": application.candidate.name, "email": application.candidate.email}
    sent = asks.ask(application, page="interviews:exercise", template="screening/letter", title="Write",
                    due_at=WALKED + timedelta(days=2), at=NOW, **who)  # fmt: skip
    work = Submission.objects.create(
        application=application, ask=sent, exercise=exercise, case=case, wording=wording.keep(words_of), minutes=20,
        code_name="Blue Heron", begun_at=NOW, posted_at=NOW + timedelta(minutes=9), created_at=NOW,
    )  # fmt: skip
    asks.close(sent, at=NOW)
    for name, where in (("Gina", "grading"), ("Greta", "")):
        email = f"{name.lower()}@example.org"
        card = make_card(application, Scorecard.Kind.EXERCISE, page="interviews:grade", name=name, email=email,
                         words=words_of, due_at=WALKED + timedelta(days=2))  # fmt: skip
        Grading.objects.create(submission=work, scorecard=card, name=name, email=email, asked_at=NOW)
        if where:
            say(card, where)


def of_references(application):
    """Nora has answered and Pia on the phone, Dora declined, Carl talks with Quin; Leo still owes."""
    carl = Actor.person(make_user("Carl Colleague"))
    nora, _leo, pia, dora, quin = name_referees(ask_for_referees(application), NORA, LEO, PIA, DORA, QUIN)
    references.answer(nora, *said("reference"), at=NOW, by=Actor.outsider(NORA.name))
    for called in (pia, quin):
        references.begin_call(called, at=NOW, by=carl)
    references.record_call(fresh_of(pia), *said("phoned"), at=NOW, by=carl)
    references.keep_call(fresh_of(quin), *said("call"), at=NOW, by=carl)
    references.decline(dora, note=canary("decline"), at=NOW, by=Actor.outsider(DORA.name))
    references.want_deletion(nora, at=NOW, by=Actor.outsider(NORA.name))
    SelfView.objects.create(application=application, criterion=canary("self"), score=1, at=NOW)
    judged = {"is_harmless": False, "note": canary("flag"), "judged_at": NOW, "judged_by_name": "Carl"}
    Flag.objects.create(reference=nora, kind="same_browser", raised_at=NOW, **judged)
    Flag.objects.create(reference=pia, kind="other_domain", raised_at=NOW, data={"domain": canary("domain")})


def said(where):
    """What a referee says, with a canary in each word."""
    answers = Answers([Score(criterion=key, score=1, evidence=canary(where)) for key in KEYS], summary=canary(where))
    return make_facts(role=canary("role")), answers


def fresh_of(reference):
    return type(reference).objects.select_related("scorecard__ask", "scorecard__application").get(pk=reference.pk)


def of_trial(application, leader):
    """At the second check-in all three have said how it goes, at the first nobody.

    Lena, who led it before, extended it; what the leader types now is kept. It was handed on, refused, sent back.
    """
    trial = make_trial(application, leader=leader, starts_on=FIRST_DAY)
    related = ("scorecard__application__plan", "scorecard__ask")
    for one in CheckInCard.objects.filter(check_in__trial=trial, check_in__number=2).select_related(*related):
        if one.role == Ask.Role.CANDIDATE:
            OwnView.objects.create(card=one, support=1, drained=5, worn_out=5, stays=1, words=canary("ownview"))
        say(one.scorecard, "checkin", at=NOW + timedelta(days=21))
    grounds = [{"competency": 1, "name": "Empathy", "evidence": canary("ground")}]
    Verdict.objects.create(trial=trial, kind="extend", evidence=canary("verdict"), grounds=grounds,
                           by=make_user("Lena Leader"), at=WALKED)  # fmt: skip
    VerdictDraft.objects.create(ask=trial.verdict_ask, data={"evidence": canary("draft")}, saved_at=WALKED)
    pipeline.record(application, "trial.extended", at=NOW, by=Actor.person(leader), reason=canary("extended"))
    of_approvals(application, trial, leader)
    of_warnings(trial)
    return Trial.objects.get(pk=trial.pk)


def of_approvals(application, trial, leader):
    """Otto sent it back; then he handed it on to Mona, who refused."""
    rita, mona, otto = make_user("Rita Recruiter"), make_manager("Mona Manager"), make_manager("Otto Other")
    mona.groups.add(*with_role("Mona Manager", roles.MANAGERS).groups.all())
    before = None
    for number, (approver, decision) in enumerate([(otto, "send_back"), (otto, "delegated"), (mona, "refuse")]):
        asked = asks.ask(application, page="desk:approval", template="trials/approval", title="Approve",
                         role="manager", name=str(approver), email=approver.email, user=approver, at=NOW,
                         due_at=WALKED + timedelta(days=9), data={"step": 1, "of": 1})  # fmt: skip
        before = Approval.objects.create(
            trial=trial, requested_by=rita, led_by=leader, approver=approver, ask=asked, requested_at=NOW,
            decision=decision, decided_at=NOW, reason=canary(decision.replace("_", "")), round=min(number, 1) + 1,
            delegated_from=before if number == 2 else None,
        )  # fmt: skip
    approvals.tell_of_answer(before, application, at=NOW)


def of_warnings(trial):
    """What should be looked at early: of ratings, of figures, and what was done about what came late."""
    late, low = {"roles": ["buddy"], "check_ins": [1]}, [{"role": "buddy", "score": 1, "check_in": 2}]
    week = {"from": FIRST_DAY.isoformat(), "value": FALLING, "n": 10}
    figures = {"metric": "satisfaction", "tool": "zendesk", "target": FALLING, "weeks": [week]}
    seen = {"seen_at": NOW, "seen_by_name": "Carl", "note": canary("seento")}
    of_it = {"trial": trial, "occurrence": "walked", "raised_at": NOW}
    EarlyWarning.objects.create(**of_it, kind="ratings", data={"competency": canary("warning"), "said": low})
    EarlyWarning.objects.create(**of_it, kind="figures", data=figures)
    EarlyWarning.objects.create(**of_it, kind="late", data=late, **seen)


def of_figures(application, rita):
    """Figures of the candidate, and imports of the recruiter: of one the columns are to be named, one is done."""
    make_figure(make_agent(application, name="Cara"), FIRST_DAY, 42)
    make_agent(name="Nobody yet", part=Agent.Part.NEW)
    told = {"dates": "iso", "decimal": ".", "is_decimal_open": False, "recognised": "zendesk"}
    of_rita = {"by": rita, "by_name": str(rita), "at": NOW, "name": "f.csv", "tool": "zendesk", "mapping": told}
    for state in ("mapping", "done"):
        FigureImport.objects.create(**of_rita, state=state)


def of_colleagues(application, rita):
    """What colleagues wrote and did."""
    by = Actor.person(make_user("Carl Colleague"))
    add_note(application, text=canary("note"), at=NOW, by=by.user)
    Decision.objects.create(application=application, stage="interviews", choice="stop", reason=canary("decision"),
                            at=NOW, by_name="Carl", rule_says=True, is_override=True, score="4.44")  # fmt: skip
    rejections.plan(application, reason=canary("planned"), hours=48, at=WALKED - timedelta(hours=2), by=by)
    firewall.override(application, reason=canary("override"), at=WALKED - timedelta(hours=1), by=by)


def of_rules(application):
    """What a rule that looks at judgements made of it: it told Carl, asked him, wrote a note, suggests and failed.

    The plan itself calls its rules plainly: whoever may read plans reads their names.
    """
    carl = make_user("Carl Colleague")
    given = {"who": {"who": "colleague", "user": carl.pk}, "words": canary("ruletells"), "days": 1}
    for then, outcome in RULES.items():
        rule = make_rule(application.plan, name=canary(f"rule{then}"), then=then, settings=given)
        made = Firing.objects.create(rule=rule, rule_name=rule.name, application=application, occasion="walked",
                                     outcome=outcome, reason=canary("rulewhy"), at=NOW)  # fmt: skip
        by = rules.actor(rule, 0)
        pipeline.record(application, f"rule.{outcome}", at=NOW, by=by, reason=made.reason, rule_name=rule.name)
        if outcome == Firing.Outcome.ACTED:
            deeds.do(made, application, at=NOW, by=by)
        rule.name, rule.settings = f"A plain name for {then}", given | {"words": "Look at it."}
        rule.save()
    deeds.tell_failure(made, application, at=NOW)


def of_post(application):
    """Leo and Ivan wrote back, Carl said what came of something; what left came back, and was reminded of."""
    carl = make_user("Carl Colleague")
    rita = make_user("Rita Recruiter")
    for sender in (LEO.email, IVAN.email):
        mailed = application.messages.filter(to=sender).first()
        Message.objects.filter(pk=mailed.pk).update(message_id=f"<to-{sender}>")
        headers = {"in_reply_to": f"<to-{sender}>", "message_id": f"<from-{sender}>", "subject": canary("reply")}
        assert take(letter(canary("reply"), sender=sender, **headers), at=NOW).application == application
    given = {
        "colleague": carl,
        "kind": "reply",
        "words": "Ask Leo.",
        "due_at": NOW,
        "at": NOW,
        "by": Actor.person(rita),
    }
    to_dos.finish(to_dos.give(application, **given), at=NOW, by=Actor.person(carl), outcome=canary("outcome"))
    came_back = {"status": "sent", "sent_at": NOW, "returned_at": NOW, "returned": "no such mailbox"}
    application.messages.filter(to=LEO.email).update(**came_back)
    for number, mailed in enumerate(application.messages.filter(ask__isnull=False)):
        DeliveryReport.objects.create(key=f"walked:{number}", provider="dsn", kind="bounced", at=NOW, received_at=NOW,
                                      message=mailed, address=mailed.to)  # fmt: skip
        Reminder.objects.create(ask=mailed.ask, kind="reminder", due_at=NOW, at=NOW, message=mailed)


def make_ranked(job, rita, score):
    """One of a row of applications whose order by composite is no other order."""
    number = Application.objects.count()
    made = make_application(
        Stage.INTERVIEWS, job=job, candidate=make_candidate(f"Ranked {number}"), at=NOW + timedelta(hours=number)
    )
    make_locked_card(made, {"Empathy": score}, at=NOW + timedelta(hours=number), role=Ask.Role.INTERVIEWER)
    owe(made, rita, user=rita)
    return made


def make_unnamed():
    """Written by somebody whom Bea, who recruits, is to read and to grade without knowing them; with an interview."""
    bea = with_role("Bea Blind", roles.RECRUITERS)
    plan = make_plan(("Empathy",), hides_identity=True)
    job = make_job("Chat agent", plan=plan, recruiters=[bea])
    letter = f"Dear team, I am {NAME}. Yours, {NAME}"
    candidate = make_candidate(NAME, email="nobody@knows.example", phone="+31 20 555 0199")
    made = begin_screening(make_application(job=job, candidate=candidate, letter=letter), reader=bea)
    make_interview(fresh(made))
    ask_of_bea = {"user": bea, "email": bea.email}
    work = make_graded(fresh(made), texts={(1, 1): f"Dear Berta, I am sorry.\n\n{NAME}"})
    Ask.objects.filter(pk=grading_of(work, GINA).scorecard.ask_id).update(**ask_of_bea)
    letters = Ask.objects.filter(application=made, scorecard__kind=Scorecard.Kind.LETTER)
    letters.update(cancelled_at=None, **ask_of_bea)
    make_file(made)
    add_note(fresh(made), text=f"{NAME} called.", at=NOW, by=make_user("Carl Colleague"))
    PoolMember.objects.create(candidate=candidate, confirmed_at=NOW, consent_at=NOW, interests=NAME)
    return fresh(made)


def make_unnamed_on_trial():
    """The same reader, the same person: the letter is still to be read, though references and a trial have begun."""
    bea = make_user("Bea Blind")
    job = make_job("Phone agent", plan=make_plan(("Empathy",), hides_identity=True), recruiters=[bea])
    candidate = make_candidate(NAME, email="nobody2@knows.example", phone="+31 20 555 0199")
    made = begin_screening(make_application(job=job, candidate=candidate), reader=bea)
    letter = Ask.objects.get(application=made, scorecard__kind=Scorecard.Kind.LETTER)
    pipeline.move(made, Stage.INTERVIEWS, at=NOW, by=Actor.person(bea))
    nora, _leo = make_references(fresh(made))
    references.answer(nora, *said("unnamed"), at=NOW, by=Actor.outsider(NORA.name))
    Flag.objects.create(reference=nora, kind="same_browser", raised_at=NOW)
    trial = make_trial(fresh(made), leader=make_user("Lena Leader"), starts_on=date(2030, 1, 1))
    EarlyWarning.objects.create(trial=trial, kind="late", data={"roles": ["buddy"], "check_ins": [1]}, raised_at=NOW)
    make_agent(made, name="Somebody")
    Ask.objects.filter(pk=letter.pk).update(cancelled_at=None)
    return fresh(made)


def make_looked_back(job):
    """Somebody whom Max led, and whom he and they looked back on; of the development plan nothing is shared."""
    trial = make_hired(make_trial(make_application(Stage.REFERENCES, job=job), leader=make_user("Max Manager")))
    plan = make_development_plan(trial)
    plan.items.update(title=looked("item"), why=looked("item"), aim=looked("item"), how=looked("item"))
    for role in ("manager", "candidate"):
        back = pulse_of(trial, role)
        back.ask.application = trial.application
        trials.answer_pulse(back, Said("no", looked(role)), at=NOW, by=Actor.outsider(role))
    return fresh(trial.application)


def of_new_colleague(application):
    """By the links to their page and to what they answered."""
    client = Client()
    client.get(path_of(links.application_url(application)), follow=True)
    open_link(client, Ask.objects.get(application=application, pulse__role="candidate"))
    return client


def make_file(application):
    kept = Document(application=application, kind="resume", name="cv.pdf", content_type="application/pdf", at=NOW)
    kept.size, kept.sha256 = 1, ""
    kept.file.save("x", ContentFile(b"x"), save=True)


def reopen():
    """Whoever still owes something owes it although the application has moved on."""
    owed = Ask.objects.filter(cancelled_at__isnull=False, scorecard__isnull=False)
    owed.update(cancelled_at=None, due_at=WALKED + timedelta(days=2), expires_at=WALKED + timedelta(days=9))


def readers(application, trial):
    """Everybody who owes a rating of it, by what they are, and somebody who is nobody."""
    by_link = Ask.objects.open().filter(application=application, scorecard__isnull=False)
    check_ins = {
        one.role: one.scorecard.ask for one in CheckInCard.objects.filter(check_in__trial=trial, check_in__number=1)
    }
    links_of = {
        "interviewer by link": by_link.get(email="ida@example.org"),
        "grader by link": by_link.get(email="greta@example.org"),
        "referee by link": by_link.get(email=LEO.email),
        "buddy by link": check_ins["buddy"],
    }
    found = {name: with_link(asked) for name, asked in links_of.items()}
    found["candidate by link"] = with_link(check_ins["candidate"])
    found["candidate by link"].get(path_of(links.application_url(application)), follow=True)
    colleagues = {"recruiter": "Rita Recruiter", "leader": "Max Manager", "administrator": "Ada Admin"}
    found |= {role: signed_in(make_user(name)) for role, name in colleagues.items()}
    found |= {"approver": signed_in(make_user("Mona Manager")), "anonymous": Client()}
    return found | {BLIND: signed_in(make_user("Bea Blind"))}


def with_link(asked):
    client = Client()
    assert open_link(client, asked).status_code == 200
    return client


def path_of(url):
    return "/" + url.split("://", 1)[-1].partition("/")[2]


@contextmanager
def writes():
    """What the database is told to change meanwhile, and to keep; sessions are no content."""
    seen = []

    def note(execute, sql, params, many, context):
        if sql.startswith("ROLLBACK TO SAVEPOINT"):  # a preview
            seen.clear()
        if sql.split(maxsplit=1)[0] in ("INSERT", "UPDATE", "DELETE") and "django_session" not in sql:
            seen.append(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
