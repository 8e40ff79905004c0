"""axe finds nothing on the desk's pages of interviews and of the decision; on a phone they are no wider than it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from ats.dev import axe
from ats.tests.test_axe import sign_in
from candidates.builders import make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging import decisions
from candidates.judging.builders import make_locked_card
from candidates.models import Ask, Stage
from candidates.people.actors import Actor
from interviews.agreement import actions as agreement
from interviews.builders import make_interview
from interviews.exercises.grading.builders import GINA, GRETA, GUS, lock, make_graded
from interviews.kits.builders import make_kit, make_question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = ((1280, "light"), (360, "dark"))


def make_decided():
    """Interviewed, graded by three because two differed, and decided against the rule."""
    at = now() - timedelta(hours=1)
    job = make_job(plan=make_plan(line="4.00"))
    cara = make_candidate("Cara Candidate")
    made = make_interview(make_application(Stage.SCREENING, job=job, candidate=cara, at=at), at=at).application
    Ask.objects.filter(application=made).update(answered_at=at)
    made.refresh_from_db()
    for name, score in (("Ida", 5), ("Ivan", 2)):
        make_locked_card(made, {"Empathy": score, "Patience": 3}, name=name, email=f"{name}@example.org", at=at)
    work = make_graded(made, at=at, late=timedelta(minutes=3))
    for grader, score in ((GINA, 5), (GUS, 2), (GRETA, 4)):
        lock(work, grader, score, 3, at=at)
    decisions.decide(made, choice="go_on", reason="Warm with everybody.", at=now(), by=Actor.person(make_user()))
    return made


def test_axe_finds_nothing_on_the_pages_of_interviews_and_of_the_decision(live_server, page, client):
    decided, kit = make_decided(), make_kit(make_question("An angry customer", ("Empathy",)))
    agreement.ask_for_report(at=now(), by=make_user())
    sign_in(page, live_server.url, client)
    addresses = [
        reverse("desk:debrief", args=[decided.pk]),
        reverse("desk:overrides"),
        reverse("desk:agreement"),
        reverse("desk:kit", args=[kit.pk]),
        reverse("desk:interview_arrange", args=[decided.pk]),
        reverse("admin:candidates_application_change", args=[decided.pk]),
    ]
    found = []
    for address in addresses:
        answer = page.goto(live_server.url + address)
        assert answer.status == 200, address
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{address} {width} {scheme} {told}" for told in axe.violations(page, axe.WCAG)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{address} {width}: wider than the window")
    assert found == [], "\n".join(found)
