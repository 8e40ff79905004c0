"""The queue: one unread application at a time, decided and on to the next."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ats.desk.tests.conftest import LATER, signed_in
from ats.desk.tests.test_list import make_many
from ats.rejections import actions
from ats.rejections.models import PlannedRejection
from candidates import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging.builders import make_answers
from candidates.models import Answer, Application, Ask, JobQuestion, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.post import rendering
from candidates.screening import masking
from candidates.screening.builders import begin_screening

pytestmark = pytest.mark.django_db
QUEUE = reverse("desk:queue")


@pytest.fixture
def three(rita):
    return make_many(3)


def decide(client, application, action, **typed):
    seen = f"{application.stage}@{application.stage_since.isoformat()}"
    address = reverse("desk:queue_decide", args=[application.pk])
    return client.post(address, {"seen": seen, "action": action} | typed)


def shown(page):
    place = page.context["place"]
    return place.application if place else None


def numbers(page):
    return page.context["place"].number, page.context["place"].total


def test_the_oldest_comes_first(desk, three):
    page = desk.get(QUEUE)
    assert shown(page) == three[0]
    assert numbers(page) == (1, 3)
    assert "Hi" in page.content.decode()


def test_next_and_previous_walk_the_queue(desk, three):
    second = desk.get(desk.get(QUEUE).context["next_url"])
    third = desk.get(second.context["next_url"])
    assert [shown(second), shown(third)] == three[1:]
    assert (numbers(second), numbers(third)) == ((2, 3), (3, 3))
    assert shown(desk.get(third.context["previous_url"])) == three[1]


def test_what_was_left_for_later_comes_again_at_the_end(desk, three):
    page = desk.get(QUEUE)
    for _turn in range(3):
        page = desk.get(page.context["next_url"])
    assert shown(page) == three[0]
    assert "left for later" in page.content.decode()


def test_only_unread_ones_of_my_jobs_are_in_it(desk, rita, stranger, three):
    make_application(Stage.SCREENING, job=three[0].job, candidate=make_candidate())
    make_application(job=make_job(recruiters=[stranger]), candidate=make_candidate())
    actions.plan(three[0], reason="skills", hours=24, at=LATER, by=Actor.person(rita))
    Application.objects.filter(pk=three[1].pk).update(duplicate_of=three[2])
    page = desk.get(QUEUE)
    assert (shown(page), numbers(page)) == (three[2], (1, 1))


def test_one_job_alone_can_be_read(desk, three):
    other = make_application(job=make_job("Other job"), candidate=make_candidate())
    page = desk.get(f"{QUEUE}?job={other.job_id}")
    assert (shown(page), numbers(page)) == (other, (1, 1))
    assert f"job={other.job_id}" in page.context["next_url"]
    assert [(title, n) for _pk, title, n in page.context["jobs"]] == [("Other job", 1), ("Support specialist", 3)]


def test_reading_it_oneself_begins_screening_and_leads_to_the_scorecard(desk, rita, manager, three):
    answer = decide(desk, three[0], "read", caller=manager.pk)
    asked = Ask.objects.get(user=rita)
    assert answer.url.startswith(asked.get_absolute_url())
    assert asked.scorecard.kind == Scorecard.Kind.LETTER
    assert Ask.objects.filter(user=manager, scorecard__kind=Scorecard.Kind.PHONE).exists()
    assert desk.get(answer.url).status_code == 200


def test_after_locking_the_way_leads_back_to_the_next_letter(desk, rita, manager, three):
    page = decide(desk, three[0], "read", caller=manager.pk).url
    done = lock(desk, page, Scorecard.objects.get(kind=Scorecard.Kind.LETTER))
    assert "Read the next letter" in done.content.decode()
    assert QUEUE in done.content.decode()
    cursor = page.partition("?queue=")[2]
    assert shown(desk.get(f"{QUEUE}?after={cursor}")) == three[1]


def test_whoever_came_by_a_mail_is_not_led_to_the_queue(desk, rita):
    application = begin_screening()
    card = application.scorecards.get(kind=Scorecard.Kind.LETTER)
    assert QUEUE not in lock(desk, card.ask.get_absolute_url(), card).content.decode()


def lock(client, page, card):
    """Fill in and lock a scorecard by its own form."""
    form = client.get(page).context["form"]
    answers = make_answers(card)
    typed = {"action": "lock", "recommendation": answers.recommendation, "summary": answers.summary}
    for rating in form.ratings:
        typed |= {rating["field"].html_name: "4", rating["evidence"].html_name: "Told of a real case."}
    return client.post(page, typed)


def test_beginning_asks_both_and_goes_on(desk, rita, manager, three):
    answer = decide(desk, three[0], "begin", reader=manager.pk, caller=rita.pk)
    page = desk.get(answer.url)
    assert shown(page) == three[1]
    assert "is in screening. Max Manager reads the letter" in page.content.decode()


def test_a_choice_that_cannot_be_is_said_beside_it(desk, three):
    page = decide(desk, three[0], "begin", reader="x", caller="")
    assert page.context["form"].errors.keys() == {"reader", "caller"}
    assert shown(page) == three[0]


def test_rejecting_plans_it_and_offers_the_way_back_on_the_next_page(desk, three):
    page = desk.get(decide(desk, three[0], "reject", reason="letter").url)
    assert PlannedRejection.objects.get().reason == "letter"
    assert (shown(page), page.context["planned"].application) == (three[1], three[0])
    assert not Message.objects.exists()


def test_undo_leads_back_to_the_letter(desk, three):
    page = desk.get(decide(desk, three[0], "reject", reason="letter").url)
    back = f"{QUEUE}?show={three[0].pk}"
    assert back in page.content.decode()
    answer = desk.post(reverse("admin:candidates_application_undo_rejection", args=[three[0].pk]), {"back": back})
    assert shown(desk.get(answer.url)) == three[0]
    assert not PlannedRejection.objects.standing().exists()


def test_a_plan_that_rejects_at_once_still_waits_in_the_queue(desk):
    application = make_application(job=make_job(plan=make_plan(rejection_hours=0)))
    decide(desk, application, "reject", reason="letter")
    assert PlannedRejection.objects.standing().exists()


@pytest.mark.parametrize("reason", ["", "because", "\x00"])
def test_a_rejection_without_a_reason_asks_for_one(desk, three, reason):
    page = decide(desk, three[0], "reject", reason=reason)
    assert "Choose a reason." in page.content.decode()
    assert shown(page) == three[0]
    assert not PlannedRejection.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_mail_that_is_shown_is_the_one_that_is_sent(desk):
    application = make_application()
    text = desk.get(QUEUE).context["mail"].text
    decide(desk, application, "reject", reason="letter")
    actions.carry_out_due(at=LATER + timedelta(hours=25))
    message = Message.objects.get()
    assert rendering.render(message).text.replace(rendering.LINK, "[their personal link]") == text


def test_a_colleague_who_was_quicker_is_named_and_the_next_one_comes(desk, three):
    rosa = Actor.person(make_user("Rosa Recruiter"))
    pipeline.move(Application.objects.get(pk=three[0].pk), Stage.SCREENING, at=LATER, by=rosa)
    page = desk.get(decide(desk, three[0], "reject", reason="letter").url)
    assert "Rosa Recruiter was quicker with Person 000" in page.content.decode()
    assert shown(page) == three[1]
    assert not PlannedRejection.objects.exists()


def test_a_rejection_that_a_colleague_planned_meanwhile_is_told(desk, three):
    rosa = Actor.person(make_user("Rosa Recruiter"))
    actions.plan(three[0], reason="skills", hours=24, at=LATER, by=rosa)
    page = desk.get(decide(desk, three[0], "reject", reason="letter").url)
    assert "Rosa Recruiter planned to reject this application already" in page.content.decode()
    assert shown(page) == three[1]


def test_answers_and_files_lie_beside_the_letter(desk, three):
    question = JobQuestion.objects.create(job=three[0].job, label="Do you work nights?")
    Answer.objects.create(
        application=three[0], question=question, label="Do you work nights?", value="Never", is_marked=True
    )
    text = desk.get(QUEUE).content.decode()
    assert "Do you work nights?" in text
    assert "Marked" in text


def test_other_applications_of_the_person_are_named(desk):
    person = make_candidate()
    first = make_application(candidate=person)
    make_application(Stage.REJECTED, candidate=person, job=make_job("Team lead"))
    assert "Team lead" in desk.get(f"{QUEUE}?show={first.pk}").content.decode()


def test_a_plan_that_hides_who_wrote_hides_it_in_the_queue(desk):
    job = make_job(plan=make_plan(hides_identity=True))
    application = make_application(
        job=job, candidate=make_candidate("Zelda Zimmer"), letter="I am Zelda Zimmer, hello."
    )
    page = desk.get(QUEUE)
    assert page.context["letter"].name == masking.code_name(application.pk)
    outside = page.content.decode().split("Show who it is")[0]
    assert "Zelda" not in outside
    assert "Zimmer" not in outside


def test_letters_that_i_was_asked_to_read_are_linked_without_a_name(desk, rita):
    job = make_job(plan=make_plan(hides_identity=True))
    begin_screening(make_application(job=job, candidate=make_candidate("Zelda Zimmer")))
    page = desk.get(QUEUE)
    assert [ask.user for ask in page.context["asked"]] == [rita]
    assert "A letter for Support specialist" in page.content.decode()
    assert "Zelda" not in page.content.decode()


def test_when_everything_is_read_the_page_says_so_kindly(desk):
    assert "Everything is read." in desk.get(QUEUE).content.decode()


def test_strangers_reach_no_letter(client, manager, stranger, three):
    assert client.get(QUEUE).status_code == 302
    assert shown(signed_in(stranger).get(QUEUE)) is None
    assert shown(signed_in(manager).get(QUEUE)) is None
    assert decide(signed_in(stranger), three[0], "reject", reason="letter").status_code == 404
    assert decide(signed_in(manager), three[0], "reject", reason="letter").status_code == 403
    assert not PlannedRejection.objects.exists()


def test_reading_the_address_of_a_decision_decides_nothing(desk, three):
    answer = desk.get(reverse("desk:queue_decide", args=[three[1].pk]) + "?action=reject&reason=letter")
    assert shown(desk.get(answer.url)) == three[1]
    assert not PlannedRejection.objects.exists()


PLACES = [
    "x",
    "_",
    "2030-01-01_1",
    f"{NOW.isoformat()}_x",
    "\x00",
    "\ud800",
    "9" * 100,
    f"{NOW.isoformat()}_{'9' * 30}",
]


@pytest.mark.parametrize("name", ["after", "before", "show", "did", "job"])
@pytest.mark.parametrize("value", PLACES)
def test_a_place_that_makes_no_sense_shows_the_queue(desk, three, name, value):
    assert desk.get(f"{QUEUE}?{urlencode({name: value}, errors='surrogatepass')}").status_code == 200


@pytest.mark.parametrize("action", ["", "explode", "\x00"])
def test_an_action_that_is_none_decides_nothing(desk, three, action):
    assert decide(desk, three[0], action).status_code == 302
    assert Application.objects.get(pk=three[0].pk).stage == Stage.APPLIED


def test_three_and_sixty_letters_cost_the_same_queries(desk, rita):
    counts = []
    for number in (3, 60):
        person = make_candidate()
        for _turn in range(number):
            application = make_application(job=make_job(), candidate=person)
            begin_screening(make_application(job=application.job, candidate=make_candidate()))
        desk.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"{QUEUE}?show={application.pk}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 22
