"""What rules listen to, what they look at, and what they do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ats.automation import actions, coming, deeds, keeping, trying, undoing, words
from ats.automation.builders import LONG_AGO, complete_interviews, make_card, make_judged, make_rule
from ats.automation.deciding import CHAIN
from ats.automation.models import Firing, Rule
from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.jobs.actions import copy_plan
from candidates.models import Application, Ask, Event, Message, Note, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import delivery

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RECRUITERS = {"who": "recruiters"}
TELL = {"then": "tell", "settings": {"who": RECRUITERS, "words": "Look at {name}."}, "conditions": []}
NOTE = {"then": "note", "settings": {"words": "{name} for {job}"}, "conditions": []}


def rita():
    return make_user("Rita Recruiter")


def arrive(plan, **fields):
    """Somebody applies a minute ago."""
    return make_application(job=make_job(plan=plan), at=NOW, **fields)


def firing():
    return Firing.objects.get()


def test_somebody_who_applies_without_a_knock_out_is_screened():
    plan = make_plan()
    make_rule(plan, when="event", event="stage.applied", conditions=[{"kind": "no_knock_out"}], to_stage="screening",
              settings={"reader": RECRUITERS, "caller": {"who": "manager"}})  # fmt: skip
    application = arrive(plan)
    marked = make_application(job=application.job, is_marked=True)
    assert actions.act(at=NOW + MINUTE) == 1
    application.refresh_from_db()
    assert (application.stage, marked.events.count()) == ("screening", 1)
    assert Firing.objects.get(application=marked).outcome == "not_met"


def test_a_knock_out_answer_plans_a_rejection_that_can_be_undone():
    plan = make_plan()
    make_rule(plan, when="knock_out", stage="", conditions=[], then="reject", hours=24, settings={"reason": "skills"})
    application = arrive(plan, is_marked=True)
    arrive(plan)
    actions.act(at=NOW + MINUTE)
    assert PlannedRejection.objects.get().application == application
    undoing.undo(firing(), at=NOW + 2 * MINUTE, by=Actor.person(rita()))
    assert not PlannedRejection.objects.standing().exists()
    assert firing().outcome == "undone"


def test_what_came_by_an_import_is_no_occasion():
    plan = make_plan()
    make_rule(plan, when="event", event="stage.applied", **NOTE)
    application = make_application(job=make_job(plan=plan))
    Event.objects.filter(application=application).delete()
    pipeline.record(application, "stage.applied", at=NOW, by=Actor.candidate("Cara"), came_from="", **{"import": 1})
    actions.act(at=NOW + MINUTE)
    assert not Firing.objects.exists()


@pytest.mark.parametrize(("when", "score", "acts"), [("over", 4, 1), ("over", 3, 0), ("under", 3, 1), ("under", 4, 0)])
def test_a_score_is_compared_with_the_line_of_the_plan(when, score, acts):
    make_judged(score=score, rule={"when": when, **NOTE})
    assert actions.act(at=NOW + MINUTE) == acts


def test_no_rule_looks_at_scores_while_somebody_owes_one():
    application = make_judged(rule=NOTE | {"when": "over"})
    make_card(application, "Late")
    assert actions.act(at=NOW + MINUTE) == 0
    assert firing().reason == "Not every judgement is in yet."


def test_a_request_that_is_overdue_is_told_once():
    application = make_application(Stage.INTERVIEWS)
    make_rule(application.plan, when="overdue", page="interviews:scorecard", **TELL)
    make_card(application, "Ida")
    assert [actions.act(at=NOW + days * DAY) for days in (6, 8, 9)] == [0, 1, 0]
    told = Message.objects.get(template="ats/rule_tells")
    assert (told.to, told.data["words"]) == (rita().email, "Look at Cara Candidate.")


def test_days_in_a_stage_are_counted_for_each_stay():
    application = make_application(Stage.INTERVIEWS)
    make_rule(application.plan, when="days", days=5, **NOTE)
    assert [actions.act(at=NOW + days * DAY) for days in (4, 6, 7)] == [0, 1, 0]
    by = Actor.person(rita())
    pipeline.move(application, Stage.SCREENING, at=NOW + 8 * DAY, by=by)
    pipeline.move(application, Stage.INTERVIEWS, at=NOW + 9 * DAY, by=by)
    assert [actions.act(at=NOW + days * DAY) for days in (10, 15)] == [0, 1]


def test_what_happened_before_a_rule_was_switched_on_is_left_to_people():
    make_judged(rule={"since": NOW + MINUTE})
    assert actions.act(at=NOW + 2 * MINUTE) == 0
    assert not Firing.objects.exists()


def test_a_suggestion_moves_nothing_until_somebody_agrees():
    application = make_judged(rule={"mode": "suggest"})
    assert actions.act(at=NOW + MINUTE) == 0
    application.refresh_from_db()
    assert (application.stage, firing().outcome) == ("interviews", "suggested")
    actions.take(firing(), at=NOW + 2 * MINUTE, by=rita())
    application.refresh_from_db()
    last = application.events.last()
    assert (application.stage, firing().outcome, last.by) == ("references", "taken", rita())


def test_a_suggestion_is_looked_at_again_before_it_is_done():
    application = make_judged(rule={"mode": "suggest"})
    actions.act(at=NOW + MINUTE)
    pipeline.move(application, Stage.SCREENING, at=NOW + 2 * MINUTE, by=Actor.person(rita()))
    with pytest.raises(NotAllowed, match="Somebody moved it meanwhile"):
        actions.take(firing(), at=NOW + 3 * MINUTE, by=rita())


def test_not_this_time_is_kept():
    make_judged(rule={"mode": "suggest"})
    actions.act(at=NOW + MINUTE)
    actions.dismiss(firing(), at=NOW + 2 * MINUTE, by=rita())
    assert (firing().outcome, firing().settled_by_name) == ("dismissed", "Rita Recruiter")
    with pytest.raises(NotAllowed, match="settled already"):
        actions.take(firing(), at=NOW + 3 * MINUTE, by=rita())


def test_a_rule_that_was_kept_away_does_not_act_until_it_may_again():
    application = make_judged()
    rule = Rule.objects.get()
    actions.keep_away(rule, application, at=NOW, by=rita())
    assert actions.act(at=NOW + MINUTE) == 0
    actions.let_act(rule, application, at=NOW + MINUTE, by=rita())
    assert actions.act(at=NOW + 2 * MINUTE) == 1


def test_what_cannot_be_done_is_told_once_and_tried_again_by_a_person():
    gone = make_user("Gone Colleague", is_active=False)
    rule = {"then": "ask", "settings": {"who": {"who": "colleague", "user": gone.pk}, "words": "Do it"}}
    application = make_judged(rule=rule)
    assert [actions.act(at=NOW + MINUTE), actions.act(at=NOW + 2 * MINUTE)] == [0, 0]
    assert (firing().outcome, Message.objects.filter(template="ats/rule_failed").count()) == ("failed", 1)
    gone.is_active = True
    gone.save()
    actions.take(firing(), at=NOW + 3 * MINUTE, by=rita())
    assert firing().outcome == "taken"
    assert Ask.objects.filter(application=application, user=gone).exists()


def test_something_unforeseen_is_kept_and_others_have_their_turn(monkeypatch):
    plan = make_judged(rule=NOTE).plan
    make_rule(plan, **TELL)

    def burst(*_args):
        raise RuntimeError

    monkeypatch.setitem(actions.deeds.DEEDS, Rule.Then.NOTE, burst)
    assert actions.act(at=NOW + MINUTE) == 1
    assert sorted(Firing.objects.values_list("outcome", flat=True)) == ["acted", "failed"]


def test_a_move_and_a_note_on_one_occasion_both_happen():
    application = make_judged()
    make_rule(application.plan, **NOTE)
    assert actions.act(at=NOW + MINUTE) == 2
    assert Note.objects.get().text == "Cara Candidate for Support specialist"


def test_rules_do_not_move_somebody_on_and_on_without_a_person():
    application = make_judged()
    for number in range(CHAIN):
        to = Stage.SCREENING if number % 2 == 0 else Stage.INTERVIEWS
        pipeline.move(application, to, at=NOW + number * MINUTE, by=Actor.rule("Old rule", rule="old", event=1))
    pipeline.record(application, "screening.complete", at=NOW + DAY, by=Actor.outsider("Ida"))
    make_rule(application.plan, stage="screening", to_stage="interviews", conditions=[])
    actions.act(at=NOW + DAY + MINUTE)
    assert Firing.objects.filter(outcome="failed").get().reason.startswith("Rules moved it 5 times in a row")


def test_a_mail_of_a_rule_waits_and_is_taken_back_by_an_undo():
    make_judged(rule={"then": "mail", "settings": {"subject": "Thank you", "text": "Dear {name},\n\nthank you."}})
    actions.act(at=NOW + MINUTE)
    message = Message.objects.get(template="ats/rule")
    assert delivery.deliver(message.pk, at=NOW + 5 * MINUTE) is None
    undoing.undo(firing(), at=NOW + 6 * MINUTE, by=Actor.person(rita()))
    assert delivery.deliver(message.pk, at=NOW + 20 * MINUTE) is None


def test_a_mail_that_has_left_cannot_be_undone():
    make_judged(rule={"then": "mail", "settings": {"subject": "Thank you", "text": "Dear {name},\n\nthank you."}})
    actions.act(at=NOW + MINUTE)
    assert delivery.deliver(Message.objects.get(template="ats/rule").pk, at=NOW + 12 * MINUTE) == "sent"
    with pytest.raises(NotAllowed, match="The mail has left"):
        undoing.undo(firing(), at=NOW + 13 * MINUTE, by=Actor.person(rita()))


def test_the_undo_of_a_move_steps_back_and_nothing_of_it_leaves():
    application = make_judged()
    actions.act(at=NOW + MINUTE)
    undoing.undo(firing(), at=NOW + 2 * MINUTE, by=Actor.person(rita()))
    application.refresh_from_db()
    assert (application.stage, actions.act(at=NOW + 3 * MINUTE)) == ("interviews", 0)
    assert not Ask.objects.open().filter(page="references:name_referees").exists()


def test_the_undo_of_a_move_leaves_what_other_rules_did_on_the_same_occasion():
    application = make_judged()
    application.job.recruiters.add(rita())
    make_rule(application.plan, then="ask", settings={"who": RECRUITERS, "words": "Ring {name}."})
    make_rule(application.plan, then="mail", settings={"subject": "Thank you", "text": "Dear {name},\n\nthank you."})
    assert actions.act(at=NOW + MINUTE) == 3
    to_do, thanks = Ask.objects.get(page="post:to_do"), Message.objects.get(template="ats/rule")
    moved = Firing.objects.get(data__to="references")
    assert not {to_do.pk} & set(moved.data["asks"])
    undoing.undo(moved, at=NOW + 2 * MINUTE, by=Actor.person(make_user("Ruth Recruiter")))
    assert Ask.objects.open().filter(pk=to_do.pk).exists()
    assert delivery.deliver(thanks.pk, at=NOW + 20 * MINUTE) == "sent"


def test_after_the_next_step_a_move_is_not_undone_any_more():
    application = make_judged()
    actions.act(at=NOW + MINUTE)
    application.refresh_from_db()
    pipeline.move(application, Stage.REJECTED, at=NOW + 2 * MINUTE, by=Actor.person(rita()))
    with pytest.raises(NotAllowed, match="Somebody moved it on since"):
        undoing.undo(firing(), at=NOW + 3 * MINUTE, by=Actor.person(rita()))


def test_no_event_of_a_rule_tells_a_score():
    application = make_judged(rule={"when": "over", "score": "3.00"})
    actions.act(at=NOW + MINUTE)
    told = application.events.get(name="rule.acted")
    assert "4.0" not in str(told.data)
    assert told.data["reason"] == firing().reason


def test_who_owes_a_rating_is_not_told_by_a_rule_that_looks_at_scores():
    application = make_judged(rule=TELL | {"when": "over"})
    judge = make_user("Jude Judge")
    application.job.recruiters.set([judge])
    card = make_card(application, "Jude")
    Ask.objects.filter(pk=card.ask_id).update(user=judge, opens_at=NOW + DAY, due_at=NOW + 2 * DAY)
    actions.act(at=NOW + MINUTE)
    assert not Message.objects.filter(to=judge.email, template="ats/rule_tells").exists()


def test_a_copy_of_a_plan_has_its_rules():
    plan = make_plan()
    make_rule(plan)
    copied = copy_plan(plan, version=1)
    rule = copied.rules.get()
    assert (rule.mode, rule.event, rule.since) == ("act", "interviews.complete", LONG_AGO)


def test_an_idle_sweep_asks_one_thing():
    make_judged()
    actions.act(at=NOW + MINUTE)
    with CaptureQueriesContext(connection) as asked:
        actions.act(at=NOW + 2 * MINUTE)
    assert len(asked) == 1


def test_what_does_not_hold_costs_the_same_for_many():
    counts = []
    for number in (2, 12):
        plan = make_plan(line="5.00")
        make_rule(plan)
        job = make_job(plan=plan)
        for _one in range(number):
            complete_interviews(make_application(Stage.INTERVIEWS, job=job))
        with CaptureQueriesContext(connection) as asked:
            actions.act(at=NOW + MINUTE)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_rule_reads_as_one_sentence():
    rule = make_rule(make_plan(), conditions=[{"kind": "at_least", "value": "3.50"}])
    assert words.sentence(rule) == (
        "When every interviewer's scorecard is in, and the composite reaches 3.50, ask the candidate for referees."
    )


def test_a_dry_run_tells_to_whom_and_to_whom_not_and_writes_nothing():
    yes = make_judged(rule={"mode": "off", "since": None})
    complete_interviews(low := make_application(Stage.INTERVIEWS, job=yes.job), 2)
    waits = make_application(Stage.INTERVIEWS, job=yes.job)
    before = [model.objects.count() for model in (Event, Message, Ask, Firing)]
    trial = trying.of(Rule.objects.get(), reader=rita(), at=NOW + MINUTE)
    assert [one for one, _why in trial.yes] == [yes]
    assert dict(trial.no) == {
        low: "The plan's rule does not say go on.",
        waits: "Not so far: every interviewer's scorecard is in.",
    }
    assert [model.objects.count() for model in (Event, Message, Ask, Firing)] == before
    assert Application.objects.get(pk=yes.pk).stage == "interviews"


def test_a_dry_run_finds_what_the_verb_would_refuse():
    application = make_application(Stage.SCREENING)
    rule = make_rule(application.plan, when="days", stage="screening", days=1, conditions=[], to_stage="interviews")
    trial = trying.of(rule, reader=rita(), at=NOW + 2 * DAY)
    assert trial.yes == []
    assert "It is not known who interviews" in trial.no[0][1]


def test_the_next_that_happens_is_told_with_its_time():
    application = make_application(Stage.INTERVIEWS)
    make_rule(application.plan, when="days", days=5, **NOTE)
    make_rule(application.plan)
    make_rule(application.plan, stage="screening", to_stage="interviews")
    found = coming.of(application, [], [])
    assert [(one.at, one.waits_for) for one in found] == [
        (application.stage_since + 5 * DAY, ""),
        (None, "waits until every interviewer's scorecard is in"),
    ]


def test_switching_on_counts_from_now_or_takes_along_who_stands_there():
    application = make_judged(rule={"mode": "off", "since": None})
    rule = Rule.objects.get()
    keeping.switch(rule, Rule.Mode.ACT, at=NOW + MINUTE, by=rita())
    assert (rule.since, actions.act(at=NOW + 2 * MINUTE)) == (NOW + MINUTE, 0)
    keeping.switch(rule, Rule.Mode.ACT, at=NOW + 3 * MINUTE, by=rita(), also_now=True)
    assert actions.act(at=NOW + 4 * MINUTE) == 1
    application.refresh_from_db()
    assert application.stage == "references"


def test_who_owes_a_rating_by_address_alone_is_not_told_that_a_rule_failed():
    application = make_judged(rule={"mode": "off", "since": None})
    rita = make_user("Rita Recruiter")
    application.job.recruiters.set([rita])
    make_card(application, str(rita))
    Ask.objects.filter(name=str(rita)).update(email=rita.email)
    firing = Firing(pk=1, rule_name="Below the line", reason="Nobody is left.")
    deeds.tell_failure(firing, application, at=NOW)
    assert not Message.objects.filter(template="ats/rule_failed").exists()
