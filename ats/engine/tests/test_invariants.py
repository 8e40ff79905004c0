"""Each invariant: a clean database passes, a planted violation is named."""

import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection

from ats import pipeline as process
from ats.automation import actions as automation
from ats.automation.builders import make_rule
from ats.automation.models import Firing
from ats.engine import invariants
from ats.rejections import actions as rejections
from candidates import pipeline
from candidates.builders import NOW, make_application, make_job, make_plan, make_user
from candidates.judging.builders import make_card
from candidates.people.actors import Actor
from candidates.people.models import Document
from candidates.post import asks
from candidates.post.models import Ask, Message
from candidates.post.to_dos import actions as to_dos
from candidates.stages import Stage
from trials.models import Trial
from trials.planning.builders import make_trial_plan

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def mailbox(settings, tmp_path):
    """An empty Maildir of this test's own."""
    settings.MAILBOX_DIR = str(tmp_path)
    (tmp_path / "new").mkdir()
    return tmp_path


def violations(name, at=SOON):
    return {finding.name: finding.violations for finding in invariants.check(at=at)}[name]


def plant(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def person():
    return Actor.person(make_user())


def rule(event):
    return Actor.rule("Rule: all is in", rule="references_by_itself", event=event.pk)


def make_ask(application):
    return asks.ask(
        application, page="careers:list", template="candidates/reminder", title="Say something", at=NOW,
        role=Ask.Role.REFEREE, name="Rolf Referee", email="rolf@example.org", due_at=NOW + timedelta(days=7),
    )  # fmt: skip


def make_document(application, content=b"%PDF-1.7 a life"):
    return Document.objects.create(
        application=application, kind=Document.Kind.RESUME, name="cv.pdf", content_type="application/pdf", at=NOW,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), file=ContentFile(content, "cv.pdf"),
    )  # fmt: skip


def deliver(mailbox, message, copies):
    for number in range(copies):
        (mailbox / "new" / f"{message.pk}.{number}").write_text(f"Message-ID: <{message.pk}@x>\r\n\r\nDear you")


def test_a_clean_database_passes():
    for stage in (Stage.APPLIED, Stage.INTERVIEWS, Stage.TRIAL):
        make_ask(make_application(stage))
    make_document(make_application())
    process.reject(make_application(), reason="skills", at=NOW, by=person())
    assert [finding.violations for finding in invariants.check(at=SOON)] == [[]] * 8


def test_i1_names_a_changed_file():
    document = make_document(make_application())
    Path(document.file.path).write_bytes(b"another life")
    assert violations("I1") == [
        f"document {document.pk} of application {document.application_id}: the file is not what was received"
    ]


def test_i1_names_a_missing_file():
    document = make_document(make_application())
    document.file.storage.delete(document.file.name)
    assert violations("I1") == [f"document {document.pk} of application {document.application_id}: the file is missing"]


def test_i1_names_an_application_without_its_arrival():
    application = make_application()
    plant("DELETE FROM candidates_event WHERE application_id = %s", application.pk)
    assert violations("I1") == [f"application {application.pk} has no event of its arrival"]


def test_i2_names_two_open_applications_of_one_person():
    job = make_job()
    first, second = make_application(job=job), make_application(job=job)
    plant("DROP INDEX one_open_application")
    plant(
        "UPDATE candidates_application SET candidate_id = %s WHERE id = %s",
        first.candidate_id,
        second.pk,
    )
    assert violations("I2") == [f"job {job.pk} has open applications of one address: {first.pk}, {second.pk}"]


def test_i2_allows_a_second_application_after_a_rejection():
    job = make_job()
    first, second = make_application(Stage.REJECTED, job=job), make_application(job=job)
    plant(
        "UPDATE candidates_application SET candidate_id = %s WHERE id = %s",
        first.candidate_id,
        second.pk,
    )
    assert violations("I2") == []


def test_i3_names_a_stage_that_no_move_led_to():
    application = make_application(Stage.SCREENING)
    plant(
        "UPDATE candidates_application SET stage = 'trial' WHERE id = %s",
        application.pk,
    )
    last = application.events.latest("pk")
    assert violations("I3") == [
        f"application {application.pk}, event {last.pk}: the last move led to screening, but it stands at trial"
    ]


def test_i3_names_a_move_that_the_table_does_not_have():
    application = make_application(Stage.SCREENING)
    leap = pipeline.record(application, "stage.hired", at=NOW, by=person(), came_from="screening")
    plant(
        "UPDATE candidates_application SET stage = 'hired' WHERE id = %s",
        application.pk,
    )
    assert violations("I3") == [f"application {application.pk}, event {leap.pk}: no move leads from screening to hired"]


def test_i3_names_a_move_from_where_the_application_did_not_stand():
    application = make_application(Stage.SCREENING)
    odd = pipeline.record(application, "stage.references", at=NOW, by=person(), came_from="interviews")
    plant(
        "UPDATE candidates_application SET stage = 'references' WHERE id = %s",
        application.pk,
    )
    assert violations("I3") == [
        f"application {application.pk}, event {odd.pk}: came from interviews, but stood at screening"
    ]


def test_i4_names_an_ask_without_a_mail():
    ask = make_ask(make_application())
    plant("DELETE FROM candidates_message")
    assert violations("I4") == [f"ask {ask.pk} has no mail"]


def test_i4_asks_for_no_mail_to_who_has_no_address_or_reads_blind():
    application = make_application()
    blind, there = make_user("Bea Blind"), make_user("Tom There")
    make_card(application, user=blind, page="interviews:grade")
    for colleague in (blind, make_user("Nora Nowhere", email=""), there):
        told = {"kind": "rule", "words": "Call her.", "due_at": NOW, "at": NOW, "by": person()}
        to_dos.give(application, colleague=colleague, **told)
    plant("DELETE FROM candidates_message WHERE template = 'candidates/to_do'")
    assert violations("I4") == [f"ask {there.asks.get().pk} has no mail"]


def test_i4_does_not_miss_a_mail_that_is_held():
    make_ask(make_application())
    Message.objects.update(status=Message.Status.HELD)
    assert violations("I4", at=NOW + timedelta(days=3)) == []


def test_i4_names_an_end_without_a_mail():
    application = make_application()
    event = pipeline.move(application, Stage.WITHDRAWN, at=NOW, by=person())
    assert violations("I4") == [f"event {event.pk} (stage.withdrawn) has no mail"]


def test_i4_names_a_mail_that_waits_for_more_than_five_minutes():
    ask = make_ask(make_application())
    message = ask.messages.get()
    assert violations("I4", at=NOW + timedelta(minutes=4)) == []
    assert violations("I4", at=NOW + timedelta(minutes=6)) == [f"mail {message.pk} (ask:{ask.pk}) is late"]


def test_i5_names_a_mail_that_arrived_twice(mailbox):
    message = make_ask(make_application()).messages.get()
    deliver(mailbox, message, copies=2)
    assert violations("I5") == [f"mail {message.pk} ({message.key}) arrived 2 times"]


def test_i5_allows_the_second_attempt_after_a_worker_died(mailbox):
    message = make_ask(make_application()).messages.get()
    Message.objects.update(attempts=2)
    deliver(mailbox, message, copies=2)
    assert violations("I5") == []


def test_i5_never_allows_a_solemn_mail_twice(mailbox):
    process.reject(make_application(), reason="skills", at=NOW, by=person())
    Message.objects.update(attempts=2)
    message = Message.objects.get()
    deliver(mailbox, message, copies=2)
    assert violations("I5") == [f"mail {message.pk} ({message.key}) arrived 2 times, and it is solemn"]


def test_i5_ignores_mails_that_are_not_from_the_outbox(mailbox):
    for number in range(2):
        (mailbox / "new" / str(number)).write_text("Message-ID: <hello@elsewhere>\r\n\r\nHi")
    assert violations("I5") == []


def test_i6_names_a_hire_that_nobody_approved():
    application = make_application(Stage.HIRED)
    assert violations("I6") == [f"application {application.pk} is hired without the approval of another person"]


def make_approved_hire():
    """A hire approved by a manager who had no part in it; the trial with it."""
    application = make_application(Stage.HIRED)
    ask, verdict_ask = make_ask(application), make_ask(application)
    trial = Trial.objects.create(
        application=application, starts_on=NOW, ends_on=NOW + timedelta(days=28), leader=make_user("Lea Leader"),
        buddy_name="Ben Buddy", buddy_email="ben@example.org", verdict_ask=verdict_ask,
    )  # fmt: skip
    return trial.approvals.create(
        requested_by=make_user("Rita Recruiter"), led_by=trial.leader, approver=make_user("Max Manager"), ask=ask,
        requested_at=NOW, decided_at=NOW, decision="approve",
    )  # fmt: skip


def test_i6_allows_a_hire_that_another_manager_approved():
    make_approved_hire()
    assert violations("I6") == []


@pytest.mark.parametrize("part", ["led_by", "requested_by"])
def test_i6_names_a_hire_approved_by_somebody_who_had_a_part_in_it(part):
    approval = make_approved_hire()
    open_to_change()
    for constraint in ("approver_did_not_lead", "approver_did_not_ask"):
        plant(f"ALTER TABLE trials_approval DROP CONSTRAINT {constraint}")
    plant(f"UPDATE trials_approval SET {part}_id = approver_id")
    hired = approval.trial.application_id
    assert violations("I6") == [f"application {hired} is hired without the approval of another person"]


def test_i6_does_not_take_a_refusal_for_an_approval():
    approval = make_approved_hire()
    open_to_change()
    plant("UPDATE trials_approval SET decision = 'refuse', reason = 'no'")
    hired = approval.trial.application_id
    assert violations("I6") == [f"application {hired} is hired without the approval of another person"]


def half_approved(approval):
    return [f"application {approval.trial.application_id} is hired although its last request was not approved by all "
            "who were to"]  # fmt: skip


def test_i6_names_a_hire_whose_second_manager_never_said_yes():
    approval = make_approved_hire()
    open_to_change()
    plant("UPDATE trials_approval SET then_id = %s", make_user("Olga Other").pk)
    assert violations("I6") == half_approved(approval)
    make_another(approval, step=2)
    assert violations("I6") == []


def test_i6_names_a_hire_by_one_manager_where_the_plan_wants_two():
    approval = make_approved_hire()
    make_trial_plan(make_plan(), approvers=2)
    plan = approval.trial.application.plan_id
    plant("SET CONSTRAINTS ALL IMMEDIATE")
    plant("ALTER TABLE trials_trialplan DISABLE TRIGGER plan_terms_stay_locked")
    plant("UPDATE trials_trialplan SET plan_id = %s", plan)
    assert violations("I6") == half_approved(approval)


def test_i6_names_a_hire_whose_last_request_was_sent_back():
    approval = make_approved_hire()
    make_another(approval, round=2, decision="send_back", reason="More tickets, please.")
    assert violations("I6") == half_approved(approval)


def make_another(approval, **fields):
    """One more approval of the same trial, of another manager."""
    told = {"step": 1, "round": 1, "decision": "approve"} | fields
    return approval.trial.approvals.create(
        requested_by=approval.requested_by, led_by=approval.led_by, approver=make_user("Olga Other"),
        ask=make_ask(approval.trial.application), requested_at=NOW, decided_at=NOW, **told,
    )  # fmt: skip


def open_to_change():
    """As somebody with the keys of the database would."""
    plant("SET CONSTRAINTS ALL IMMEDIATE")
    plant("ALTER TABLE trials_approval DISABLE TRIGGER approval_stays_decided")


def test_i7_names_a_rule_that_overrode_a_person():
    application = make_application(Stage.INTERVIEWS)
    trigger = pipeline.record(application, "interviews.complete", at=NOW, by=person())
    back = pipeline.move(application, Stage.SCREENING, at=NOW, by=person())
    moved = pipeline.move(application, Stage.INTERVIEWS, at=NOW, by=rule(trigger))
    assert violations("I7") == [f"event {moved.pk}: a rule overrode the later move of a person, event {back.pk}"]


def test_i7_allows_the_person_to_undo_what_the_rule_did():
    application = make_application(Stage.INTERVIEWS)
    trigger = pipeline.record(application, "interviews.complete", at=NOW, by=person())
    pipeline.move(application, Stage.REFERENCES, at=NOW, by=rule(trigger))
    pipeline.move(application, Stage.INTERVIEWS, at=NOW, by=person())
    assert violations("I7") == []


def test_i7_names_a_rule_that_reacted_to_another_application():
    application, elsewhere = (
        make_application(Stage.INTERVIEWS),
        make_application().events.get(),
    )
    moved = pipeline.move(application, Stage.REFERENCES, at=NOW, by=rule(elsewhere))
    assert violations("I7") == [f"event {moved.pk}: a rule acted without an event to react to"]


def test_i7_names_a_rejection_that_a_rule_planned_after_a_person_moved():
    application = make_application(Stage.INTERVIEWS)
    stay = application.events.latest("pk")
    back = pipeline.move(application, Stage.SCREENING, at=NOW, by=person())
    rejections.plan(application, reason="skills", hours=24, at=NOW, by=rule(stay))
    planned = application.events.get(name="rejection.planned")
    assert violations("I7") == [f"event {planned.pk}: a rule overrode the later move of a person, event {back.pk}"]


def test_i7_names_whatever_a_rule_did_after_a_person_moved():
    application = make_application(Stage.INTERVIEWS)
    told = {"rule": make_rule(application.plan, then="note"), "rule_name": "Note it", "at": NOW, "outcome": "acted"}
    stay = application.events.latest("pk")
    firing = Firing.objects.create(application=application, occasion="stage:1", event=stay, **told)
    back = pipeline.move(application, Stage.SCREENING, at=NOW, by=person())
    acted = pipeline.record(application, "rule.acted", at=NOW, by=rule(stay), firing=firing.pk)
    assert violations("I7") == [f"event {acted.pk}: a rule overrode the later move of a person, event {back.pk}"]


def test_i7_allows_what_rules_do_in_time():
    application = make_application(Stage.INTERVIEWS)
    make_rule(application.plan, when="event", event="interviews.complete", conditions=[], then="reject", hours=24)
    pipeline.record(application, "interviews.complete", at=NOW, by=person())
    assert automation.act(at=SOON) == 1
    pipeline.move(application, Stage.SCREENING, at=SOON, by=person())
    assert application.planned_rejections.get().by_kind == "rule"
    assert violations("I7") == []


def test_i7_names_a_planned_rejection_of_a_rule_that_no_event_tells_of():
    planned = rejections.plan(make_application(), reason="skills", hours=24, at=NOW, by=person())
    plant("UPDATE ats_plannedrejection SET by_kind = 'rule'")
    assert violations("I7") == [f"planned rejection {planned.pk}: no event says which rule planned it"]


def test_the_command_tells_what_was_counted():
    make_application()
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue().splitlines()[0] == "I1 holds: 1 applications, 0 files"


def test_the_command_fails_with_a_line_for_every_violation():
    application = make_application()
    plant("DELETE FROM candidates_event")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().splitlines()[0] == f"I1 violated: application {application.pk} has no event of its arrival"
