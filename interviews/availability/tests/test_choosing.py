"""The candidate chooses a time, changes it, gives it back, or says that none fits."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.models import Ask, Event, Message, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import asks, rendering
from candidates.post.builders import open_link
from candidates.tests.together import together
from interviews.actions import Invited, invite
from interviews.availability import actions, choosing
from interviews.availability.actions import TooLate
from interviews.availability.builders import make_interviewer
from interviews.builders import IDA, IVAN
from interviews.models import Interview, Panelist
from interviews.scheduling.booking import Taken

MONDAY = date(2030, 1, 7)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def on(number, hour, minute=0):
    return datetime.combine(MONDAY + timedelta(days=number), time(hour, minute), UTC)


def make_panel(*who, **fields):
    for one in who or (IDA, IVAN):
        make_interviewer(one, **fields)


def choosing_one(*who, candidate=None, **plan):
    """An interview for which the candidate is to choose a time, and what they were asked."""
    job = make_job(plan=make_plan(interviewers=len(who or (IDA, IVAN)), **plan))
    candidate = candidate or make_candidate(zone="Europe/Amsterdam")
    application = make_application(stage=Stage.SCREENING, job=job, candidate=candidate)
    interview = invite(
        application,
        interviewers=list(who or (IDA, IVAN)),
        minutes=60,
        place="Room 1",
        at=NOW,
        by=Actor.person(make_user()),
    )
    return interview, Ask.objects.select_related("application").get(interview=interview)


def said(name):
    return Event.objects.filter(name=name).latest("pk")


# Choosing


@pytest.mark.django_db
def test_a_time_is_chosen_in_the_candidates_own_zone_and_everybody_is_told(client):
    make_panel()
    interview, ask = choosing_one()
    page = open_link(client, ask).content.decode()
    assert "<strong>Europe/Amsterdam</strong>" in page
    assert f'value="{on(1, 9).isoformat()}"' in page
    assert "10:00</span>" in page  # nine in UTC
    told = client.post(ask.get_absolute_url(), {"action": "choose", "starts_at": on(1, 9).isoformat()}, follow=True)
    assert "It is agreed" in told.content.decode()
    assert "Tuesday 8 January 2030, 10:00 – 11:00" in told.content.decode()
    interview.refresh_from_db()
    assert (interview.starts_at, interview.changes) == (on(1, 9), 0)
    assert set(Panelist.objects.values_list("starts_at", flat=True)) == {on(1, 9)}
    assert said(actions.CHOSEN).data["starts_at"] == on(1, 9).isoformat()
    mails = Message.objects.exclude(calendar="")
    assert {message.to for message in mails} == {ask.email, IDA.email, IVAN.email}


@pytest.mark.django_db
def test_the_first_mail_asks_and_leads_to_the_page():
    make_panel()
    _interview, ask = choosing_one()
    sent = rendering.render(Message.objects.get(key=f"ask:{ask.pk}"))
    assert "Choose a time for your interview" in sent.subject
    assert "You talk with Ida Interviewer, Ivan Interviewer; it takes about 60 minutes." in sent.text
    assert "60 minutes" in sent.html


@pytest.mark.django_db
def test_who_has_chosen_is_not_waited_for_and_the_link_works_until_it_begins(client, clock):
    make_panel()
    _interview, ask = choosing_one()
    actions.choose(ask, on(21, 9), at=NOW)
    ask.refresh_from_db()
    assert ask.remind_at is None
    assert not Ask.objects.begun(on(20, 9)).filter(pk=ask.pk).exists()
    clock.move_to(on(21, 8, 59), tick=False)
    assert "It is agreed" in open_link(client, ask).content.decode()
    clock.move_to(on(21, 9), tick=False)
    assert "The time we agreed" in client.get(ask.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_the_agreed_time_is_saved_as_a_file(client):
    make_panel()
    _interview, ask = choosing_one()
    open_link(client, ask)
    assert client.get(f"{ask.get_absolute_url()}interview.ics").status_code == 404
    actions.choose(ask, on(1, 9), at=NOW)
    file = client.get(f"{ask.get_absolute_url()}interview.ics")
    assert "METHOD:PUBLISH" in file.content.decode()
    assert file["Content-Type"].startswith("text/calendar")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["", "x", "\x00", "2030-01-08T09:00", "9" * 400, "2030-01-08T09:07:00+00:00", "0001-01-01T00:00+14:00", "٣"],
)
def test_what_is_no_offered_time_is_refused_in_words(client, typed):
    make_panel()
    _interview, ask = choosing_one()
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "choose", "starts_at": typed})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert not Interview.objects.exclude(starts_at=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{}, {"action": "zone", "zone": "Atlantis"}, {"action": "zone"}, {"action": "\x00"}])
def test_an_answer_that_says_nothing_changes_nothing(client, data):
    make_panel()
    _interview, ask = choosing_one()
    open_link(client, ask)
    assert client.post(ask.get_absolute_url(), data).status_code == 200
    ask.refresh_from_db()
    assert ask.zone == "Europe/Amsterdam"


@pytest.mark.django_db
def test_a_time_that_was_just_taken_is_excused_and_fresh_ones_are_shown(client):
    make_panel()
    _first, ask = choosing_one()
    _second, other = choosing_one()
    open_link(client, ask)
    actions.choose(other, on(1, 9), at=NOW)
    page = client.post(ask.get_absolute_url(), {"action": "choose", "starts_at": on(1, 9).isoformat()}).content.decode()
    assert "We are sorry" in page
    assert f'value="{on(1, 9).isoformat()}"' not in page
    assert f'value="{on(1, 10, 15).isoformat()}"' in page  # after the buffer


@pytest.mark.django_db
def test_the_zone_is_changed_on_the_page_and_stays(client):
    make_panel()
    _interview, ask = choosing_one()
    open_link(client, ask)
    assert 'value="Asia/Tokyo"' in client.get(f"{ask.get_absolute_url()}?zones=1").content.decode()
    page = client.post(ask.get_absolute_url(), {"action": "zone", "zone": "Asia/Tokyo"}, follow=True).content.decode()
    assert "<strong>Asia/Tokyo</strong>" in page
    assert "18:00</span>" in page
    ask.application.candidate.refresh_from_db()
    assert ask.application.candidate.zone == "Asia/Tokyo"


@pytest.mark.django_db
def test_a_few_days_are_shown_at_once_and_the_others_are_a_link_away(client):
    make_panel()
    _interview, ask = choosing_one()
    first = open_link(client, ask).content.decode()
    assert first.count("<legend") == choosing.DAYS_AT_ONCE
    assert "?from=2030-01-17" in first
    later = client.get(f"{ask.get_absolute_url()}?from=2030-01-17").content.decode()
    assert "?from=2030-01-08" in later
    assert f'value="{on(10, 9).isoformat()}"' in later
    for typed in ("x", "9999-12-31", "\x00", ""):
        assert client.get(ask.get_absolute_url(), {"from": typed}).status_code == 200


@pytest.mark.django_db
def test_days_are_those_of_the_readers_calendar(client):
    make_panel(hours="20:00-23:30")
    _interview, ask = choosing_one(candidate=make_candidate(zone="Asia/Tokyo"))
    assert "Wednesday 9 January" in open_link(client, ask).content.decode()  # Tuesday in UTC


@pytest.mark.django_db
def test_queries_do_not_grow_with_people_and_times(client, django_assert_max_num_queries):
    people = [Invited(f"Person {number}", f"person{number}@example.org") for number in range(8)]
    make_panel(*people)
    _interview, ask = choosing_one(*people)
    open_link(client, ask)
    with django_assert_max_num_queries(12):
        client.get(ask.get_absolute_url())


# Changing


@pytest.mark.django_db
def test_the_time_is_changed_as_often_as_the_plan_allows(client):
    make_panel()
    interview, ask = choosing_one(reschedules=1)
    actions.choose(ask, on(2, 9), at=NOW)
    assert "You can change the time 1 more time, until 12 hours before" in open_link(client, ask).content.decode()
    actions.choose(ask, on(3, 9), at=NOW)
    interview.refresh_from_db()
    assert (interview.starts_at, interview.changes, interview.sequence) == (on(3, 9), 1, 1)
    with pytest.raises(TooLate, match="as often as it can be"):
        actions.choose(ask, on(4, 9), at=NOW)
    page = client.get(ask.get_absolute_url()).content.decode()
    assert "as often as it can be" in page
    assert 'value="choose"' not in page
    assert 'value="cancel"' in page


@pytest.mark.django_db
def test_shortly_before_it_begins_the_time_stays(client, clock):
    make_panel()
    _interview, ask = choosing_one(reschedule_hours=24)
    actions.choose(ask, on(2, 9), at=NOW)
    with pytest.raises(TooLate, match="less than 24 hours"):
        actions.choose(ask, on(4, 9), at=on(1, 9))
    actions.choose(ask, on(4, 9), at=on(1, 8, 59))


@pytest.mark.django_db
def test_the_same_time_once_more_changes_nothing():
    make_panel()
    interview, ask = choosing_one()
    for _number in range(2):
        actions.choose(ask, on(2, 9), at=NOW)
    assert Event.objects.filter(name=actions.CHOSEN).count() == 1
    interview.refresh_from_db()
    assert interview.changes == 0


@pytest.mark.django_db
def test_an_interview_may_move_into_the_hours_that_it_takes_itself():
    make_panel(most_a_day=1)
    interview, ask = choosing_one()
    actions.choose(ask, on(2, 9), at=NOW)
    actions.choose(ask, on(2, 9, 30), at=NOW)
    interview.refresh_from_db()
    assert interview.starts_at == on(2, 9, 30)


# Giving it back


@pytest.mark.django_db
def test_who_cannot_come_gives_the_time_back_and_may_choose_another(client):
    make_panel()
    interview, ask = choosing_one()
    actions.choose(ask, on(2, 9), at=NOW)
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "cancel", "words": "My train\nis late"}, follow=True)
    assert "Your time was given back. Please choose another one." in page.content.decode()
    interview.refresh_from_db()
    assert (interview.starts_at, interview.cancelled_at, interview.changes) == (None, None, 1)
    told = rendering.render(Message.objects.get(template="interviews/no_time"))
    assert "cannot come on Wed 9 Jan, 09:00" in told.text
    assert "My train\nis late" in told.text
    assert "My train" in told.html
    assert said(actions.CANNOT_COME).data["starts_at"] == on(2, 9).isoformat()
    ask.refresh_from_db()
    assert ask.opens_at == NOW
    assert ask.remind_at is not None
    with_another = Message.objects.filter(calendar__contains="METHOD:CANCEL")
    assert {one.to for one in with_another} == {ask.email, IDA.email, IVAN.email}
    actions.choose(ask, on(2, 9), at=NOW)


@pytest.mark.django_db
def test_who_gave_back_too_often_is_helped_by_a_recruiter(client):
    make_panel()
    _interview, ask = choosing_one(reschedules=0)
    actions.choose(ask, on(2, 9), at=NOW)
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "cancel"}, follow=True).content.decode()
    assert "we write to you to find another one" in page
    assert 'value="choose"' not in page
    ask.refresh_from_db()
    assert ask.remind_at is None
    with pytest.raises(TooLate):
        actions.choose(ask, on(3, 9), at=NOW)


@pytest.mark.django_db
def test_giving_back_late_is_taken_but_the_next_time_is_found_together():
    make_panel()
    _interview, ask = choosing_one()
    actions.choose(ask, on(2, 9), at=NOW)
    actions.cannot_come(ask, "", at=on(2, 8))
    with pytest.raises(TooLate):
        actions.choose(ask, on(4, 9), at=on(2, 8))


@pytest.mark.django_db
def test_what_has_begun_or_was_never_agreed_cannot_be_given_back():
    make_panel()
    _interview, ask = choosing_one()
    with pytest.raises(NotAllowed):
        actions.cannot_come(ask, "", at=NOW)
    actions.choose(ask, on(2, 9), at=NOW)
    with pytest.raises(NotAllowed):
        actions.cannot_come(ask, "", at=on(2, 9))


# None fits


@pytest.mark.django_db
def test_when_none_fits_the_recruiters_hear_it_in_the_candidates_words(client):
    make_panel()
    _interview, ask = choosing_one()
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "none", "words": "Only evenings"}, follow=True)
    assert "We know that you look for another time" in page.content.decode()
    message = Message.objects.get(template="interviews/no_time")
    assert "Only evenings" in rendering.render(message).text
    assert message.to == make_user().email
    ask.refresh_from_db()
    assert ask.remind_at is None
    actions.choose(ask, on(2, 9), at=NOW)  # one came free that fits


@pytest.mark.django_db
def test_what_is_too_long_is_kept_and_nobody_is_flooded(client):
    make_panel()
    _interview, ask = choosing_one()
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "none", "words": "a" * 1001}).content.decode()
    assert "Shorten this to 1000 characters" in page
    assert "a" * 1001 in page
    assert client.post(ask.get_absolute_url(), {"action": "none", "words": "\x00"}).status_code == 200
    for _number in range(actions.MOST_A_DAY):
        actions.ask_for_other_times(ask, "", at=NOW)
    with pytest.raises(NotAllowed, match="no need to send another"):
        actions.ask_for_other_times(ask, "", at=NOW)


@pytest.mark.django_db
def test_without_any_free_time_the_page_asks_when_it_would_fit(client):
    make_panel(hours="09:00-09:30")  # too short for an hour
    _interview, ask = choosing_one()
    page = open_link(client, ask).content.decode()
    assert "There is no free time left" in page
    assert "When could you come?" in page


# When it is not wanted any more


@pytest.mark.django_db
def test_nothing_is_chosen_for_what_was_called_off_or_closed(client):
    make_panel()
    interview, ask = choosing_one()
    open_link(client, ask)
    Interview.objects.filter(pk=interview.pk).update(cancelled_at=NOW)
    with pytest.raises(asks.NotOpen):
        actions.choose(ask, on(2, 9), at=NOW)
    assert client.get(ask.get_absolute_url()).status_code == 410
    Interview.objects.filter(pk=interview.pk).update(cancelled_at=None)
    move(ask.application, Stage.WITHDRAWN, at=NOW, by=Actor.candidate("Cara"))
    with pytest.raises(asks.NotOpen):
        actions.choose(ask, on(2, 9), at=NOW)


@pytest.mark.django_db
def test_strangers_and_other_links_open_nothing(client):
    make_panel()
    _interview, ask = choosing_one()
    _other, foreign = choosing_one()
    open_link(client, foreign)
    for address in (ask.get_absolute_url(), f"{ask.get_absolute_url()}interview.ics"):
        assert client.get(address).status_code == 404


# Races


@pytest.mark.django_db(transaction=True)
def test_of_two_candidates_who_want_one_time_one_gets_it():  # F26
    make_panel(most_a_day=9)
    for number in range(3):
        asked = [choosing_one()[1] for _who in range(2)]
        results = together(
            *[partial(actions.choose, ask, on(1 + number % 4, 9 + 2 * (number // 4)), at=NOW) for ask in asked]
        )
        assert sorted(type(result).__name__ for result in results) == ["Interview", "Taken"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_would_break_the_buffer_or_fill_the_day_one_gets_it():
    make_panel(most_a_day=1)
    asked = [choosing_one()[1] for _who in range(2)]
    results = together(
        partial(actions.choose, asked[0], on(1, 9), at=NOW), partial(actions.choose, asked[1], on(1, 14), at=NOW)
    )
    assert sorted(type(result).__name__ for result in results) == ["Interview", "Taken"]


@pytest.mark.django_db(transaction=True)
def test_one_candidate_with_two_jobs_is_in_one_place():
    make_panel(IDA)
    make_panel(IVAN)
    cara = make_candidate()
    asked = [choosing_one(who, candidate=cara)[1] for who in (IDA, IVAN)]
    for number in (1, 2, 3):
        results = together(*[partial(actions.choose, ask, on(number, 9), at=NOW) for ask in asked])
        assert sum(isinstance(result, Taken) for result in results) >= 1
        agreed = Interview.objects.agreed().values_list("starts_at", flat=True)
        assert len(set(agreed)) == len(agreed)


@pytest.mark.django_db(transaction=True)
def test_panels_that_share_people_in_another_order_do_not_wait_for_each_other():
    make_panel()
    asked = [choosing_one(IDA, IVAN)[1], choosing_one(IVAN, IDA)[1]]
    results = together(*[partial(actions.choose, ask, on(1, 9), at=NOW) for ask in asked])
    assert sorted(type(result).__name__ for result in results) == ["Interview", "Taken"]


@pytest.mark.django_db(transaction=True)
def test_one_who_chooses_in_two_tabs_has_one_time():
    make_panel()
    interview, ask = choosing_one()
    together(*[partial(actions.choose, ask, on(1, hour), at=NOW) for hour in (9, 11)])
    interview.refresh_from_db()
    assert interview.starts_at in (on(1, 9), on(1, 11))
    assert set(Panelist.objects.values_list("starts_at", flat=True)) == {interview.starts_at}
