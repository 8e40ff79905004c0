"""The pages behind the links: a look back, and the development plan."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from candidates.builders import make_user
from candidates.models import Event
from candidates.people.actors import Actor
from candidates.post.builders import open_link
from trials.afterwards import developing
from trials.afterwards.builders import make_development_plan, make_hired, pulse_of
from trials.models import DevelopmentShare, Pulse

pytestmark = pytest.mark.django_db
OPENS = datetime(2030, 4, 7, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_the_time(time_machine):
    time_machine.move_to(OPENS, tick=False)


@pytest.fixture
def trial():
    return make_hired()


@pytest.fixture
def shared(trial):
    plan = make_development_plan(trial, "Pause <b>more</b>", "Write less")
    return developing.share(plan, note="Well done so far.", at=OPENS, by=Actor.person(make_user()))


def page_of(asked):
    return reverse(asked.page, args=[asked.pk])


def write(client, asked, **typed):
    return client.post(page_of(asked), typed).content.decode()


def test_the_lead_answers_within_a_minute(client, trial):
    asked = pulse_of(trial, "manager").ask
    shown = open_link(client, asked).content.decode()
    assert f"Would you hire {trial.application.candidate.name} again?" in shown
    assert "Your answer is kept" in write(client, asked, again="yes", performance="4", words="Steady.")
    answered = pulse_of(trial, "manager")
    assert (answered.again, answered.performance, answered.words) == ("yes", 4, "Steady.")
    assert client.get(page_of(asked)).status_code == 410


def test_the_new_colleague_reads_who_reads_it_and_is_not_asked_how_it_goes(client, trial):
    shown = open_link(client, pulse_of(trial, "candidate").ask).content.decode()
    assert "Max Manager does not, and nobody of your team." in shown
    assert "How is it going?" not in shown


def test_reading_writes_nothing_and_asks_little(client, trial, django_assert_max_num_queries):
    asked = pulse_of(trial, "manager").ask
    open_link(client, asked)
    with django_assert_max_num_queries(6) as queries:
        client.get(page_of(asked))
    assert not [one["sql"] for one in queries.captured_queries if not one["sql"].startswith("SELECT")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose yes, no or not sure."),
        ({"again": "perhaps", "words": "Kept words"}, "Select a valid choice"),
        ({"again": "yes", "performance": "9" * 400, "words": "Kept words"}, "Select a valid choice"),
        ({"again": "yes", "words": "Kept words \x00"}, "Null characters"),
        ({"again": "yes", "words": "Kept words" + "x" * 5000}, "at most 4000"),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_typed(client, trial, typed, said):
    asked = pulse_of(trial, "manager").ask
    open_link(client, asked)
    shown = write(client, asked, **typed)
    assert said in shown
    assert not typed.get("words") or "Kept words" in shown
    assert not Pulse.objects.exclude(answered_at=None).exists()


@pytest.mark.parametrize("role", ["manager", "candidate"])
def test_each_look_back_opens_by_its_own_link_alone(client, trial, role):
    mine, other = (pulse_of(trial, one).ask for one in (role, {"manager": "candidate"}.get(role, "manager")))
    assert client.get(page_of(mine)).status_code == 404
    open_link(client, mine)
    assert client.get(page_of(other)).status_code == 404
    assert client.post(page_of(other), {"again": "no"}).status_code == 404


def test_neither_sees_what_the_other_said(client, trial):
    Pulse.objects.filter(pk=pulse_of(trial, "candidate").pk).update(again="no", words="Canary", answered_at=OPENS)
    assert "Canary" not in open_link(client, pulse_of(trial, "manager").ask).content.decode()


def test_the_new_colleague_reads_the_plan_as_it_was_shared_and_says_a_word(client, shared):
    shared.plan.items.update(title="Changed since")
    shown = open_link(client, shared.ask).content.decode()
    for words in ("Pause &lt;b&gt;more&lt;/b&gt;", "Write less", "Well done so far.", "What it should look like"):
        assert words in shown
    assert "Changed since" not in shown
    answered = client.post(page_of(shared.ask), {"reply": "More about chat, please."}, follow=True)
    assert "More about chat, please." in answered.content.decode()
    assert "Write less" in answered.content.decode()
    assert client.get(page_of(shared.ask)).status_code == 410


def test_having_read_it_is_enough(client, shared):
    open_link(client, shared.ask)
    assert client.post(page_of(shared.ask), {}).status_code == 302
    assert DevelopmentShare.objects.get().replied_at == OPENS


def test_looking_at_the_plan_writes_nothing(client, shared, django_assert_max_num_queries):
    open_link(client, shared.ask)
    before = Event.objects.count()
    with django_assert_max_num_queries(6) as queries:
        client.get(page_of(shared.ask))
    assert not [one["sql"] for one in queries.captured_queries if not one["sql"].startswith("SELECT")]
    assert Event.objects.count() == before


@pytest.mark.parametrize("reply", ["a\x00b", "x" * 5000])
def test_a_word_that_cannot_be_kept_is_said(client, shared, reply):
    open_link(client, shared.ask)
    shown = client.post(page_of(shared.ask), {"reply": reply}).content.decode()
    assert "One thing needs another look" in shown
    assert DevelopmentShare.objects.get().replied_at is None


def test_the_plan_opens_by_its_own_link_alone(client, shared, trial):
    after = reverse("trials:development_afterwards", args=[shared.ask_id])
    assert [client.get(one).status_code for one in (page_of(shared.ask), after)] == [404, 404]
    open_link(client, pulse_of(trial, "candidate").ask)
    assert [client.get(one).status_code for one in (page_of(shared.ask), after)] == [404, 404]
    open_link(client, shared.ask)
    assert client.get(after).status_code == 410


def test_of_two_states_that_were_shared_the_first_is_over(client, shared):
    open_link(client, shared.ask)
    developing.share(shared.plan, at=OPENS + timedelta(seconds=1), by=Actor.person(make_user()))
    assert client.get(page_of(shared.ask)).status_code == 410
