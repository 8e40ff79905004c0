"""The manager's last yes."""

from html import unescape

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import NOW, make_application, make_user
from candidates.judging import actions as judging
from candidates.judging import wording
from candidates.judging.builders import make_answers, make_card, make_locked_card
from candidates.models import Application, Job, Message, Revision, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.post import asks
from candidates.post.builders import link_to
from interviews.models import KitAnswer, StepCoding
from references.builders import give, make_references
from trials import actions as trials
from trials.approvals.builders import ask_two
from trials.builders import make_approval, make_manager, make_trial
from trials.figures.builders import make_agent, make_figure
from trials.models import Approval, CheckInCard, OwnView, Trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def approval(rita):
    trial = make_trial()
    make_locked_card(trial.application, {"Empathy": 5, "Patience": 2})
    return make_approval(trial)


@pytest.fixture
def mona(approval):
    return signed_in(approval.approver)


def address(approval):
    return reverse("desk:approval", args=[approval.ask_id])


def stage_of(approval):
    return Application.objects.get(pk=approval.trial.application_id).stage


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def test_the_case_is_told(mona, approval):
    page = mona.get(address(approval)).content.decode()
    for told in ("Calm with every customer", "Composite", "Empathy: 5 of 5", "Patience: 2 of 5", "Approve the hire"):
        assert told in page


def test_reading_and_looking_change_nothing(mona, approval):
    before = counts()
    mona.get(address(approval))
    page = mona.post(address(approval), {"action": "approve"})
    assert "Yes, hire" in page.content.decode()
    now_or_later = [(letter.address, bool(letter.leaves_at)) for letter in page.context["preview"].letters]
    candidate, leader = approval.trial.application.candidate.email, approval.trial.leader.email
    assert now_or_later == [(candidate, False), (candidate, True), (leader, True)]
    assert "gets: Would you join us again?" in page.content.decode()  # after ninety days, told in a line
    assert counts() == before
    assert stage_of(approval) == Stage.TRIAL
    approval.refresh_from_db()
    assert approval.decision == ""


def test_a_mail_that_waits_some_minutes_is_shown_whole_with_when_it_leaves(mona, approval, settings):
    settings.SOLEMN_MINUTES = 10
    page = mona.post(address(approval), {"action": "approve"})
    told = page.content.decode()
    assert [letter.address for letter in page.context["soon"]] == [approval.trial.application.candidate.email]
    assert page.context["soon"][0].text[:40] in unescape(told)
    assert "waits 10 minutes" in told
    assert "goes out at once" not in told


def test_the_second_step_hires(mona, approval):
    assert mona.post(address(approval), {"action": "confirm"}).status_code == 302
    assert stage_of(approval) == Stage.HIRED
    assert Message.objects.filter(template="candidates/hired").count() == 1


def test_saying_yes_twice_hires_once(mona, approval):
    for _turn in range(2):
        mona.post(address(approval), {"action": "confirm"})
    assert Message.objects.filter(template="candidates/hired").count() == 1
    assert "You approved this" in mona.get(address(approval)).content.decode()


@pytest.mark.parametrize(("action", "told"), [("send_back", "You sent this back"), ("refuse", "You refused this")])
def test_an_answer_that_is_no_yes_keeps_its_reason_and_moves_nothing(mona, approval, action, told):
    assert mona.post(address(approval), {"action": action, "reason": "Too early"}).status_code == 302
    approval.refresh_from_db()
    assert (approval.decision, approval.reason) == (action, "Too early")
    assert stage_of(approval) == Stage.TRIAL
    assert told in mona.get(address(approval)).content.decode()


@pytest.mark.parametrize("action", ["send_back", "refuse"])
@pytest.mark.parametrize("reason", ["", " ", "\x00", "x" * 6_000])
def test_an_answer_that_is_no_yes_needs_a_reason_and_nothing_typed_is_lost(mona, approval, action, reason):
    page = mona.post(address(approval), {"action": action, "reason": reason})
    form = getattr(page.context["forms"], action)
    assert form.errors
    assert form["reason"].value() == reason
    approval.refresh_from_db()
    assert approval.decision == ""


def test_a_manager_hands_it_on_and_the_other_decides(mona, approval):
    olga = make_manager("Olga Other")
    assert mona.post(address(approval), {"action": "delegate", "to": olga.pk, "word": "I know her"}).status_code == 302
    handed = Approval.objects.get(approver=olga)
    assert "You handed this on to Olga Other" in mona.get(address(approval)).content.decode()
    page = signed_in(olga).get(address(handed)).content.decode()
    assert "Mona Manager handed this on to you" in page
    assert "I know her" in page
    signed_in(olga).post(address(handed), {"action": "confirm"})
    assert stage_of(approval) == Stage.HIRED


@pytest.mark.parametrize("to", ["", "0", "abc", "9" * 40, "\x00"])
def test_it_is_handed_on_to_a_permitted_manager_only(mona, approval, to):
    page = mona.post(address(approval), {"action": "delegate", "to": to})
    assert page.context["forms"].delegate.errors["to"]
    assert Approval.objects.get().decision == ""


def test_stray_keys_change_nothing(mona, approval):
    before = counts()
    for action in ("x", "\x00", "approve" * 99, "of", "__class__"):
        assert mona.post(address(approval), {"action": action}).status_code == 200
    assert counts() == before


def test_the_link_of_the_mail_leads_to_the_page_once_one_is_signed_in(approval, client):
    page = client.get(link_to(approval.ask), follow=True)
    assert page.redirect_chain[-1][0].startswith("/admin/login/?next=" + address(approval))
    approval.approver.set_password("a long enough one")
    approval.approver.save()
    typed = {"username": approval.approver.username, "password": "a long enough one", "next": address(approval)}
    signed = client.post(page.redirect_chain[-1][0], typed)
    assert signed["Location"] == address(approval)
    assert client.get(signed["Location"]).status_code == 200


def test_the_second_look_says_what_filling_the_job_does(mona, approval):
    job = approval.trial.application.job
    for _turn in range(2):
        make_application(Stage.SCREENING, job=job)
    page = mona.post(address(approval), {"action": "approve"}).content.decode()
    for told in ("the only opening", "2 people have had no answer yet", "rita.recruiter@rapport.test"):
        assert told in page
    job.refresh_from_db()
    assert job.status == Job.Status.OPEN


def test_the_second_look_of_the_first_of_two_hires_nobody(rita):
    approval = ask_two()
    page = signed_in(approval.approver).post(address(approval), {"action": "approve"}).content.decode()
    assert "Olga Other is asked next" in page
    assert "Yes, hire" not in page


def test_the_whole_evidence_costs_twenty_queries_at_most_and_much_no_more_than_little(rita):
    approval = make_whole_case()
    client = signed_in(approval.approver)
    client.get(address(approval))  # the company's name is kept in memory
    counted = []
    for more in (1, 12):
        add_evidence(approval, more)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(approval)).content.decode()
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 20, "\n".join(query["sql"][:300] for query in queries)
    for told in TOLD:
        assert told.casefold() in page.casefold()


TOLD = ("Referees beside interviews", "Stayed late to help a customer.", "satisfaction", "Heard the caller out.",
        "Did not hear it.", "On second thoughts", "cv.pdf", "Wish to stay", "Who was asked")  # fmt: skip


def make_whole_case():
    """Every kind of evidence that there is, and a second manager who is asked after a handing on."""
    application = make_application(Stage.INTERVIEWS)
    words = {"parts": [{"number": 1, "title": "Call"}], "steps": [{"number": 1, "name": "Listened"}]}
    words |= wording.of_plan(application.plan)
    card = make_card(application, words=words)
    KitAnswer.objects.create(scorecard=card, part=1, route="did", notes="Heard the caller out.")
    StepCoding.objects.create(scorecard=card, step=1, answer="no", quote="Did not hear it.")
    judging.lock(card, make_answers(card), at=NOW, by=Actor.outsider("Ida"))
    told = {"reason": "On second thoughts", "summary": "", "recommendation": "yes", "is_blind": True}
    Revision.objects.create(scorecard=card, at=NOW, by_name="Ida", scores=[], **told)
    for reference in make_references(application):
        give(reference)
    trial = make_trial(Application.objects.get(pk=application.pk))
    make_figure(make_agent(application), trial.starts_on, 90)
    application.documents.create(kind="resume", name="cv.pdf", content_type="application/pdf", at=NOW, size=1)
    first = make_approval(trial)
    return trials.delegate(first, to=make_manager("Olga Other"), at=first.requested_at, by=Actor.person(first.approver))


def add_evidence(approval, number):
    application = approval.trial.application
    for turn in range(number):
        make_locked_card(application, {"Empathy": 4, "Patience": 3}, email=f"ida{turn}@example.org")
        make_locked_card(application, {"Empathy": 5}, kind=Scorecard.Kind.EXERCISE, email=f"greta{turn}@example.org")
    for card in CheckInCard.objects.filter(scorecard__locked_at=None)[: number * 2]:
        if card.role == "candidate":
            OwnView.objects.create(card=card, support=4, drained=2, worn_out=1, stays=5, words="More time, please.")
        judging.lock(card.scorecard, make_answers(card.scorecard), at=LATER, by=Actor.outsider("Bob"))


def test_what_is_no_longer_wanted_takes_no_answer(mona, approval):
    asks.cancel(approval.ask, at=approval.requested_at)
    page = mona.post(address(approval), {"action": "confirm"})
    assert "not needed any more" in page.content.decode()
    assert stage_of(approval) == Stage.TRIAL


@pytest.mark.parametrize("who", ["Rita Recruiter", "Max Manager", "Stella Stranger"])
def test_nobody_else_says_yes(approval, who):
    client = signed_in(make_user(who))
    assert client.get(address(approval)).status_code == 404
    assert client.post(address(approval), {"action": "confirm"}).status_code == 404
    assert stage_of(approval) == Stage.TRIAL


def test_who_is_no_manager_any_more_is_refused(mona, approval):
    approval.approver.groups.clear()
    page = mona.post(address(approval), {"action": "confirm"})
    assert "Only the manager who was asked" in page.content.decode()
    assert stage_of(approval) == Stage.TRIAL


def test_the_page_is_not_kept_by_caches(mona, approval):
    assert "no-store" in mona.get(address(approval))["Cache-Control"]


def test_what_they_say_of_themselves_is_neither_strongest_nor_weakest(mona, approval):
    card = CheckInCard.objects.filter(role="candidate").first().scorecard
    judging.lock(card, make_answers(card, 1), at=LATER, by=Actor.candidate("Cara"))
    told = mona.get(address(approval)).context
    assert {one.rater for one in (*told["strongest"], *told["weakest"])} == {"Ida Interviewer"}


def application_page(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def test_the_application_s_page_tells_verdict_chain_and_reasons(desk):
    first = ask_two()
    trials.send_back(first, "Two more weeks, please.", at=first.requested_at, by=Actor.person(first.approver))
    again = ask_two(Trial.objects.get(pk=first.trial_id))
    trials.approve(again, at=again.requested_at, by=Actor.person(again.approver))
    told = " ".join(desk.get(application_page(first.trial.application)).content.decode().split())
    for words in ("Verdict of Max Manager", "1 of 2:", "2 of 2:", "sent back", "Two more weeks, please.", "Olga Other"):
        assert words in told


def test_while_judgements_are_hidden_the_page_tells_who_was_asked_but_no_answer(desk, approval):
    trials.refuse(approval, "Too early.", at=approval.requested_at, by=Actor.person(approval.approver))
    make_card(approval.trial.application)
    told = desk.get(application_page(approval.trial.application)).content.decode()
    assert "Mona Manager" in told
    assert "decided 11 Feb" in told
    for hidden in ("Too early.", "refused", "Calm with every customer"):
        assert hidden not in told
