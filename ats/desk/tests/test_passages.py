"""Words found in documents, letters, answers and notes: by whom, where, and by whom not."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk import passages
from ats.desk.tests.conftest import LATER, signed_in, with_role
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging import actions
from candidates.judging.builders import make_answers, make_card, make_locked_card
from candidates.models import Answer, Document, DocumentText, JobQuestion, Note, Scorecard
from candidates.people.actors import Actor

pytestmark = pytest.mark.django_db
PAGE = reverse("desk:passages")
IDA = Actor.outsider("Ida Interviewer")
LIST = reverse("admin:candidates_application_changelist")


def give_document(application, text="Six years with Zendesk and patience.", name="cv.pdf"):
    document = Document.objects.create(
        application=application, kind="resume", name=name, content_type="application/pdf", size=9, sha256="0" * 64,
        file="ab/abc", at=NOW,
    )  # fmt: skip
    DocumentText.objects.create(document=document, state="read", text=text, next_try_at=NOW)
    return document


def give_note(application, text="Asked about Zendesk twice."):
    return Note.objects.create(application=application, author_name="Max Manager", text=text, at=NOW)


def give_answer(application, value):
    question = JobQuestion.objects.create(job=application.job, label="Which tools?", kind="text")
    return Answer.objects.create(application=application, question=question, label=question.label, value=value)


def get(client, words, **headers):
    return client.get(f"{PAGE}?{urlencode({'q': words})}", headers=headers)


def texts(client, words):
    """The passages as plain text, what was found in brackets."""
    found = get(client, words).context["found"].passages
    return [re.sub(r"</?mark>", lambda tag: "]" if "/" in tag[0] else "[", str(one.text)) for one in found]


def test_a_word_in_a_pdf_is_found_with_who_and_where(desk):
    application = make_application(candidate=make_candidate("Cara Candidate"))
    document = give_document(application)
    (one,) = get(desk, "zendesk").context["found"].passages
    assert (one.application, one.source, str(one.text)) == (
        application, "cv.pdf", "Six years with <mark>Zendesk</mark> and patience",
    )  # fmt: skip
    page = get(desk, "zendesk").content.decode()
    for shown in (
        "Cara Candidate",
        application.job.title,
        application.get_stage_display(),
        reverse("people:document", args=[document.pk]),
    ):
        assert shown in page


def test_letters_answers_and_notes_are_searched_too(desk):
    give_answer(make_application(letter="I know Zendesk."), "Zendesk and Freshdesk")
    give_note(make_application())
    found = get(desk, "zendesk").context["found"].passages
    assert sorted(str(one.source) for one in found) == ["Which tools?", "cover letter", "note by Max Manager"]


def test_all_words_must_stand_in_the_same_text(desk):
    give_document(make_application(), "Zendesk only")
    give_document(make_application(), "patience with Zendesk")
    assert texts(desk, "zendesk patience") == ["[patience] with [Zendesk]"]


def test_words_in_quotes_are_a_phrase(desk):
    give_document(make_application(), "customer support by phone")
    give_document(make_application(), "support of every customer")
    assert texts(desk, '"customer support"') == ["[customer] [support] by phone"]


def test_either_of_two_words_will_do_when_one_says_or(desk):
    give_document(make_application(), "only chat")
    give_document(make_application(), "only phone")
    assert len(texts(desk, "chat or phone")) == 2


def test_the_last_word_may_be_unfinished(desk):
    give_document(make_application(), "De-escalation and troubleshooting")
    assert texts(desk, "trouble") == ["De-escalation and [troubleshooting]"]
    assert texts(desk, "trouble de") == []


def test_what_matches_better_comes_first(desk):
    give_document(make_application(), "Zendesk, Zendesk, and once more Zendesk")
    give_document(make_application(), "A long life with many other things of which one was Zendesk, but not for long")
    assert texts(desk, "zendesk")[0].count("[") == 3


def test_twenty_are_shown(desk):
    job = make_job()
    for _number in range(22):
        give_document(make_application(job=job))
    assert len(texts(desk, "zendesk")) == passages.SHOWN


def test_markup_in_a_text_stays_text(desk):  # V7
    wicked = "<script>alert(1)</script> zendesk &lt;b&gt; <img src=x onerror=alert(2)> \ue000boo < b > c"
    give_document(make_application(), wicked, "<b>.pdf")
    page = get(desk, "zendesk").content.decode()
    assert re.findall(r"<script>alert|<img|<b>", page) == []
    assert "<mark>zendesk</mark> &amp;lt;b&amp;gt;" in page
    assert "&lt;b&gt;.pdf" in page


# Who may not


def test_other_teams_find_nothing(stranger):
    application = make_application(letter="I know Zendesk.")
    give_document(application)
    give_note(application)
    assert texts(signed_in(stranger), "zendesk") == []


def test_without_signing_in_there_is_the_sign_in_only(client):
    make_application(letter="I know Zendesk.")
    assert get(client, "zendesk").status_code == 302


def test_a_colleague_who_was_asked_finds_the_documents(desk, client):
    application = make_application()
    give_document(application)
    ida = with_role("Ida Interviewer", "Recruiters")
    make_card(application, name="Ida", email=ida.email, user=ida)
    assert len(texts(signed_in(ida), "zendesk")) == 1


def test_notes_are_not_found_by_somebody_who_still_owes_a_judgement(rita, desk):
    application = make_application()
    give_note(application)
    assert len(texts(desk, "zendesk")) == 1
    make_card(application, user=rita, opens_at=NOW)
    assert texts(desk, "zendesk") == []


def test_notes_are_found_again_once_the_judgement_is_locked(rita, desk):
    application = make_application()
    give_note(application)
    make_locked_card(application, {}, user=rita)
    assert len(texts(desk, "zendesk")) == 1


def test_what_colleagues_rated_is_never_found(desk):
    application = make_application()
    actions.lock(card := make_card(application), make_answers(card, summary="Knows Zendesk."), at=NOW, by=IDA)
    assert texts(desk, "zendesk") == []


def test_a_reader_who_may_not_know_whose_letter_it_is_finds_nothing_of_it(rita, desk):
    application = make_application(job=make_job(plan=make_plan(hides_identity=True)), letter="I know Zendesk.")
    give_document(application)
    make_card(application, user=rita, kind=Scorecard.Kind.LETTER, opens_at=LATER + timedelta(days=1))
    assert texts(desk, "zendesk") == []


def test_where_identity_is_not_hidden_a_reader_finds_it(rita, desk):
    application = make_application(letter="I know Zendesk.")
    make_card(application, user=rita, kind=Scorecard.Kind.LETTER)
    assert len(texts(desk, "zendesk")) == 1


def test_a_held_document_is_found_by_nobody(admin):
    document = give_document(make_application())
    Document.objects.filter(pk=document.pk).update(application=None, expires_at=LATER)
    assert texts(signed_in(admin), "zendesk") == []


# What people type


@pytest.mark.parametrize(
    "words",
    ["", " ", '"', '"""', "-", "--- -- -", "or", "or or", "& | ! <-> ( )", "'", "\\", ":*", "a:*b'c\\", '"open phrase',
     "zendesk'", "%", "_", "x" * 10_000, "wörd " * 3000, "\x00", "a\x00b", "\ud800", "😀", "\u202egnp", "<b>",
     "-zendesk"],
)  # fmt: skip
def test_whatever_is_typed_gives_a_page(desk, words):
    make_application(letter="I know Zendesk.")
    typed = urlencode({"q": words.encode("utf-8", "surrogatepass")})
    for address in (PAGE, LIST):
        assert desk.get(f"{address}?{typed}").status_code in (200, 302)


@pytest.mark.parametrize(
    "words", ["zendesk -paint", "zendesk-", "ZENDESK", " zendesk ", "zendesk,", "'zendesk'", "zéndesk or zendesk"]
)
def test_small_things_do_not_keep_a_word_from_being_found(desk, words):
    make_application(letter="I know Zendesk and paint.")
    assert len(texts(desk, words)) == 1


def test_a_search_that_takes_too_long_says_so(desk, monkeypatch):
    monkeypatch.setattr(passages, "PATIENCE", 1)
    job = make_job()
    for _number in range(20):
        give_document(make_application(job=job), "zendesk " * 15_000)
    page = get(desk, "zendesk")
    assert (page.context["found"].is_slow, "took too long" in page.content.decode()) == (True, True)


def test_nothing_found_is_told_with_the_words(desk):
    assert "“zendesk”" in get(desk, "zendesk").content.decode()


def test_htmx_gets_the_passages_without_the_frame(desk):
    make_application(letter="I know Zendesk.")
    part = get(desk, "zendesk", hx_request="true").content.decode()
    assert ("<mark>Zendesk</mark>" in part, "<html" in part) == (True, False)


def test_the_list_of_people_leads_to_the_passages(desk):
    page = desk.get(f"{LIST}?q=zen+desk").content.decode()
    assert f'href="{PAGE}?q=zen%20desk"' in page
    assert f'hx-get="{PAGE}?q=zen%20desk"' in page
    assert PAGE not in desk.get(LIST).content.decode()


def test_queries_do_not_grow_with_what_is_found(desk):
    job, counts = make_job(), []
    for number in (1, 5):
        for _number in range(number):
            application = make_application(job=job, letter="I know Zendesk.")
            give_document(application)
            give_note(application)
            Answer.objects.create(
                application=application,
                question=JobQuestion.objects.create(job=job, label="Which?", kind="text"),
                label="Which?",
                value="Zendesk",
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert get(desk, "zendesk").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_the_index_answers(desk):
    query = passages.to_query("zendesk")
    for source in passages.SOURCES:
        rows = source.model.objects.annotate(found_in=source.vector).filter(found_in=query).order_by()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Bitmap Index Scan" in rows.explain()


def test_a_user_of_the_desk_without_any_job_gets_an_empty_page():
    assert texts(signed_in(with_role("Nora New", "Recruiters")), "zendesk") == []
    assert make_user("Nora New").is_staff
