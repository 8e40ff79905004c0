"""The reader's page: hints that are no score, marked in place; and who wrote it hidden where the plan says so."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.company.models import Company
from candidates.judging.builders import make_answers
from candidates.models import Ask, Message, Scorecard
from candidates.people.actors import Actor
from candidates.post import rendering
from candidates.post.builders import open_link
from candidates.post.reminding import actions as reminding
from candidates.screening import actions
from candidates.screening.builders import ask_for, begin_screening
from candidates.screening.masking import code_name
from candidates.screening.reading import actions as reading
from candidates.screening.reading import hints
from candidates.screening.reading.words import words

pytestmark = pytest.mark.django_db
LETTER = Scorecard.Kind.LETTER
TEXT = (
    "Dear team,\n\nI have helped people by phone, e-mail and chat for three years, and I recieve their thanks. "
    "I use Beacon at home and I want to work at Contoso Ltd because I like to listen to people and to help them."
)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    return time_machine


def page_of(client, application):
    return open_link(client, ask_for(application, LETTER)).content.decode()


def hidden(letter, name="Zebulon Quackenbush", **person):
    """An application that is read without knowing who wrote it."""
    job = make_job(plan=make_plan(hides_identity=True))
    return make_application(job=job, candidate=make_candidate(name, **person), letter=letter)


def test_the_page_tells_what_can_be_counted_and_that_it_is_no_score(client):
    Company(name="Lighthouse", products=["Beacon", "Buoy"]).save()
    page = page_of(client, begin_screening(make_application(letter=TEXT)))
    for told in (
        "They are no score",
        f"{len(words(TEXT))} words",
        "English",
        "easy to read",
        "one word that is not in the dictionary: recieve",
        "not named",
        "Beacon: named",
        "Buoy: not named",
        "by phone, e-mail and chat”",
        "perhaps named: Contoso Ltd",
        "Not compared yet",
    ):
        assert told in page, told


def test_what_was_noticed_is_marked_where_it_stands_with_a_word_that_is_spoken(client):
    page = page_of(client, begin_screening(make_application(letter=TEXT)))
    assert '<mark class="noticed is-spelling">recieve</mark><small class="mark-word is-spelling">' in page
    assert '<mark class="noticed is-other">Contoso Ltd</mark>' in page


def test_how_much_stands_in_other_letters_is_told_without_names(client):
    make_application(letter=TEXT, candidate=make_candidate("Otto Other"))
    application = make_application(letter=TEXT)
    reading.print_letters(at=NOW)
    page = page_of(client, begin_screening(application))
    assert "stands in another letter" in page
    assert "is-shared" in page
    assert "Otto" not in page


def test_the_usual_length_is_told_where_enough_have_written(client):
    job = make_job()
    for number in range(hints.USUAL_FROM):
        make_application(job=job, letter="word " * (10 + number))
    page = page_of(client, begin_screening(make_application(job=job, letter="Hi.")))
    assert "Half of the letters for this job have 10 to 16." in page


@pytest.mark.parametrize(
    "letter",
    [
        "",
        "Hello",
        "👋🎉 " * 3000,
        "a" * 1_000_000,
        "مرحبا بكم في " * 400,
        "नमस्ते दुनिया " * 400,
        "<script>alert(1)</script>",
        "[" * 9000,
    ],
)
@pytest.mark.parametrize("hides", [True, False])
def test_every_letter_has_its_page(client, letter, hides):
    application = hidden(letter) if hides else make_application(letter=letter)
    reading.print_letters(at=NOW)
    page = page_of(client, begin_screening(application))
    assert "The advert" in page
    assert "<script>alert" not in page


def test_the_page_costs_a_number_of_queries_that_does_not_grow(client, django_assert_max_num_queries):
    application = make_application(letter=TEXT)
    for number in range(12):
        make_application(job=application.job, letter=f"{TEXT} {number}")
    reading.print_letters(at=NOW)
    ask = ask_for(begin_screening(application), LETTER)
    open_link(client, ask)
    with django_assert_max_num_queries(10):
        client.get(ask.get_absolute_url())


def test_saving_while_typing_does_not_read_the_letter_again(client, django_assert_max_num_queries):
    ask = ask_for(begin_screening(make_application(letter=TEXT)), LETTER)
    open_link(client, ask)
    with django_assert_max_num_queries(14):
        page = client.post(ask.get_absolute_url(), {"action": "autosave", "summary": "Warm"}).content.decode()
    assert "noticed" not in page


SIGNED = (
    "Hello, I am Zebulon. Zebulon's way is to listen, says Mrs Quackenbush. Write to zeb@quack.example or call "
    "+31 6 5551 2345, see https://quack.example/zebulon and @zebulonq.\n\nKind regards\nZebulon Quackenbush\nZ. Q."
)


def walk(client, application):
    """Everything that the reader of `application` gets to see: pages, mails, what the pages say when it is over."""
    ask = ask_for(application, LETTER)
    reminding.remind_due(at=ask.due_at)
    seen = [rendering.render(message) for message in Message.objects.filter(ask=ask)]
    texts = [text for one in seen for text in (one.subject, one.text, one.html)]
    answer = open_link(client, ask)
    texts += [answer.content.decode(), answer.request["PATH_INFO"]]
    for action in ("autosave", "save", "lock"):
        texts.append(client.post(ask.get_absolute_url(), {"action": action, "summary": "x"}).content.decode())
    card = Scorecard.objects.select_related("application", "ask").get(ask=ask)
    actions.submit(card, make_answers(card), at=NOW, by=Actor.outsider("Rita"))
    texts.append(client.get(ask.get_absolute_url()).content.decode())
    return [*texts, ask.title]


@pytest.mark.parametrize("word", ["zebulon", "quackenbush", "quack.example", "5551"])
def test_who_wrote_it_appears_nowhere_before_the_reader(client, word):
    application = begin_screening(hidden(SIGNED, email="zeb@quack.example", phone="+31 6 5551 2345"))
    texts = walk(client, application)
    assert len(texts) > 10
    assert [text for text in texts if word in text.lower()] == []
    assert sum(code_name(application.pk) in text for text in texts) > 5


def test_without_the_plan_saying_so_the_reader_sees_the_name(client):
    application = begin_screening(make_application(candidate=make_candidate("Zebulon Quackenbush"), letter=SIGNED))
    assert sum("Zebulon" in text for text in walk(client, application)) > 5


def test_the_caller_still_knows_whom_to_call(client):
    application = begin_screening(hidden(SIGNED))
    assert "Zebulon" in open_link(client, ask_for(application, Scorecard.Kind.PHONE)).content.decode()


def test_passages_of_others_stand_at_their_place_although_names_are_hidden():
    application = hidden(f"I am Zebulon Quackenbush. {TEXT}")
    make_application(letter=TEXT)
    reading.print_letters(at=NOW)
    marked = [piece.text for piece in hints.gather(application, hides=True).pieces if "shared" in piece.kinds]
    assert "".join(marked).startswith("Dear team")


def test_a_stage_that_is_begun_rings_for_the_comparison(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rings:
        begin_screening(make_application())
    assert "candidates.screening.tasks.print_letters" in str(rings)
    assert Ask.objects.open().count() == 2
    assert make_user("Rita Recruiter").asks.count() == 1
