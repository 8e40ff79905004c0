"""Nothing that reaches a grader tells whose work it is: every mail, page and address is searched."""

import re
from datetime import timedelta

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_user
from candidates.models import Ask, Message, Stage
from candidates.post import asks, links, mime, rendering
from candidates.post.builders import open_link
from candidates.post.reminding import actions as reminding
from interviews.exercises.grading.builders import GINA, GRETA, GUS, grading_of, lock, make_graded

pytestmark = pytest.mark.django_db
SIGNED = (
    "Dear Berta, my name is Zeb and I will help you. Zebulon Quackenbush here: call me at +31 6 5551 2345, write to "
    "zeb@quack.example or see https://quack.example/zebulon.\n\nKind regards,\nZebby Q.\nQuackenbush Consulting"
)
NUMBER = 987_654_321  # the application's
TELLING = r"zebulon|zebby|\bzeb\b|quackenbush|quack\.example|5551.?2345|987.?654.?321"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    return time_machine


def signed(**fields):
    """Work full of its writer's name, by a person with an application of a number that stands nowhere else."""
    person = make_candidate("Zebulon Quackenbush", email="zeb@quack.example", phone="+31 6 5551 2345")
    application = make_application(Stage.INTERVIEWS, candidate=person, pk=NUMBER)
    return make_graded(application, texts={(1, 1): SIGNED}, **fields)


def mails_to(asked):
    """All that was ever queued to a grader, as it would leave."""
    reminding.remind_due(at=asked.remind_at or asked.due_at)
    reminding.remind_due(at=asked.due_at)
    told = [rendering.render(message) for message in Message.objects.filter(ask=asked)]
    headers = [str(mime.email(one, rendering.render(one)).message()) for one in Message.objects.filter(ask=asked)]
    return [text for one in told for text in (one.subject, one.text, one.html)] + headers


def said(response):
    """A page, and where it stands."""
    return [response.content.decode(), response.request["PATH_INFO"], str(response.headers)]


def walk(client, work, grader):
    """Every mail and page that a grader can get, up to their lock and after it."""
    grading = grading_of(work, grader)
    asked = grading.scorecard.ask
    texts = [asked.title, *mails_to(asked), *said(open_link(client, asked))]
    address = asked.get_absolute_url()
    texts += said(client.get(f"{address}recognised/"))
    key = grading.scorecard.wording.content["competencies"][0]["key"]
    for action in ("autosave", "save", "rest", "lock"):
        texts += said(client.post(address, {"action": action, f"score_{key}": "9", "summary": "x"}))
    texts += said(client.post(f"{address}recognised/", {"reason": "x" * 5000}))
    lock(work, grader, *(rating["key"] and 3 for rating in grading.scorecard.wording.content["competencies"]))
    return texts + said(client.get(address)) + said(client.get(f"{address}recognised/"))


def found(texts):
    """What tells whose work it is, wherever it stands."""
    return [match[0] for text in texts for match in re.finditer(TELLING, text, re.IGNORECASE)]


def test_whose_work_it_is_appears_nowhere_before_a_grader(client):
    work = signed()
    texts = walk(client, work, GINA)
    assert len(texts) > 30
    assert found(texts) == []
    assert sum(work.code_name in text for text in texts) > 10


def test_the_hunt_finds_a_name_that_stands_there(client):
    work = signed()
    Ask.objects.filter(scorecard__grading__submission=work).update(title="Grade Zebulon")
    assert set(found(walk(client, work, GINA))) == {"Zebulon"}


def test_the_page_of_one_who_was_renewed_or_handed_back_tells_nothing_either(client, clock):
    work = signed()
    asked = grading_of(work, GUS).scorecard.ask
    clock.move_to(asked.expires_at + timedelta(minutes=1), tick=False)
    texts = said(open_link(client, asked))
    assert asks.renew(links.ask_token(asked), at=asked.expires_at + timedelta(minutes=1))
    asked.refresh_from_db()
    texts += [*mails_to(asked), *said(open_link(client, asked))]
    texts += said(client.post(f"{asked.get_absolute_url()}recognised/", {"reason": "Cousin"}))
    texts += said(client.get(asked.get_absolute_url()))
    assert found(texts) == []


def test_the_third_gets_the_same_mail_and_page_as_the_first(client):
    work = signed()
    first = neutral(walk_open(client, work, GINA), work, GINA)
    lock(work, GINA, 1, 1)
    lock(work, GUS, 5, 5)
    assert neutral(walk_open(client, work, GRETA), work, GRETA) == first


def walk_open(client, work, grader):
    asked = grading_of(work, grader).scorecard.ask
    rendered = rendering.render(Message.objects.get(ask=asked))
    return [rendered.subject, rendered.text, rendered.html, open_link(client, asked).content.decode()]


def neutral(texts, work, grader):
    """Without what is a grader's own: their name, the number of their request, tokens."""
    key = grading_of(work, grader).scorecard.ask_id
    own = rf"{grader['name']}|(?<=/grade/){key}(?=/)|(?<=csrfmiddlewaretoken\" value=\")\w+"
    return [re.sub(own, "-", text) for text in texts]


def test_the_first_page_of_a_grader_with_an_account_names_the_work_alone(client):
    gina = make_user("Gina Grader", email=GINA["email"], is_superuser=True)
    work = signed()
    client.force_login(gina)
    page = client.get("/admin/").content.decode()
    assert work.code_name in page
    assert "Zebulon" not in page
    assert "Quackenbush" not in page


def test_the_recruiter_is_told_of_an_overdue_grading_by_the_name_of_the_candidate():
    work = signed()
    reminding.escalate_due(at=grading_of(work, GINA).scorecard.ask.escalate_at)
    told = Message.objects.filter(template="candidates/overdue").first()
    assert "Zebulon Quackenbush" in rendering.render(told).text


def test_the_event_of_a_grading_says_that_it_is_in_and_not_what_it_says():
    work = signed()
    lock(work, GINA, 1, 5)
    event = work.application.events.get(name="scorecard.locked")
    assert set(event.data) == {"kind", "scorecard"}
