"""What the desk tells of blind grading: to its graders nothing, to others no more than the firewall lets it."""

import pytest
from django.urls import reverse

from ats.desk import evidence, roles
from ats.desk.tests.conftest import LATER, signed_in, with_role
from candidates.builders import make_application, make_candidate, make_job
from candidates.judging.builders import make_card
from candidates.models import Stage
from candidates.sourcing.models import PoolMember
from interviews.builders import make_interview
from interviews.exercises.builders import send_exercise
from interviews.exercises.grading.builders import GINA, GRETA, GUS, grading_of, lock, make_graded

pytestmark = pytest.mark.django_db
NAME = "Zebedee Quill"
GRADERS = (GINA["name"], GUS["name"], GRETA["name"])


@pytest.fixture
def work(rita):
    return make_graded(make_application(Stage.INTERVIEWS, candidate=make_candidate(NAME)))


@pytest.fixture
def gina(work):
    """A recruiter of the job who is to grade the work, asked by her account."""
    return as_colleague(work)


def as_colleague(work):
    made = with_role("Gina Grader", roles.RECRUITERS)
    work.application.job.recruiters.add(made)
    asked = grading_of(work, GINA).scorecard.ask
    type(asked).objects.filter(pk=asked.pk).update(user=made, email=made.email)
    return made


def page_of(application):
    return reverse("admin:candidates_application_change", args=[application.pk])


def text_of(client, address):
    return client.get(address).content.decode()


def test_a_grader_with_an_account_is_led_nowhere_by_the_page_of_the_person(gina, work):
    answer = signed_in(gina).get(page_of(work.application))
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "without knowing whose it is" in text
    told = (work.code_name, NAME, "interviews/grade", work.exercise.name)
    assert [word for word in told if word in text] == []


def test_after_the_lock_the_page_opens(gina, work):
    lock(work, GINA, 3, 3)
    assert NAME in text_of(signed_in(gina), page_of(work.application))


@pytest.mark.parametrize("name", ["extra", "cancel", "another", "grader"])
def test_what_is_done_with_the_work_is_closed_to_its_graders(gina, work, name):
    sent = send_exercise(work.application)
    for one in (work, sent):
        assert signed_in(gina).get(reverse(f"desk:exercise_{name}", args=[one.pk])).status_code == 404


@pytest.mark.parametrize("name", ["change", "cancel", "missed", "replace", "release"])
def test_interviews_of_the_person_are_closed_to_graders(rita, name):
    interview = make_interview(make_application(Stage.SCREENING, candidate=make_candidate(NAME)))
    gina = as_colleague(make_graded(interview.application))
    key = (interview.panelists.first() if name in ("replace", "release") else interview).pk
    assert signed_in(gina).get(reverse(f"desk:interview_{name}", args=[key])).status_code == 404


@pytest.mark.parametrize("name", ["desk:interview_arrange", "desk:exercise_send", "desk:debrief"])
def test_pages_by_the_persons_key_say_nothing(gina, work, name):
    answer = signed_in(gina).get(reverse(name, args=[work.application.pk]))
    assert (answer.status_code, NAME in answer.content.decode()) == (403, False)


def everything(client, application):
    """All pages on which a recruiter meets what was asked of whom."""
    lists = [reverse(f"admin:candidates_{name}_changelist") for name in ("application", "ask", "message")]
    pages = [page_of(application), *(f"{one}?state=all&stage=all" for one in lists[:2]), lists[2]]
    return {address: text_of(client, address) for address in pages}


def test_nobody_learns_that_a_third_was_asked(desk, work):
    lock(work, GINA, 1, 3)
    before = everything(desk, work.application)
    lock(work, GUS, 5, 3)
    assert work.gradings.filter(is_third=True).exists()
    for address, text in everything(desk, work.application).items():
        assert [word for word in (*GRADERS, work.code_name) if word in text] == [], address
        assert [text.count(word) for word in ("Being graded", "rader")] == [
            before[address].count(word) for word in ("Being graded", "rader")
        ]


@pytest.mark.parametrize("is_complete", [False, True])
def test_a_locked_third_grading_is_no_line_of_the_timeline_while_somebody_owes(desk, work, is_complete):
    if not is_complete:
        make_card(work.application, name="Ida Late", email="ida.late@example.org")
    lock(work, GINA, 1, 3)
    lock(work, GUS, 5, 3)
    lock(work, GRETA, 3, 3)
    if is_complete:  # and later on somebody else is asked
        assert work.application.events.filter(name="interviews.complete").exists()
        make_card(work.application, name="Ida Late", email="ida.late@example.org")
    text = text_of(desk, page_of(work.application))
    assert "Its graders are done." in text
    assert [word for word in (*GRADERS, work.code_name, "Scorecard locked: exercise") if word in text] == []


def test_when_it_is_open_all_of_it_is_told(desk, work):
    for grader, score in ((GINA, 1), (GUS, 5), (GRETA, 3)):
        lock(work, grader, score, 3)
    text = text_of(desk, page_of(work.application))
    assert [word for word in (*GRADERS, work.code_name, "3 of 3 graders are done") if word not in text] == []
    asks = text_of(desk, reverse("admin:candidates_ask_changelist") + "?state=all")
    assert GRADERS[2] in asks


def test_for_whom_it_waits_names_interviewers_and_no_grader(work):
    make_card(work.application, name="Ida Late", email="ida.late@example.org")
    told = evidence.gather(work.application, at=LATER, reader=None)
    assert told.owing == ["Ida Late", "who grades the written work"]
    assert [card.rater for card in told.cards] == ["Ida Late"]


def test_another_application_of_the_person_does_not_lead_to_what_is_graded(gina, work):
    other = make_application(job=make_job("Chat agent", recruiters=[gina]), candidate=work.application.candidate)
    address = reverse("admin:candidates_application_change", args=[work.application.pk])
    for page in (page_of(other), reverse("desk:queue") + f"?show={other.pk}"):
        text = text_of(signed_in(gina), page)
        assert NAME in text
        assert address not in text


def test_nobody_in_the_pool_is_named_to_who_grades_their_work(gina, work):
    person = work.application.candidate
    PoolMember.objects.create(candidate=person, confirmed_at=LATER, consent_at=LATER)
    pages = (reverse("admin:candidates_poolmember_changelist"), reverse("desk:invite") + f"?people={person.pk}")
    assert [NAME in text_of(signed_in(gina), page) for page in pages] == [False, False]
    lock(work, GINA, 3, 3)
    assert [NAME in text_of(signed_in(gina), page) for page in pages] == [True, True]
