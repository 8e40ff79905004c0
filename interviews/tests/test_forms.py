"""The form that invites: what a recruiter may type, and what is said when it cannot be."""

from datetime import UTC, datetime, timedelta

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Stage
from candidates.people.actors import Actor
from interviews import actions
from interviews.actions import Invited
from interviews.builders import IDA, IVAN, make_interview
from interviews.forms import InviteForm
from interviews.models import Interview

pytestmark = pytest.mark.django_db
PANEL = "Ida Interviewer <ida@example.org>\nIvan Interviewer <ivan@example.org>"
TYPED = {"starts_at": "2030-01-10T14:00", "minutes": "45", "place": "Room 1", "interviewers": PANEL}


@pytest.fixture
def application():
    candidate = make_candidate(email="cara@example.org")
    return make_application(Stage.SCREENING, candidate=candidate, job=make_job(zone="Europe/Amsterdam"))


def filled(application, at=NOW, **typed):
    return InviteForm(TYPED | typed, application=application, at=at)


def test_it_gives_the_verb_what_it_needs(application):
    form = filled(application)
    assert form.is_valid()
    interview = actions.invite(application, at=NOW, by=Actor.person(make_user()), **form.arguments())
    assert interview.starts_at == datetime(2030, 1, 10, 13, tzinfo=UTC)
    assert [panelist.name for panelist in interview.panelists.all()] == [IDA.name, IVAN.name]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_the_time_is_the_jobs_whatever_the_recruiters_own_zone(application, settings, zone):
    settings.TIME_ZONE = zone
    form = filled(application)
    assert form.is_valid()
    assert form.cleaned_data["starts_at"] == datetime(2030, 1, 10, 13, tzinfo=UTC)


def test_the_zone_is_named_beside_the_time(application):
    assert "Europe/Amsterdam" in filled(application).as_p()


@pytest.mark.parametrize(
    ("starts_at", "message"),
    [
        ("2030-01-07T10:00", "This time is over. Choose one that lies ahead."),  # 9:00 in UTC: now
        ("2030-03-31T02:30", "couldn’t be interpreted in time zone Europe/Amsterdam"),  # F37: the hour that is left out
        ("2030-10-27T02:30", "couldn’t be interpreted in time zone Europe/Amsterdam"),  # F37: the hour that comes twice
        ("tomorrow", "Enter a valid date/time."),
        ("0000-00-00T00:00", "Enter a valid date/time."),
        ("", "This field is required."),
    ],
)
def test_a_time_that_cannot_be_is_a_message(application, starts_at, message):
    assert message in filled(application, starts_at=starts_at).errors["starts_at"][0]


@pytest.mark.parametrize(
    "line",
    [
        "Ida Interviewer <ida@example.org>",
        "Ida Interviewer ida@example.org",
        "Ida Interviewer, ida@example.org",
        "Ida Interviewer; ida@example.org",
        '"Ida Interviewer" <ida@example.org>',
        "  Ida Interviewer\t<ida@example.org>,  ",
    ],
)
def test_a_line_is_read_in_the_ways_people_paste_it(application, line):
    form = filled(application, interviewers=f"\n{line}\r\n\r\nIvan Interviewer <ivan@example.org>\n")
    assert form.errors == {}
    assert form.cleaned_data["interviewers"] == [IDA, IVAN]


def test_a_name_may_hold_a_comma_and_marks(application):
    form = filled(application, interviewers=f"O’Neil-Łuć, dr. Ida <ida@example.org>\n{PANEL.splitlines()[1]}")
    assert form.errors == {}
    assert form.cleaned_data["interviewers"][0] == Invited("O’Neil-Łuć, dr. Ida", "ida@example.org")


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        ("Ida Interviewer <ida@example.org>", "Name at least 2 interviewers."),
        (PANEL + "\nIda again <IDA@example.org>", "ida@example.org stands there twice"),
        (PANEL + "\nCara <Cara@example.org>", "cara@example.org is the candidate's own address."),
        (PANEL + "\nida", "“ida” is not a name and an e-mail. Write: Ida Interviewer <ida@example.org>"),
        (PANEL + "\nino@example.org", "“ino@example.org” is not a name and an e-mail."),
        (PANEL + "\nIno <ino@example>", "“Ino <ino@example>” is not a name and an e-mail."),
        (PANEL + "\nIno <ino@exa mple.org>", "is not a name and an e-mail."),
        (PANEL + "\nIno <a@b.org> <c@d.org>", "is not a name and an e-mail."),
        ("x" * 201 + " <ino@example.org>\n" + PANEL, "is too long a name"),
        ("<>,;\n" + PANEL, "is not a name and an e-mail."),
        (" \n ", "This field is required."),
    ],
)
def test_a_panel_that_cannot_be_is_a_message(application, panel, message):
    assert message in filled(application, interviewers=panel).errors["interviewers"][0]


def test_what_was_typed_stays_on_the_page(application):
    page = filled(application, interviewers="Ida & Co", place="Room 9", starts_at="soon").as_p()
    assert ["Ida &amp; Co" in page, 'value="Room 9"' in page, 'value="soon"' in page] == [True] * 3


@pytest.mark.parametrize(("field", "value"), [("minutes", "0"), ("minutes", "999"), ("minutes", "x"), ("place", " ")])
def test_other_nonsense_is_a_message_beside_its_field(application, field, value):
    assert list(filled(application, **{field: value}).errors) == [field]


def test_it_suggests_a_time_three_days_ahead(application):
    assert 'value="2030-01-10T10:00"' in InviteForm(application=application, at=NOW).as_p()


def test_it_suggests_the_panel_of_the_last_interview_for_the_job(application):
    other = make_application(Stage.SCREENING, job=application.job)
    make_interview(other, minutes=30, place="Room 7")
    form = InviteForm(application=application, at=NOW)
    assert (form["minutes"].value(), form["place"].value(), form["interviewers"].value()) == (30, "Room 7", PANEL)


def test_it_does_not_suggest_the_panel_of_another_job(application):
    make_interview(at=NOW - timedelta(days=1))
    assert Interview.objects.count() == 1
    assert InviteForm(application=application, at=NOW)["interviewers"].value() is None
