"""The demo company as a whole: made once for all tests of this file, which only look."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import docx
import pypdf
import pytest
from django.db import transaction
from django.db.models import Max

from ats.automation.models import Firing
from ats.dev.demo import seeding
from ats.engine import invariants
from candidates.jobs.models import HiringPlan, Job
from candidates.judging.models import Rating
from candidates.people.models import Application, Candidate, Document, Event
from candidates.post.models import Ask, Message
from candidates.staff.models import User
from candidates.stages import Stage
from references.models import Reference
from trials.models import Approval, Figure, OfferLetter, OwnView, Trial

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 3, 13, 14, 20, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def company(django_db_setup, django_db_blocker):
    """The company, rolled back after the last test of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seeding.make_company(seed=7, now=NOW)
        transaction.set_rollback(True)


def test_all_invariants_hold():
    assert [finding.name for finding in invariants.check(at=NOW) if finding.violations] == []


def test_sixty_applications_stand_in_all_stages():
    stages = Counter(Application.objects.values_list("stage", flat=True))
    assert (stages.total(), set(stages)) == (60, set(Stage))


def test_three_jobs_are_open_and_one_is_closed():
    assert Counter(Job.objects.values_list("status", flat=True)) == {"open": 3, "closed": 1}


def test_the_jobs_have_copies_of_the_ready_plans():
    assert HiringPlan.objects.filter(copied_from=None).count() == 5
    assert not Job.objects.filter(plan__copied_from=None).exists()


def test_letters_and_names_are_all_different():
    written = Application.objects.values("letter").distinct().count()
    assert written == Application.objects.count() >= 60
    assert Candidate.objects.values("email").distinct().count() == Candidate.objects.count()


def test_some_letters_have_typing_errors_and_some_name_another_company():
    letters = Application.objects.all()
    assert letters.filter(letter__contains="custumer").exists()
    assert letters.filter(letter__contains="Zephyr Travel").exists()


def test_every_address_is_one_that_nobody_has():
    addresses = [*Candidate.objects.values_list("email", flat=True), *Ask.objects.values_list("email", flat=True)]
    domains = {address.rpartition("@")[2] for address in addresses}
    assert [domain for domain in domains if domain != "example.org" and not domain.endswith(".example")] == []


def test_resumes_are_real_files_that_name_the_candidate():
    for document in Document.objects.filter(kind="resume").select_related("application__candidate"):
        with document.file.open("rb") as file:
            text = _text(document, file)
        assert document.application.candidate.email in text


def _text(document, file):
    if document.name.endswith(".docx"):
        return "\n".join(paragraph.text for paragraph in docx.Document(file).paragraphs)
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


def test_resumes_come_as_pdf_and_as_docx():
    kinds = Counter(name.rpartition(".")[2] for name in Document.objects.values_list("name", flat=True))
    assert kinds["pdf"] > kinds["docx"] > 0


def test_scores_that_need_evidence_have_it():
    assert not Rating.objects.filter(score__in=[1, 2, 5], evidence="").exists()


def test_nothing_happened_in_the_future():
    assert Event.objects.aggregate(last=Max("at"))["last"] < NOW
    assert not Ask.objects.filter(answered_at__gte=NOW).exists()


def test_the_events_of_an_application_are_in_the_order_of_time():
    for application in Application.objects.prefetch_related("events"):
        times = [event.at for event in application.events.all()]
        assert times == sorted(times)


def test_no_mail_of_the_past_is_waiting():
    assert not Message.objects.filter(status="queued", next_try_at__lt=NOW).exists()


def test_mails_of_the_past_were_sent_at_their_time_and_say_something():
    sent = Message.objects.filter(status="sent")
    assert sent.count() > 200
    assert all(message.sent_at - message.next_try_at < timedelta(minutes=1) for message in sent)
    assert not sent.filter(text="").exists()


def test_some_asks_are_overdue_and_some_are_due_soon():
    waiting = Ask.objects.begun(NOW)
    assert waiting.filter(due_at__lt=NOW).count() >= 3
    assert waiting.filter(due_at__range=(NOW, NOW + timedelta(days=3))).count() >= 3


def test_reminders_of_the_past_were_sent_and_none_is_due_now():
    assert Message.objects.filter(key__startswith="remind:", status="sent").exists()
    assert not Ask.objects.reminders_due(NOW).exists()


def test_an_interview_is_still_to_come():
    assert Application.objects.filter(stage="interviews", interviews__starts_at__gt=NOW).exists()


def test_one_trial_is_running_and_one_waits_for_approval():
    waiting = Approval.objects.get(decision="")
    running = Trial.objects.agreed().get(application__stage="trial", verdicts=None)
    assert waiting.trial.verdict.kind == "confirm"
    assert running.starts_on < NOW.date() < running.ends_on
    assert running.check_ins.filter(cards__scorecard__locked_at__isnull=False).exists()


def test_one_trial_is_offered_and_waits_for_its_answer():
    offered = Trial.objects.get(agreed_at=None)
    assert (offered.offer_ask.is_open, offered.application.stage) == (True, "trial")


def test_trials_have_figures_beside_those_of_the_team():
    running = Trial.objects.agreed().get(application__stage="trial", verdicts=None)
    own = Figure.objects.filter(agent__application=running.application)
    assert own.filter(metric="satisfaction").count() == (NOW.date() - running.starts_on).days // 7
    assert Figure.objects.filter(agent__part="team").count() > own.count()


def test_the_new_colleague_tells_how_they_are():
    assert OwnView.objects.exclude(stays=None).exists()


def test_whoever_was_hired_accepted_the_letter():
    accepted = OfferLetter.objects.exclude(accepted_at=None)
    assert set(accepted.values_list("application__stage", flat=True)) == {"hired"}


def test_references_were_given_and_some_are_waited_for():
    given = Reference.objects.answered()
    assert given.count() > 10
    assert Reference.objects.filter(scorecard__locked_at=None, scorecard__ask__cancelled_at=None).exists()


def test_a_rule_moved_somebody_a_moment_ago_and_its_mail_can_be_taken_back():
    waiting = Message.objects.filter(status="queued", template="references/name_referees", next_try_at__gt=NOW)
    last_move = waiting.get().application.events.filter(name__startswith="stage.").last()
    assert (last_move.name, last_move.by_kind) == ("stage.references", "rule")


def test_everybody_of_the_staff_may_sign_in_and_has_their_role():
    groups = {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()}
    assert groups == {
        "ada": [], "rosa": ["Recruiters"], "ruben": ["Recruiters"], "mara": ["Managers"], "milan": ["Managers"],
    }  # fmt: skip


def test_the_sign_ins_are_lines_of_role_name_and_password(company):
    role, sign_in = company.sign_ins[0].split(": ")
    name, password = sign_in.split(" / ")
    assert (role, name) == ("administrator", "ada")
    assert User.objects.get(username=name).check_password(password)


def test_three_rules_acted_and_two_suggest():
    done = Firing.objects.filter(outcome=Firing.Outcome.ACTED)
    assert {"interviews-over", "stands-still", "stands-long"} <= set(done.values_list("rule__key", flat=True))
    suggested = Firing.objects.filter(outcome=Firing.Outcome.SUGGESTED).values_list("rule__key", flat=True)
    assert {"knock-out", "screening-over"} <= set(suggested)
    assert not Firing.objects.filter(outcome=Firing.Outcome.FAILED).exists()
