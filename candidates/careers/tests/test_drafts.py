"""Saving a form and going on with it by the link in a mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from candidates.builders import make_job
from candidates.careers import actions
from candidates.careers.tests.sending import PDF, files_in, make_question, page_of, resume, send, shown, token
from candidates.models import Application, Document, Draft, Job, Message
from candidates.people import documents
from candidates.people.tests import files
from candidates.post import links, rendering

pytestmark = pytest.mark.django_db
PATH = "/drafts/"


def save(job, client=None, query="", **typed):
    return send(job, client, query, **{"save": "1", "consent": None} | typed)


def link(draft):
    return f"{PATH}{links.personal_token('draft', draft.pk)}/"


def open_link(draft, client=None):
    client = client or Client()
    return client, client.get(link(draft), follow=True)


def test_a_form_is_saved_with_its_file_and_opened_by_the_link_on_another_device():
    job = make_job()
    question = make_question(job, "several", "Which channels?")
    answer = save(job, **{f"q{question.pk}": ["Briefly"]})
    assert (answer.status_code, answer.url) == (302, f"/jobs/{job.slug}/apply/")
    client, form = open_link(Draft.objects.get())
    page = page_of(form)
    for words in ("Cara Candidate", "cara@example.org", "+31 6 1234 5678", "I love to help.", "cv.pdf"):
        assert words in page
    assert re.search(r'value="Briefly"[^>]* checked', page)
    assert 'name="consent" class="checkboxinput form-check-input" id="id_consent" checked' not in page
    sent = send(job, client, resume=None, resume_held=token(form), **{f"q{question.pk}": ["Briefly"]})
    application = Application.objects.get()
    assert (sent.status_code, application.letter) == (302, "Dear team,\nI love to help.")
    with application.documents.get().file.open("rb") as file:
        assert file.read() == PDF


def test_the_mail_carries_the_link_and_keeps_none():
    job = make_job("R&D <support>")
    save(job)
    message = Message.objects.get()
    written = rendering.render(message)
    assert (message.to, message.link) == ("cara@example.org", f"draft:{Draft.objects.get().pk}")
    assert (rendering.LINK in written.text, rendering.LINK in written.html) == (True, True)
    assert ("R&D <support>" in written.text, "<support>" in written.html) == (True, False)
    assert "R&D <support>" in written.subject
    assert links.personal_url(message.link).endswith(link(Draft.objects.get()))
    assert "Cara" not in written.text


def test_only_an_address_is_needed():
    job = make_job()
    empty = dict.fromkeys(("name", "phone", "letter", "resume", "zone"))
    assert save(job, **empty).status_code == 302
    assert Draft.objects.get().data["typed"] == {"email": ["cara@example.org"]}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("email", "", "Tell us your e-mail"),
        ("email", "cara", "This is no e-mail address."),
        ("letter", "a\x00", "Null characters are not allowed."),
        ("letter", "x" * 1_000_000, "Shorten your letter to 10000 characters; it has 1000000."),
        ("resume", files.upload(files.HTML), "This is not a PDF"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_lost(field, value, told):
    answer = save(make_job(), **{field: value})
    page = page_of(answer)
    assert (answer.status_code, told in page, "Cara Candidate" in page) == (200, True, True)
    assert "Without your permission" not in page
    assert not Draft.objects.exists()


def test_what_is_not_finished_is_kept_as_it_was_typed():
    job = make_job()
    question = make_question(job, "number", "How many years?", is_required=True)
    save(job, phone="+31 6", letter="مرحبا 😀 नमस्ते", **{f"q{question.pk}": "about thr"})
    _client, form = open_link(Draft.objects.get())
    assert ["about thr" in page_of(form), "مرحبا 😀 नमस्ते" in page_of(form)] == [True, True]


def test_saving_again_writes_the_same_row_and_sends_no_second_mail_within_the_hour():
    job, client = make_job(), Client()
    with time_machine.travel("2031-01-01T10:10Z"):
        first = save(job, client, shown=shown())
        save(job, client, resume=None, resume_held=token(client.get(first.url)), letter="Better", shown=shown())
        assert (Draft.objects.count(), Message.objects.count(), Document.objects.count()) == (1, 1, 1)
    with time_machine.travel("2031-01-01T12:10Z"):
        save(job, client, resume=None, letter="Best", shown=shown())
    assert (Draft.objects.get().data["typed"]["letter"], Message.objects.count()) == (["Best"], 2)


def test_somebody_elses_draft_is_not_touched_by_who_knows_the_address():
    job = make_job()
    save(job)
    save(job, Client(), letter="Mallory")
    letters = [draft.data["typed"]["letter"] for draft in Draft.objects.order_by("pk")]
    assert letters == [["Dear team,\r\nI love to help."], ["Mallory"]]


def test_with_a_corrected_address_the_link_to_the_wrong_one_opens_nothing():
    job, client = make_job(), Client()
    save(job, client, email="carra@example.org")
    old = link(Draft.objects.get())
    save(job, client)
    assert Client().get(old).status_code == 404
    assert Draft.objects.get().email == "cara@example.org"


def test_opening_the_link_writes_nothing(django_assert_max_num_queries):
    save(make_job())
    draft = Draft.objects.get()
    before = Draft.objects.values().get()
    for method in ("get", "head"):
        with django_assert_max_num_queries(2):
            assert getattr(Client(), method)(link(draft)).status_code == 302
    assert Draft.objects.values().get() == before
    assert Client().post(link(draft)).status_code == 405


def test_the_address_of_the_form_carries_no_token_and_is_not_cached():
    save(make_job())
    draft = Draft.objects.get()
    answer = Client().get(link(draft))
    assert links.personal_token("draft", draft.pk) not in answer.url
    assert answer["Cache-Control"] == "no-store"
    cookie = answer.cookies["draft"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, answer.url, "Lax")


def test_a_sent_draft_says_so_and_keeps_nothing():
    job, client = make_job(), Client()
    save(job, client)
    send(job, client)
    draft = Draft.objects.get()
    answer = Client().get(link(draft))
    assert (answer.status_code, "This application was sent" in page_of(answer)) == (410, True)
    assert (draft.email, draft.data, draft.resume, draft.application) == ("", {}, None, Application.objects.get())


def test_after_fourteen_days_it_offers_to_start_again(tmp_path):
    job = make_job()
    save(job)
    draft = Draft.objects.get()
    later = now() + timedelta(days=15)
    with time_machine.travel(later):
        before_the_sweep = Client().get(link(draft))
        assert actions.sweep_drafts(at=later) == 1
        after_the_sweep = Client().get(link(draft))
    for answer in (before_the_sweep, after_the_sweep):
        assert (answer.status_code, f"/jobs/{job.slug}/apply/" in page_of(answer)) == (410, True)
    documents.sweep_held(later)
    assert (Draft.objects.get().email, Draft.objects.get().data, Document.objects.count()) == ("", {}, 0)


def test_its_file_lives_as_long_as_the_draft():
    save(make_job())
    documents.sweep_held(now() + timedelta(days=13))
    assert Document.objects.count() == 1


def test_long_ago_nothing_is_left_of_it():
    save(make_job())
    draft = Draft.objects.get()
    actions.sweep_drafts(at=now() + timedelta(days=110))
    assert (Draft.objects.count(), Client().get(link(draft)).status_code) == (0, 404)


@pytest.mark.parametrize("text", ["x", "1:2:3", "é", "a" * 3000])
def test_a_link_that_we_never_signed_opens_nothing(text):
    answer = Client().get(f"{PATH}{text}/")
    assert (answer.status_code, "See the open jobs" in page_of(answer)) == (404, True)


def test_a_draft_of_a_job_that_closed_leads_to_the_page_that_says_so():
    save(make_job())
    Job.objects.update(status="closed")
    assert open_link(Draft.objects.get())[1].status_code == 410


def test_the_form_of_another_job_does_not_open_it():
    save(make_job())
    client, _form = open_link(Draft.objects.get())
    client.cookies["draft"]["path"] = "/"
    assert "Cara Candidate" not in page_of(client.get(f"/jobs/{make_job().slug}/apply/"))


def test_an_empty_form_can_be_had_again():
    save(make_job())
    client, form = open_link(Draft.objects.get())
    emptied = client.post(form.request["PATH_INFO"], {"empty": "1"}, follow=True)
    assert "Cara Candidate" not in page_of(emptied)
    assert Draft.objects.get().email == "cara@example.org"


def test_where_somebody_came_from_outlives_a_draft():
    job = make_job()
    save(job, query="?source=newsletter&utm_medium=mail")
    client, form = open_link(Draft.objects.get())
    assert form.redirect_chain[-1][0] == f"/jobs/{job.slug}/apply/?source=newsletter&utm_medium=mail"
    send(job, client, "?source=newsletter&utm_medium=mail")
    application = Application.objects.get()
    assert (application.source, application.link) == ("newsletter", {"source": "newsletter", "utm_medium": "mail"})


def test_only_so_many_mails_go_to_one_address(settings):
    settings.APPLY_LIMIT_DRAFTS = 2
    job, email = make_job(), f"cara{now().timestamp()}@example.org"
    answers = [save(job, email=email) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert ("I love to help." in page_of(answers[2]), Message.objects.count()) == (True, 2)


def test_a_full_disk_keeps_the_text(monkeypatch, tmp_path):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(documents._storage(), "_save", full)
    answer = save(make_job(), resume=resume())
    assert (answer.status_code, "I love to help." in page_of(answer)) == (503, True)
    assert (Draft.objects.count(), Message.objects.count(), files_in(tmp_path)) == (0, 0, [])
