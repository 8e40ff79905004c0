"""axe finds nothing on the verdict and on the approval, on a phone and wide, light and dark."""

import pytest
from django.utils.timezone import now

from ats.tests.test_axe import findings, path
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers, make_locked_card
from candidates.models import PlanCompetency
from candidates.people.actors import Actor
from candidates.post import links
from trials.approvals.builders import ask_two, make_trial_of_two
from trials.builders import make_trial
from trials.models import CheckInCard, OwnView
from trials.verdicts.actions import keep_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def judge(trial):
    """All who were asked have said how it goes, and interviewers rated before."""
    for card in CheckInCard.objects.filter(check_in__trial=trial):
        if card.role == "candidate":
            OwnView.objects.create(card=card, support=4, drained=2, worn_out=1, stays=5, words="More time, please.")
        score = 2 if card.role == "buddy" else 4
        judging.lock(card.scorecard, make_answers(card.scorecard, score), at=now(), by=Actor.outsider("Bob Buddy"))
    make_locked_card(trial.application, {"Empathy": 5, "Patience": 3}, at=now())


def test_the_leader_gives_the_verdict_on_a_phone(live_server, page):
    trial = make_trial(at=now(), starts_on=now().date())
    PlanCompetency.objects.filter(competency__name="Empathy").update(must_have=True)
    judge(trial)
    asked = trial.verdict_ask
    type(asked).objects.filter(pk=asked.pk).update(opens_at=now())
    keep_draft(asked, {"evidence": "Calm so far."}, at=now())
    page.goto(live_server.url + path(links.ask_url(asked)))
    page.get_by_role("button", name="Give my verdict").click()
    page.locator(".error-summary").wait_for()
    assert findings(page) == []
    page.locator("textarea").first.fill("Stayed with a caller until he was calm.")
    page.locator("#saved", has_text="Saved").wait_for()
    page.locator("[name=kind][value=confirm]").check()
    page.get_by_role("button", name="Give my verdict").click()
    page.get_by_role("heading", name="Your verdict is in").wait_for()


def test_the_manager_approves_on_a_phone(live_server, page, client):
    trial = make_trial_of_two(at=now(), starts_on=now().date())
    judge(trial)
    approval = ask_two(trial, at=now())
    client.force_login(approval.approver)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + approval.ask.get_absolute_url())
    assert findings(page) == []
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert findings(page) == []
    page.get_by_role("button", name="Approve the hire").click()
    assert findings(page) == []
    page.get_by_role("button", name="Yes, and ask the next").click()
    page.get_by_text("You approved this").wait_for()
