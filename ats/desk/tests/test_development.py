"""After the hire, on the desk: the plan drafted out of real cards, edited and shared; how it went, and who reads it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats import pipeline as process
from ats.content.competencies import ShippedCompetency
from ats.desk import development, evidence, outcomes, roles
from ats.desk.tests.conftest import LATER, signed_in, with_role
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers, make_card, make_locked_card
from candidates.models import Application, Ask, Competency, Message, Stage
from candidates.people.actors import Actor
from interviews.models import DeescalationStep, StepCoding
from trials.afterwards import developing, pulses, suggestions
from trials.afterwards.builders import make_development_plan, make_hired, pulse_of
from trials.afterwards.pulses import Said
from trials.builders import decide, make_approval, make_trial
from trials.check_ins.builders import tell
from trials.figures.builders import make_agent, make_figure
from trials.models import DevelopmentItem, DevelopmentPlan, Pulse, Trial
from trials.planning.builders import want_figure

pytestmark = pytest.mark.django_db
COMPETENCIES = ("Empathy", "Patience", "Communication")


@pytest.fixture
def trial(rita, manager):
    """Led by Max, under a plan of three competencies, recruited for by Rita."""
    job = make_job(plan=make_plan(COMPETENCIES), recruiters=[rita], hiring_manager=manager)
    return make_trial(make_application(Stage.REFERENCES, job=job))


def gather(application, reader=None):
    return evidence.gather(Application.objects.select_related("plan").get(pk=application.pk), at=LATER, reader=reader)


def drafted(application):
    return development.draft(application, gather(application))


def page_of(application, name="development"):
    return reverse(f"desk:{name}", args=[application.pk])


def application_page(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def typed(plan, action="save", **changed):
    """The form as its page gives it, with `changed`."""
    items = list(plan.items.all())
    sent = {"action": action, "seen": developing.fingerprint(plan)}
    sent |= {"items-TOTAL_FORMS": len(items) + 1, "items-INITIAL_FORMS": len(items)}
    for number, item in enumerate(items):
        told = {
            "key": item.pk,
            "title": item.title,
            "why": item.why,
            "aim": item.aim,
            "how": item.how,
            "ORDER": number + 1,
        }
        sent |= {f"items-{number}-{name}": value for name, value in told.items()}
    return sent | {name.replace("__", "-"): value for name, value in changed.items()}


class TestDrafting:
    def test_what_is_weak_comes_lowest_first_and_what_is_not_stays_out(self, trial):
        make_locked_card(trial.application, {"Empathy": 3, "Patience": 2, "Communication": 4})
        assert [one.title for one in drafted(trial.application)] == ["Patience", "Empathy"]

    def test_the_last_check_ins_count_most(self, trial):
        make_locked_card(trial.application, {"Empathy": 1, "Patience": 5, "Communication": 5})
        tell(trial, 1, empathy=1, patience=5, communication=5)
        tell(trial, 2, empathy=5, patience=3, communication=5)
        tell(trial, 3, empathy=5, patience=2, communication=5)
        found = {one.mean.competency.name: float(one.value) for one in development.standings(gather(trial.application))}
        assert found["Empathy"] == pytest.approx((3 * 10 + 2) / 8)
        assert found["Patience"] == pytest.approx((3 * 5 + 10) / 8)
        assert [one.title for one in drafted(trial.application)] == ["Patience"]

    def test_what_they_say_of_themselves_is_not_counted(self, trial):
        tell(trial, 1, "candidate", empathy=1)
        tell(trial, 1, "buddy", empathy=5)
        assert drafted(trial.application) == []

    def test_the_aim_is_one_level_above_and_the_how_is_ready_and_honest(self, trial):
        make_locked_card(trial.application, {"Empathy": 2, "Patience": 5})
        [item] = drafted(trial.application)
        assert item.aim == "Empathy, level 3"
        assert item.how.startswith("How much somebody feels with others changes slowly.")
        assert item.how.count("\n- ") == 3

    def test_nobody_is_quoted_and_nobody_is_named(self, trial):
        tell(trial, 1, empathy=1)
        [item] = drafted(trial.application)
        told = f"{item.why} {item.aim} {item.how}"
        assert "In the last weeks of your trial" in item.why
        assert "Told by" not in told
        assert "Bob" not in told

    def test_steps_that_were_missing_most_often_are_drafted(self, trial):
        for number in (1, 4, 8):
            DeescalationStep.objects.create(number=number, name=f"Step {number}", meaning=f"Do {number}.")
        for answers in ({1: "no", 4: "no", 8: "yes"}, {1: "yes", 4: "no", 8: "na"}):
            card = make_card(trial.application)
            codings = (StepCoding(scorecard=card, step=step, answer=answer) for step, answer in answers.items())
            StepCoding.objects.bulk_create(codings)
            judging.lock(card, make_answers(card, 5), at=LATER, by=Actor.outsider("Ida"))
        items = drafted(trial.application)
        assert [one.title for one in items] == ["With upset customers: Step 4", "With upset customers: Step 1"]
        assert items[0].why.endswith("Of 2 times it was there 0 times.")
        assert "Did I get that right?" in items[0].how

    def test_while_judgements_are_hidden_nothing_is_drafted(self, trial, rita):
        make_locked_card(trial.application, {"Empathy": 1})
        hidden = evidence.gather(trial.application, at=LATER, reader=rita, is_open=False)
        assert development.draft(trial.application, hidden) == []

    def test_its_queries_do_not_grow_with_the_cards(self, trial):
        counted = []
        for _ in range(2):
            make_locked_card(trial.application, {"Empathy": 1, "Patience": 2})
            with CaptureQueriesContext(connection) as queries:
                drafted(trial.application)
            counted.append(len(queries))
        assert counted[0] == counted[1]


class TestThePlan:
    @pytest.fixture
    def hired(self, trial):
        tell(trial, 1, empathy=2)
        return make_hired(trial, at=LATER)

    def test_a_recruiter_drafts_edits_and_shares_it(self, desk, hired):
        application = hired.application
        assert "Draft the development plan" in desk.get(application_page(application)).content.decode()
        shown = desk.post(page_of(application), {"action": "draft"}, follow=True).content.decode()
        assert "One thing was drafted." in shown
        assert "Told by the buddy at check-in 1." in shown  # beside it, for colleagues
        plan = DevelopmentPlan.objects.get()
        sent = typed(plan, "share", items__0__title="See their side", items__1__title="Write less")
        shown = desk.post(page_of(application), sent, follow=True).content.decode()
        assert "See their side; Write less" in shown
        word = {"note": "Well done.", "seen": developing.fingerprint(plan)}
        shown = desk.post(page_of(application, "development_share"), word | {"action": "preview"}).content.decode()
        assert "Your development plan" in shown
        assert not plan.shares.exists()
        shown = desk.post(page_of(application, "development_share"), word | {"action": "confirm"}, follow=True)
        assert "Shared on" in shown.content.decode()
        assert [one["title"] for one in plan.shares.get().content["items"]] == ["See their side", "Write less"]

    def test_the_lead_may_and_a_hiring_manager_who_did_not_lead_may_not(self, hired, manager):
        assert signed_in(manager).get(page_of(hired.application)).status_code == 200
        other = with_role("Mona Manager", roles.MANAGERS)
        hired.application.job.hiring_manager = other
        hired.application.job.save()
        assert signed_in(other).get(page_of(hired.application)).status_code == 403
        assert signed_in(other).post(page_of(hired.application), {"action": "draft"}).status_code == 403

    def test_strangers_find_nothing_and_before_the_hire_there_is_nothing(self, hired, stranger, desk):
        for name in ("development", "development_share", "pulse_call_off"):
            assert signed_in(stranger).get(page_of(hired.application, name)).status_code == 404
        on_trial = make_application(Stage.TRIAL, job=hired.application.job)
        assert desk.get(page_of(on_trial)).status_code == 404

    def test_looking_writes_nothing(self, desk, hired):
        make_development_plan(hired)
        with CaptureQueriesContext(connection) as queries:
            for name in ("development", "development_share", "pulse_call_off"):
                assert desk.get(page_of(hired.application, name)).status_code == 200
        assert not [one["sql"] for one in queries if one["sql"].split()[0] in ("INSERT", "DELETE")]
        assert not [one["sql"] for one in queries if one["sql"].startswith("UPDATE") and "session" not in one["sql"]]

    def test_its_queries_do_not_grow_with_its_entries(self, desk, hired):
        counted = []
        for titles in (["One"], [f"Thing {number}" for number in range(9)]):
            make_development_plan(hired, *titles)
            with CaptureQueriesContext(connection) as queries:
                desk.get(page_of(hired.application))
            counted.append(len(queries))
        assert counted[0] == counted[1]

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"items__0__title": ""}, "take the whole entry out"),
            ({"items__0__title": "x" * 200}, "160"),
            ({"items__0__why": "a\x00b"}, "Null characters"),
            ({"items__0__by_when": "soon"}, "Enter a valid date"),
            ({"items__0__ORDER": "first"}, "Enter a whole number"),
            ({"items__0__key": "x"}, "Please look at this again"),
            ({"items__TOTAL_FORMS": "many"}, "Please look at this again"),
            ({"items__TOTAL_FORMS": "99999"}, "at most 30"),
            ({"items__1__how": "Words without a name"}, "take the whole entry out"),
            ({"seen": "earlier"}, "A colleague changed this plan meanwhile"),
        ],
    )
    def test_what_cannot_be_saved_is_said_and_nothing_is_lost(self, desk, hired, changed, said):
        plan = make_development_plan(hired, "Pause more")
        sent = typed(plan, **{"items__0__aim": "Typed just now"} | changed)
        shown = desk.post(page_of(hired.application), sent).content.decode()
        assert said in shown
        assert "Typed just now" in shown or "items__TOTAL_FORMS" in changed
        assert list(plan.items.values_list("title", flat=True)) == ["Pause more"]

    def test_an_entry_of_another_plan_is_not_touched(self, desk, hired):
        plan, theirs = make_development_plan(hired), make_development_plan(make_hired(), "Theirs").items.get()
        desk.post(page_of(hired.application), typed(plan, items__1__key=theirs.pk, items__1__title="Mine"))
        assert DevelopmentItem.objects.get(pk=theirs.pk).title == "Theirs"
        assert plan.items.count() == 2

    def test_an_entry_is_taken_out_moved_and_ticked_off(self, desk, hired):
        plan = make_development_plan(hired, "One", "Two", "Three")
        sent = typed(
            plan, items__0__DELETE="on", items__2__ORDER="1", items__1__is_done="on", items__1__by_when="2030-05-01"
        )
        assert desk.post(page_of(hired.application), sent).status_code == 302
        assert list(plan.items.values_list("title", "is_done")) == [("Three", False), ("Two", True)]


class TestHowItWent:
    @pytest.fixture
    def hired(self, trial):
        return make_hired(trial, at=LATER)

    def answer(self, trial, role, again, words, **said):
        pulses.answer(pulse_of(trial, role), Said(again, words, **said), at=LATER, by=Actor.outsider("Somebody"))

    def test_the_hire_plans_the_looks_back_with_it(self, trial):
        decide(trial, at=LATER)
        approval = make_approval(trial, at=LATER)
        process.approve(approval, at=LATER, by=Actor.person(approval.approver))
        assert sorted(Pulse.objects.values_list("role", flat=True)) == ["candidate", "manager"]
        assert Ask.objects.open().filter(page="trials:pulse", stage=Stage.HIRED).count() == 2

    def test_a_hire_that_came_by_other_ways_has_none(self, desk, rita):
        application = make_application(Stage.HIRED, job=make_job(recruiters=[rita]))
        assert "How it went" not in desk.get(application_page(application)).content.decode()
        assert outcomes.of([application])[application.pk] == outcomes.Outcome()

    def test_recruiters_read_both_and_the_lead_not_what_the_colleague_says(self, desk, hired, manager):
        self.answer(hired, "manager", "yes", "A quick start.", performance=4)
        self.answer(hired, "candidate", "no", "My lead shouts.")
        told = desk.get(application_page(hired.application)).content.decode()
        assert "A quick start." in told
        assert "My lead shouts." in told
        told = signed_in(manager).get(application_page(hired.application)).content.decode()
        assert "A quick start." in told
        assert "My lead shouts." not in told
        assert "for recruiters alone" in told

    def test_a_recruiter_who_led_the_trial_reads_it_neither(self, hired, manager):
        self.answer(hired, "candidate", "no", "My lead shouts.")
        manager.groups.set(with_role("Rita Recruiter", roles.RECRUITERS).groups.all())
        hired.application.job.recruiters.add(manager)
        told = signed_in(manager).get(application_page(hired.application)).content.decode()
        assert "My lead shouts." not in told

    def test_who_still_owes_a_judgement_reads_none_of_it(self, desk, hired, rita):
        self.answer(hired, "candidate", "no", "Canary")
        make_card(hired.application, at=NOW, name=str(rita), email=rita.email, user=rita)
        assert "Canary" not in desk.get(application_page(hired.application)).content.decode()

    def test_a_recruiter_says_that_they_left(self, desk, hired):
        self.answer(hired, "manager", "yes", "Gone too soon.")
        said = {"reason": "Moved away.", "has_left": "on"}
        shown = desk.post(page_of(hired.application, "pulse_call_off"), said | {"action": "preview"}).content.decode()
        assert "No longer asked" in shown
        desk.post(page_of(hired.application, "pulse_call_off"), said | {"action": "confirm"})
        outcome = outcomes.of([hired.application])[hired.application.pk]
        assert (outcome.still_here, outcome.pulse_lead.again) == (False, "yes")
        assert not Message.objects.filter(template="trials/pulse", status="sent").exists()

    def test_only_recruiters_call_it_off(self, hired, manager):
        assert signed_in(manager).get(page_of(hired.application, "pulse_call_off")).status_code == 403

    def test_verdict_extension_approval_and_figures_make_one_row(self, rita, manager):
        plan = make_plan()
        for metric, target in (("satisfaction", 90), ("first_reply", 30), ("solved", 20), ("quality", 80)):
            want_figure(plan, metric, target)
        trial = make_trial(make_application(Stage.REFERENCES, job=make_job(plan=plan, hiring_manager=manager)))
        agent, monday = make_agent(trial.application), trial.starts_on
        make_figure(agent, monday, 80, n=10)
        make_figure(agent, monday + timedelta(days=7), 95, n=30)
        make_figure(agent, monday, 99, n=5, days=1)  # told by the week once more
        make_figure(agent, monday - timedelta(days=30), 10, n=500)  # before the trial
        make_figure(agent, monday, 45, n=8, metric="first_reply")
        make_figure(agent, monday, 15, n=None, metric="solved")
        make_figure(agent, monday + timedelta(days=7), 25, n=None, metric="solved")
        decide(trial, "extend", new_end=trial.ends_on + timedelta(days=14))
        trial = Trial.objects.get(pk=trial.pk)
        decide(trial)
        approval = make_approval(trial)
        process.approve(approval, at=approval.requested_at, by=Actor.person(approval.approver))
        outcome = outcomes.of([trial.application])[trial.application.pk]
        assert (outcome.verdict, outcome.extensions, outcome.approval) == ("confirm", 1, "approve")
        found = {one.metric: (one.value, one.n, one.is_reached) for one in outcome.figures}
        assert found == {
            "satisfaction": (91.25, 40, True),
            "first_reply": (45.0, 8, False),
            "solved": (20.0, 40, True),
            "quality": (None, None, False),
        }
        assert (len(outcome.reached), len(outcome.measured), outcome.ended_early) == (2, 3, False)

    def test_many_outcomes_cost_as_few_queries_as_one(self, hired, django_assert_num_queries):
        others = [
            make_hired(make_trial(make_application(Stage.REFERENCES, candidate=make_candidate()))) for _ in range(2)
        ]
        for some in ([hired.application], [hired.application, *(one.application for one in others)]):
            with django_assert_num_queries(7):
                assert len(outcomes.of(some)) == len(some)


def test_each_shipped_competency_and_step_has_ways_to_practise_and_hard_ones_say_so():
    told = {one.name: suggestions.for_competency(one.name, one.trainable) for one in ShippedCompetency.shipped()}
    assert [name for name, one in told.items() if not 2 <= len(one.ways) <= 3] == []
    hard = [one.name for one in ShippedCompetency.shipped() if one.trainable == "hard"]
    assert [name for name in hard if not told[name].honest] == []
    assert len({way for one in told.values() for way in one.ways}) == sum(len(one.ways) for one in told.values())
    assert all(suggestions.for_step(number).ways for number in range(1, 14))


@pytest.mark.parametrize("trainable", Competency.Trainable.values)
def test_a_competency_of_the_team_s_own_has_ways_too(trainable):
    assert suggestions.for_competency("Juggling", trainable).ways
