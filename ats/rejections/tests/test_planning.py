"""A rejection that waits: nobody hears of it until its time has come, and then everybody as always."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.urls import reverse

from ats import pipeline as process
from ats.engine import invariants
from ats.rejections import actions
from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.builders import NOW, make_application, make_user
from candidates.judging.builders import make_card
from candidates.models import Application, Message, Stage
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import MovedMeanwhile, NotAllowed
from candidates.post import delivery, links
from candidates.post.reminding import actions as reminding
from candidates.screening.builders import begin_screening

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(hours=24)
AFTER = DUE + timedelta(minutes=1)


def rita():
    return Actor.person(make_user("Rita Recruiter"))


def planned(application=None, **fields):
    application = application or make_application()
    return actions.plan(application, **{"reason": "skills", "hours": 24, "at": NOW, "by": rita()} | fields)


def stage_of(plan):
    return Application.objects.get(pk=plan.application_id).stage


def events_of(plan):
    return list(plan.application.events.values_list("name", flat=True))


def test_until_its_time_nothing_moves_and_nobody_is_told():
    plan = planned()
    assert actions.carry_out_due(at=DUE - timedelta(seconds=1)) == 0
    assert stage_of(plan) == Stage.APPLIED
    assert not Message.objects.exists()
    assert events_of(plan) == ["stage.applied", "rejection.planned"]


def test_the_page_of_the_candidate_is_the_same_before_and_after_planning(client):
    application = make_application()
    path = reverse("portal:home", args=[application.pk])

    def page():
        client.get(links.application_url(application).removeprefix("http://localhost"))
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", client.get(path).content.decode())

    before = page()
    planned(application)
    assert page() == before
    assert "sorry" not in before


def test_when_its_time_has_come_it_is_carried_out_as_the_person_decided():
    plan = planned()
    assert actions.carry_out_due(at=AFTER) == 1
    event = plan.application.events.last()
    assert stage_of(plan) == Stage.REJECTED
    assert (event.name, event.by, event.at, event.data["reason"]) == ("stage.rejected", make_user(), AFTER, "skills")
    assert Message.objects.get().solemn


def test_it_is_carried_out_once():
    planned()
    assert [actions.carry_out_due(at=AFTER) for _turn in range(3)] == [1, 0, 0]
    assert Message.objects.count() == 1


def test_an_account_that_is_gone_does_not_stop_what_it_decided():
    plan = planned(by=Actor.person(make_user("Lena Leaver")))
    make_user("Lena Leaver").delete()
    actions.carry_out_due(at=AFTER)
    event = plan.application.events.last()
    assert (event.name, event.by, event.by_name) == ("stage.rejected", None, "Lena Leaver")


@pytest.mark.parametrize(
    ("minutes", "seconds", "leaves"), [(0, 0, (9, 0)), (0, 1, (9, 15)), (14, 59, (9, 15)), (46, 0, (10, 0))]
)
def test_the_time_is_rounded_up_so_that_notice_is_never_shorter_than_told(minutes, seconds, leaves):
    at = NOW + timedelta(minutes=minutes, seconds=seconds)
    when = actions.leaves_at(at, 24)
    assert (when.hour, when.minute, when.second) == (*leaves, 0)
    assert when >= at + timedelta(hours=24)


def test_after_an_undo_nothing_happens_when_its_time_comes():
    plan = planned()
    actions.undo(plan, at=NOW, by=rita())
    assert actions.carry_out_due(at=AFTER) == 0
    assert stage_of(plan) == Stage.APPLIED
    assert events_of(plan)[-1] == "rejection.undone"
    assert not Message.objects.exists()


def test_it_can_be_undone_until_the_moment_when_it_is_carried_out():
    plan = planned()
    actions.undo(plan, at=AFTER, by=rita())
    assert actions.carry_out_due(at=AFTER) == 0


def test_what_was_carried_out_cannot_be_undone():
    plan = planned()
    actions.carry_out_due(at=AFTER)
    with pytest.raises(NotAllowed, match="Rejected"):
        actions.undo(plan, at=AFTER, by=rita())
    assert stage_of(plan) == Stage.REJECTED


def test_what_was_undone_can_be_planned_again():
    application = make_application()
    actions.undo(planned(application), at=NOW, by=rita())
    planned(application, reason="letter")
    assert actions.carry_out_due(at=AFTER) == 1
    assert application.events.last().data["reason"] == "letter"


def test_planning_twice_is_refused_by_the_name_of_who_was_first():
    application = make_application()
    planned(application)
    with pytest.raises(NotAllowed, match="Rita Recruiter planned"):
        planned(application, by=Actor.person(make_user("Rosa Recruiter")))
    assert PlannedRejection.objects.count() == 1


@pytest.mark.parametrize("to", [Stage.INTERVIEWS, Stage.WITHDRAWN, Stage.REJECTED])
def test_any_later_move_makes_it_void(to):
    plan = planned(make_application(Stage.SCREENING))
    pipeline.move(plan.application, to, at=NOW + timedelta(hours=1), by=rita())
    assert actions.carry_out_due(at=AFTER) == 0
    assert stage_of(plan) == to
    plan.refresh_from_db()
    assert (plan.done_at, plan.void_at) == (None, AFTER)


def test_a_stage_that_was_left_and_entered_again_makes_it_void_too():
    plan = planned(make_application(Stage.SCREENING))
    for hours, to in enumerate([Stage.INTERVIEWS, Stage.SCREENING], start=1):
        pipeline.move(plan.application, to, at=NOW + timedelta(hours=hours), by=rita())
    assert actions.carry_out_due(at=AFTER) == 0
    assert stage_of(plan) == Stage.SCREENING


def test_after_a_move_a_new_rejection_can_be_planned():
    application = make_application(Stage.SCREENING)
    planned(application)
    pipeline.move(application, Stage.INTERVIEWS, at=NOW, by=rita())
    planned(application, reason="letter")
    assert actions.carry_out_due(at=AFTER) == 1


def test_who_saw_an_older_stage_plans_nothing():
    application = make_application(Stage.SCREENING)
    seen = Application.objects.get(pk=application.pk)
    pipeline.move(application, Stage.INTERVIEWS, at=NOW, by=rita())
    with pytest.raises(MovedMeanwhile):
        planned(seen)


def test_a_closed_application_is_not_planned_for():
    with pytest.raises(NotAllowed, match="Withdrawn"):
        planned(make_application(Stage.WITHDRAWN))


def test_rejecting_at_once_still_works_for_whoever_calls_the_verb():
    application = make_application()
    process.take(application, Stage.REJECTED, at=NOW, by=rita(), arguments={"reason": "skills"})
    assert application.stage == Stage.REJECTED


def test_whom_we_wait_for_is_not_reminded_before_the_rejection():
    plan = planned(begin_screening(), hours=24 * 14)
    assert reminding.remind_due(at=NOW + timedelta(days=8)) == 0
    actions.carry_out_due(at=plan.due_at)
    assert reminding.remind_due(at=NOW + timedelta(days=30)) == 0


def test_after_an_undo_reminders_go_when_they_would_have_gone():
    application = begin_screening()
    times = set(application.asks.values_list("remind_at", flat=True))
    plan = planned(application, hours=24 * 14)
    actions.undo(plan, at=NOW, by=rita())
    assert set(application.asks.values_list("remind_at", flat=True)) == times
    assert reminding.remind_due(at=NOW + timedelta(days=5)) == 2


def test_reminders_after_the_time_of_the_rejection_are_not_touched():
    application = begin_screening()
    times = set(application.asks.values_list("remind_at", flat=True))
    planned(application)
    assert set(application.asks.values_list("remind_at", flat=True)) == times


def test_links_that_were_sent_work_until_it_is_carried_out():
    plan = planned(make_application(Stage.INTERVIEWS))
    ask = make_card(plan.application).ask
    assert ask.is_open
    actions.carry_out_due(at=AFTER)
    ask.refresh_from_db()
    assert ask.cancelled_at == AFTER


def test_one_that_fails_does_not_stop_the_others(caplog):
    first, second = planned(), planned()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON candidates_application FOR EACH ROW"
            f" WHEN (OLD.id = {first.application_id}) EXECUTE FUNCTION broken()"
        )
    assert actions.carry_out_due(at=AFTER) == 1
    assert (stage_of(first), stage_of(second)) == (Stage.APPLIED, Stage.REJECTED)
    assert "could not be carried out" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_mail_is_in_the_language_of_the_candidate_and_without_the_reason():
    application = make_application()
    application.candidate.language = "ar"
    application.candidate.save()
    planned(application, reason="languages")
    actions.carry_out_due(at=AFTER)
    delivery.sweep(clock=lambda: AFTER)
    (sent,) = outbox.outbox
    page = sent.alternatives[0][0]
    assert 'lang="ar" dir="rtl"' in page
    assert "languages" not in sent.body + page
    assert "hours do not fit" not in sent.body + page


def test_what_a_rule_planned_is_told_as_the_rules_when_it_is_carried_out():
    application = make_application()
    first = application.events.get()
    rule = Actor(ActorKind.RULE, "No answer for a month", data={"rule": "7", "event": first.pk})
    planned(application, by=rule)
    actions.carry_out_due(at=AFTER)
    event = application.events.get(name="stage.rejected")
    assert (event.by_kind, event.by_name, event.data["event"]) == ("rule", "No answer for a month", first.pk)
    assert invariants.people_win_over_rules(AFTER)[1] == []
