"""The pages of a referee, and the mails of the stage."""

from datetime import timedelta

import pytest

from candidates.builders import NOW
from candidates.models import Application, Ask, Event, Message, Rating, Scorecard
from candidates.post import mail
from references.builders import ask_for_referees, make_references
from references.models import Referee, Reference

pytestmark = pytest.mark.django_db
GARBAGE = "\x00<script>" + "x" * 30_000


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)


def everything_written():
    models = (Application, Ask, Event, Message, Rating, Scorecard, Referee, Reference)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("template", ["references/name_referees", "references/request"])
def test_mails_of_equal_worth_with_the_link(template):
    make_references()
    rendered = mail.render(Message.objects.filter(template=template).first())
    for part in (rendered.text, rendered.html):
        assert mail.LINK in part
        assert "Max Manager" in part
        assert "You get this mail because" in part
    assert "{" not in rendered.subject + rendered.text


def test_a_mail_escapes_what_a_person_wrote_only_where_it_must():
    ask_for_referees(note="Tom & <b>Rita</b>")
    rendered = mail.render(Message.objects.get())
    assert "Tom & <b>Rita</b>" in rendered.text
    assert "Tom &amp; &lt;b&gt;Rita&lt;/b&gt;" in rendered.html
