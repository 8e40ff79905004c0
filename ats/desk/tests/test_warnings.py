"""Early warnings on the application's page: who reads which, and who notes what was done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ats.desk import trial as facts
from ats.desk.tests.conftest import signed_in
from ats.templatetags.early_warnings import early_warnings
from candidates.builders import make_user
from candidates.models import Event
from trials.builders import make_trial
from trials.check_ins import warnings
from trials.check_ins.actions import Own
from trials.check_ins.builders import ask_at, tell
from trials.models import EarlyWarning

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LEAVING = "would rather not stay"
WEEK = {"from": "2030-01-14", "value": 41, "n": 10}
FALLING = {"metric": "satisfaction", "tool": "zendesk", "target": 90, "weeks": [WEEK]}


@pytest.fixture
def trial(rita, time_machine):
    """The buddy is silent; the candidate would rather not stay; then everybody but the lead has answered."""
    trial = make_trial()
    at = ask_at(trial).due_at + 2 * DAY
    time_machine.move_to(at, tick=False)
    tell(trial, 1, "candidate", own=Own(stays=1))
    warnings.raise_due(at=at)
    tell(trial, 1, "buddy", at=at)
    return trial


@pytest.fixture
def desk(trial, rita):
    return signed_in(rita)


def of_kind(kind):
    return EarlyWarning.objects.get(kind=kind)


def shown_to(user, trial, *, is_open):
    application = trial.application
    context = early_warnings(application, facts.of(application).trial, is_open, user)
    return render_to_string("desk/early_warnings.html", context)


def post(client, kind, note="Talked with Bob.", action="confirm"):
    warning = of_kind(kind)
    url = reverse("desk:warning_seen", args=[warning.pk])
    return client.post(url, {f"warning{warning.pk}-note": note, "action": action})


def test_while_judgements_are_hidden_only_what_is_late_shows(trial, rita):
    page = shown_to(rita, trial, is_open=False)
    assert "Nothing had come from Bob Buddy and Max Manager for check-in 1." in page
    assert LEAVING not in page
    assert page.count("Note what was done") == 1


def test_what_a_colleague_noted_shows_together_with_the_judgements(desk, trial, rita):
    post(desk, "late")
    assert "Talked with Bob." not in shown_to(rita, trial, is_open=False)
    assert "Talked with Bob." in shown_to(rita, trial, is_open=True)


def test_figures_that_fall_show_together_with_the_judgements(trial, rita):
    EarlyWarning.objects.filter(kind="exhausted").update(kind="figures", data=FALLING)
    assert "wanted: 90" not in shown_to(rita, trial, is_open=False)
    assert "(Zendesk), wanted: 90" in shown_to(rita, trial, is_open=True)


def test_when_they_open_the_rest_shows(trial, rita):
    page = shown_to(rita, trial, is_open=True)
    assert "At check-in 1 Cara Candidate would rather not stay." in page


def test_the_page_of_the_application_asks_the_firewall(desk, trial):
    url = reverse("admin:candidates_application_change", args=[trial.application.pk])
    assert LEAVING not in desk.get(url).content.decode()
    tell(trial, 1, "manager", at=timezone.now())
    assert LEAVING in desk.get(url).content.decode()


def test_a_recruiter_notes_what_was_done(desk, trial):
    assert post(desk, "late").status_code == 302
    assert (of_kind("late").note, of_kind("late").seen_by_name) == ("Talked with Bob.", "Rita Recruiter")
    assert "Everything here is seen to." in shown_to(make_user("Rita Recruiter"), trial, is_open=False)


def test_the_lead_notes_what_was_done(trial):
    assert post(signed_in(trial.leader), "late").status_code == 302
    assert of_kind("late").seen_by_name == "Max Manager"


@pytest.mark.parametrize("note", ["", " ", "\x00", "x" * 2001])
def test_a_note_that_cannot_be_kept_comes_back_with_the_reason(desk, trial, note):
    response = post(desk, "late", note)
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["note"])
    assert of_kind("late").seen_at is None


def test_a_preview_and_a_look_write_nothing(desk, trial):
    before = Event.objects.count()
    post(desk, "late", action="preview")
    assert desk.get(reverse("desk:warning_seen", args=[of_kind("late").pk])).status_code == 200
    assert (of_kind("late").seen_at, Event.objects.count()) == (None, before)


def test_what_tells_of_judgements_is_not_there_for_whom_they_are_hidden(desk, trial):
    assert post(desk, "exhausted").status_code == 404
    tell(trial, 1, "manager", at=timezone.now())
    assert post(desk, "exhausted").status_code == 302


def test_two_colleagues_see_to_one_thing(desk, trial):
    post(desk, "late")
    response = post(desk, "late", "Another note.")
    assert "Rita Recruiter has seen to it already." in response.content.decode()
    assert of_kind("late").note == "Talked with Bob."


def test_strangers_find_nothing(trial):
    assert post(signed_in(make_user("Sven Stranger")), "late").status_code == 404


def test_a_colleague_who_only_was_asked_something_notes_nothing(trial):
    ivan = make_user("Ivan Interviewer")
    type(ask_at(trial)).objects.filter(pk=ask_at(trial).pk).update(user=ivan)
    assert post(signed_in(ivan), "late").status_code == 403
    assert "Note what was done" not in shown_to(ivan, trial, is_open=True)


def test_queries_do_not_grow_with_warnings(trial, rita):
    kept = of_kind("late")
    of_trial = facts.of(trial.application).trial
    roles_of = [trial.application, of_trial, True, rita]
    early_warnings(*roles_of)
    with CaptureQueriesContext(connection) as few:
        early_warnings(*roles_of)
    for number in range(20):
        EarlyWarning.objects.create(
            trial=trial, kind="late", occurrence=f"over:{number + 9}", data=kept.data, raised_at=kept.raised_at
        )
    with CaptureQueriesContext(connection) as many:
        early_warnings(*roles_of)
    assert len(few) == len(many)


def test_a_trial_that_was_not_agreed_asks_the_database_nothing(trial, rita, django_assert_num_queries):
    trial.agreed_at = None
    with django_assert_num_queries(0):
        assert early_warnings(trial.application, trial, True, rita) == {"rows": []}
        assert early_warnings(trial.application, "", True, rita) == {"rows": []}
