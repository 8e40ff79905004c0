"""The clock of one application: it goes forward in working hours and never past the present."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

OPENS, LUNCH, CLOSES = 8, 12, 17  # o'clock
SATURDAY = 5


class Diary:
    """Says when the next thing happened.

    Args:
        now: the present; nothing happens later.
        random: for hours and minutes.
    """

    def __init__(self, now: datetime, random: Random) -> None:
        self.now = now
        self._random = random
        self.at = now - timedelta(days=3650)

    def day(self, days_ago: int) -> date:
        """The date so many days before the present."""
        return (self.now - timedelta(days=days_ago)).date()

    def reach(self, day: date, *, any_day: bool = False) -> bool:
        """Go on to some hour of `day`; on a weekend to the Friday before. False, and stay, when that is to come."""
        moment = self._moment(day if any_day else friday_before(day))
        if moment >= self.now:
            return False
        self.at = moment
        return True

    def must_reach(self, day: date, *, any_day: bool = False) -> datetime:
        """The same for what has happened already; what else would be to come was some minutes ago."""
        if day > self.now.date() or not self.reach(day, any_day=any_day):
            self.at = max(self.now - timedelta(minutes=self._random.randint(4, 8)), self.at + timedelta(minutes=1))
        return self.at

    def wait_for(self, moment: datetime) -> bool:
        """Go on to `moment`. False, and stay, when that is to come."""
        if moment >= self.now:
            return False
        self.at = max(self.at, moment)
        return True

    def pass_minutes(self, fewest: int, most: int) -> datetime:
        """Go on by some minutes, at most to just before the present."""
        later = self.at + timedelta(minutes=self._random.randint(fewest, most))
        self.at = max(min(later, self.now - timedelta(minutes=1)), self.at)
        return self.at

    def _moment(self, day: date) -> datetime:
        hour = time(self._random.randrange(OPENS, CLOSES), self._random.randrange(60), tzinfo=UTC)
        earliest = self.at + timedelta(minutes=self._random.randint(6, 40))
        return max(datetime.combine(day, hour), earliest)


def friday_before(day: date) -> date:
    """`day`, or the Friday before when it is on a weekend."""
    return day - timedelta(days=max(day.weekday() - SATURDAY + 1, 0))


def monday_after(day: date) -> date:
    """`day`, or the Monday after when it is on a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def on_the_hour(day: date, zone: str, random: Random) -> datetime:
    """An hour at which people meet, in `zone`."""
    return datetime.combine(day, time(random.choice([10, 11, 14, 15])), tzinfo=ZoneInfo(zone))


def hours_of_the_day(wanted: datetime) -> list[datetime]:
    """The wanted hour, and the other hours of that day at which people meet, for when somebody is busy."""
    others = [wanted.replace(hour=hour) for hour in range(9, 18) if hour not in {wanted.hour, LUNCH}]
    return [wanted, *others]
