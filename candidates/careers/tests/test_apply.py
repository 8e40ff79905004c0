"""Applying: by the form, by the verb, twice, fifty times at once, and with rubbish."""

import errno
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.test import Client

from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan
from candidates.careers.tests.sending import TYPED, call, files_in, nothing_is_kept, page_of, send
from candidates.company import notice
from candidates.models import Application, Candidate, Document, Event, Job, Message, Referrer, Stage
from candidates.people import family
from candidates.people.tests import files
from candidates.tests.together import together


@pytest.fixture
def folder(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path, base_url=None)
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    return tmp_path


@pytest.mark.django_db
def test_an_application_is_kept_with_all_that_was_typed(folder):
    job = make_job()
    answer = send(job, query="?source=newsletter")
    application = Application.objects.get()
    person = application.candidate
    assert (answer.status_code, answer.url) == (302, f"/jobs/{job.slug}/thanks/")
    assert (person.name, person.email, person.phone, person.zone) == (
        "Cara Candidate", "cara@example.org", "+31 6 1234 5678", "Europe/Amsterdam",
    )  # fmt: skip
    assert (application.letter, application.source) == ("Dear team,\nI love to help.", "newsletter")
    assert (application.stage, application.plan, application.consent_version) == (
        Stage.APPLIED,
        job.plan,
        notice.current_version(),
    )


@pytest.mark.django_db
def test_an_application_begins_its_timeline_promises_a_mail_and_keeps_the_resume(folder):
    application = call(make_job())
    event, message, document = Event.objects.get(), Message.objects.get(), Document.objects.get()
    assert (event.name, event.by_name, event.at) == ("stage.applied", "Cara Candidate", NOW)
    assert (message.template, message.key, message.to) == (
        "candidates/received", f"applied:{application.pk}", "cara@example.org",
    )  # fmt: skip
    assert (document.application, document.kind, len(files_in(folder))) == (application, "resume", 1)


@pytest.mark.django_db
def test_the_first_application_locks_the_plan_once(folder):
    job = make_job()
    call(job)
    call(job, email="other@example.org", at=NOW.replace(hour=20))
    job.plan.refresh_from_db()
    assert job.plan.locked_at == NOW


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["draft", "paused", "closed"])
def test_a_job_that_closed_meanwhile_takes_no_application(folder, status):
    job = make_job()
    Job.objects.update(status=status)
    with pytest.raises(pipeline.NotAllowed):
        call(job)
    assert nothing_is_kept(folder)


@pytest.mark.django_db
def test_the_same_application_twice_is_one_with_the_same_thanks_and_one_mail(folder):
    job = make_job()
    answers = [send(job), send(job), send(job, email="CARA@Example.ORG")]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, f"/jobs/{job.slug}/thanks/")}
    assert [model.objects.count() for model in (Application, Candidate, Message, Document, Event)] == [1, 1, 1, 1, 1]
    assert len(files_in(folder)) == 1


@pytest.mark.django_db
def test_a_person_applies_for_two_jobs_and_again_after_the_end(folder):
    job = make_job()
    old = make_application(Stage.WITHDRAWN, job=job, candidate=make_candidate(email="cara@example.org"))
    new = [call(job), call(make_job())]
    assert len({old, *new}) == 3
    assert {application.candidate for application in new} == {old.candidate}


@pytest.mark.django_db
def test_a_stranger_with_somebodys_address_changes_nothing_of_them(folder):  # V29
    make_candidate("Cara Candidate", email="cara@example.org", phone="1", zone="Asia/Tokyo")
    call(make_job(), name="Mallory", phone="666", zone="UTC")
    kept = Candidate.objects.get()
    assert (kept.name, kept.phone, kept.zone) == ("Cara Candidate", "1", "Asia/Tokyo")


@pytest.mark.django_db
def test_the_answer_does_not_tell_who_applied_before(folder):
    known, fresh = make_job(), make_job()
    call(known)
    pages = [Client().get(send(job).url).content.decode() for job in (known, fresh)]
    assert pages[0].replace(known.slug, "") == pages[1].replace(fresh.slug, "")


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_application(folder):  # F25
    job = make_job()
    answers = together(*[partial(send, job) for _number in range(50)])
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/jobs/{job.slug}/thanks/")] * 50
    assert [model.objects.count() for model in (Application, Candidate, Message, Document, Event)] == [1, 1, 1, 1, 1]
    assert len(files_in(folder)) == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_people_at_once_are_fifty_applications(folder):
    job = make_job()
    answers = together(*[partial(send, job, email=f"c{number}@example.org") for number in range(50)])
    assert {answer.status_code for answer in answers} == {302}
    assert (Application.objects.count(), Message.objects.count(), len(files_in(folder))) == (50, 50, 50)


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_them_one_even_without_the_lock(folder, monkeypatch):
    job, person = make_job(), make_candidate(TYPED["name"], phone=TYPED["phone"], country="")
    monkeypatch.setattr(family, "found_or_made", lambda applicant: person)
    answers = together(*[partial(call, job) for _number in range(10)])
    assert {answer.pk for answer in answers} == {Application.objects.get().pk}
    assert (Message.objects.count(), len(files_in(folder))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_verbs_at_once_find_the_same_application(folder):
    job = make_job()
    first, second = together(partial(call, job), partial(call, job))
    assert first.pk == second.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Tell us your name."),
        ("name", "x" * 300, "Shorten your name to 200 characters; this has 300."),
        ("name", "Cara\nBcc: all@example.org", "Write this on one line, without control characters."),
        ("name", "Cara\x00", "Null characters are not allowed."),
        ("name", "Cara\u202egpj", "Write this on one line, without control characters."),
        ("name", "See https://evil.example", "Write your name as you want to be called, without web addresses."),
        ("email", "", "Tell us your e-mail, so that we can answer."),
        ("email", "cara", "This is no e-mail address. It looks like name@example.org."),
        ("email", "cara@example.org\nBcc: a@example.org", "This is no e-mail address. It looks like name@example.org."),
        ("email", "cara\x00@example.org", "Null characters are not allowed."),
        ("email", "c" * 300 + "@example.org", "An e-mail address has at most 254 characters; this has 312."),
        ("phone", "1\n2", "Write this on one line, without control characters."),
        ("phone", "1" * 41, "A phone number has at most 40 characters."),
        ("letter", " \r\n ", "Write us a few lines: this is what we read first."),
        ("letter", "x" * 10_001, "Shorten your letter to 10000 characters; it has 10001."),
        ("letter", "Dear\x00team", "Null characters are not allowed."),
        ("consent", None, "Without your permission we may not keep your application."),
        ("resume", files.upload(files.HTML), "This is not a PDF, DOCX, ODT, RTF or text file."),
    ],
)  # fmt: skip
def test_bad_input_is_told_beside_its_field_and_on_top_and_nothing_is_kept(folder, field, value, told):
    answer = send(make_job(), **{field: value})
    page = page_of(answer)
    assert (answer.status_code, page.count(told)) == (200, 2)
    assert not Application.objects.exists()
    assert not Candidate.objects.exists()


@pytest.mark.django_db
def test_everything_typed_is_kept_when_something_was_wrong(folder):
    page = send(make_job(), email="cara").content.decode()
    for typed in ("Cara Candidate", "+31 6 1234 5678", "I love to help.", "Europe/Amsterdam", "checked", "cv.pdf"):
        assert typed in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Zoë Brontë-O’Neill", "李小龍", "נועה", "می‌خواهم", "Dr. X Æ A-12, Jr."])
def test_names_of_the_world_are_taken_as_they_are(folder, name):
    send(make_job(), name=name)
    assert Candidate.objects.get().name == name


@pytest.mark.django_db
def test_half_characters_do_not_break_the_form(folder):
    body = b"name=Cara%ED%A0%80&email=cara%40example.org&letter=a%ED%A0%80&consent=on&source=%ED%A0%80&zone=%ED%A0%80"
    answer = Client().post(f"/jobs/{make_job().slug}/apply/", body, "application/x-www-form-urlencoded")
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 500])
def test_a_zone_that_we_do_not_know_is_the_jobs(folder, zone):
    send(make_job(zone="Europe/Lisbon"), zone=zone)
    assert Candidate.objects.get().zone == "Europe/Lisbon"


@pytest.mark.django_db
def test_a_long_source_is_cut(folder):
    send(make_job(), query=f"?source={'n%0A' * 200}")
    assert Application.objects.get().source == "n" * 80


@pytest.mark.django_db
def test_a_full_disk_is_told_on_the_form_and_nothing_is_kept(folder, monkeypatch):
    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = send(make_job())
    page = answer.content.decode()
    assert (answer.status_code, "nothing was sent. Try again" in page, "I love to help." in page) == (503, True, True)
    assert nothing_is_kept(folder)


@pytest.mark.django_db
def test_a_large_resume_from_a_temporary_file_is_kept_whole(folder):
    content = b"I helped. " * 300_000
    send(make_job(), resume=files.upload(content, name="cv.txt"))
    document = Document.objects.get()
    assert (document.size, files_in(folder)[0].read_bytes() == content) == (len(content), True)


def test_documents_lie_outside_of_what_the_web_serves():
    folder = Path(settings.DOCUMENTS_DIR)
    assert not {folder, *folder.parents} & {Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "source", "is_referred"),
    [
        ("", "", False),
        ("?source=newsletter&utm_source=x", "newsletter", False),
        ("?utm_source=linkedin&utm_campaign=spring", "linkedin", False),
        ("?ref=friendly", "referral", True),
        ("?ref=friendly&source=party", "party", True),
        ("?ref=nobody", "referral", False),
        ("?ref=gone", "referral", False),
        ("?ref=%00%E2%80%AE", "", False),
    ],
)
def test_the_link_that_led_to_the_form_is_kept_through_errors(folder, query, source, is_referred):
    friend = Referrer.objects.create(name="Fred", email="fred@example.org", code="friendly", created_at=NOW)
    Referrer.objects.create(name="Gone", email="gone@example.org", code="gone", is_active=False, created_at=NOW)
    job = make_job()
    action = send(job, query=query, name="").request
    assert send(job, query=f"?{action['QUERY_STRING']}" if action["QUERY_STRING"] else "").status_code == 302
    application = Application.objects.get()
    assert (application.source, application.referrer) == (source, friend if is_referred else None)
    assert set(application.link) == {part.partition("=")[0] for part in query.strip("?").split("&") if source and part}


@pytest.mark.django_db
def test_an_application_hires_by_the_plan_that_the_job_has_by_now(folder):
    job, newer = make_job(), make_plan()
    assert job.plan != newer
    Job.objects.update(plan=newer)
    application = call(job)
    newer.refresh_from_db()
    assert (application.plan, newer.locked_at) == (newer, NOW)
