from datetime import timedelta

import pytest
from django.urls import reverse

from candidates.builders import NOW, make_application
from candidates.models import Stage
from candidates.people.actors import Actor
from candidates.post.builders import open_link
from trials.letters import actions
from trials.letters.builders import make_letter

pytestmark = pytest.mark.django_db
ACCEPTING = {"action": "accept", "name": "Cara Candidate", "agrees": "on"}


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW + timedelta(hours=3), tick=False)


@pytest.fixture
def letter():
    return make_letter(extra="Bring <b>nothing</b>.")


def pdf(client, page):
    answer = client.get(page)
    return b"".join(answer.streaming_content)


def page_of(letter, name="letter"):
    return reverse(f"trials:{name}", args=[letter.ask_id])


def test_the_candidate_reads_the_letter_as_words_and_as_pdf(client, letter):
    open_link(client, letter.ask)
    shown = client.get(page_of(letter)).content.decode()
    assert "Bring &lt;b&gt;nothing&lt;/b&gt;." in shown
    assert pdf(client, page_of(letter, "letter_file")).startswith(b"%PDF-")


def test_reading_writes_nothing(client, letter, django_assert_max_num_queries):
    open_link(client, letter.ask)
    with django_assert_max_num_queries(6) as asked:
        client.get(page_of(letter))
    assert not [one["sql"] for one in asked.captured_queries if not one["sql"].startswith("SELECT")]


def test_accepting_leads_to_the_letter_that_stays(client, letter):
    open_link(client, letter.ask)
    answer = client.post(page_of(letter), ACCEPTING, follow=True)
    assert "Accepted. We look forward to you." in answer.content.decode()
    assert pdf(client, page_of(letter, "letter_file_afterwards")).startswith(b"%PDF-")
    assert client.get(page_of(letter)).status_code == 410


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"action": "accept", "agrees": "on"}, "it stands for your signature"),
        ({"action": "accept", "name": "Cara"}, "Please tick this to accept."),
        ({"action": "accept", "name": "Ca\x00ra", "agrees": "on"}, "Null characters"),
        ({"action": "accept", "name": "x" * 500, "agrees": "on"}, "200"),
        ({"action": "decline", "reason": "x" * 3000}, "2000"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, letter, posted, said):
    open_link(client, letter.ask)
    shown = client.post(page_of(letter), posted).content.decode()
    assert said in shown
    assert str(posted.get("name", posted.get("reason", "")))[:5].replace("\x00", "") in shown
    letter.refresh_from_db()
    assert (letter.accepted_at, letter.declined_at) == (None, None)


def test_declining_needs_no_reason(client, letter):
    open_link(client, letter.ask)
    assert "We have noted it" in client.post(page_of(letter), {"action": "decline"}).content.decode()
    letter.refresh_from_db()
    assert letter.declined_at


def test_a_letter_that_was_replaced_is_no_longer_there(client, letter):
    open_link(client, letter.ask)
    make_letter(letter.application, at=NOW + timedelta(hours=1))
    assert client.get(page_of(letter)).status_code == 410
    assert client.post(page_of(letter), ACCEPTING).status_code == 410


def test_the_link_of_one_letter_opens_no_other(client, letter):
    other = make_letter(make_application(stage=Stage.HIRED))
    open_link(client, letter.ask)
    for name in ("letter", "letter_file", "letter_afterwards", "letter_file_afterwards"):
        assert client.get(page_of(other, name)).status_code == 404


def test_without_the_link_there_is_no_letter(client, letter):
    actions.accept(letter, name="Cara", at=NOW, by=Actor.candidate("Cara"))
    for name in ("letter", "letter_file", "letter_afterwards", "letter_file_afterwards"):
        assert client.get(page_of(letter, name)).status_code == 404
