"""What people are asked has a title: kept in our language, told in that of whoever reads it."""

import pytest
from django.utils import translation

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Ask, Message, Stage
from candidates.people.actors import Actor
from candidates.post import rendering
from candidates.post.reminding import actions as reminding
from references.builders import ask_for_referees, decline, make_references, of_plan
from trials import actions
from trials.afterwards.builders import make_development_plan, make_hired, pulse_of
from trials.builders import FIRST_DAY, make_approval, make_offer, make_trial
from trials.letters.builders import make_letter

pytestmark = pytest.mark.django_db


def german(stage=Stage.REFERENCES, **fields):
    return make_application(stage, candidate=make_candidate("Cara Candidate", language="de"), **fields)


def ask_for_another():
    nora, _leo = make_references(of_plan(replacements=1))
    decline(nora)
    return nora.referee.application.asks.open().get(page="references:name_referees")


def asked_in_trial(**fields):
    return make_trial(german()).application.asks.get(**fields)


def verdict():
    return asked_in_trial(page="trials:verdict")


def check_in(role):
    return lambda: asked_in_trial(page="trials:check_in", role=role, title__contains="Check-in 2")


def development_plan():
    return actions.share_development(make_development_plan(), at=NOW, by=Actor.person(make_user())).ask


def look_back(role):
    return lambda: pulse_of(make_hired(), role).ask


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        (ask_for_referees, "Nennen Sie Ihre Referenzen"),
        (ask_for_another, "Nennen Sie eine weitere Referenz"),
        (lambda: make_references()[0].scorecard.ask, "Eine Referenz für Cara Candidate geben"),
        (lambda: make_offer().offer_ask, "Beantworten Sie unser Angebot einer Probearbeit"),
        (check_in("candidate"), "Zwischenstand 2: Wie läuft Ihre Probearbeit?"),
        (check_in("buddy"), "Zwischenstand 2: Wie macht sich Cara Candidate?"),
        (check_in("manager"), "Zwischenstand 2: Wie macht sich Cara Candidate?"),
        (verdict, "Über die Probearbeit von Cara Candidate entscheiden"),
        (lambda: make_approval().ask, "Die Einstellung von Cara Candidate genehmigen"),
        (lambda: make_letter().ask, "Lesen und beantworten Sie unser Angebot"),
        (development_plan, "Lesen Sie Ihren Entwicklungsplan"),
        (look_back("manager"), "Ein Blick zurück: Würden Sie Cara Candidate wieder einstellen?"),
        (look_back("candidate"), "Ein Blick zurück: Würden Sie wieder zu uns kommen?"),
    ],
)
def test_a_german_reads_a_title_in_german(asked, title):
    kept = asked()
    with translation.override("de"):
        assert kept.spoken_title == title
    assert kept.spoken_title == kept.title != title


def test_a_yes_on_a_german_page_asks_others_in_their_own_language():
    trial = make_offer(german())
    with translation.override("de"):  # as the page of the offer does
        actions.accept(trial, starts_on=FIRST_DAY, at=NOW, by=Actor.candidate("Cara Candidate"))
    titles = trial.application.asks.exclude(pk=trial.offer_ask_id).values_list("title", flat=True)
    assert {title.split()[0] for title in titles} == {"Check-in", "Decide"}


@pytest.mark.parametrize(("of_job", "spoken"), [("de", "de"), ("de-AT", "de"), ("nl", "en"), ("en", "en")])
def test_a_buddy_is_asked_and_told_in_the_language_of_the_job_as_far_as_we_speak_it(of_job, spoken):
    trial = make_trial(make_application(Stage.REFERENCES, job=make_job(language=of_job)))
    assert set(Ask.objects.filter(role="buddy").values_list("language", flat=True)) == {spoken}
    told = Message.objects.get(template="trials/welcome_team", to=trial.buddy_email)
    assert ("Guten Tag Bob Buddy" in rendering.render(told).text) == (spoken == "de")


def test_a_new_buddy_is_asked_in_the_language_of_the_job_too():
    trial = make_trial(make_application(Stage.REFERENCES, job=make_job(language="de")))
    by = Actor.person(make_user())
    actions.change_buddy(trial, buddy_name="Bea Buddy", buddy_email="bea@rapport.test", reason="Ill.", at=NOW, by=by)
    asked = Ask.objects.filter(role="buddy")
    assert {(one.email, one.language) for one in asked} == {("bea@rapport.test", "de")}
    told = Message.objects.get(template="trials/new_person", to="bea@rapport.test")
    assert rendering.render(told).subject == "Ab jetzt begleitet Bea Buddy die Probearbeit von Cara Candidate"


def test_a_reminder_names_the_day_on_which_somebody_was_asked_not_that_on_which_it_was_planned():
    asked = check_in("buddy")()
    reminding.remind_due(at=asked.due_at)
    told = rendering.render(Message.objects.get(template="candidates/reminder", ask=asked)).text
    assert "on Mon 28 Jan we asked you for this: “Check-in 2: how is Cara Candidate doing?”." in told
