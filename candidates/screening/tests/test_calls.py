"""When the phone screen is held: offering times, choosing one, changing it, and races for the last."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from candidates.builders import NOW, make_application, make_candidate, make_job, make_plan, make_user
from candidates.judging.builders import make_answers
from candidates.models import Ask, CallSlot, Event, Message, Scorecard, Stage
from candidates.people.actors import Actor
from candidates.pipeline import NotAllowed, move
from candidates.post import rendering
from candidates.post.builders import open_link
from candidates.post.reminding import actions as reminding
from candidates.screening import actions
from candidates.screening.builders import ask_for, begin_screening
from candidates.screening.calls import actions as calls
from candidates.screening.calls.forms import OfferForm
from candidates.screening.calls.schedule import Offer, times
from candidates.screening.forms import ScreeningForm
from candidates.tests.together import together

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PHONE, LETTER = Scorecard.Kind.PHONE, Scorecard.Kind.LETTER
MAX = "Max Manager"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def make_slot(hours=24, **fields):
    start = NOW + timedelta(hours=hours)
    defaults = {"caller": make_user(MAX), "starts_at": start, "ends_at": start + timedelta(minutes=20)}
    return CallSlot.objects.create(**defaults | fields)


def choosing(application=None, **person):
    """An application whose candidate was asked to choose among the times that Max offers, and that ask."""
    application = application or make_application(candidate=make_candidate(**person))
    begin_screening(application, chooses_time=True)
    return application, Ask.objects.open().get(application=application, page=calls.CHOOSE)


def offered(**said):
    defaults = {
        "first": date(2030, 1, 8), "last": date(2030, 1, 14), "weekdays": frozenset({0, 1}), "begins": time(9),
        "ends": time(10), "minutes": 20, "gap": 10, "zone": AMSTERDAM,
    }  # fmt: skip
    return Offer(**defaults | said)


# Offering


def test_an_offer_gives_the_times_by_the_clock_on_the_wall():
    begins = [begin.astimezone(AMSTERDAM).strftime("%a %d %H:%M") for begin, _end in times(offered(), after=NOW)]
    assert begins == ["Tue 08 09:00", "Tue 08 09:30", "Mon 14 09:00", "Mon 14 09:30"]


def test_only_times_to_come_are_offered():
    late = datetime(2030, 1, 14, 8, 0, tzinfo=UTC)
    assert [begin for begin, _end in times(offered(), after=late)] == [datetime(2030, 1, 14, 8, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("day", "walls", "utc"),
    [
        (date(2030, 3, 31), ["01:30", "03:00", "03:30"], ["00:30", "01:00", "01:30"]),
        (
            date(2030, 10, 27),
            ["01:30", "02:00", "02:30", "03:00", "03:30"],
            ["23:30", "00:00", "00:30", "02:00", "02:30"],
        ),
    ],
)
def test_an_hour_that_does_not_exist_is_not_offered_and_one_that_comes_twice_once(day, walls, utc):  # F37
    said = offered(first=day, last=day, weekdays=frozenset({6}), begins=time(1, 30), ends=time(4), gap=10)
    found = [begin for begin, _end in times(said, after=NOW)]
    assert [begin.astimezone(AMSTERDAM).strftime("%H:%M") for begin in found] == walls
    assert [begin.strftime("%H:%M") for begin in found] == utc


@pytest.mark.django_db
def test_offering_the_same_again_or_over_it_adds_nothing():
    caller = make_user(MAX)
    assert calls.offer(caller, offered(), at=NOW) == 4
    assert calls.offer(caller, offered(minutes=15), at=NOW) == 0
    assert calls.offer(make_user("Rita Recruiter"), offered(), at=NOW) == 4


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"last": "2030-01-01"}, "last"),
        ({"last": "2030-12-01"}, "last"),
        ({"first": "9999-12-30", "last": "9999-12-31"}, "last"),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "last"),
        ({"first": "x\x00"}, "first"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"weekdays": []}, "weekdays"),
        ({"ends": "08:00"}, "ends"),
        ({"minutes": "1" * 400}, "minutes"),
        ({"gap": "-5"}, "gap"),
        ({"begins": "09:00", "ends": "09:10"}, "__all__"),
    ],
)
def test_an_offer_that_makes_no_sense_says_where(said, field):
    data = {
        "first": "2030-01-08", "last": "2030-01-14", "weekdays": ["0", "1"], "begins": "09:00", "ends": "10:00",
        "minutes": "20", "gap": "10",
    }  # fmt: skip
    form = OfferForm(data | said, at=NOW, zone=AMSTERDAM)
    assert field in form.errors
    assert OfferForm(data, at=NOW, zone=AMSTERDAM).is_valid()


# Asking


@pytest.mark.django_db
def test_the_candidate_is_asked_by_mail_with_the_first_times_in_their_own_zone():
    make_slot()
    _application, ask = choosing(zone="America/New_York")
    sent = rendering.render(ask.messages.get())
    assert "- Tue 8 Jan, 04:00 (America/New York)" in sent.text
    assert "Max Manager calls you" in sent.text
    assert (ask.role, ask.zone) == ("candidate", "America/New_York")


@pytest.mark.django_db
def test_without_any_time_the_candidate_cannot_be_asked():
    make_slot(hours=-2)
    application = make_application()
    with pytest.raises(NotAllowed, match="Max Manager offers no times"):
        begin_screening(application, chooses_time=True)
    assert Ask.objects.count() == 0
    team = {"reader": make_user("Rita Recruiter").pk, "caller": make_user(MAX).pk}
    assert "chooses_time" in ScreeningForm(team | {"chooses_time": "on"}, application=application, at=NOW).errors
    assert ScreeningForm(team, application=application, at=NOW).is_valid()


@pytest.mark.django_db
def test_the_form_suggests_choosing_where_times_are_offered():
    application = make_application()
    assert ScreeningForm(application=application, at=NOW)["chooses_time"].value() is False
    make_slot()
    assert ScreeningForm(application=application, at=NOW)["chooses_time"].value() is True


# Choosing


@pytest.mark.django_db
def test_a_time_is_taken_and_both_sides_hear_of_it(client):
    slot = make_slot()
    application, ask = choosing(zone="Asia/Tokyo")
    assert "18:00" in open_link(client, ask).content.decode()
    page = client.post(ask.get_absolute_url(), {"action": "choose", "slot": slot.pk}, follow=True).content.decode()
    assert "It is agreed" in page
    assert "Tuesday 8 January, 18:00" in page
    assert CallSlot.objects.get().application == application
    told = {message.template: rendering.render(message) for message in Message.objects.filter(key__startswith="call:")}
    assert "Tue 8 Jan, 18:00 (Asia/Tokyo)" in told["screening/time_agreed"].subject
    assert "Tue 8 Jan, 09:00 (UTC)" in told["screening/time_chosen"].text
    assert Event.objects.get(name=calls.CHOSEN).data["starts_at"] == slot.starts_at.isoformat()
    assert {message.next_try_at for message in Message.objects.filter(key__startswith="call:")} == {NOW}


@pytest.mark.django_db
def test_who_has_chosen_is_neither_reminded_nor_waited_for(clock):
    slot = make_slot()
    _application, ask = choosing()
    calls.choose(ask, slot.pk, at=NOW)
    reminding.remind_due(at=NOW + timedelta(days=6))
    assert Message.objects.filter(template="candidates/reminder").exists()  # to the reader and the caller
    assert not Message.objects.filter(ask=ask, template="candidates/reminder").exists()
    assert not Ask.objects.begun(NOW + timedelta(days=6)).filter(pk=ask.pk).exists()


@pytest.mark.django_db
def test_who_has_not_chosen_is_reminded():
    make_slot()
    _application, ask = choosing()
    reminding.remind_due(at=ask.due_at)
    assert Message.objects.filter(ask=ask, template="candidates/reminder").exists()


@pytest.mark.django_db
def test_the_time_is_changed_by_the_same_link_until_the_call_begins(client, clock):
    first, second = make_slot(24), make_slot(48)
    application, ask = choosing()
    open_link(client, ask)
    for slot in (first, second):
        client.post(ask.get_absolute_url(), {"action": "choose", "slot": slot.pk})
    assert [slot.application for slot in CallSlot.objects.all()] == [None, application]
    clock.move_to(second.starts_at, tick=False)
    page = client.post(ask.get_absolute_url(), {"action": "choose", "slot": first.pk}).content.decode()
    assert "This call has begun" in page
    assert "Change the time" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 400, "\x00", "٣", "0"])
def test_a_choice_that_is_none_says_so(client, typed):
    make_slot()
    _application, ask = choosing()
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "choose", "slot": typed})
    assert page.status_code == 200
    assert "hoose" in page.content.decode()
    assert not CallSlot.objects.exclude(application=None).exists()


@pytest.mark.django_db
def test_a_past_time_and_the_time_of_another_caller_are_not_given(client):
    make_slot()
    past, foreign = make_slot(-3), make_slot(30, caller=make_user("Otto Other", is_staff=True))
    _application, ask = choosing()
    page = open_link(client, ask).content.decode()
    for slot in (past, foreign):
        assert f'value="{slot.pk}"' not in page
        with pytest.raises(calls.Taken):
            calls.choose(ask, slot.pk, at=NOW)


@pytest.mark.django_db
def test_a_time_that_was_just_taken_is_excused_and_fresh_ones_are_shown(client):
    taken, left = make_slot(24), make_slot(48)
    _first, ask = choosing()
    _second, other = choosing()
    calls.choose(other, taken.pk, at=NOW)
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "choose", "slot": taken.pk}).content.decode()
    assert "We are sorry" in page
    assert f'value="{left.pk}"' in page
    assert f'value="{taken.pk}"' not in page


@pytest.mark.django_db
def test_when_no_time_fits_the_caller_is_told_and_nobody_is_reminded(client):
    slot = make_slot()
    application, ask = choosing()
    calls.choose(ask, slot.pk, at=NOW)
    open_link(client, ask)
    page = client.post(ask.get_absolute_url(), {"action": "none"}, follow=True).content.decode()
    assert "Max Manager knows that you look for another time" in page
    message = Message.objects.get(template="screening/no_time")
    assert (message.ask, CallSlot.objects.get().application) == (ask_for(application, PHONE), None)
    assert application.candidate.name in rendering.render(message).subject


@pytest.mark.django_db
def test_when_none_is_left_the_page_says_that_we_call(client):
    make_slot()
    _application, ask = choosing()
    CallSlot.objects.all().delete()
    assert "There is no free time left" in open_link(client, ask).content.decode()


@pytest.mark.django_db
def test_the_caller_hears_once_that_their_candidates_find_no_time():
    make_slot()
    choosing()
    CallSlot.objects.all().delete()
    for _number in range(2):
        calls.tend(at=NOW + timedelta(hours=1))
    assert Message.objects.filter(template="screening/no_time").count() == 1


@pytest.mark.django_db
def test_a_time_that_nobody_needs_any_more_comes_free():
    slot = make_slot()
    application, ask = choosing()
    calls.choose(ask, slot.pk, at=NOW)
    assert calls.tend(at=NOW) == 0
    move(application, Stage.WITHDRAWN, at=NOW, by=Actor.candidate("Cara"))
    assert calls.tend(at=NOW) == 1
    assert CallSlot.objects.get().application is None


# The call


@pytest.mark.django_db
def test_the_caller_sees_the_time_agreed(client):
    slot = make_slot()
    application, ask = choosing()
    page = open_link(client, ask_for(application, PHONE)).content.decode()
    assert "the candidate is choosing" in page
    calls.choose(ask, slot.pk, at=NOW)
    assert "Tue 8 Jan, 09:00" in client.get(ask_for(application, PHONE).get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("has_chosen", [True, False])
def test_the_stage_is_complete_although_a_time_was_never_chosen(has_chosen):
    slot = make_slot()
    application, ask = choosing()
    if has_chosen:
        calls.choose(ask, slot.pk, at=NOW)
    for kind in (PHONE, LETTER):
        card = Scorecard.objects.select_related("application", "ask").get(application=application, kind=kind)
        actions.submit(card, make_answers(card), at=NOW, by=Actor.outsider(card.rater_name))
    assert application.events.last().name == "screening.complete"
    ask.refresh_from_db()
    assert (ask.answered_at == NOW, ask.cancelled_at == NOW) == (has_chosen, not has_chosen)
    assert not Ask.objects.open().filter(application=application).exists()


@pytest.mark.django_db
def test_notes_of_each_part_are_kept_as_they_are_typed_and_locked_with_the_card(client):
    application = begin_screening(make_application(job=make_job(plan=make_plan())))
    ask = ask_for(application, PHONE)
    open_link(client, ask)
    client.post(ask.get_absolute_url(), {"action": "autosave", "notes_1": "Likes people\nreally"})
    assert "Likes people\nreally" in client.get(ask.get_absolute_url()).content.decode()
    empathy = application.plan.competencies.get(name="Empathy")
    typed = {f"score_{empathy.pk}": "4", "recommendation": "yes", "action": "lock", "notes_1": "Likes people\nreally"}
    client.post(ask.get_absolute_url(), typed)
    kept = Scorecard.objects.get(ask=ask).ratings.filter(competency=None)
    assert list(kept.values_list("criterion", "score", "evidence")) == [("Why this work", None, "Likes people\nreally")]


# Races


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_last_time_one_gets_it():  # F26
    for number in range(6):
        slot = make_slot(24 + number)
        asked = [choosing()[1] for _who in range(2)]
        results = together(*[partial(calls.choose, ask, slot.pk, at=NOW) for ask in asked])
        assert sorted(type(result).__name__ for result in results) == ["CallSlot", "Taken"]
        slot.refresh_from_db()
        assert slot.application_id is not None


@pytest.mark.django_db(transaction=True)
def test_two_who_swap_their_times_do_not_wait_for_each_other():
    first, second = make_slot(24), make_slot(48)
    asked = [choosing()[1], choosing()[1]]
    calls.choose(asked[0], first.pk, at=NOW)
    calls.choose(asked[1], second.pk, at=NOW)
    results = together(
        partial(calls.choose, asked[0], second.pk, at=NOW), partial(calls.choose, asked[1], first.pk, at=NOW)
    )
    assert {type(result) for result in results} <= {calls.Taken, CallSlot}
    assert CallSlot.objects.exclude(application=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_who_chooses_in_two_tabs_has_one_time():
    slots = [make_slot(24), make_slot(48)]
    _application, ask = choosing()
    together(*[partial(calls.choose, ask, slot.pk, at=NOW) for slot in slots])
    assert CallSlot.objects.exclude(application=None).count() == 1
