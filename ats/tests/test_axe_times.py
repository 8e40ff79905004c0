"""axe finds nothing on the pages of times, a candidate's and an interviewer's; nothing is wider than the screen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from ats.dev import axe
from candidates.post import links
from candidates.post.builders import link_to
from interviews.availability.builders import make_choice, make_offered
from interviews.builders import IDA
from interviews.models import Interviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_pages_of_times_have_no_faults_that_axe_knows(new_page, live_server, width, scheme):
    ask = make_choice(at=now() - timedelta(hours=1))
    ida = Interviewer.objects.get(email=IDA.email)
    make_offered(ida, now() + timedelta(days=1), now() + timedelta(days=1, hours=1))
    page = new_page(width=width, color_scheme=scheme)
    personal = reverse("interviews:times", args=[links.personal_token("interviewer", ida.pk)])
    for address in (link_to(ask), f"{ask.get_absolute_url()}?zones=1", personal):
        page.goto(live_server.url + address)
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
