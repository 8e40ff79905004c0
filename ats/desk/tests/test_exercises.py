"""The desk's pages of written exercises: sent after a look at the mail, more time, taken back; who may do it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ats.desk.tests.conftest import LATER, signed_in
from candidates.builders import make_application, make_job, make_plan
from candidates.models import Event, Message, Stage
from interviews.builders import IDA
from interviews.exercises import actions
from interviews.exercises.builders import GRETA, GUS, begin_exercise, send_exercise
from interviews.exercises.models import Submission
from interviews.exercises.paper import Box
from interviews.kits.builders import make_case, make_exercise, make_round
from interviews.models import Interviewer

pytestmark = pytest.mark.django_db
GRADERS = "Greta Grader <greta@example.org>\nGus Grader <gus@example.org>"
EARLIER = LATER - timedelta(minutes=5)


def page_of(application):
    return f"/admin/candidates/application/{application.pk}/change/"


def send_page(application):
    return f"/desk/exercises/of/{application.pk}/send/"


def said(exercise, **fields):
    typed = {"what": f"exercise:{exercise.pk}", "case": "", "graders": GRADERS, "extra_minutes": "0"}
    return typed | {"action": "preview"} | fields


def text(response):
    return response.content.decode()


@pytest.fixture
def application(rita):
    return make_application(Stage.INTERVIEWS)


def test_the_mail_is_seen_before_it_is_sent(desk, application):
    exercise = make_exercise(name="Wrong day")
    shown = text(desk.post(send_page(application), said(exercise)))
    assert "A short written exercise: Support specialist" in shown
    assert not Submission.objects.exists()
    done = desk.post(send_page(application), said(exercise, action="confirm"), follow=True)
    assert Submission.objects.get().ask.messages.count() == 1
    assert "not begun" in text(done)


def test_a_written_round_of_the_plan_comes_first(desk, rita):
    exercise, plan = make_exercise(name="Wrong day"), make_plan()
    round_ = make_round(plan, exercise, name="In writing")
    application = make_application(Stage.INTERVIEWS, job=make_job(plan=plan))
    assert "Not begun yet: In writing" in text(desk.get(page_of(application)))
    form = desk.get(send_page(application)).context["form"]
    assert form.fields["what"].choices[0] == (f"round:{round_.pk}", "In writing: Wrong day (20 minutes)")
    desk.post(send_page(application), said(exercise, what=f"round:{round_.pk}", action="confirm"))
    assert Submission.objects.get().round == round_


def test_graders_of_last_time_are_suggested_and_at_first_who_interviews(desk, application):
    Interviewer.objects.create(name=GRETA.name, email=GRETA.email)
    Interviewer.objects.create(name="Cara herself", email=application.candidate.email)
    assert desk.get(send_page(application)).context["form"]["graders"].value() == "Greta Grader <greta@example.org>"
    send_exercise(make_application(Stage.INTERVIEWS, job=application.job), graders=[GUS, GRETA, IDA])
    suggested = desk.get(send_page(application)).context["form"]["graders"].value()
    assert suggested.splitlines()[0] == "Gus Grader <gus@example.org>"
    assert len(suggested.splitlines()) == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"what": "exercise:99999"}, "Choose one of these."),
        ({"what": "round:x"}, "Choose one of these."),
        ({"case": "99999"}, "Choose one of these."),
        ({"graders": "Greta Grader <greta@example.org>"}, "Name at least 2 graders."),
        ({"graders": "no address"}, "is not a name and an e-mail"),
        ({"graders": GRADERS + "\nGus again <GUS@example.org>"}, "stands there twice"),
        ({"graders": "x" * 1_000_000}, "at most"),
        ({"graders": "\x00"}, "Null characters"),
        ({"extra_minutes": "-1"}, "greater than or equal to 0"),
        ({"extra_minutes": "9" * 400}, "less than or equal to 240"),
        ({"extra_minutes": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, application, fields, words):
    response = desk.post(send_page(application), said(make_exercise()) | fields)
    assert response.status_code == 200
    assert words in text(response)
    assert not Submission.objects.exists()


def test_a_case_of_another_exercise_is_refused(desk, application):
    case = make_exercise().cases.get()
    shown = text(desk.post(send_page(application), said(make_exercise(), case=case.pk)))
    assert "This case belongs to another exercise." in shown


def test_progress_is_told_and_nothing_of_what_was_written(desk, application):
    submission = begin_exercise(send_exercise(application, at=EARLIER), at=EARLIER)
    assert "being written" in text(desk.get(page_of(application)))
    actions.keep(submission, {Box(1): "Secret words"}, at=LATER)
    actions.post(submission, at=LATER)
    shown = text(desk.get(page_of(application)))
    assert "handed in" in shown
    assert "Being graded." in shown
    assert "Secret words" not in shown
    assert submission.code_name not in shown.partition('id="exercises"')[2].partition("</section>")[0]


def test_more_time_is_granted_with_a_reason(desk, application):
    submission = send_exercise(application)
    url = f"/desk/exercises/{submission.pk}/extra/"
    assert "This field is required" in text(desk.post(url, {"minutes": "15", "reason": "", "action": "preview"}))
    told = {"minutes": "15", "reason": "Asked for it"}
    assert "You have 15 minutes more" in text(desk.post(url, told | {"action": "preview"}))
    assert Submission.objects.get().extra_minutes == 0
    assert "and 15 minutes more" in text(desk.post(url, told | {"action": "confirm"}, follow=True))
    assert "Asked for it" in text(desk.get(page_of(application)))


def test_it_is_taken_back_after_a_look(desk, application):
    submission = send_exercise(application)
    url = f"/desk/exercises/{submission.pk}/cancel/"
    assert "not needed any more" in text(desk.post(url, {"action": "preview"}))
    assert "taken back" in text(desk.post(url, {"action": "confirm"}, follow=True))
    assert Message.objects.filter(template="interviews/exercise_cancelled").count() == 1


def test_another_case_is_sent_instead(desk, application):
    submission = send_exercise(application)
    case = make_case(submission.exercise)
    url = f"/desk/exercises/{submission.pk}/another/"
    desk.post(url, {"case": case.pk, "action": "preview"})
    desk.post(url, {"case": case.pk, "action": "confirm"})
    assert list(Submission.objects.filter(ask__cancelled_at=None).values_list("case", flat=True)) == [case.pk]


def test_one_more_grader_is_named(desk, application):
    submission = send_exercise(application)
    url = f"/desk/exercises/{submission.pk}/grader/"
    two = "Gina <gina@example.org>\nGil <gil@example.org>"
    assert "Name one person." in text(desk.post(url, {"grader": two, "action": "preview"}))
    desk.post(url, {"grader": "Gina Grader <gina@example.org>", "action": "confirm"})
    assert Submission.objects.get().graders[-1]["email"] == "gina@example.org"


def test_who_was_quicker_is_told(desk, application):
    submission = begin_exercise(send_exercise(application, at=EARLIER), at=EARLIER)
    actions.keep(submission, {Box(1): "Text"}, at=EARLIER)
    actions.post(submission, at=EARLIER)
    for name, fields in (("extra", {"minutes": "5", "reason": "x"}), ("cancel", {}), ("another", {"case": ""})):
        shown = desk.post(f"/desk/exercises/{submission.pk}/{name}/", fields | {"action": "confirm"})
        assert "handed in meanwhile" in text(shown)


@pytest.mark.parametrize("name", ["extra", "cancel", "another", "grader"])
def test_strangers_find_nothing_and_managers_may_not(name, application, stranger, manager):
    submission = send_exercise(application)
    for url in (f"/desk/exercises/{submission.pk}/{name}/", send_page(application)):
        assert signed_in(stranger).get(url).status_code == 404
        assert signed_in(manager).get(url).status_code == 403
    assert not Event.objects.filter(name="exercise.cancelled").exists()


def test_nothing_is_offered_at_another_stage(desk, rita):
    assert "Send a written exercise" not in text(desk.get(page_of(make_application(Stage.SCREENING))))


def test_the_page_costs_no_more_queries_with_more_works(desk, application):
    def count():
        with CaptureQueriesContext(connection) as queries:
            desk.get(page_of(application))
        return len(queries)

    send_exercise(application)
    desk.get(page_of(application))
    before = count()
    for _number in range(3):
        send_exercise(application, exercise=make_exercise())
    assert count() <= before
