"""Names of people act nowhere: not in mails, not in their subjects, not in the PDF of a letter, not on a page."""

import io

import pytest
from pypdf import PdfReader

from ats.desk import roles
from ats.desk.tests.conftest import signed_in, with_role
from ats.desk.views.application import url_of
from candidates.builders import NOW, make_application, make_candidate
from candidates.models import Message, Stage
from candidates.people.actors import Actor
from candidates.post import rendering
from references import actions as references
from references.actions import Named
from references.builders import ask_for_referees, give, name_referees
from trials import actions as trials
from trials.afterwards.builders import make_hired
from trials.builders import make_offer, make_trial
from trials.letters.builders import make_letter

pytestmark = pytest.mark.django_db
CODE = "<script>alert(1)</script>{pay}{{ 7|add:1 }}"
TWO_LINES = f"{CODE}\r\nBcc: all@example.org"


def make_everything():
    """Everybody is called by code: the candidate, a referee, the buddy, who asks; each says code, too."""
    rita = with_role("Rita Recruiter", roles.RECRUITERS)
    type(rita).objects.filter(pk=rita.pk).update(last_name=CODE)
    rita.refresh_from_db()
    application = make_application(Stage.INTERVIEWS, candidate=make_candidate(CODE, email="code@example.org"))
    nora, leo = name_referees(
        ask_for_referees(application, note=CODE),
        Named(TWO_LINES, "nora@former.example", "manager", CODE),
        Named(CODE, "leo@former.example", "lead", CODE),
    )
    give(nora, role=CODE)
    references.want_deletion(nora, at=NOW, by=Actor.outsider(CODE))
    references.replace(leo, note=CODE, at=NOW, by=Actor.person(rita))
    application.refresh_from_db()
    trials.decline(make_offer(application, buddy_name=CODE), reason=CODE, at=NOW, by=Actor.candidate(CODE))
    again = make_application(Stage.REFERENCES, candidate=application.candidate)
    trial = make_trial(again, buddy_name=TWO_LINES)
    trials.end_early(trial, reason=CODE, note=CODE, at=NOW, by=Actor.person(rita))
    hired = make_hired(make_trial(make_application(Stage.REFERENCES, candidate=application.candidate)))
    return rita, make_letter(hired.application)


def test_a_name_is_a_name_wherever_it_stands():
    rita, letter = make_everything()
    messages = list(Message.objects.select_related("application__candidate", "application__job", "ask"))
    assert len({message.template for message in messages}) > 10
    for message in messages:
        told = rendering.render(message)
        assert len(told.subject.splitlines()) == 1
        assert "<script" not in told.html
        assert "8</" not in told.html
    with letter.document.file.open("rb") as file:
        drawn = PdfReader(io.BytesIO(file.read())).pages[0].extract_text()
    assert "<script>alert(1)</script>{pay}{{ 7|add:1 }}" in drawn.replace("\n", "")
    for application in {message.application for message in messages}:
        page = signed_in(rita).get(url_of(application)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
