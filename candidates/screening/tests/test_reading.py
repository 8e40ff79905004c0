"""What can be noticed in a letter: language, ease, spelling, names, phrases, passages of other letters."""

import pytest

from candidates.screening.reading import companies, ease, language, phrases, shingles, spelling
from candidates.screening.reading.marks import Kind, Mark, pieces
from candidates.screening.reading.words import sentences, words

ENGLISH = "I have worked with people for three years and I like to help them when they are stuck with something."
SAMPLES = {
    "en": ENGLISH,
    "de": "Ich habe drei Jahre im Kundendienst gearbeitet und ich helfe gern, wenn jemand nicht weiter weiß.",
    "nl": "Ik heb drie jaar bij de klantenservice gewerkt en ik vind het fijn om mensen te helpen als het niet gaat.",
    "fr": "J'ai travaillé trois ans dans le service client et je suis heureux quand je peux aider les gens.",
    "es": "He trabajado tres años en atención al cliente y me gusta mucho ayudar a la gente cuando no sabe qué hacer.",
    "it": "Ho lavorato tre anni nel servizio clienti e mi piace aiutare le persone quando non sanno come fare.",
    "pt": "Trabalhei três anos no apoio ao cliente e eu gosto muito de ajudar as pessoas que não sabem o que fazer.",
}


@pytest.mark.parametrize(("tongue", "text"), SAMPLES.items())
def test_the_language_is_recognised(tongue, text):
    assert language.recognise(words(text)) == tongue


@pytest.mark.parametrize(
    "text", ["", "Hello", "👋🎉", "नमस्ते मैं मदद करना चाहता हूँ बहुत", "qwr zxc vbn mnb lkj hgf", "我叫李明"]
)
def test_a_language_that_is_not_known_is_not_guessed(text):
    assert language.recognise(words(text)) == ""


@pytest.mark.parametrize(("tongue", "text"), SAMPLES.items())
def test_a_plain_sentence_has_nothing_misspelled(tongue, text):
    assert spelling.misspelled(words(text), tongue, frozenset()) == []


@pytest.mark.parametrize(
    ("tongue", "text", "wrong"),
    [
        ("en", "I recieve many emails and definately answer them", ["recieve", "definately"]),
        ("en", "I organise the colour-coded programme of our theatre and travelled", []),
        ("en", "Mr Xyzzy of Qwertz don't isn't I've teammates", []),
        ("de", "die kundenzufriedenheitsumfrage ist wichtg", ["wichtg"]),
        ("nl", "het klanttevredenheidsonderzoek is belangrjk", ["belangrjk"]),
        ("xx", "recieve", []),
    ],
)
def test_small_words_in_no_dictionary_are_noticed(tongue, text, wrong):
    assert [word.text for word in spelling.misspelled(words(text), tongue, frozenset())] == wrong


def test_words_of_the_advert_are_right():
    assert spelling.misspelled(words("we use zendesq here"), "en", frozenset({"zendesq"})) == []


def test_a_letter_full_of_unknown_words_is_not_marked_all_over():
    text = " ".join(["help", "people"] * 20 + [f"qzx{letter}w" for letter in "abcdefghijklmnopqrst"])
    assert spelling.misspelled(words(text), "en", frozenset()) == []


def test_easy_words_read_easier_than_hard_ones():
    easy = "I like to help. I am kind. I am calm. " * 6
    hard = "Organisational considerations necessitate comprehensive interdepartmental communication strategies. " * 6
    values = [ease.ease(words(text), sentences(text), "en") for text in (easy, hard)]
    assert [str(ease.in_words(value)) for value in values] == ["very easy to read", "hard to read"]


@pytest.mark.parametrize("tongue", ease.FORMULAS)
def test_every_formula_gives_a_number(tongue):
    text = SAMPLES.get(tongue, ENGLISH) * 3
    assert -200 < ease.ease(words(text), sentences(text), tongue) < 140


def test_ease_is_not_known_for_few_words_or_another_language():
    assert ease.ease(words("Hello you"), [2], "en") is None
    assert ease.ease(words(ENGLISH * 3), [20], "lv") is None


def test_sentences_are_counted_in_words():
    assert sentences("Dear team,\n\nI help. You ask me things! ...") == [2, 2, 4]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I want to work at Zendesk because", ["Zendesk"]),
        ("I would love to join Apple as", ["Apple"]),
        ("applying for the position at Booking.com", ["Booking.com"]),
        ("Dear Contoso team, hello", ["Contoso"]),
        ("I worked at Zendesk for two years", []),
        ("three years at Contoso Ltd taught me", []),
        ("I admire Contoso Ltd and its people", ["Contoso Ltd"]),
        ("I want to work at Lighthouse in Amsterdam for English customers", []),
        ("I would like to study at University and be free at Christmas", []),
    ],
)
def test_other_companies_are_noticed(text, found):
    names = companies.others(
        text, "en", own=["Lighthouse"], places=[], is_word=lambda word: spelling.is_known(word, "en")
    )
    assert [name for name, _span in names] == found


def test_german_nouns_are_no_companies():
    text = "Ich möchte bei Zendesk arbeiten, für Kunden und bei Fragen da sein."
    names = companies.others(text, "de", own=[], places=[], is_word=lambda word: spelling.is_known(word, "de"))
    assert [name for name, _span in names] == ["Zendesk"]


def test_phrases_of_the_advert_are_found_whole():
    letter = words("You answer in full sentences, and so do I. It is in the team of the week.")
    rows = phrases.shared(letter, "We answer in full sentences and it is in the night", language.frequent()["en"])
    assert [[word.text for word in letter[first:last]] for first, last in rows] == [
        ["answer", "in", "full", "sentences", "and"]
    ]


def test_names_are_found_as_words_of_their_own():
    assert phrases.named("Beacon and beaconing, BEACON pro", ["Beacon", "Beacon Pro", " "]) == {
        "Beacon": [(0, 6), (22, 28)],
        "Beacon Pro": [(22, 32)],
    }


def test_a_passage_of_another_letter_is_measured_and_placed():
    shared_words = "I listen first and say back what I understood"
    letter = f"My own words stand here at first. {shared_words}. And then my own again, of course."
    found = shingles.compare(
        letter, [f"Hello there. {shared_words}! Bye.", "Nothing alike at all in this one here."], ""
    )
    assert [letter[start:end] for start, end in found.passages] == [shared_words]
    assert (found.others, round(found.share, 2)) == (1, 0.39)


def test_what_the_advert_says_does_not_count():
    text = "we look for somebody who stays calm on the phone"
    assert shingles.compare(text, [text], given=text).share == 0


def test_a_shared_passage_shares_a_fingerprint():
    row = "one two three four five six seven eight"
    first, second = (
        shingles.rows(shingles.tokens(text)) for text in (f"a b c d e {row} f g h", f"x y {row} z w v u t")
    )
    assert set(shingles.fingerprints(first)) & set(shingles.fingerprints(second))


def test_marks_may_lie_over_each_other():
    cut = pieces("abcdef", [Mark(0, 4, Kind.SHARED), Mark(2, 4, Kind.SPELLING), Mark(9, 12, Kind.OURS)])
    assert [(piece.text, piece.classes) for piece in cut] == [
        ("ab", "is-shared"),
        ("cd", "is-shared is-spelling"),
        ("ef", ""),
    ]
    assert [kind for kind, _word in cut[1].labels] == [Kind.SHARED, Kind.SPELLING]
