"""F38: the rules of a time zone change; what was agreed stays at the clock time that people were told."""

import shutil
import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.builders import NOW
from candidates.models import Event, Message
from interviews.builders import make_interview
from interviews.models import Interview
from interviews.scheduling import zone_rules

AGREED = datetime(2030, 1, 14, 13, tzinfo=UTC)  # 14:00 in Amsterdam


@pytest.fixture
def new_rules(tmp_path):
    """Amsterdam decides to live by the clocks of another place."""
    kept = zoneinfo.TZPATH

    def live_by(place, zone="Europe/Amsterdam"):
        file = next(path for path in zone_files(place) if path.exists())
        (tmp_path / zone).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, tmp_path / zone)
        zoneinfo.reset_tzpath([tmp_path, *kept])
        ZoneInfo.clear_cache()

    yield live_by
    zoneinfo.reset_tzpath(kept)
    ZoneInfo.clear_cache()


def zone_files(place):
    return [*(Path(folder) / place for folder in zoneinfo.TZPATH), Path(str(files("tzdata") / "zoneinfo" / place))]


def agreed(**fields):
    interview = make_interview(starts_at=AGREED)
    Interview.objects.filter(pk=interview.pk).update(
        **{"zone": "Europe/Amsterdam", "wall_clock": "2030-01-14T14:00:00+01:00"} | fields
    )
    Message.objects.all().update(status=Message.Status.SENT, sent_at=NOW)
    return Interview.objects.get(pk=interview.pk)


@pytest.mark.django_db
def test_an_interview_stays_at_its_clock_time_and_everybody_is_told(new_rules):
    interview = agreed()
    new_rules("Europe/Helsinki")
    assert zone_rules.follow(at=NOW) == 1
    moved = Interview.objects.get()
    assert moved.starts_at == AGREED - timedelta(hours=1)
    assert moved.starts_at.astimezone(ZoneInfo("Europe/Amsterdam")).hour == 14
    assert moved.sequence == interview.sequence + 1
    assert set(moved.panelists.values_list("starts_at", flat=True)) == {moved.starts_at}
    assert Message.objects.filter(status="queued").count() == 3  # the candidate, Ida and Ivan
    assert Event.objects.get(name=zone_rules.MOVED).data["was"] == AGREED.isoformat()


@pytest.mark.django_db
def test_a_second_look_moves_nothing(new_rules):
    agreed()
    new_rules("Europe/Helsinki")
    zone_rules.follow(at=NOW)
    assert zone_rules.follow(at=NOW) == 0


@pytest.mark.django_db
def test_as_long_as_rules_stay_nothing_moves():
    agreed()
    assert zone_rules.follow(at=NOW) == 0
    assert Interview.objects.get().starts_at == AGREED


@pytest.mark.django_db
def test_what_was_agreed_before_the_clock_was_kept_gets_it(new_rules):
    agreed(wall_clock="")
    assert zone_rules.follow(at=NOW) == 0
    assert Interview.objects.get().wall_clock == "2030-01-14T14:00:00+01:00"
    new_rules("Europe/Helsinki")
    assert zone_rules.follow(at=NOW) == 1


@pytest.mark.django_db
def test_agreeing_keeps_the_clock():
    interview = make_interview(starts_at=AGREED)
    zone = ZoneInfo(interview.zone)
    assert datetime.fromisoformat(interview.wall_clock) == AGREED.astimezone(zone)


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"cancelled_at": NOW}, {"zone": "Mars/Olympus"}])
def test_what_is_off_or_nowhere_stays(new_rules, fields):
    agreed(**fields)
    new_rules("Europe/Helsinki")
    assert zone_rules.follow(at=NOW) == 0


@pytest.mark.django_db
def test_what_is_over_stays(new_rules):
    agreed()
    new_rules("Europe/Helsinki")
    assert zone_rules.follow(at=AGREED + timedelta(hours=1)) == 0


ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]


HOURS = st.integers(0, 10 * 366 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(HOURS, st.sampled_from(ZONES))
def test_by_the_same_rules_a_clock_time_is_its_moment_in_every_hour_of_the_year(moment, zone):
    """F37 and F40, too: gaps, hours that come twice, 29 February, the ends of months."""
    assert zone_rules.moment(moment.astimezone(ZoneInfo(zone)).isoformat(), zone) == moment
