"""The candidate's own page."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from ats import pipeline
from candidates.builders import NOW, make_application, make_candidate, make_job, make_user
from candidates.models import Ask, Event, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.post import asks, links
from candidates.tests.together import together

pytestmark = pytest.mark.django_db
ENDS = [
    (Stage.HIRED, "You are one of us"),
    (Stage.REJECTED, "We did not go on with your application"),
    (Stage.WITHDRAWN, "You withdrew your application"),
]


def path_of(application):
    return links.application_url(application).removeprefix("http://localhost")


def visitor(application):
    client = Client()
    client.get(path_of(application))
    return client


def home(application, client=None):
    return (client or visitor(application)).get(f"/my/{application.pk}/")


def words(application):
    return home(application).content.decode()


def make_ask(application, **fields):
    defaults = {
        "page": "references:name_referees",
        "template": "candidates/reminder",
        "title": "Name two referees",
        "role": Ask.Role.CANDIDATE,
        "name": "Cara",
        "email": "cara@example.org",
        "due_at": NOW + timedelta(days=7),
        "at": NOW,
    }
    return asks.ask(application, **defaults | fields)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_the_link_of_the_mail_opens_the_page_under_a_clean_address():
    application = make_application()
    client = Client()
    answer = client.get(path_of(application))
    cookie = answer.cookies["my"]
    assert (answer.status_code, answer.url) == (302, f"/my/{application.pk}/")
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/my/{application.pk}/", True, "Lax")
    assert home(application, client).status_code == 200


def test_every_answer_stays_out_of_caches_and_logs():
    application = make_application()
    client = Client()
    answers = [client.get(path) for path in (path_of(application), f"/my/{application.pk}/", "/my/rubbish/")]
    assert {(answer["Cache-Control"], answer["Referrer-Policy"]) for answer in answers} == {("no-store", "same-origin")}


def test_opening_the_link_and_the_pages_writes_nothing():
    application = make_application()
    client = visitor(application)
    before = list(application.events.values()), list(Message.objects.values()), application.stage
    for path in (path_of(application), f"/my/{application.pk}/", f"/my/{application.pk}/withdraw/"):
        client.get(path)
        client.head(path)
    application.refresh_from_db()
    assert (list(application.events.values()), list(Message.objects.values()), application.stage) == before


@pytest.mark.parametrize("token", ["rubbish", "WzEsMV0:1abc:xyz", "%00", "..", "9" * 30])
def test_an_unknown_link_has_its_own_page(token):
    answer = Client().get(f"/my/{token}/")
    assert (answer.status_code, "We do not know this link" in answer.content.decode()) == (404, True)


@pytest.mark.parametrize("page", ["", "withdraw/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_without_the_link(page, method):
    application = make_application()
    answer = getattr(Client(), method)(f"/my/{application.pk}/{page}")
    assert answer.status_code == (405 if (page, method) == ("", "post") else 404)
    application.refresh_from_db()
    assert application.is_open


@pytest.mark.parametrize("page", ["", "withdraw/"])
def test_the_link_of_one_application_does_not_open_another(page):
    mine, other = make_application(), make_application()
    client = Client()
    client.cookies["my"] = links.application_token(mine)
    assert client.get(f"/my/{mine.pk}/{page}").status_code == 200
    assert client.get(f"/my/{other.pk}/{page}").status_code == 404
    assert client.post(f"/my/{other.pk}/withdraw/").status_code == 404


def test_the_token_of_an_ask_does_not_open_the_page():
    application = make_application()
    asked = make_ask(application)
    assert Client().get(f"/my/{links.ask_token(asked)}/").status_code == 404


def test_the_present_step_is_marked():
    page = words(make_application(Stage.REFERENCES))
    assert (page.count('aria-current="step"'), page.count('class="is-done"'), page.count('class="is-next"')) == (
        1,
        3,
        1,
    )
    assert page.index("<strong>Interviews</strong>") < page.index('aria-current="step"') < page.index("Paid trial")


def test_with_nothing_asked_it_is_our_turn_by_a_date_in_the_candidates_zone():
    late_evening = NOW.replace(hour=23)
    person = make_candidate(zone="Asia/Tokyo")
    page = words(make_application(Stage.SCREENING, candidate=person, at=late_evening))
    assert "You hear from us by Tue 15 Jan." in page


def test_a_promise_that_we_broke_is_owned():
    page = words(make_application(at=NOW - timedelta(days=30)))
    assert "We wanted to be further by Sat 15 Dec and are late: we are sorry." in page


def test_what_the_candidate_is_asked_stands_on_top_with_its_link_and_deadline():
    application = make_application(Stage.REFERENCES, candidate=make_candidate(zone="Europe/Amsterdam"))
    asked = make_ask(application)
    page = words(application)
    assert "Name two referees: please answer by Mon 14 Jan, 10:00 (Europe/Amsterdam, your time)." in page
    assert links.ask_url(asked) in page


@pytest.mark.parametrize(
    "fields",
    [
        {"role": Ask.Role.INTERVIEWER},
        {"role": Ask.Role.REFEREE},
        {"opens_at": NOW + timedelta(days=1)},
        {"at": NOW - timedelta(days=90), "due_at": NOW - timedelta(days=80)},
    ],
    ids=["interviewer", "referee", "not yet", "expired"],
)
def test_what_others_are_asked_or_what_is_not_to_be_answered_now_is_not_shown(fields):
    application = make_application(Stage.REFERENCES)
    make_ask(application, title="Something else", name="Ida Interviewer", **fields)
    page = words(application)
    assert [hidden in page for hidden in ("Something else", "Ida Interviewer")] == [False, False]


def test_neither_scores_nor_names_of_others_are_shown():
    application = make_application(Stage.INTERVIEWS)
    asked = make_ask(application, role=Ask.Role.INTERVIEWER, name="Ida Interviewer")
    card = Scorecard.objects.create(
        application=application, ask=asked, kind="interview", stage="interviews", rater_name="Ida Interviewer",
        recommendation="strong_no", summary="Too slow",
    )  # fmt: skip
    page = words(application)
    hidden = ("Ida Interviewer", "Too slow", "strong_no", "Rita", "Max", card.get_recommendation_display())
    assert [word for word in hidden if word in page] == []


def test_withdrawing_asks_first_and_then_does_it_and_says_so():
    application = make_application(Stage.INTERVIEWS)
    asked = make_ask(application)
    client = visitor(application)
    assert "Withdraw for good" in client.get(f"/my/{application.pk}/withdraw/").content.decode()
    answer = client.post(f"/my/{application.pk}/withdraw/", follow=True)
    assert "You withdrew your application" in answer.content.decode()
    application.refresh_from_db()
    asked.refresh_from_db()
    event = application.events.last()
    assert (application.stage, event.by_kind, asked.cancelled_at) == (Stage.WITHDRAWN, "candidate", NOW)
    assert Message.objects.filter(template="candidates/withdrawn").count() == 1


def test_withdrawing_needs_the_forms_token():
    application = make_application()
    client = Client(enforce_csrf_checks=True)
    client.get(path_of(application))
    assert client.post(f"/my/{application.pk}/withdraw/").status_code == 403
    application.refresh_from_db()
    assert application.is_open


@pytest.mark.parametrize(("stage", "told"), ENDS)
def test_after_the_end_the_page_says_so_kindly(stage, told):
    assert told in words(make_application(stage))


@pytest.mark.parametrize(("stage", "told"), ENDS)
def test_what_has_ended_cannot_be_withdrawn(stage, told):
    application = make_application(stage)
    before = application.events.count()
    answer = visitor(application).post(f"/my/{application.pk}/withdraw/", follow=True)
    application.refresh_from_db()
    assert (told in answer.content.decode(), application.stage, application.events.count()) == (True, stage, before)


def test_the_reason_of_a_rejection_is_not_shown():
    application = make_application()
    pipeline.reject(application, reason="filled", at=NOW, by=Actor.person(make_user()))
    assert "filled" not in words(application)


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_asks_the_database_little_and_no_more_for_many_requests(count, django_assert_max_num_queries):
    application = make_application(Stage.REFERENCES, job=make_job())
    for _number in range(count):
        make_ask(application)
    client = visitor(application)
    with django_assert_max_num_queries(4):
        home(application, client)


@pytest.mark.django_db(transaction=True)
def test_withdrawing_twice_at_once_is_one_withdrawal():
    application = make_application()
    clients = [visitor(application), visitor(application)]
    answers = together(*[partial(client.post, f"/my/{application.pk}/withdraw/") for client in clients])
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Event.objects.filter(name="stage.withdrawn").count() == 1
