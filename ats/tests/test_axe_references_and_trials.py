"""axe finds nothing on what the desk shows of references and trials, nor on the offer letter; charts have names."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from ats.dev import axe
from ats.tests.test_axe import findings, path, sign_in
from candidates.builders import make_application, make_job, make_plan, make_user
from candidates.judging import firewall
from candidates.models import Stage
from candidates.people.actors import Actor
from candidates.post import links
from candidates.post.builders import link_to
from references import actions as references
from references.builders import ask_for_referees, decline, give, name_referees
from references.models import Flag
from trials.approvals.builders import ask_two
from trials.builders import decide, make_trial
from trials.figures.builders import make_agent, make_figure, make_team
from trials.letters import actions as letters
from trials.letters.builders import make_letter
from trials.models import EarlyWarning, OfferLetter
from trials.planning.builders import make_trial_plan, want_figure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def judged_application():
    """One reference is in and flagged, one was declined; a trial with a warning, figures, a verdict, an approval."""
    at, plan = now(), make_plan()
    make_trial_plan(plan, approvers=2)
    want_figure(plan, "satisfaction", 90)
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=plan), at=at)
    nora, leo = name_referees(ask_for_referees(application, at=at), at=at)
    give(nora, at=at)
    decline(leo, at=at)
    references.want_deletion(nora, at=at, by=Actor.outsider("Nora"))
    Flag.objects.create(reference=nora, kind="same_browser", raised_at=at)
    application.refresh_from_db()
    trial = make_trial(application, at=at, starts_on=at.date() - timedelta(days=8))
    data = {"roles": ["buddy"], "check_ins": [1]}
    EarlyWarning.objects.create(trial=trial, kind="late", occurrence="1", data=data, raised_at=at)
    monday = at.date() - timedelta(days=at.weekday() + 7)
    for agent in (make_agent(application), *make_team(3)):
        make_figure(agent, monday, 80)
    decide(trial, at=at)
    ask_two(trial, at=at)
    by = Actor.person(make_user("Rita Recruiter"))
    firewall.override(application, reason="To see all of it.", at=now() + timedelta(seconds=1), by=by)
    return application, nora


def test_axe_finds_nothing_on_the_desk_of_references_and_trials(live_server, page, client):
    application, nora = judged_application()
    sign_in(page, live_server.url, client)
    agent = application.agents.get() if hasattr(application, "agents") else make_agent(name="Anybody")
    addresses = {
        "application": reverse("admin:candidates_application_change", args=[application.pk]),
        "flag": reverse("desk:reference_flag", args=[nora.flags.latest("pk").pk]),
        "deletion": reverse("desk:reference_forget", args=[nora.pk]),
        "connections": reverse("desk:connections"),
        "agent": reverse("desk:agent", args=[agent.pk]),
    }
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert (name, findings(page, axe.WCAG)) == (name, [])
        if name == "application":
            charts = page.locator("svg[role=img]")
            assert charts.count() > 0
            assert all(chart.get_attribute("aria-label") for chart in charts.all())


def test_axe_finds_nothing_on_an_offer_letter(live_server, page, client):
    letter = make_letter(at=now())
    sign_in(page, live_server.url, client)
    page.goto(live_server.url + reverse("desk:letter_send", args=[letter.application.pk]))
    assert findings(page, axe.WCAG) == []
    page.get_by_label("Pay").fill("EUR 2,900 a month")
    page.locator("button[name=action][value=preview]").click()
    assert findings(page, axe.WCAG) == []
    page.goto(live_server.url + path(links.ask_url(letter.ask)))
    page.locator("button[name=action][value=accept]").click()  # without a name
    assert findings(page) == []
    letters.accept(OfferLetter.objects.get(), name="Cara", at=now(), by=Actor.candidate("Cara"))
    page.goto(live_server.url + link_to(letter.ask))
    assert findings(page) == []
