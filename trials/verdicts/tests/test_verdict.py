"""Evidence per competency, and the draft that is kept until the verdict is given."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.builders import make_application, make_job, make_plan, make_user
from candidates.judging import actions as judging
from candidates.judging.builders import make_answers
from candidates.models import Competency, PlanCompetency, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post.builders import open_link
from candidates.tests.together import together
from trials.builders import decide, last_day, make_manager, make_trial
from trials.models import CheckInCard, OwnView, Verdict, VerdictDraft
from trials.verdicts import actions
from trials.verdicts.actions import keep_draft

pytestmark = pytest.mark.django_db
THEN = datetime(2030, 2, 11, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(THEN, tick=False)


@pytest.fixture
def trial():
    """Empathy is a must-have, patience is not."""
    plan = make_plan()
    PlanCompetency.objects.filter(plan=plan, competency__name="Empathy").update(must_have=True)
    return make_trial(make_application(Stage.REFERENCES, job=make_job(plan=plan)))


@pytest.fixture
def leader(client, trial):
    open_link(client, trial.verdict_ask)
    return client


def key(name="Empathy"):
    return Competency.objects.get(name=name).pk


def box(name="Empathy"):
    return f"ground_{key(name)}"


def page(trial):
    return trial.verdict_ask.get_absolute_url()


def typed(**fields):
    return {"kind": "confirm", "evidence": "Calm with customers.", "new_end": "", "seen": "", box(): "Saw it."} | fields


def seen():
    """Which draft a page that is opened now was made from."""
    draft = VerdictDraft.objects.first()
    return draft.saved_at.isoformat() if draft else ""


def test_the_evidence_is_kept_under_the_name_that_the_competency_had(trial):
    verdict = decide(trial, grounds={key(): " Stayed with a caller. ", key("Patience"): "", 0: "stray"})
    Competency.objects.filter(name="Empathy").update(name="Renamed")
    verdict.refresh_from_db()
    assert verdict.grounds == [{"competency": key("Renamed"), "name": "Empathy", "evidence": "Stayed with a caller."}]


def test_to_confirm_every_must_have_needs_evidence(trial):
    with pytest.raises(NotAllowed, match="Empathy is a must-have"):
        decide(trial, grounds={key("Patience"): "Waits."})
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("kind", ["end", "extend"])
def test_to_end_or_to_extend_the_reason_is_enough(trial, kind):
    new_end = trial.ends_on + timedelta(days=7) if kind == "extend" else None
    assert decide(trial, kind, grounds={}, new_end=new_end).grounds == []


def test_a_trial_that_is_past_its_end_is_extended_to_a_day_to_come(trial):
    today = trial.ends_on + timedelta(days=10)
    at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    for new_end in (today - timedelta(days=3), today):
        with pytest.raises(NotAllowed, match="This day is over"):
            actions.decide(trial, "extend", "Slow.", new_end=new_end, at=at, by=Actor.person(trial.leader))
    assert actions.decide(
        trial, "extend", "Slow.", new_end=today + timedelta(days=1), at=at, by=Actor.person(trial.leader)
    )


def test_the_database_refuses_to_change_a_verdict(trial):
    verdict = decide(trial)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(grounds=[{"evidence": "Better."}])


def test_a_must_have_without_evidence_is_named_beside_its_box_and_nothing_is_lost(leader, trial):
    response = leader.post(page(trial), typed(**{box(): " ", box("Patience"): "Waits with callers."}))
    assert list(response.context["form"].errors) == [box()]
    assert "Waits with callers." in leader.get(page(trial)).content.decode()
    assert not Verdict.objects.exists()


def test_what_is_typed_is_kept_and_goes_with_the_verdict(leader, trial):
    for action in ("autosave", "save"):
        leader.post(page(trial), typed(kind="", evidence=f"Half a {action}", action=action, seen=seen()))
        assert f"Half a {action}" in leader.get(page(trial)).content.decode()
    assert not Verdict.objects.exists()
    leader.post(page(trial), typed(seen=seen()))
    assert Verdict.objects.get().grounds[0]["evidence"] == "Saw it."
    assert not VerdictDraft.objects.exists()


def test_autosave_says_when_it_saved_and_what_it_could_not(leader, trial):
    assert "Saved 10:00" in leader.post(page(trial), {"action": "autosave", "evidence": "So far"}).content.decode()
    told = leader.post(page(trial), {"action": "autosave", "evidence": "\x00"}).content.decode()
    assert "Not all of this could be saved" in told
    assert VerdictDraft.objects.get().data == {"evidence": "So far"}


def test_a_page_that_sends_only_what_was_touched_keeps_the_rest(leader, trial):
    leader.post(page(trial), typed(action="autosave"))
    leader.post(page(trial), {"action": "autosave", "evidence": "More.", "was_evidence": "Calm with customers."})
    assert VerdictDraft.objects.get().data == {"kind": "confirm", "evidence": "More.", box(): "Saw it."}
    leader.post(page(trial), {"action": "give"})
    assert Verdict.objects.get().evidence == "More."


def test_an_old_page_wipes_nothing_and_where_both_wrote_both_texts_are_shown(leader, trial, time_machine):
    leader.post(page(trial), typed(action="save"))
    time_machine.shift(60)
    told = leader.post(page(trial), typed(action="save", evidence="Other words.", **{box(): ""})).content.decode()
    assert "You wrote something else here in another window: “Calm with customers.”" in told
    assert VerdictDraft.objects.get().data == {
        "kind": "confirm", "evidence": "Calm with customers.", box(): "Saw it.",
    }  # fmt: skip


def test_a_text_that_was_taken_out_stays_out(leader, trial):
    leader.post(page(trial), typed(action="save"))
    leader.post(page(trial), typed(action="save", seen=seen(), evidence="", **{box(): ""}))
    assert VerdictDraft.objects.get().data == {"kind": "confirm"}


@pytest.mark.parametrize("value", ["\x00", "x" * 30_000, "9999-99-99", "[]", "\ud7ff", "-1", "0" * 400])
def test_no_input_breaks_the_page(leader, trial, value):
    names = ("kind", "evidence", "new_end", "seen", "was_evidence", "action", box(), box("Patience"), "ground_0")
    for action in ("give", "autosave", value):
        assert leader.post(page(trial), dict.fromkeys(names, value) | {"action": action}).status_code == 200


def test_a_deputy_who_leads_no_more_is_told_so(leader, trial):
    trial.leader = make_manager("Lena Leader")
    trial.save(update_fields=["leader"])
    response = leader.post(page(trial), typed())
    assert "Only the person who led the trial" in response.content.decode()


def test_the_leader_reads_what_was_said_of_each_competency_when_all_is_in(leader, trial):
    answer(trial)
    told = leader.get(page(trial)).content.decode()
    assert told.count("Told of a real case.") == 24  # twelve answers on two competencies
    for words in ("4 of 5", "More time, please.", "In their own answers from 1"):
        assert words.lower() in told.lower()


def answer(trial):
    for card in CheckInCard.objects.filter(check_in__trial=trial).order_by("pk"):
        if card.role == "candidate":
            OwnView.objects.create(card=card, support=4, drained=2, worn_out=1, stays=5, words="More time, please.")
        judging.lock(card.scorecard, make_answers(card.scorecard), at=THEN, by=Actor.outsider("Bob"))


def test_while_they_owe_a_check_in_they_see_which_one_and_nothing_else(leader, trial):
    told = leader.get(page(trial)).content.decode()
    assert "Check-in 1: how is Cara Candidate doing?" in told
    assert "Told of a real case." not in told


@pytest.mark.parametrize(("by", "is_told"), [("Lena Leader", False), ("Max Manager", True)])
def test_who_took_over_reads_the_earlier_verdict_once_they_owe_nothing(leader, trial, by, is_told):
    Verdict.objects.create(trial=trial, kind="extend", evidence="Too slow for chat.", by=make_user(by), at=THEN)
    assert ("Too slow for chat." in leader.get(page(trial)).content.decode()) == is_told
    answer(trial)
    assert "Too slow for chat." in leader.get(page(trial)).content.decode()


def test_queries_do_not_grow_with_the_check_ins(leader, trial):
    counted = []
    for _turn in range(2):
        answer_first(trial)
        with CaptureQueriesContext(connection) as queries:
            leader.get(page(trial))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def answer_first(trial):
    """One check-in more is answered; those left are not asked any more."""
    waiting = CheckInCard.objects.filter(check_in__trial=trial, scorecard__locked_at=None).order_by("pk")
    for card in waiting[:3]:
        judging.lock(card.scorecard, make_answers(card.scorecard), at=THEN, by=Actor.outsider("Bob"))
    trial.application.asks.filter(page="trials:check_in", answered_at=None).update(opens_at=THEN + timedelta(days=1),
        due_at=THEN + timedelta(days=2))  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_draft_from_two_tabs_at_once_is_one():
    trial = make_trial()
    ask = trial.verdict_ask
    results = together(*[
        lambda words=words: keep_draft(ask, {"evidence": words}, at=last_day(trial)) for words in ("A", "B")
    ])  # fmt: skip
    assert [type(one).__name__ for one in results] == ["VerdictDraft"] * 2
    assert VerdictDraft.objects.count() == 1
