"""One click ends mails of the talent pool, and stands in no mail that somebody needs, whichever template it has."""

import pytest

from ats.dev.state import ROOT
from candidates.builders import make_application
from candidates.models import Message
from candidates.post import links, rendering

MAILS = sorted(
    f"{path.parent.name}/{path.stem}"
    for path in (ROOT / "templates" / "emails").glob("*/*.html")
    if path.parent.name != "sourcing"
)


def test_the_mails_were_found():
    assert len(MAILS) > 40


@pytest.mark.parametrize("whose", [*links.ROUTES, *links.SIGNED_IN, ""])
def test_only_links_of_the_pool_can_be_ended_with_a_click(whose):
    message = Message(template="candidates/received", link=f"{whose}:7" if whose else "")
    assert bool(rendering.ways_out(message, "https://x.test/")) == (whose == "pool")


@pytest.mark.django_db
def test_no_mail_about_an_application_can_be_ended_with_a_click():
    application = make_application()
    mails = [Message(template=name, application=application) for name in MAILS]
    assert [mail.template for mail in mails if rendering.ways_out(mail, "https://x.test/")] == []
