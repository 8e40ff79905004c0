"""Hiding who wrote a letter: names in all their forms go, words that only look like them stay."""

import pytest

from candidates.screening.masking import Identity, code_name, mask

CARA = Identity("Cara Candidate", "cara.77@example.org", "+31 6 1234 5678")


def masked(text, name="Cara Candidate", **fields):
    return mask(text, Identity(name, **fields)).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I am Cara Candidate and I help.", "I am [name] and I help."),
        ("Cara's way, Caras Weg, CARA’S", "[name] way, [name] Weg, [name]"),
        ("Regards,\nCara C.", "Regards,\n[name]"),
        ("Regards,\nC. Candidate", "Regards,\n[name]"),
        ("Regards,\nC.C.", "Regards,\n[name]"),
        ("regards,\ncara", "regards,\n[name]"),
        ("Candidate, Cara", "[name]"),
        ("Write to cara.77@example.org or cara77 (at) example.org.", "Write to [mail] or [mail]."),
        ("Call +31 6 1234 5678, 06-12345678 or 0031612345678!", "Call [phone], [phone] or [phone]!"),
        ("See https://cara.example/me?x=1 and linkedin.com/in/carac", "See [link] and [link]"),
        ("I am @cara_helps there", "I am [link] there"),
    ],
)
def test_what_tells_who_wrote_is_hidden(text, shown):
    assert mask(text, CARA).text == shown


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Li Wei", "I moved to Lisbon and like lists. Li", "I moved to Lisbon and like lists. [name]"),
        ("Will Smith", "I will help. Yours, Will", "I will help. Yours, [name]"),
        ("Will Smith", "Will Smith will come", "[name] will come"),
        ("Grace Hope", "with grace and hope. Grace", "with grace and hope. [name]"),
        ("Ann Lee", "Anniversary sleeve planner; Ann's", "Anniversary sleeve planner; [name]"),
        ("Jürgen Müller", "Juergen Mueller and Jurgen, JUERGEN", "[name] and [name], [name]"),
        ("José López", "Jose Lopez, Jose\u0301", "[name]"),
        ("Petra Nová", "psala Petry, s Petrou", "psala [name], s [name]"),
        ("Anna-Maria Müller-Schmidt", "Anna und Schmidt, Annas", "[name] und [name], [name]"),
        ("Ruben de Wit", "de trein, van Ruben de Wit", "de trein, van [name]"),
        ("Sean O'Brien", "Best, O’Brien", "Best, [name]"),
        ("李明", "我叫李明，谢谢", "我叫[name]，谢谢"),
        ("فاطمة الزهراء", "اسمي فاطمة", "اسمي [name]"),
        ("Madonna", "madonna, Madonna's", "[name], [name]"),
    ],
)
def test_names_go_in_all_their_forms_and_words_stay(name, text, shown):
    assert masked(text, name) == shown


@pytest.mark.parametrize("text", ["From 2019 to 2021", "10 000 000 calls", "24/7", "e.g. this.That", "a @ b", ""])
def test_numbers_and_signs_of_other_kinds_stay(text):
    assert mask(text, CARA).text == text


def test_a_person_without_a_name_hides_nothing():
    assert masked("Dear team, hello", name=" ") == "Dear team, hello"


def test_places_are_known_after_hiding():
    text = "I am Cara Candidate. I help people."
    hidden = mask(text, CARA)
    start = text.index("help people")
    assert hidden.text[hidden.moved(start) : hidden.moved(start + 11)] == "help people"
    assert [hidden.text[start:end] for start, end in hidden.marks] == ["[name]"]


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "Cara " * 10_000, "a.b" * 16_000, "+0" * 25_000, "a@" * 25_000, "\n" * 50_000]
)
def test_hiding_takes_bounded_time(text):
    assert mask(text, CARA).text is not None


def test_a_code_name_is_the_same_for_ever_and_another_for_another():
    assert code_name(7) == code_name(7) == "Applicant " + code_name(7)[-4:]
    assert len({code_name(number) for number in range(200)}) > 195
