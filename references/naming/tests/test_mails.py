"""The mails by which referees are found: to the candidate, to referees, to recruiters."""

from datetime import timedelta

import pytest

from candidates.builders import NOW, make_user
from candidates.models import Message
from candidates.people.actors import Actor
from candidates.post import rendering
from candidates.post.reminding import actions as reminding
from references import actions
from references.builders import ask_for_referees, decline, make_references, of_plan
from references.questionnaires import wording

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def every_mail():
    """One of each kind."""
    nora, leo = make_references(of_plan(replacements=1))
    Message.objects.update(status="sent", sent_at=NOW)
    reminding.remind_due(at=nora.scorecard.ask.due_at)
    decline(leo, at=NOW + DAY)
    actions.withdraw(nora, at=NOW + DAY, by=Actor.person(make_user()))
    asked = leo.referee.application.asks.open().get()
    asked.application.refresh_from_db()
    actions.expire_due(at=asked.due_at + 2 * DAY)


def rendered(template):
    return rendering.render(Message.objects.filter(template=template).first())


@pytest.mark.parametrize(
    "template",
    [
        "references/name_referees",
        "references/request",
        "references/request_due",
        "references/name_another",
        "references/withdrawn",
        "references/short",
    ],
)
def test_text_and_page_of_a_mail_are_of_equal_worth(template):
    every_mail()
    written = rendered(template)
    for part in (written.text, written.html):
        assert (rendering.LINK in part) == (template != "references/withdrawn")
        assert "You get this mail because" in part
    assert "{" not in written.subject + written.text
    assert len(written.subject) > 10


def test_a_mail_escapes_what_a_person_wrote_only_where_it_must():
    ask_for_referees(note="Tom & <b>Rita</b>")
    written = rendering.render(Message.objects.get())
    assert "Tom & <b>Rita</b>" in written.text
    assert "Tom &amp; &lt;b&gt;Rita&lt;/b&gt;" in written.html


def test_the_first_mail_says_how_many_and_of_which_kind():
    ask_for_referees(of_plan(managers=1))
    text = rendered("references/name_referees").text
    assert "Please name 2 people who saw you at work. At least one has to be a manager or team lead" in text


def test_the_mail_for_another_name_says_who_but_never_why():
    nora, leo = make_references(of_plan(replacements=1))
    decline(leo)
    text = rendered("references/name_another").text
    assert leo.referee.name in text
    assert nora.referee.name not in text
    assert "declin" not in text


def test_a_referee_reads_what_it_is_about_and_how_long_it_takes():
    make_references()
    text = rendered("references/request").text
    assert "6 minutes" in text
    assert f"We ask about: {', '.join(one['name'] for one in wording.shipped('en'))}, with one example" in text


def test_a_request_from_before_the_mail_told_what_it_is_about_still_reads_well():
    make_references()
    Message.objects.filter(template="references/request").update(data={"signature": "Max Manager"})
    text = rendered("references/request").text
    assert "6 minutes" in text
    assert "We ask about" not in text
