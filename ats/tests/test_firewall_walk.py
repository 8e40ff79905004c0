"""The evidence firewall, walked: whoever still owes a rating finds on no address, list, export or mail what others
thought, whatever they sort, search and filter by. And the walk finds a leak that is planted."""

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.urls import URLPattern, get_resolver, reverse

from ats.automation import actions as rules
from ats.automation.builders import make_judged, make_rule
from ats.automation.models import Firing, Rule
from ats.desk import evidence, words
from ats.desk.admin.applications import ApplicationAdmin, ApplicationChangeList
from ats.desk.tests.conftest import signed_in
from ats.desk.views.trials import WAYS
from ats.importing.models import Import
from ats.tests.firewall_world import BLIND, HIRED, NAME, WALKED, canary, looked, make_world, writes
from candidates.builders import NOW, make_user
from candidates.jobs.models import HiringPlan
from candidates.judging import composite, firewall
from candidates.models import (
    Application,
    Ask,
    Candidate,
    Document,
    Event,
    Message,
    Rating,
    Stage,
)
from candidates.post import asks, rendering
from candidates.post.inbound.models import Reply
from candidates.sourcing.models import PoolMember
from interviews.models import Grading, Interview, Kit, Panelist, Submission
from references.models import Flag, Reference
from trials.models import Agent, EarlyWarning, FigureImport, Trial

pytestmark = pytest.mark.django_db
CANARY = re.compile(r'canary-\w+-7f|Strong no</strong>|\bComposite \d|98765|class="trial-weeks|class="own-views')
OWN_WORDS = {("leader", canary("draft"))}  # what somebody typed themselves is shown to them
NAMED = re.compile(r"Zebulon|Quackenbush|nobody@knows|555 0199")
SEARCH = "canary"  # half a canary: an echo of it is no leak
TRIED = {"application": 6, "ask": 6, "message": 6, "candidate": 3, "datarequest": 3, "poolmember": 3}
TRIED |= {"firing": 2, "reminder": 3, "deliveryreport": 2}
# how many rows of a kind are opened in the admin; of what is about no application one: the next is the same form
QUERIES = ("", f"?q={SEARCH}", "?q=Cara&stage=all&state=all", "?o=-2&stage=all&state=all", "?o=1")
SOUGHT = {f"admin:candidates_{name}_changelist" for name in ("application", "candidate", "ask", "message")}
TOLD = """letter phone interview notes step revision grading note override planned decision
    reference role phoned decline flag domain self
    checkin ownview warning seento extended verdict ground sendback delegated refuse
    reply outcome ruletells rulewhy ruletell"""
LOOKUPS = ("scorecards__recommendation=strong_no", "scorecards__ratings__score__lt=2", "decisions__choice=stop")


@dataclass(frozen=True)
class Leak:
    """What was found, where, and by whom."""

    reader: str
    address: str
    found: str


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
        return keys_of(apps.get_model(match[1], match[2]))[: TRIED.get(match[2], 1) if match[3] == "change" else 1] or [
            (1,)
        ]
    if name in KNOWN:
        return KNOWN[name](one, job)
    space = name.partition(":")[0]
    if list(converters) == ["pk"] and space in ("interviews", "references", "trials", "screening", "post"):
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


def mails_of(application):
    """One of each kind of mail to colleagues, and of what was asked one: the others are the same page once more."""
    of_it = Message.objects.filter(application=application).order_by("template", "pk").distinct("template")
    to_colleagues = of_it.filter(template__in=("ats/rule_tells", "ats/rule_failed", "candidates/to_do"))
    return [(pk,) for pk in to_colleagues.values_list("pk", flat=True)] + keys_of(Message, application=application)[:2]


KNOWN: dict[str, Any] = {
    "admin:app_list": lambda _one, _job: [("candidates",), ("interviews",)],
    "admin:view_on_site": lambda one, _job: [(1, one.pk)],
    "admin:auth_user_password_change": lambda _one, _job: [(1,)],
    "admin:candidates_application_move": lambda one, _job: [(one.pk, stage) for stage in Stage],
    "admin:candidates_job_step": lambda _one, job: [(job.pk, step) for step in ("pause", "close", "revise")],
    "admin:candidates_message_change": lambda one, _job: mails_of(one),
    "company:logo": lambda _one, _job: [("1",)],
    "company:style": lambda _one, _job: [("1",)],
    "careers:apply": lambda _one, job: [(job.slug,)],
    "careers:job": lambda _one, job: [(job.slug,)],
    "careers:thanks": lambda _one, job: [(job.slug,)],
    "desk:agreement_csv": lambda _one, _job: [(name,) for name in ("competencies", "exercises", "steps", "raters")],
    "desk:approval": lambda one, _job: [*keys_of(Ask, application=one, page="desk:approval"), *keys_of(Ask)[:1]],
    "desk:duplicates_compare": lambda one, _job: [(one.candidate_id, other) for (other,) in keys_of(Candidate)[:3]],
    "desk:deliverability_arrived": lambda one, _job: [(one.pk,)],
    "desk:engine_settle": lambda one, _job: [("mail", one.messages.values_list("pk", flat=True)[0]), ("document", 1)],
    "desk:mail": lambda one, _job: keys_of(Message, application=one)[:1],
    "desk:mail_html": lambda one, _job: mails_of(one),
    "desk:returned_mail": lambda one, _job: mails_of(one),
    "desk:rule_keep_away": lambda one, _job: [(one.pk, pk) for (pk,) in keys_of(Rule, plan=one.plan_id)[:1] or [(1,)]],
    "desk:reference_phone": lambda one, _job: keys_of(Reference, referee__application=one),
    "desk:trial_act": lambda one, _job: [(pk, act) for (pk,) in keys_of(Trial, application=one) for act in WAYS],
    "inbound:ring": lambda _one, _job: [("postmark", "tracking"), ("postmark", "inbound"), ("nobody", "inbound")],
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
    "desk:agent": [Agent],
    "desk:development": [Application],
    "desk:figures_": [FigureImport],
    "desk:letter_send": [Application],
    "desk:pulse_": [Application],
    "desk:reference_": [Reference],
    "desk:reference_flag": [Flag],
    "desk:reference_name": [Application],
    "desk:reply": [Reply],
    "desk:request_": [Ask],
    "desk:rule": [Rule],
    "desk:rule_dismiss": [Firing],
    "desk:rule_new": [HiringPlan],
    "desk:rule_take": [Firing],
    "desk:rule_undo": [Firing],
    "desk:rules": [HiringPlan],
    "desk:trial_offer": [Application],
    "desk:warning_seen": [EarlyWarning],
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
    keys = {key for model in BY_PK[max(spaces, key=len)] for key in own_keys(model, application)[: MOST.get(model, 2)]}
    return sorted(keys) or [(1,)]


MOST = {EarlyWarning: 9}  # how many of a model; of any other two are enough
OWN = {
    Agent: "application",
    Ask: "application",
    EarlyWarning: "trial__application",
    Firing: "application",
    Flag: "reference__referee__application",
    Grading: "submission__application",
    Interview: "application",
    HiringPlan: "applications",
    Panelist: "interview__application",
    Reference: "referee__application",
    Reply: "application",
    Rule: "plan__applications",
    Submission: "application",
}


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


APART = (BLIND, HIRED)  # walked by tests of their own
ALIKE = ("leader", "approver")  # they see what the recruiter sees, or less: not every sort and search is tried again


def is_tried_by_another(address):
    """Sorting and searching, and what is about no application."""
    return "?" in address or (address.startswith("/admin/") and "/application/" not in address)


def is_one_for_all(address):
    """An order, an empty form, what is done on the desk to one application: alike for recruiter and administrator."""
    told = ("/desk/debrief/", "/desk/approval/", "/desk/search/", "/desk/overrides/", "/desk/development/")
    return "o=" in address or "/add/" in address or (address.startswith("/desk/") and not address.startswith(told))


def walk(world, known, *, only=None, canary=CANARY):
    """Every reader at every address; for those who are not signed in the desk is one closed door, tried by one."""
    leaks, seen = [], 0
    logging.disable(logging.ERROR)
    for reader, client in world.readers.items():
        if reader not in only if only else reader in APART:
            continue
        is_colleague = "_auth_user_id" in client.session
        for address in known:
            if not is_colleague and reader != "anonymous" and address.startswith(("/admin/", "/desk/")):
                continue
            if address == reverse("admin:logout") or (reader in ALIKE and is_tried_by_another(address)):
                continue
            if reader == "administrator" and is_one_for_all(address):
                continue
            seen += 1
            with writes() as written:
                answer = client.get(address)
                found = set(canary.findall(text_of(answer)))
            leaks += [Leak(reader, address, change) for change in written]  # to look changes nothing
            leaks += [Leak(reader, address, one) for one in found if (reader, one) not in OWN_WORDS]
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
    """Every mail that there is, as it leaves; but for Carl whoever gets one owes a rating or is the candidate."""
    found = []
    for message in Message.objects.select_related("application__candidate", "application__job", "ask").exclude(
        to=make_user("Carl Colleague").email
    ):
        told = rendering.render(message)
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
    known += [one for one in addresses(world.on_trial)[0] if one not in known]
    known += [reverse(name) + f"?q={NAME[:4]}&stage=all&state=all" for name in SOUGHT]
    assert walk(world, known, only=[BLIND], canary=NAMED)[0] == []
    Ask.objects.filter(user__username=make_user("Bea Blind").username).update(answered_at=WALKED)
    assert walk(world, [page_of(world.unnamed)], only=[BLIND], canary=NAMED)[0] != []


def test_who_looks_back_finds_not_what_the_other_said(world):
    known, _unknown = addresses(world.hired)
    back = re.compile(r"looked-\w+-7f")
    assert walk(world, known, only=[HIRED], canary=back)[0] == []
    assert {leak.found for leak in walk(world, known, only=["leader"], canary=back)[0]} == {
        looked("manager"),  # the leader's own, and the plan that the leader may write
        looked("item"),
    }
    assert looked("candidate") in text_of(world.readers["recruiter"].get(page_of(world.hired)))


def test_the_reason_of_a_rule_holds_no_score():
    """It stands in lists, on the timeline and in a mail: it says what a rule asks for, never what came."""
    application = make_judged(score=4, rule={"name": "Passes"})
    of = {"plan": application.plan, "then": "note", "settings": {"words": "Look."}, "stage": Stage.INTERVIEWS}
    for number, score in enumerate(("3.21", "4.87")):
        for when in (Rule.When.OVER, Rule.When.UNDER):
            make_rule(name=f"{when} {number}", when=when, score=score, conditions=[], **of)
        for kind in ("at_least", "below"):
            make_rule(name=f"{kind} {number}", conditions=[{"kind": kind, "value": score}], **of)
    rules.act(at=NOW + timedelta(hours=1))
    assert str(composite.compute(application).score) == "4.00"
    told = [*Firing.objects.values_list("reason", flat=True), *Event.objects.values_list("data__reason", flat=True)]
    assert Firing.objects.count() == 9
    assert [reason for reason in told if reason and re.search(r"\b4([.,]0+)?\b(?![.,]\d)", reason)] == []


def test_a_colleague_who_owes_nothing_finds_all_of_it(world):
    """The canaries live: otherwise the walk could find nothing because there is nothing."""
    rita = make_user("Rita Recruiter")
    Ask.objects.filter(user=rita, answered_at=None).update(answered_at=WALKED)
    client = signed_in(rita)
    text = text_of(client.get(page_of(world.application)))
    text += text_of(client.get(reverse("desk:debrief", args=[world.application.pk])))
    found = set(CANARY.findall(text))
    assert {canary(kind) for kind in TOLD.split()} - found == set()
    assert {"98765", 'class="trial-weeks'} - found == set()


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
    patch.setattr(Application, best[1:], 0, raising=False)  # for the address of the next page
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
