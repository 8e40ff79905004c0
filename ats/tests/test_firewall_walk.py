"""The evidence firewall, walked: whoever still owes a rating finds on no address, list, export or mail what others
thought, whatever they sort, search and filter by. And the walk finds a leak that is planted."""

import logging
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from ats.desk import evidence, roles, words
from ats.desk.actions import add_note
from ats.desk.admin.applications import ApplicationAdmin, ApplicationChangeList
from ats.desk.tests.conftest import signed_in, with_role
from ats.importing.models import Import
from ats.rejections import actions as rejections
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging import composite, firewall, wording
from candidates.judging.actions import Answers, Score
from candidates.judging.builders import make_card, make_locked_card
from candidates.models import (
    Application,
    Ask,
    Candidate,
    Decision,
    Document,
    Message,
    Rating,
    Revision,
    Scorecard,
    Stage,
)
from candidates.people.actors import Actor
from candidates.post import asks, links, mail
from candidates.post.builders import open_link
from candidates.screening.builders import ask_for, begin_screening
from candidates.sourcing.models import PoolMember
from interviews.builders import IVAN, make_interview
from interviews.exercises.grading.builders import GINA, grading_of, make_graded
from interviews.kits import wording as kit_wording
from interviews.kits.builders import make_exercise, make_kit
from interviews.models import Grading, Interview, Kit, KitAnswer, Panelist, StepCoding, Submission
from references import actions as references
from references.builders import LEO, NORA, make_facts, make_references
from references.questionnaire import KEYS
from trials.builders import make_manager, make_trial
from trials.models import Approval, CheckInCard, Trial, Verdict

pytestmark = pytest.mark.django_db
WALKED = NOW + timedelta(days=22)  # the second check-in of the trial has begun
CANARY = re.compile(r"canary-\w+-7f|Strong no</strong>|\bComposite \d")
BLIND, NAME = "blind reader", "Zebulon Quackenbush"
NAMED = re.compile(r"Zebulon|Quackenbush|nobody@knows|555 0199")
SEARCH = "canary"  # half a canary: an echo of it is no leak
TRIED = {"application": 12, "ask": 12, "message": 12}  # how many rows of a kind are opened in the admin
QUERIES = ("", f"?q={SEARCH}", "?q=Cara&stage=all&state=all", "?o=-2&stage=all&state=all", "?o=1")
SOUGHT = {f"admin:candidates_{name}_changelist" for name in ("application", "candidate", "ask", "message")}
LOOKUPS = ("scorecards__recommendation=strong_no", "scorecards__ratings__score__lt=2", "decisions__choice=stop")


def canary(where):
    return f"canary-{where}-7f"


@dataclass
class World:
    """One application that everything was said about, and three that differ in their composites alone."""

    application: Application
    others: list[Application]
    unnamed: Application  # of another job: a recruiter of it reads the letter and grades the work without the name
    readers: dict[str, Client] = field(default_factory=dict)


@dataclass(frozen=True)
class Leak:
    """What was found, where, and by whom."""

    reader: str
    address: str
    found: str


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
    for by_address in (ada, trial.approvals.get().approver):
        owe(application, by_address)
    of_colleagues(fresh(application), rita)
    others = [make_ranked(job, rita, score) for score in (2, 5, 1, 4)]
    world = World(fresh(application), others, make_unnamed())
    make_file(application)
    Import.objects.create(by=rita, by_name=str(rita), at=NOW, name="people.csv", job=job)
    world.readers = readers(application, trial)
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
    """Nora has answered, Leo still owes."""
    given, _waiting = make_references(application)
    answers = Answers([Score(criterion=key, score=1, evidence=canary("reference")) for key in KEYS])
    facts = make_facts(role=canary("role"))
    references.answer(given, facts, answers, at=NOW, by=Actor.outsider(NORA.name))


def of_trial(application, leader):
    """At the second check-in all three have said how it goes, at the first nobody; the verdict and a refusal are in."""
    trial = make_trial(application, leader=leader, starts_on=date(2030, 1, 14))
    for one in CheckInCard.objects.filter(check_in__number=2).select_related("scorecard__application__plan"):
        say(one.scorecard, "checkin", at=NOW + timedelta(days=21))
    Verdict.objects.create(trial=trial, kind="confirm", evidence=canary("verdict"), by=leader, at=WALKED)
    rita, mona = make_user("Rita Recruiter"), make_manager("Mona Manager")
    mona.groups.add(*with_role("Mona Manager", roles.MANAGERS).groups.all())
    asked = asks.ask(application, page="desk:approval", template="trials/approval", title="Approve", role="manager",
                     name="Mona", email=mona.email, user=mona, due_at=WALKED + timedelta(days=9), at=NOW)  # fmt: skip
    Approval.objects.create(trial=trial, requested_by=rita, led_by=leader, approver=mona, ask=asked, requested_at=NOW,
                            decision="refuse", decided_at=NOW, reason=canary("refusal"))  # fmt: skip
    return Trial.objects.get(pk=trial.pk)


def of_colleagues(application, rita):
    """What colleagues wrote and did."""
    by = Actor.person(make_user("Carl Colleague"))
    add_note(application, text=canary("note"), at=NOW, by=by.user)
    Decision.objects.create(application=application, stage="interviews", choice="stop", reason=canary("decision"),
                            at=NOW, by_name="Carl", rule_says=True, is_override=True, score="4.44")  # fmt: skip
    rejections.plan(application, reason=canary("planned"), hours=48, at=WALKED - timedelta(hours=2), by=by)
    firewall.override(application, reason=canary("override"), at=WALKED - timedelta(hours=1), by=by)


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
    check_ins = {one.role: one.scorecard.ask for one in CheckInCard.objects.filter(check_in__number=1)}
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


def routes(resolver=None, spaces=()):
    """Every named address of the resolver: its name, with its namespaces, and what it is asked with."""
    for one in (resolver or get_resolver()).url_patterns:
        if not isinstance(one, URLPattern):
            yield from routes(one, (*spaces, *([one.namespace] if one.namespace else [])))
        elif one.name:
            yield ":".join((*spaces, one.name)), one.pattern.converters


def arguments(name, converters, one):
    """With what an address is asked for; None when nobody has said it yet.

    A new address whose key is an application's, an ask's or a job's, or that takes something else, is added here.
    """
    job = one.job
    asked = Ask.objects.filter(application=one).values_list("pk", flat=True)
    if not converters and name not in KNOWN:
        return [()]
    if match := re.fullmatch(r"admin:([a-z]+)_([a-z]+)_(change|history|delete)", name):
        return keys_of(apps.get_model(match[1], match[2]))[: TRIED.get(match[2], 3) if match[3] == "change" else 1] or [
            (1,)
        ]
    if name in KNOWN:
        return KNOWN[name](one, job)
    space = name.partition(":")[0]
    if list(converters) == ["pk"] and space in ("interviews", "references", "trials", "screening"):
        return asks_of(asked.filter(page=ANSWERED_AT.get(name, name))) or [(asked.last(),)]
    if list(converters) == ["pk"] and space in ("portal", "admin"):
        return [(one.pk,)]
    return [("x",)] if list(converters) == ["token"] else None


ANSWERED_AT = {afterwards: page for page, afterwards in asks.AFTERWARDS.items()}


def asks_of(asked):
    """The first to be answered and the first that was, as each role: the others are the same page once more."""
    some = {
        (role, answered_at is None): pk
        for pk, role, answered_at in asked.order_by("-pk").values_list("pk", "role", "answered_at")
    }
    return [(pk,) for pk in sorted(some.values())]


def keys_of(model, **lookups):
    return [(pk,) for pk in model._default_manager.filter(**lookups).values_list("pk", flat=True)]


KNOWN: dict[str, Any] = {
    "admin:app_list": lambda _one, _job: [("candidates",), ("interviews",)],
    "admin:view_on_site": lambda one, _job: [(1, one.pk)],
    "admin:auth_user_password_change": lambda _one, _job: [(1,)],
    "admin:candidates_application_move": lambda one, _job: [(one.pk, stage) for stage in Stage],
    "admin:candidates_job_step": lambda _one, job: [(job.pk, step) for step in ("pause", "close", "revise")],
    "company:logo": lambda _one, _job: [("1",)],
    "company:style": lambda _one, _job: [("1",)],
    "careers:apply": lambda _one, job: [(job.slug,)],
    "careers:job": lambda _one, job: [(job.slug,)],
    "careers:thanks": lambda _one, job: [(job.slug,)],
    "desk:agreement_csv": lambda _one, _job: [(name,) for name in ("competencies", "exercises", "steps", "raters")],
    "desk:approval": lambda one, _job: [*keys_of(Ask, application=one, page="desk:approval"), *keys_of(Ask)[:1]],
    "desk:duplicates_compare": lambda one, _job: [(one.candidate_id, other) for (other,) in keys_of(Candidate)[:3]],
    "dev:mail": lambda _one, _job: [("1.eml",)],
    "people:document": lambda one, _job: keys_of(Document, application=one),
    "portal:data": lambda one, _job: [(one.pk, "copy"), (one.pk, "erase")],
    "portal:document": lambda one, _job: [(one.pk, pk) for (pk,) in keys_of(Document, application=one)],
}
BY_PK = {  # addresses that take one key: of what
    "desk:interview_": [Interview],
    "desk:interview_re": [Panelist],
    "desk:interview_arrange": [Application],
    "desk:exercise_": [Submission],
    "desk:exercise_send": [Application],
    "desk:kit": [Kit],
    "desk": [Application, Ask, Grading, Interview, Kit, Panelist, Submission],
    "importing": [Import],
    "sourcing": [PoolMember],
}


def addresses(application):
    """Every address that there is, with the sorts, searches and filters of the lists; and those nobody knows.

    Where an address takes a key, it is of `application` or of what belongs to it.
    """
    known, unknown = [], []
    for name, converters in dict(routes()).items():
        given = arguments(name, converters, application)
        if given is None and list(converters) == ["pk"]:
            given = by_key(name, application)
        if given is None:
            unknown.append(name)
            continue
        for one in given:
            address = reverse(name, args=one)
            known += [address + query for query in (QUERIES if name in SOUGHT else ("",))]
    changelist = reverse("admin:candidates_application_changelist")
    known += [f"{changelist}?{query}" for query in LOOKUPS]
    known += [f"{changelist}?o={sign}{column}&stage=all" for column in range(1, 6) for sign in ("", "-")]
    known += [reverse("desk:passages") + f"?q={SEARCH}"]
    known += [page_of(application) + f"?show={kind}" for kind in ("events", "mails", "notes")]
    return known, unknown


def by_key(name, application):
    """Of whatever could be meant: of all models that such an address may be about; the application's own."""
    spaces = [space for space in BY_PK if name.startswith(space)]
    if not spaces:
        return None
    keys = {key for model in BY_PK[max(spaces, key=len)] for key in own_keys(model, application)[:2]}
    return sorted(keys) or [(1,)]


OWN = {Ask: "application", Grading: "submission__application", Interview: "application",
       Panelist: "interview__application", Submission: "application"}  # fmt: skip


def own_keys(model, application):
    """Of what belongs to `application`; of a model that belongs to none, of any."""
    if model is Application:
        return [(application.pk,)]
    return keys_of(model, **({OWN[model]: application} if model in OWN else {}))


def page_of(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def text_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return unescape(content.decode(errors="replace"))


ALIKE = ("leader", "approver")  # they see what the recruiter sees, or less: not every sort and search is tried again


def is_tried_by_another(address):
    return "?" in address or (address.startswith("/admin/") and "/application/" not in address)


def walk(world, known, *, only=None, canary=CANARY):
    """Every reader at every address; for those who are not signed in the desk is one closed door, tried by one."""
    leaks, seen = [], 0
    logging.disable(logging.ERROR)
    for reader, client in world.readers.items():
        if reader not in only if only else reader == BLIND:
            continue
        is_colleague = "_auth_user_id" in client.session
        for address in known:
            if not is_colleague and reader != "anonymous" and address.startswith(("/admin/", "/desk/")):
                continue
            if address == reverse("admin:logout") or (reader in ALIKE and is_tried_by_another(address)):
                continue
            seen += 1
            answer = client.get(address)
            leaks += [Leak(reader, address, found) for found in set(canary.findall(text_of(answer)))]
            leaks += by_composite(world, reader, address, answer)
    logging.disable(logging.NOTSET)
    return leaks, seen


def by_composite(world, reader, address, answer):
    """Whether a list stands in the order of what was thought."""
    if not address.startswith(reverse("admin:candidates_application_changelist")) or answer.status_code != 200:
        return []
    ranked = [one.pk for one in world.others]
    shown = [int(pk) for pk in re.findall(r'application/(\d+)/change/" data-open', text_of(answer))]
    order = [pk for pk in shown if pk in ranked]
    is_innocent = order in (ranked, ranked[::-1]) or len(order) < len(ranked)
    return [] if is_innocent else [Leak(reader, address, f"order {order}")]


def mails(world):
    """Every mail that there is, as it leaves; whoever gets one owes a rating or is the candidate."""
    found = []
    for message in Message.objects.select_related("application__candidate", "application__job", "ask"):
        told = mail.render(message)
        whole = " ".join((told.subject, told.text, told.html, message.calendar))
        found += [Leak(message.to, f"mail {message.template}", hit) for hit in CANARY.findall(unescape(whole))]
    return found


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_args, **_rendered: None)  # no copies
    with time_machine.travel(WALKED, tick=False):
        made = make_world()
        yield made


def test_nobody_who_owes_a_rating_finds_what_others_thought(world):
    assert firewall.is_open(world.application, at=WALKED)  # by the override, for all who owe nothing
    assert composite.compute(world.application).score is not None
    known, unknown = addresses(world.application)
    assert unknown == [], "say in `arguments` with what these are asked for"
    assert mails(world) == []
    leaks, seen = walk(world, known)
    assert leaks == []
    assert seen > 800


def test_a_colleague_who_reads_blind_finds_on_no_page_who_wrote(world):
    known, _unknown = addresses(world.unnamed)
    known += [reverse(name) + f"?q={NAME[:4]}&stage=all&state=all" for name in SOUGHT]
    assert walk(world, known, only=[BLIND], canary=NAMED)[0] == []
    Ask.objects.filter(user__username=make_user("Bea Blind").username).update(answered_at=WALKED)
    assert walk(world, [page_of(world.unnamed)], only=[BLIND], canary=NAMED)[0] != []


def test_a_colleague_who_owes_nothing_finds_all_of_it(world):
    """The canaries live: otherwise the walk could find nothing because there is nothing."""
    rita = make_user("Rita Recruiter")
    Ask.objects.filter(user=rita, answered_at=None).update(answered_at=WALKED)
    client = signed_in(rita)
    text = text_of(client.get(page_of(world.application)))
    text += text_of(client.get(reverse("desk:debrief", args=[world.application.pk])))
    kinds = "letter phone interview notes step revision grading reference role checkin verdict refusal decision"
    found = set(CANARY.findall(text))
    assert {canary(kind) for kind in [*kinds.split(), "note", "override", "planned"]} - found == set()


def plant_in_evidence(patch):
    """The page of an application forgets who reads."""
    plain = evidence.gather
    patch.setattr(evidence, "gather", lambda application, *, at, **_who: plain(application, at=at, reader=None))


def plant_in_a_row(patch):
    """A row of the list tells what somebody wrote."""
    patch.setattr(words, "days_in_stage", lambda _days: Rating.objects.filter(score=1).first().evidence)


def plant_in_the_order(patch):
    """The list may be sorted by what was thought."""
    best = "-scorecards__ratings__score"
    plain = ApplicationAdmin.get_queryset
    patch.setattr(ApplicationAdmin, "get_queryset", lambda self, request: plain(self, request).order_by(best))
    patch.setattr(ApplicationChangeList, "get_ordering", lambda _self, _request, _queryset: [best, "-pk"])


def plant_in_a_mail(patch):
    """A mail carries words of a scorecard, and so do the timeline and the list of mails."""
    del patch
    Message.objects.update(text=canary("mailed"))


def test_the_walk_finds_what_is_planted(world, monkeypatch):
    changelist = reverse("admin:candidates_application_changelist")
    known = [changelist, page_of(world.application), reverse("admin:candidates_message_changelist")]
    for plant in (plant_in_evidence, plant_in_a_row, plant_in_the_order, plant_in_a_mail):
        assert walk(world, known, only=["recruiter"])[0] == []
        with monkeypatch.context() as patch:
            plant(patch)
            assert walk(world, known, only=["recruiter"])[0] != []
