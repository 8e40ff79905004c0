"""The stage of the letter and the call: who is asked what, on which page, and when it is complete."""

from datetime import timedelta
from functools import partial

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging.builders import make_answers
from candidates.models import Ask, Event, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed
from candidates.post import rendering
from candidates.post.builders import open_link
from candidates.screening import actions, script
from candidates.screening.builders import ask_for, begin_screening
from candidates.screening.forms import ScreeningForm
from candidates.tests.together import together

LETTER, PHONE = Scorecard.Kind.LETTER, Scorecard.Kind.PHONE
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(LATER, tick=False)


def submitting(application, kind):
    """The answer of one screener by a request of its own."""
    card = Scorecard.objects.select_related("application", "ask").get(application=application, kind=kind)
    return partial(actions.submit, card, make_answers(card), at=LATER, by=Actor.outsider(card.rater_name))


# Beginning


@pytest.mark.django_db
def test_beginning_moves_the_application_and_asks_two_people():
    application = begin_screening()
    assert application.stage == Stage.SCREENING
    asked = application.asks.order_by("pk").values_list("page", "template", "name", "role", "stage")
    assert list(asked) == [
        ("screening:letter", "screening/letter", "Rita Recruiter", "recruiter", "screening"),
        ("screening:phone", "screening/phone", "Max Manager", "manager", "screening"),
    ]


@pytest.mark.django_db
def test_the_answers_are_due_in_the_days_of_the_plan():
    plan = make_plan()
    plan.stages.filter(stage=Stage.SCREENING).update(days=4, remind_days=1)
    application = begin_screening(make_application(job=make_job(plan=plan)))
    times = set(application.asks.values_list("due_at", "remind_at"))
    assert times == {(NOW + timedelta(days=4), NOW + timedelta(days=3))}


@pytest.mark.django_db
def test_one_person_may_do_both():
    rita = make_user("Rita Recruiter")
    application = begin_screening(reader=rita, caller=rita)
    assert list(application.asks.values_list("user__username", flat=True)) == ["rita.recruiter"] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["reader", "caller"])
def test_only_those_who_hire_for_the_job_screen(who):
    application = make_application()
    with pytest.raises(NotAllowed, match="Tom Team cannot screen for this job"):
        begin_screening(application, **{who: make_user("Tom Team")})
    application.refresh_from_db()
    assert (application.stage, Ask.objects.count(), Message.objects.count()) == (Stage.APPLIED, 0, 0)
    application.job.recruiters.add(make_user("Tom Team"))
    begin_screening(application, **{who: make_user("Tom Team")})


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_who_cannot_be_reached_does_not_screen(fields):
    tom, tim = make_user("Tom Team", **fields), make_user("Tim Team")
    job = make_job(recruiters=[tom, tim])
    assert list(actions.team(job)) == [make_user("Max Manager"), tim]


# The form


@pytest.mark.django_db
def test_the_form_suggests_a_recruiter_to_read_and_another_person_to_call():
    application = make_application()
    form = ScreeningForm(application=application, at=NOW)
    assert form["reader"].value() == make_user("Rita Recruiter").pk
    assert form["caller"].value() == make_user("Max Manager").pk


@pytest.mark.django_db
def test_the_form_suggests_one_person_for_both_where_there_is_one():
    rita = make_user("Rita Recruiter")
    form = ScreeningForm(application=make_application(job=make_job(hiring_manager=rita)), at=NOW)
    assert (form["reader"].value(), form["caller"].value()) == (rita.pk, rita.pk)


@pytest.mark.django_db
def test_the_form_gives_the_verb_what_it_needs():
    application, rita = make_application(), make_user("Rita Recruiter")
    form = ScreeningForm({"reader": rita.pk, "caller": rita.pk}, application=application, at=NOW)
    assert form.is_valid()
    assert form.arguments() == {"reader": rita, "caller": rita, "chooses_time": False}


@pytest.mark.django_db
def test_the_form_offers_nobody_else():
    application = make_application()
    tom = make_user("Tom Team")
    form = ScreeningForm({"reader": tom.pk, "caller": "x"}, application=application, at=NOW)
    assert set(form.errors) == {"reader", "caller"}


# The pages


@pytest.mark.django_db
def test_the_reader_has_the_letter_beside_the_advert(client):
    application = begin_screening(make_application(letter="I <b>love</b> to help.\nReally."))
    page = open_link(client, ask_for(application, LETTER)).content.decode()
    assert "I &lt;b&gt;love&lt;/b&gt; to help.\nReally." in page
    assert "Help our customers by phone, e-mail and chat." in page


@pytest.mark.django_db
def test_the_caller_has_the_number_and_the_script_and_not_the_letter(client):
    candidate = make_candidate(phone="+31 20 123 45 67")
    application = begin_screening(make_application(candidate=candidate, letter="Very secret letter"))
    page = open_link(client, ask_for(application, PHONE)).content.decode()
    assert 'href="tel:+31201234567"' in page
    assert [part.say in page for part in script.parts()] == [True] * 6
    assert "secret letter" not in page


@pytest.mark.django_db
def test_the_caller_is_told_what_to_do_without_a_number(client):
    application = begin_screening(make_application(candidate=make_candidate(email="cara@example.org")))
    page = open_link(client, ask_for(application, PHONE)).content.decode()
    assert "No number was given. Write to cara@example.org and ask for one." in page


def test_the_call_takes_ten_to_twenty_minutes():
    assert 10 <= script.minutes() <= 20


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "other"), [(LETTER, PHONE), (PHONE, LETTER)])
def test_neither_sees_what_the_other_thinks(client, kind, other):
    application = begin_screening()
    card = Scorecard.objects.select_related("application", "ask").get(application=application, kind=other)
    answers = make_answers(card, 1, summary="Secretly rude")
    actions.submit(card, answers, at=NOW, by=Actor.outsider(card.rater_name))
    page = open_link(client, ask_for(application, kind)).content.decode()
    assert [word in page for word in ("Secretly", "Told of a real case", card.rater_name)] == [False] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [LETTER, PHONE])
def test_an_answer_on_the_page_counts(client, kind):
    application = begin_screening()
    ask = ask_for(application, kind)
    open_link(client, ask)
    empathy = application.plan.competencies.get(name="Empathy")
    not_seen = {f"score_{one.pk}": "not_seen" for one in application.plan.competencies.all()}
    typed = not_seen | {f"score_{empathy.pk}": "4", "recommendation": "yes", "action": "lock"}
    assert client.post(ask.get_absolute_url(), typed).templates[0].name == "asks/done.html"
    event = Event.objects.get(name="scorecard.locked")
    assert (event.by_name, event.data["kind"]) == (ask.name, kind)


# The mails


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (LETTER, "Please read: the letter of Cara & Co for Support specialist"),
        (PHONE, "Please call: Cara & Co for Support specialist"),
    ],
)
def test_the_mail_says_what_by_when_and_why(kind, subject):
    candidate = make_candidate("Cara & Co")
    rita = make_user("Rita Recruiter", zone="America/New_York")
    application = begin_screening(make_application(candidate=candidate), caller=rita)
    sent = rendering.render(Message.objects.get(ask=ask_for(application, kind)))
    assert sent.subject == subject
    assert "Hello Rita Recruiter," in sent.text
    assert "By Mon 14 Jan, 04:00 (America/New_York)." in sent.text
    assert "You get this mail because you hire for Support specialist" in sent.text
    assert sent.text.count(rendering.LINK) == 1
    assert "Cara &amp; Co" in sent.html


# Completion


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(LETTER, PHONE), (PHONE, LETTER)])
def test_the_second_of_the_two_answers_completes_the_stage(order):
    application = begin_screening()
    submitting(application, order[0])()
    assert application.events.last().name == "scorecard.locked"
    submitting(application, order[1])()
    assert application.events.last().name == "screening.complete"


@pytest.mark.django_db
def test_an_answer_moves_nobody():
    application = begin_screening()
    for kind in (LETTER, PHONE):
        submitting(application, kind)()
    application.refresh_from_db()
    assert application.stage == Stage.SCREENING


@pytest.mark.django_db(transaction=True)
def test_both_answers_at_once_complete_the_stage_once():
    for number in range(10):
        application = begin_screening()
        assert together(submitting(application, LETTER), submitting(application, PHONE)) == [None, None]
        assert Event.objects.filter(name="screening.complete").count() == number + 1
