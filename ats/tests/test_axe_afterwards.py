"""axe finds nothing on what follows a hire: the plan as it is written and read, and the looks back."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from ats.tests.test_axe import findings, path
from candidates.builders import make_application, make_job, make_user
from candidates.models import Stage
from candidates.people.actors import Actor
from candidates.post import links
from trials.afterwards import developing
from trials.afterwards.builders import make_development_plan, make_hired, pulse_of
from trials.builders import make_trial
from trials.check_ins.builders import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_plan_is_written_on_the_desk_and_read_on_a_phone_and_both_look_back(live_server, new_page, client):
    ada = make_user("Ada Admin", is_superuser=True)
    job = make_job(recruiters=[ada])
    trial = make_trial(make_application(Stage.REFERENCES, job=job, at=now()), at=now(), starts_on=now().date())
    tell(trial, empathy=1, at=now())
    plan = make_development_plan(make_hired(trial, at=now()), "Write less")
    client.force_login(ada)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    desk, phone = new_page(), new_page(width=360)
    desk.context.add_cookies([cookie])
    desk.goto(live_server.url + reverse("desk:development", args=[trial.application.pk]))
    desk.get_by_role("button", name="Add what the evidence suggests").click()
    desk.get_by_text("One thing was drafted.").wait_for()
    desk.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert findings(desk) == []
    shared = developing.share(plan, note="Well done.", at=now(), by=Actor.person(ada))
    phone.goto(live_server.url + path(links.ask_url(shared.ask)))
    assert findings(phone) == []
    phone.get_by_role("button", name="I have read it").click()
    phone.get_by_text("that you have read it").wait_for()
    assert findings(phone) == []
    for role in ("manager", "candidate"):
        phone.goto(live_server.url + path(links.ask_url(pulse_of(trial, role).ask)))
        phone.get_by_role("button", name="Send my answer").click()
        phone.locator(".error-summary").wait_for()
        assert findings(phone) == []
        phone.get_by_label("I am not sure").check()
        phone.get_by_role("button", name="Send my answer").click()
        phone.get_by_text("Your answer is kept").wait_for()
