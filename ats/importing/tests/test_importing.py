"""From a file to applications: what is taken, what is not and why, and that it can be done again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ats.desk.tests.conftest import LATER
from ats.importing import actions, work
from ats.importing.models import Import, ImportMapping
from ats.importing.tests.making import (
    CARA,
    HEADER,
    OMAR,
    check,
    clock_stands,
    fates,
    fresh,
    make_csv,
    make_import,
    make_xlsx,
    make_zip,
    take_in,
)
from candidates.builders import make_application, make_candidate, make_job, make_user
from candidates.models import Application, Candidate, Document, Event, Job, JobQuestion, Merge, Message, Note, Stage
from candidates.people import documents
from candidates.people.tests import files
from candidates.pipeline import NotAllowed

pytestmark = pytest.mark.django_db
KNOWN, NEW, REFUSED = "known", "new", "refused"


@pytest.fixture
def job(rita):
    return make_job(recruiters=[rita])


def reasons(job, *rows, header=HEADER):
    return [reason for _number, _fate, reason in fates(check(make_import(job, make_csv(*rows, header=header))))]


def test_a_dry_run_names_the_fate_of_every_row_and_changes_nothing(job):
    make_application(job=job, candidate=make_candidate(email="omar@example.org"))
    run = check(make_import(job, make_csv(CARA, OMAR, ["", "nobody", "", "", ""])))
    assert fates(run) == [(2, NEW, ""), (3, KNOWN, ""), (4, REFUSED, "It has no name.")]
    assert (run.state, run.rows, run.position, Application.objects.count()) == ("checked", 3, 3, 1)


def test_rows_become_applications_with_their_history(job, rita):
    run = take_in(make_import(job, make_csv(CARA, OMAR)))
    application = Application.objects.get(candidate__email="cara@example.org")
    assert (application.candidate.name, application.letter) == ("Cara Candidate", "Dear team")
    assert (application.candidate.phone_key, application.candidate.email_key) == ("+31201234567", "cara@example.org")
    assert (application.applied_at, application.stage) == (datetime(2029, 12, 1, tzinfo=UTC), Stage.APPLIED)
    assert (application.consent_at, application.consent_version) == (None, "")
    event = application.events.get()
    assert (event.name, event.by, event.data["import"]) == ("stage.applied", rita, run.pk)
    assert (run.state, run.counts[NEW], run.results.first().application) == ("done", 2, application)


def test_no_mail_leaves_because_of_an_import(job):
    take_in(make_import(job, make_csv(CARA, header=[*HEADER[:4], "Rejection reason"])), takes_ends=True)
    assert Application.objects.get().stage == Stage.REJECTED
    assert Message.objects.count() == 0


def test_the_first_imported_application_locks_the_plan(job):
    take_in(make_import(job, make_csv(CARA)))
    assert Job.objects.get(pk=job.pk).plan.locked_at == LATER


def test_a_second_import_of_the_same_file_adds_nobody(job):
    take_in(make_import(job, make_csv(CARA, OMAR)))
    again = take_in(make_import(job, make_csv(CARA, OMAR)))
    assert [fate for _number, fate, _reason in fates(again)] == [KNOWN, KNOWN]
    assert (Application.objects.count(), Candidate.objects.count(), Event.objects.count()) == (2, 2, 2)


def test_who_was_rejected_before_is_not_taken_in_again(job):
    make_application(Stage.REJECTED, job=job, candidate=make_candidate(email="CARA@example.org"))
    assert [fate for _number, fate, _reason in fates(take_in(make_import(job, make_csv(CARA))))] == [KNOWN]


def test_what_we_know_of_a_person_stays(job):
    make_candidate("Cara Known", email="Cara@Example.org", phone="123")
    take_in(make_import(job, make_csv(CARA)))
    person = Candidate.objects.get()
    assert (person.name, person.phone, person.applications.count()) == ("Cara Known", "123", 1)


def test_the_same_mailbox_written_otherwise_is_the_same_person(job):
    make_candidate(email="cara+jobs@example.org")
    take_in(make_import(job, make_csv(CARA)))
    assert Candidate.objects.get().applications.count() == 1


def test_who_was_merged_gets_the_application_where_they_are_kept(job):
    kept, folded = make_candidate(email="kept@example.org"), make_candidate(email="cara@example.org")
    Candidate.objects.filter(pk=folded.pk).update(merged_into=kept)
    Merge.objects.create(kept=kept, folded=folded, at=LATER, by_name="Rita")
    take_in(make_import(job, make_csv(CARA)))
    assert Application.objects.get().candidate == kept


def test_two_rows_about_one_merged_person_are_one_application(job):
    kept, folded = make_candidate(email="omar@example.org"), make_candidate(email="cara@example.org")
    Candidate.objects.filter(pk=folded.pk).update(merged_into=kept)
    run = take_in(make_import(job, make_csv(CARA, OMAR)))
    assert [fate for _number, fate, _reason in fates(run)] == [NEW, KNOWN]
    assert {row.application for row in run.results.all()} == {Application.objects.get()}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["Cara", "", "", "", ""], "It has no mail address."),
        (["Cara", "cara at example", "", "", ""], "“cara at example” is no mail address."),
        (["", "cara@example.org", "", "", ""], "It has no name."),
        (["https://example.org", "cara@example.org"], "The name holds a web address, or signs that no name has."),
        (["x" * 201, "cara@example.org", "", "", ""], "The name is longer than 200 characters."),
        (["Cara", f"{'x' * 64}@{'example.' * 30}org", "", "", ""], "The mail address is longer than 254 characters."),
        (["Cara", "cara@example.org", "1" * 41, "", ""], "The phone number is longer than 40 characters."),
        (["Cara", "cara@example.org", "", "soon", ""], "The date “soon” cannot be read."),
        (["Cara", "cara@example.org", "", "2031-01-01"], "The date “2031-01-01” lies in the future or too far back."),
        (["Cara", "cara@example.org", "", "", "x" * 50_001], "A text of 50001 characters is too long."),
        (["Ca\0ra", "cara@example.org", "", "", ""], "It holds a NUL, a sign that no text has."),
        ([*CARA, "more", "and more"], "It has 7 cells, but the header has 5."),
    ],
)  # fmt: skip
def test_a_row_that_is_not_taken_says_why(job, row, reason):
    assert reasons(job, row) == [reason]


def test_a_person_who_stands_there_twice_is_taken_once(job):
    assert reasons(job, CARA, OMAR, ["Cara", "CARA@example.org"]) == [
        "",
        "",
        "The same person stands in row 2 already.",
    ]


def test_a_row_that_ends_early_is_taken(job):
    assert reasons(job, ["Cara", "cara@example.org"]) == [""]


def test_emoji_and_other_scripts_are_kept_exactly(job):
    letter = "मुझे मदद करना पसंद है 🙂\nأحب المساعدة"
    take_in(make_import(job, make_csv([*CARA[:4], letter])))
    assert Application.objects.get().letter == letter


@pytest.mark.parametrize(
    ("text", "is_month_first", "day"),
    [
        ("2026-03-04", False, (2026, 3, 4)),
        ("2026-03-04T10:00:00Z", False, (2026, 3, 4)),
        ("2026-03-04 10:00:00 UTC", False, (2026, 3, 4)),
        ("03/04/2026", False, (2026, 4, 3)),
        ("03/04/2026", True, (2026, 3, 4)),
        ("03/04/2026 3:15 PM", True, (2026, 3, 4)),
        ("4.3.2026", True, (2026, 3, 4)),
        ("4 Mar 2026", False, (2026, 3, 4)),
        ("March 4, 2026", False, (2026, 3, 4)),
        ("1772582400000", False, (2026, 3, 4)),
    ],
)
def test_dates_are_read_as_systems_write_them(job, text, is_month_first, day):
    take_in(make_import(job, make_csv([*CARA[:3], text, ""])), is_month_first=is_month_first)
    assert Application.objects.get().applied_at.date() == datetime(*day, tzinfo=UTC).date()


def test_stage_and_note_of_the_other_system_become_a_note(job, rita):
    header = ["Name", "Email", "Stage", "Notes"]
    take_in(make_import(job, make_csv(["Cara", "cara@example.org", "Phone screen", "Kind"], header=header)))
    note = Note.objects.get()
    assert (note.text, note.author, note.application.stage) == ("Elsewhere: Phone screen\nKind", rita, Stage.APPLIED)


@pytest.mark.parametrize(
    ("status", "closed", "stage"),
    [
        ("Rejected", "", Stage.REJECTED),
        ("Interview", "Underqualified", Stage.REJECTED),
        ("Interview", "false", Stage.APPLIED),
        ("", "Withdrew", Stage.WITHDRAWN),
        ("Hired", "", Stage.WITHDRAWN),
        ("Phone screen", "", Stage.APPLIED),
    ],
)
def test_what_is_closed_there_is_closed_here_if_one_says_so(job, status, closed, stage):
    header = ["Name", "Email", "Stage", "Rejection reason"]
    content = make_csv(["Cara", "cara@example.org", status, closed], header=header)
    take_in(make_import(job, content), takes_ends=True)
    application = Application.objects.get()
    assert application.stage == stage
    assert [event.name for event in application.events.all()][-1] == f"stage.{stage}"


def test_nothing_is_closed_when_nobody_says_so(job):
    content = make_csv(["Cara", "cara@example.org", "Rejected"], header=["Name", "Email", "Stage"])
    take_in(make_import(job, content))
    assert Application.objects.get().stage == Stage.APPLIED


def test_answers_to_the_questions_of_the_job_are_kept(job):
    question = JobQuestion.objects.create(job=job, label="How many hours?")
    content = make_csv(["Cara", "cara@example.org", "32"], header=["Name", "Email", "How many hours?"])
    take_in(make_import(job, content))
    answer = Application.objects.get().answers.get()
    assert (answer.question, answer.label, answer.value) == (question, "How many hours?", "32")


def test_a_column_can_name_another_job_of_ones_own(job, rita):
    other = make_job("Chat hero", recruiters=[rita])
    make_job("Not mine", recruiters=[make_user("Nina Other")])
    header = ["Name", "Email", "Job"]
    rows = [["Cara", "c@example.org", "chat HERO"], ["Omar", "o@example.org", ""], ["Ida", "i@example.org", "Not mine"]]
    run = take_in(make_import(job, make_csv(*rows, header=header)))
    assert [application.job for application in Application.objects.order_by("pk")] == [other, job]
    assert fates(run)[2][1:] == (REFUSED, "You recruit for no job called “Not mine”.")


def test_an_xlsx_is_taken_in_as_a_csv_is(job):
    row = ["Cara Candidate", "cara@example.org", 31201234567, datetime(2029, 12, 1), "Dear team"]  # noqa: DTZ001
    take_in(make_import(job, make_xlsx(row)))
    application = Application.objects.get()
    assert (application.candidate.phone, application.applied_at.day) == ("31201234567", 1)


def test_resumes_come_out_of_the_zip_by_their_file_name(job):
    header = ["Name", "Email", "Resume"]
    rows = [["Cara", "cara@example.org", "CARA.PDF"], ["Omar", "omar@example.org", ""]]
    archive = make_zip({"cvs/cara.pdf": files.pdf(), "cvs/other.pdf": files.pdf()})
    take_in(make_import(job, make_csv(*rows, header=header), resumes=archive))
    document = Document.objects.get(application__isnull=False)
    assert (document.kind, document.name, document.application.candidate.name) == ("resume", "CARA.pdf", "Cara")
    with document.file.open() as kept:
        assert kept.read().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone.pdf", "The ZIP has no file gone.pdf."),
        ("page.html", "The résumé page.html is not a PDF, DOCX, ODT, RTF or text file."),
        ("more.zip", "The résumé more.zip is not a PDF, DOCX, ODT, RTF or text file."),
        ("bomb.txt", "The résumé bomb.txt is larger than 10 MB."),
        ("twice.pdf", "The ZIP has several files twice.pdf; write the folder before the name."),
    ],
)
def test_a_resume_that_cannot_be_taken_is_named(job, name, reason):
    members = {
        "page.html": files.HTML, "more.zip": make_zip({"cv.pdf": files.pdf()}), "bomb.txt": b"a" * 30_000_000,
        "a/twice.pdf": files.pdf(), "b/twice.pdf": files.pdf(),
    }  # fmt: skip
    content = make_csv(["Cara", "cara@example.org", name], header=["Name", "Email", "Resume"])
    assert fates(check(make_import(job, content, resumes=make_zip(members)))) == [(2, REFUSED, reason)]


def test_a_name_that_climbs_out_of_its_folder_goes_nowhere(job):
    archive = make_zip({"../../../etc/cara.pdf": files.pdf()})
    content = make_csv(["Cara", "cara@example.org", "cara.pdf"], header=["Name", "Email", "Resume"])
    take_in(make_import(job, content, resumes=archive))
    document = Document.objects.get(application__isnull=False)
    assert (document.name, ".." in document.file.name) == ("cara.pdf", False)


def test_one_bad_row_is_named_and_the_others_are_taken(job):
    with connection.cursor() as cursor:  # what nobody foresaw: the database refuses a row
        cursor.execute("ALTER TABLE candidates_application ADD CONSTRAINT odd CHECK (letter <> 'odd')")
    run = take_in(make_import(job, make_csv(CARA, ["Odd", "odd@example.org", "", "", "odd"], OMAR)))
    assert [row.fate for row in run.results.all()] == [NEW, REFUSED, NEW]
    assert run.results.get(number=3).reason == "It could not be kept (IntegrityError)."
    assert (run.state, run.position, Application.objects.count()) == ("done", 3, 2)


def test_a_mapping_is_remembered_for_files_with_the_same_header(job):
    chosen = ["name", "email", "", "", "note"]
    check(make_import(job, make_csv(CARA)), columns=chosen)
    assert ImportMapping.objects.get().columns["columns"] == chosen


def test_the_columns_can_be_named_otherwise_after_a_dry_run(job):
    run = check(make_import(job, make_csv(CARA)), columns=["email", "name", "", "", ""])
    assert run.counts[REFUSED] == 1
    assert (check(run).counts[NEW], run.results.count()) == (1, 1)


def test_nothing_is_started_without_a_dry_run(job):
    with pytest.raises(NotAllowed):
        actions.start(make_import(job, make_csv(CARA)), at=LATER)


def test_a_stopped_import_goes_on_where_it_stood(job, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 1)
    run = check(make_import(job, make_csv(CARA, OMAR)))
    actions.start(run, at=LATER)

    def clock():
        if Application.objects.count() == 1:
            Import.objects.filter(pk=run.pk).update(state="stopped")
        return LATER

    work.work(run.pk, clock=clock)
    assert (fresh(run).state, fresh(run).position) == ("stopped", 1)
    actions.go_on(fresh(run), at=LATER)
    work.work(run.pk, clock=clock_stands)
    assert (fresh(run).state, fresh(run).position, Application.objects.count()) == ("done", 2, 2)


def test_who_does_not_recruit_for_the_job_any_more_imports_nothing(job, rita):
    run = check(make_import(job, make_csv(CARA)))
    actions.start(run, at=LATER)
    job.recruiters.clear()
    work.work(run.pk, clock=clock_stands)
    assert (fresh(run).state, Application.objects.count()) == ("failed", 0)


def test_files_are_deleted_after_thirty_days(job):
    run = make_import(job, make_csv(CARA), resumes=make_zip({"a.pdf": files.pdf()}))
    assert documents.sweep_held(LATER + timedelta(days=29)) == 0
    assert documents.sweep_held(LATER + timedelta(days=30)) == 2
    assert (fresh(run).table, Document.objects.count()) == (None, 0)


def test_an_import_whose_file_is_gone_says_so(job):
    run = make_import(job, make_csv(CARA))
    documents.sweep_held(LATER + timedelta(days=31))
    run = check(fresh(run))
    assert (run.state, "deleted meanwhile" in run.error) == ("failed", True)


def test_queries_of_a_chunk_do_not_grow_with_its_rows(job):
    def queries(number):
        rows = [[f"Person {n}", f"p{number}-{n}@example.org", "", "", ""] for n in range(number)]
        run = check(make_import(job, make_csv(*rows)))
        actions.start(run, at=LATER)
        with CaptureQueriesContext(connection) as seen:
            work.work(run.pk, clock=clock_stands)
        return len(seen)

    assert queries(2) == queries(40)
