"""What people do to data in each other's way: the same form, the same person, many rows, deleted rows, a full disk."""

from __future__ import annotations

import csv
import io
import resource
import time
from collections import Counter
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils.timezone import now

from ats.importing.models import Import
from candidates import pipeline
from candidates.jobs.models import Job
from candidates.people.actors import Actor
from candidates.people.models import Application, Candidate, Document, Event, Merge
from candidates.post.models import Ask, Message
from candidates.staff.models import User
from candidates.stages import Stage
from faults import people
from faults.scenarios.races import at_once, moves_of, press
from faults.stand import forms
from faults.stand.stand import Stand
from faults.stand.visitor import Page, Visitor
from faults.verdict import expect, until

DONE, CONFLICT = 302, 409
ROWS = 3000
BULK = 500


def administrator(name: str) -> User:
    """Somebody who may do everything on the desk."""
    return people.colleague(name, is_superuser=True)


def saved(visitor: Visitor, address: str, form: dict[str, list[str]], **typed: str) -> Page:
    """Send what stood in the form, with some fields typed anew; stays at the answer."""
    return visitor.post(address, form | {name: [value] for name, value in typed.items()}, follow=False)


def two_save_one_form(stand: Stand) -> str:
    """F28: two people have a job's form open and save, one after the other and twenty times at the same moment."""
    job = people.job()
    address = f"/admin/candidates/job/{job.pk}/change/"
    first, second = (stand.visitor().sign_in(administrator(name)) for name in ("Ada Admin", "Otto Other"))
    mine, theirs = (forms.standing(one.get(address).text) for one in (first, second))
    expect(saved(second, address, theirs, title="Theirs", openings="7").status == DONE, "the first save was refused")
    asked = saved(first, address, mine, title="Mine")
    expect(asked.status == CONFLICT, f"the second to save got {asked.status}")
    expect(
        "Otto Other" in asked.text and "Theirs" in asked.text and "Mine" in asked.text, "the page does not show both"
    )
    expect(_title(job) == "Theirs", "something was saved beside the question")
    expect(saved(first, address, forms.standing(asked.text)).status == DONE, "“Save mine” was refused")
    expect(_title(job) == "Mine", "“Save mine” saved something else")
    for number in range(20):
        opened = [forms.standing(one.get(address).text) for one in (first, second)]
        told = at_once(
            lambda form=opened[0], n=number: saved(first, address, form, title=f"A{n}"),  # type: ignore[misc]
            lambda form=opened[1], n=number: saved(second, address, form, title=f"B{n}"),  # type: ignore[misc]
        )
        statuses = sorted(page.status for page in told)
        expect(statuses == [DONE, CONFLICT], f"two who saved at once got {statuses}")
    return "the second sees both versions and nothing is saved; at the same moment one of two is asked, 20 of 20 times"


def _title(job: Job) -> str:
    return str(Job.objects.values_list("title", flat=True).get(pk=job.pk))


def merge_against_move(stand: Stand) -> str:
    """F30: two people are merged while a recruiter moves an application of one of them; twenty times."""
    recruiter = people.colleague()
    merger, mover = stand.visitor().sign_in(recruiter), stand.visitor().sign_in(recruiter)
    outcomes: Counter[str] = Counter()
    for _number in range(20):
        job, other = people.job(recruiters=[recruiter]), people.job(recruiters=[recruiter])
        kept, folded = people.application(of=job), people.application(of=other)
        compare = f"/desk/duplicates/{kept.candidate_id}/{folded.candidate_id}/"
        merger.get(compare)
        move = press(mover, folded, Stage.REJECTED, reason="skills", when="now")
        told = at_once(lambda at=compare: merger.post(at, {"action": "merge"}, follow=False), move)  # type: ignore[misc]
        statuses = [page.status for page in told]
        expect(statuses[0] == DONE and statuses[1] in (DONE, CONFLICT, 404), f"merge and move got {statuses}")
        folded.refresh_from_db()
        expect(folded.candidate_id == kept.candidate_id, "the application did not come over")
        expect(Merge.objects.filter(kept=kept.candidate_id).count() == 1, "the merge stands there twice or never")
        expect(folded.stage == [Stage.APPLIED, *moves_of(folded)][-1], "stage and last move differ")
        outcomes["moved" if moves_of(folded) else "asked to look again"] += 1
    return f"every merge is whole and no move is lost: {dict(outcomes)}"


def bulk_where_one_fails(stand: Stand) -> str:
    """F31: 500 are rejected at once, the database refuses number 250; each row tells its result, and it runs again."""
    recruiter = people.colleague()
    applications = people.applications(BULK, of=people.job(recruiters=[recruiter]))
    broken = applications[249]
    visitor = stand.visitor().sign_in(recruiter)
    typed: dict[str, Any] = {"verb": "reject", "reason": "skills", "when": "now", "action": "confirm"}
    stand.sql(
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;"
        f"CREATE TRIGGER broken BEFORE INSERT ON candidates_event FOR EACH ROW WHEN (NEW.application_id = {broken.pk})"
        " EXECUTE FUNCTION broken()"
    )
    try:
        visitor.get("/admin/candidates/application/")
        began = time.monotonic()
        page = visitor.post("/desk/bulk/", typed | {"chosen": _chosen(applications)}, seconds=60)
        seconds = time.monotonic() - began
    finally:
        stand.sql("DROP TRIGGER broken ON candidates_event; DROP FUNCTION broken()")
    rejected = Application.objects.filter(pk__in=[one.pk for one in applications], stage=Stage.REJECTED)
    expect(page.status == 200, f"the page answers {page.status}")
    expect(rejected.count() == BULK - 1, f"{rejected.count()} of 499 were rejected")
    expect(not moves_of(broken), "the one that failed was moved")
    broken.refresh_from_db()
    again = visitor.post("/desk/bulk/", typed | {"chosen": _chosen(applications)}, seconds=60)
    expect(again.status == 200, f"run again it answers {again.status}")
    expect(rejected.count() == BULK, "run again it did not do the one that was left")
    events = Event.objects.filter(application__in=applications, name="stage.rejected").count()
    expect(events == BULK, f"{events} events for 500 rejections")
    return f"499 done in {seconds:.1f} s and number 250 told as failed; run again it does that one alone"


def _chosen(applications: list[Application]) -> list[str]:
    """The rows as the list sends them: as they stood when it was opened."""
    return [f"{one.pk}@{Stage.APPLIED}@{one.stage_since.isoformat()}" for one in applications]


def colleague_deleted(stand: Stand) -> str:
    """F32: a colleague with a past is deleted on the desk; one who hires for a job must first be replaced."""
    leaver, admin = people.colleague("Lea Leaver"), administrator("Ada Admin")
    job = people.job(recruiters=[leaver, people.colleague("Rita Recruiter")])
    application = people.application(of=job)
    pipeline.move(application, Stage.SCREENING, at=now(), by=Actor.person(leaver))
    asked = people.ask(application, user=leaver)
    LogEntry.objects.log_actions(leaver.pk, [job], 2, single_object=True)
    address = f"/admin/candidates/user/{leaver.pk}/delete/"
    visitor = stand.visitor().sign_in(admin)
    Job.objects.filter(pk=job.pk).update(hiring_manager=leaver)
    refusal = visitor.get(address)
    expect(f"/admin/candidates/job/{job.pk}/change/" in refusal.text, "the page does not say what must be done first")
    visitor.post(address, {"post": "yes"})
    expect(User.objects.filter(pk=leaver.pk).exists(), "a hiring manager was deleted")
    Job.objects.filter(pk=job.pk).update(hiring_manager=admin)
    visitor.get(address)
    expect(visitor.post(address, {"post": "yes"}, follow=False).status == DONE, "the account was not deleted")
    expect(not User.objects.filter(pk=leaver.pk).exists(), "the account is still there")
    page = visitor.get(f"/admin/candidates/application/{application.pk}/change/")
    expect(page.status == 200 and "Lea Leaver" in page.text, "the timeline does not tell the name")
    told = Message.objects.filter(template="candidates/overdue", application=application, to__startswith="rita")
    until(told.exists, 30, "the recruiter is not told of what waited for them")  # it leaves in working hours
    expect(Ask.objects.get(pk=asked.pk).is_open, "what waited was closed without a word")
    return "refused while they hire for a job; then deleted, the timeline tells the name, the recruiter got what waited"


def job_deleted(stand: Stand) -> str:
    """F33: an administrator wants to delete a job that people applied for."""
    application, visitor = people.application(), stand.visitor().sign_in(administrator("Ada Admin"))
    address = f"/admin/candidates/job/{application.job_id}/delete/"
    for page in (visitor.get(address), visitor.post(address, {"post": "yes"})):
        expect(page.status == 200 and "Close it" in page.text, f"the way out is not told ({page.status})")
    expect(Application.objects.filter(pk=application.pk).exists(), "the application is gone")
    return "refused, and the page says to close it; job and application are there"


def disk_full(stand: Stand) -> str:
    """F35: the web processes may write no file beyond 100 kB (RLIMIT_FSIZE), as on a full disk, and may again."""
    job = people.job()
    letter, email = "A letter that nobody wants to write twice.", f"{people.unique('ada')}@example.org"
    pdf = ("resume.txt", b"I helped customers for years. " * 12_000, "text/plain")
    before = Document.objects.count()
    _limit_files(stand, 100_000)
    visitor = stand.visitor()
    form = visitor.get(f"/jobs/{job.slug}/apply/").hidden()
    time.sleep(1.1)
    typed = form | {"name": "Ada Applicant", "email": email, "letter": letter, "consent": "on"}
    full = visitor.post(f"/jobs/{job.slug}/apply/", typed, files={"resume": pdf})
    expect(full.status in (200, 503, 507), f"on a full disk the form answers {full.status}")
    expect(letter in full.text and email in full.text, "what was typed is gone")
    expect(not job.applications.exists() and Document.objects.count() == before, "half of it was kept")
    _limit_files(stand, resource.RLIM_INFINITY)
    again = visitor.post(f"/jobs/{job.slug}/apply/", typed | full.hidden(), files={"resume": pdf})
    expect("/thanks/" in again.path, f"with room again it answers {again.status} at {again.path}")
    document = Document.objects.get(application=job.applications.get())
    expect(document.size == len(pdf[1]), f"{document.size} of {len(pdf[1])} bytes were kept")
    return (
        f"the form came back ({full.status}) with all that was typed and nothing kept; with room again it is kept whole"
    )


def _limit_files(stand: Stand, size: int) -> None:
    web = stand.processes["web"]
    for pid in [web.pid, *web.children()]:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def import_killed(stand: Stand) -> str:
    """F36: the whole worker is killed by kill -9 in mid import; it goes on by itself, and a second run adds nobody."""
    recruiter = people.colleague()
    job = people.job(recruiters=[recruiter])
    domain, visitor = f"{people.unique('import')}.example", stand.visitor().sign_in(recruiter)
    content = _table(domain)
    run = _begin_import(stand, visitor, job, content)
    until(lambda: 0 < _taken(domain) < ROWS, 60, "the import did not begin", every=0.01)
    stand.kill("worker")
    at_kill = _taken(domain)
    expect(at_kill < ROWS, "it was over before the kill: this is no test")
    stand.sql("UPDATE ats_import SET claimed_at = claimed_at - interval '1 hour' WHERE id = %s", run.pk)
    stand.start("worker")
    until(lambda: _state(run) == Import.State.DONE, 120, lambda: f"it is {_state(run)} with {_taken(domain)}")
    expect(_taken(domain) == ROWS, f"{_taken(domain)} of {ROWS} came in")
    second = _begin_import(stand, visitor, job, content)
    until(lambda: _state(second) == Import.State.DONE, 120, "the second run does not end")
    expect(_taken(domain) == Application.objects.filter(job=job).count() == ROWS, "the second run added somebody")
    return f"killed after {at_kill} of {ROWS} rows, all came in once; the second run added nobody"


def _table(domain: str) -> bytes:
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(["Name", "Email", "Phone", "Applied at", "Cover letter"])
    for number in range(ROWS):
        written.writerow([f"Ina Imported {number}", f"ina{number}@{domain}", "", "2026-05-06", "I love to help."])
    return text.getvalue().encode()


def _begin_import(stand: Stand, visitor: Visitor, job: Job, content: bytes) -> Import:
    """Upload, say which column is what, let it be checked, and start it."""
    address = "/desk/import/new/"
    page = visitor.get(address)
    page = visitor.post(address, page.hidden() | {"job": job.pk}, files={"table": ("all.csv", content, "text/csv")})
    run = Import.objects.latest("pk")
    meanings = ["name", "email", "phone", "applied_at", "letter"]
    typed = {f"column_{place}": meaning for place, meaning in enumerate(meanings)} | {"is_month_first": "no"}
    visitor.post(f"/desk/import/{run.pk}/columns/", page.hidden() | typed)
    until(lambda: _state(run) == Import.State.CHECKED, 60, lambda: f"the file was not checked: {_state(run)}")
    visitor.post(f"/desk/import/{run.pk}/start/", {})
    return run


def _state(run: Import) -> str:
    return str(Import.objects.values_list("state", flat=True).get(pk=run.pk))


def _taken(domain: str) -> int:
    connection.close_if_unusable_or_obsolete()
    return Candidate.objects.filter(email__endswith=domain).count()
