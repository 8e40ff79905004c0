import io
import subprocess
import sys
from datetime import timedelta

import pypdf
import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from candidates.builders import NOW, make_application, make_candidate
from candidates.models import Application, Document, Message, Stage
from candidates.people.actors import Actor
from candidates.people.extraction.child import Limits
from candidates.pipeline import NotAllowed
from candidates.post.asks import NotOpen
from candidates.tests.together import together
from trials.letters import actions, drawing, texts
from trials.letters.builders import make_letter, make_offer, make_template
from trials.letters.drawing import NotDrawn, Sheet
from trials.models import OfferLetter

LATER = NOW + timedelta(days=1)
CARA = Actor.candidate("Cara Candidate")


def words_of(letter):
    with letter.document.file.open("rb") as file:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.read())).pages)


def draw(text, **fields):
    return drawing.draw(
        Sheet(**{"company": "Harbour", "subject": "Offer", "text": text, "language": "en", "at": NOW} | fields)
    )


@pytest.mark.django_db
class TestSending:
    def test_the_letter_is_kept_word_for_word_and_as_a_pdf_that_says_the_same(self):
        letter = make_letter(extra="Your laptop comes by post.")
        assert letter.text.startswith("Dear Cara Candidate,")
        for said in ("Pay: EUR 2,900 a month", "Your laptop comes by post.", "Max Manager"):
            assert said in letter.text
            assert said in words_of(letter)
        assert letter.document.kind == Document.Kind.OFFER

    def test_the_candidate_is_asked_by_one_solemn_mail(self):
        letter = make_letter()
        mails = Message.objects.filter(ask=letter.ask)
        assert [(mail.template, mail.solemn, mail.to) for mail in mails] == [
            ("trials/letter", True, letter.application.candidate.email)
        ]

    def test_the_letter_is_in_the_templates_language_with_its_dates(self):
        german = make_template(name="Brief", language="de", text="Ab {starts_on}")
        application = make_application(stage=Stage.HIRED)
        written = actions.write(application, german, make_offer(), at=NOW)
        assert written.text == "Ab 28. Januar 2030"

    def test_nobody_who_is_not_hired_gets_a_letter(self):
        application = make_application(stage=Stage.TRIAL)
        with pytest.raises(NotAllowed, match="after the hire"):
            make_letter(application)
        assert not Document.objects.exists()

    @pytest.mark.parametrize(
        ("field", "days", "said"),
        [("answer_by", 0, "tomorrow"), ("answer_by", 91, "three months"), ("starts_on", -1, "past")],
    )
    def test_days_that_cannot_be_are_refused(self, field, days, said):
        with pytest.raises(NotAllowed, match=said):
            make_letter(**{field: NOW.date() + timedelta(days=days)})

    def test_a_second_letter_replaces_the_first_whose_link_dies(self):
        first = make_letter()
        second = make_letter(first.application, at=LATER)
        first.refresh_from_db()
        first.ask.refresh_from_db()
        assert (first.replaced_at, first.ask.cancelled_at) == (LATER, LATER)
        assert second.replaced_at is None
        with pytest.raises(NotOpen):
            actions.accept(first, name="Cara", at=LATER, by=CARA)

    def test_an_accepted_letter_is_not_replaced(self):
        letter = make_letter()
        actions.accept(letter, name="Cara Candidate", at=LATER, by=CARA)
        with pytest.raises(NotAllowed, match="was accepted"):
            make_letter(letter.application, at=LATER)

    def test_hostile_words_of_a_name_stay_words(self):
        letter = make_letter(make_application(stage=Stage.HIRED, candidate=make_candidate("{pay} <b>Bobby</b>")))
        assert "Dear {pay} <b>Bobby</b>," in letter.text
        assert "Dear {pay} <b>Bobby</b>," in words_of(letter)


@pytest.mark.django_db
class TestAnswering:
    def test_accepting_keeps_the_name_as_a_signature_and_tells_both_sides(self):
        letter = make_letter()
        actions.accept(letter, name=" Cara Candidate ", at=LATER, by=CARA)
        letter.refresh_from_db()
        assert (letter.accepted_as, letter.accepted_at) == ("Cara Candidate", LATER)
        told = Message.objects.filter(created_at=LATER).values_list("template", "to")
        assert sorted(told) == [
            ("trials/letter_accepted", letter.application.candidate.email),
            ("trials/letter_answered", "max.manager@rapport.test"),
            ("trials/letter_answered", "rita.recruiter@rapport.test"),
        ]
        assert letter.application.events.filter(name="offer.accepted").count() == 1

    def test_the_database_keeps_what_was_accepted(self):
        letter = make_letter()
        actions.accept(letter, name="Cara", at=LATER, by=CARA)
        letter.accepted_as = "Somebody Else"
        with pytest.raises(IntegrityError), transaction.atomic():
            letter.save(update_fields=["accepted_as"])

    def test_the_database_keeps_the_words_that_were_sent(self):
        letter = make_letter()
        letter.text = "Less."
        with pytest.raises(IntegrityError), transaction.atomic():
            letter.save(update_fields=["text"])

    def test_without_a_name_nothing_is_accepted(self):
        with pytest.raises(NotAllowed, match="signature"):
            actions.accept(make_letter(), name="  ", at=LATER, by=CARA)

    def test_declining_tells_colleagues_why_and_moves_nothing(self):
        letter = make_letter()
        actions.decline(letter, reason="I found work nearer home.", at=LATER, by=CARA)
        told = Message.objects.filter(template="trials/letter_answered")
        assert {mail.data["reason"] for mail in told} == {"I found work nearer home."}
        assert Application.objects.get(pk=letter.application_id).stage == Stage.HIRED

    def test_what_was_answered_is_not_answered_again(self):
        letter = make_letter()
        actions.decline(letter, reason="", at=LATER, by=CARA)
        with pytest.raises(NotOpen):
            actions.accept(letter, name="Cara", at=LATER, by=CARA)


@pytest.mark.django_db(transaction=True)
def test_of_accepting_and_declining_at_once_one_counts():
    letter = make_letter()

    def answer(verb, **said):
        verb(OfferLetter.objects.select_related("application", "ask").get(pk=letter.pk), at=LATER, by=CARA, **said)

    answers = together(lambda: answer(actions.accept, name="Cara"), lambda: answer(actions.decline, reason="No."))
    letter.refresh_from_db()
    assert sorted(type(one) for one in answers if one) == [NotOpen]
    assert (letter.accepted_at is None) != (letter.declined_at is None)


class TestDrawing:
    def test_the_same_letter_is_drawn_in_the_same_bytes(self):
        assert draw("Dear Cara,\n\nwelcome.") == draw("Dear Cara,\n\nwelcome.")

    def test_it_tells_its_title_and_language(self):
        read = pypdf.PdfReader(io.BytesIO(draw("Hallo", subject="Unser Angebot", language="de")))
        assert (read.metadata.title, read.root_object["/Lang"]) == ("Unser Angebot", "de")

    @pytest.mark.parametrize("name", ["Łucja Øberg-Müller", "Αθηνά Παπαδοπούλου", "Юлия Шевченко", "Nguyễn Thị Ánh"])
    def test_names_of_europe_are_drawn_as_they_are(self, name):
        text = pypdf.PdfReader(io.BytesIO(draw(name))).pages[0].extract_text()
        assert [drawing.without_shape(name), name in text] == [[], True]

    def test_what_the_font_has_no_shape_for_is_told_and_drawn_as_a_question_mark(self):
        assert drawing.without_shape("Hi 😀 مرحبا 😀") == ["😀", "م", "ر", "ح", "ب", "ا"]
        assert "Hi ?" in pypdf.PdfReader(io.BytesIO(draw("Hi 😀"))).pages[0].extract_text()

    def test_no_web_process_carries_the_library_that_draws(self):
        wanted = "import django; django.setup(); import ats.urls, sys; print({'fpdf', 'numpy'} & set(sys.modules))"
        said = subprocess.run([sys.executable, "-c", wanted], capture_output=True, text=True, check=True)
        assert said.stdout.strip() == "set()"

    def test_what_cannot_be_drawn_in_its_time_is_said(self, monkeypatch):
        monkeypatch.setattr(drawing, "LIMITS", Limits(seconds=0.01))
        with pytest.raises(NotDrawn):
            draw("Dear Cara")

    @pytest.mark.parametrize(
        "text", ["", "\x00\x07", "W" * 20_000, "a\n\n" * 3000, "- " * 500, "# \n- \n", "{nb} {pay}"]
    )
    def test_no_text_is_too_odd_to_draw(self, text):
        assert draw(text).startswith(b"%PDF-")

    def test_a_logo_stands_at_the_top(self):
        buffer = io.BytesIO()
        Image.new("RGB", (80, 20), "teal").save(buffer, "PNG")
        assert len(pypdf.PdfReader(io.BytesIO(draw("Hi", logo=buffer.getvalue()))).pages[0].images) == 1


class TestWords:
    def test_a_letter_falls_into_headings_lists_and_paragraphs(self):
        told = [(part.kind, part.lines) for part in texts.parts("Hello\nyou\n\n# What\n- one\n- two\nand so on")]
        assert told == [
            ("paragraph", ("Hello", "you")),
            ("heading", ("What",)),
            ("list", ("one", "two")),
            ("paragraph", ("and so on",)),
        ]

    def test_an_empty_placeholder_leaves_no_hole(self):
        assert texts.fill("One\n\n{extra}\n\nTwo", {"extra": ""}) == "One\n\nTwo"

    @pytest.mark.parametrize("written", ["{salary}", "{pay", "{candidate.__class__}", "{pay!r}", "{0}"])
    def test_what_no_letter_can_fill_in_is_named(self, written):
        assert len(texts.mistakes(written)) == 1

    def test_every_placeholder_has_an_example(self):
        assert set(texts.EXAMPLE) == set(texts.PLACEHOLDERS)
