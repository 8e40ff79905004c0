"""Clocks on walls: hours that come twice or never, rules that change, days that are rare."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zoneinfo
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import redis
from django.utils.timezone import now

from ats.dev.state import ROOT
from ats.engine import heartbeat
from candidates import pipeline
from candidates.people.actors import Actor
from candidates.post.models import Ask, Message
from candidates.stages import Stage
from faults import people
from faults.stand.stand import Stand
from faults.verdict import expect, until
from interviews import actions as interviews
from interviews.actions import Invited
from interviews.models import Interview

ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe")
HOUR = timedelta(hours=1)
LEAVING, REMINDED = 150, 30


def arranged(zone: str, starts_at: datetime) -> Interview:
    """An interview with somebody new, of a job in that zone."""
    job = people.job(zone=zone)
    application = people.application(of=job)
    candidate = application.candidate
    candidate.zone = zone
    candidate.save(update_fields=["zone"])
    by, at = Actor.person(job.recruiters.get()), now()
    panel = [Invited(name, f"{people.unique('panel')}@example.org") for name in ("Ida Interviewer", "Ivan Interviewer")]
    pipeline.move(application, Stage.SCREENING, at=at, by=by)
    facts = {"interviewers": panel, "starts_at": starts_at, "minutes": 45, "place": "Room 1"}
    return interviews.invite(application, **facts, at=at, by=by)  # type: ignore[arg-type]


def switches(zone: str) -> list[datetime]:
    """The next two moments at which clocks there jump, to the half hour."""
    moment, found = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2), list[datetime]()
    place = ZoneInfo(zone)
    while len(found) < 2:
        later = moment + HOUR / 2
        if moment.astimezone(place).utcoffset() != later.astimezone(place).utcoffset():
            found.append(later)
        moment = later
    return found


def gaps_and_overlaps(stand: Stand) -> str:
    """F37: interviews an hour before, at and after each jump of the clocks in three zones; what the mails tell."""
    made = [arranged(zone, jump + hours * HOUR) for zone in ZONES for jump in switches(zone) for hours in (-1, 0, 1)]
    mails = Message.objects.filter(application__in=[one.application_id for one in made])
    mails = mails.filter(template__startswith="interviews/")
    until(lambda: not mails.filter(status="queued").exists(), 60, "not all mails left")
    for interview in made:
        interview.refresh_from_db()
        place = ZoneInfo(interview.application.candidate.zone)
        assert interview.starts_at
        local = interview.starts_at.astimezone(place)
        text = next(one.text for one in stand.mails(interview.application.candidate.email) if "Room 1" in one.text)
        told = f"{local:%H:%M}"
        expect(told in text, f"{interview.starts_at} in {place} is {told}, and the mail says something else")
        expect(datetime.fromisoformat(interview.wall_clock) == interview.starts_at, "the clock kept is another moment")
    doubled = sum(one.starts_at.astimezone(ZoneInfo(one.zone)).fold for one in made if one.starts_at)
    return (
        f"{len(made)} interviews around {len(ZONES) * 2} jumps, {doubled} in an hour that comes twice, each told right"
    )


def zone_rules_change(stand: Stand) -> str:
    """F38: an update of the time-zone data lets Amsterdam live by Helsinki's clocks (a folder in PYTHONTZPATH)."""
    day = (now() + timedelta(days=60)).astimezone(ZoneInfo("Europe/Amsterdam"))
    told = day.replace(hour=14, minute=0, second=0, microsecond=0)
    interview = arranged("Europe/Amsterdam", told.astimezone(UTC))
    before = interview.starts_at
    first = Message.objects.filter(application=interview.application_id, template__startswith="interviews/")
    until(lambda: not first.filter(status="queued").exists(), 30, "the invitations did not leave")
    folder = stand.place.home / "zoneinfo"
    _live_by("Europe/Helsinki", "Europe/Amsterdam", folder)
    path = ":".join([str(folder), *zoneinfo.TZPATH])
    for part in ("web", "worker", "urgent", "beat"):
        stand.restart(part, PYTHONTZPATH=path)
    stand.await_well()
    done = subprocess.run(
        [sys.executable, "manage.py", "follow_zone_rules"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**stand.place.of_processes(), "PYTHONTZPATH": path},
    )  # fmt: skip
    expect(done.returncode == 0, done.stderr[-500:])
    interview.refresh_from_db()
    assert before
    assert interview.starts_at
    expect(interview.starts_at == before - HOUR, f"it is at {interview.starts_at}, was at {before}")
    expect(interview.sequence >= 1, "calendars are not told that it is a later word")
    email = interview.application.candidate.email
    changed = Message.objects.filter(application=interview.application_id, template="interviews/changed")
    until(lambda: changed.filter(status="sent").exists(), 30, "the candidate was not told")
    expect("14:00" in stand.mails(email)[-1].text, "the mail tells another clock time")
    return (
        "an interview told for 14:00 stays at 14:00 on the wall: an hour earlier in UTC, SEQUENCE + 1, everybody told"
    )


def _live_by(place: str, zone: str, folder: Path) -> None:
    packaged = Path(str(files("tzdata") / "zoneinfo"))
    file = next(root / place for root in (*map(Path, zoneinfo.TZPATH), packaged) if (root / place).exists())
    (folder / zone).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / zone)


def leap_days(stand: Stand) -> str:
    """F40: the clocks of all our parts stand at 29 February 2028, 23:50 UTC, and go over midnight; then at a month's
    end. Pages are served, somebody applies, deadlines lie where they belong, sweeps go on."""
    days = [datetime(2028, 2, 29, 23, 50, tzinfo=UTC), datetime(2027, 1, 31, 12, tzinfo=UTC)]
    stand.let_clocks_go_wrong()
    for day in days:
        stand.turn_clocks(day - now())
        application = people.application()
        visitor = stand.visitor().sign_in(application.job.recruiters.get())
        for address in ("/", "/admin/", f"/admin/candidates/application/{application.pk}/change/"):
            page = visitor.get(address)
            expect(page.status == 200, f"on {day:%d %b %Y} {address} answers {page.status}")
        asked = people.ask(application, at=day)
        expect(Ask.objects.get(pk=asked.pk).due_at == day + timedelta(days=7), "the deadline lies elsewhere")
        mails = Message.objects.filter(ask=asked)
        until(lambda m=mails: m.filter(status="sent").exists(), 60, "no mail leaves")  # type: ignore[misc]
    said = "".join(stand.log(name) for name in ("web", "worker", "urgent", "beat"))
    expect("ValueError: day is out of range" not in said, "somebody counted days that are not there")
    expect("Traceback" not in said, "a part failed: " + said[said.find("Traceback") :][:400])
    return "29 February and 31 January pass with pages, deadlines, mails and sweeps as on any day"


def clock_jumps(stand: Stand) -> str:
    """F39: the clocks of all our parts jump two hours forward while mails leave and reminders are about to fall due,
    and two hours back while more leave. Only what is in SMTP's hands at that moment may come twice, and it is counted.
    """
    stand.let_clocks_go_wrong()
    stand.mails_are("slow", seconds=0.1)
    first, later = people.letters_at_once(people.applications(LEAVING)), _in_an_hour()
    asked = people.asks_at_once(people.applications(REMINDED), remind_at=now() + HOUR)
    until(lambda: stand.count_mails() > 10, 60, "no mail is under way")
    stand.turn_clocks(2 * HOUR)
    _all_leave(first + later, asked)
    _beats(stand, 2 * HOUR)
    second = people.letters_at_once(people.applications(LEAVING))
    before = stand.count_mails()
    until(lambda: stand.count_mails() > before + 10, 60, "no mail is under way")
    stand.turn_clocks(timedelta(0))
    _all_leave(second, asked)
    _beats(stand, timedelta(0))
    until(stand.serves, 30, "not ready after the clock went back")
    last = people.letters([people.application()])
    until(lambda: people.are_all(last, "sent"), 30, "no mail leaves after the clock went back")
    doubled = [key for key, times in Counter(mail.key for mail in stand.mails()).items() if times > 1]
    expect(not doubled, f"{len(doubled)} of {stand.count_mails() - len(doubled)} mails came twice")
    reminded = len(people.reminders_of(asked))
    return (
        f"{2 * LEAVING + len(later) + 1} mails and {reminded} reminders once each over both jumps; the heart beats now"
    )


def _in_an_hour() -> list[Message]:
    """Mails whose time comes in an hour."""
    waiting = people.letters_at_once(people.applications(REMINDED))
    Message.objects.filter(pk__in=[one.pk for one in waiting]).update(next_try_at=now() + HOUR)
    return waiting


def _all_leave(mails: list[Message], asked: list[Ask]) -> None:
    until(lambda: people.are_all(mails, "sent"), 90, lambda: f"the mails are {people.status_of(mails)}")
    until(lambda: len(people.reminders_of(asked)) == len(asked), 60, "not everybody is reminded")
    until(lambda: people.are_all(people.reminders_of(asked), "sent"), 60, "a reminder did not leave")
    expect(len(people.reminders_of(asked)) == len(asked), "somebody is reminded twice")


def _beats(stand: Stand, ahead: timedelta) -> None:
    """The last heartbeat is of this minute by the clocks of the parts, and not of the future."""
    with redis.Redis.from_url(stand.redis.url()) as client:
        fresh = lambda: abs(float(client.get(heartbeat.KEY) or 0) - (now() + ahead).timestamp()) < 10  # noqa: E731
        until(fresh, 30, "the heartbeat is of another time")
