"""What a letter shares with those of other people, found in the background."""

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job
from candidates.models import LetterPrint
from candidates.screening.reading import actions, prints
from candidates.tests.together import together

STOCK = "I am writing to apply for this wonderful opportunity because I am a highly motivated team player"
OWN = "My neighbour Ada taught me to repair radios when I was nine and I have helped people since that summer."


def printed(application):
    actions.print_letters(at=NOW)
    return LetterPrint.objects.get(application=application)


@pytest.mark.django_db
def test_what_stands_in_the_letter_of_somebody_else_is_kept_with_its_place():
    make_application(letter=f"Dear team. {STOCK}. Bye.")
    actions.print_letters(at=NOW)
    application = make_application(letter=f"{OWN} {STOCK}.")
    found = printed(application)
    assert (found.others, round(found.share, 2)) == (1, 0.46)
    assert [application.letter[start:end] for start, end in found.passages] == [STOCK]


@pytest.mark.django_db
def test_two_letters_that_came_together_find_each_other():
    for _person in range(2):
        make_application(letter=STOCK)
    actions.print_letters(at=NOW)
    assert list(LetterPrint.objects.values_list("share", "others")) == [(1.0, 1)] * 2


@pytest.mark.django_db
def test_the_same_person_may_write_the_same_twice():
    cara = make_candidate()
    make_application(candidate=cara, letter=STOCK)
    actions.print_letters(at=NOW)
    assert printed(make_application(candidate=cara, letter=STOCK)).share == 0


@pytest.mark.django_db
def test_the_words_of_the_advert_and_of_the_question_do_not_count():
    job = make_job(description=f"You would say: {STOCK}", letter_prompt=OWN)
    make_application(job=job, letter=f"{STOCK} {OWN}")
    actions.print_letters(at=NOW)
    assert printed(make_application(job=job, letter=f"{STOCK} {OWN}")).share == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "letter", ["", "Hello", "👋" * 5000, "a" * 1_000_000, "مرحبا بكم " * 300, "नमस्ते " * 300, "我" * 4000, "x y " * 9000]
)
def test_every_letter_gets_a_print_and_only_one(letter):
    application = make_application(letter=letter)
    assert actions.print_letters(at=NOW) == 1
    assert actions.print_letters(at=NOW) == 0
    assert LetterPrint.objects.get().application == application


@pytest.mark.django_db
def test_many_letters_cost_a_bounded_number_of_queries_each(django_assert_max_num_queries):
    for number in range(8):
        make_application(letter=f"{OWN} {number}")
    with django_assert_max_num_queries(8 + 6 * 8):
        actions.print_letters(at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_one_print_each():
    for number in range(4):
        make_application(letter=f"{STOCK} {number}")
    together(*[lambda: actions.print_letters(at=NOW)] * 2)
    assert LetterPrint.objects.count() == 4


@pytest.mark.django_db
def test_few_letters_are_compared_though_many_share_a_phrase(django_assert_num_queries):
    for number in range(prints.COMPARED + 5):
        make_application(letter=f"{STOCK} as number {number}")
    actions.print_letters(at=NOW)
    application = make_application(letter=STOCK)
    numbers = prints.numbers(application)
    with django_assert_num_queries(6):
        shared = prints.shared(application, numbers)
    assert (shared.share, shared.others) == (1.0, prints.COMPARED)
