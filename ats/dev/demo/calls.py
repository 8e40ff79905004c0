"""Times for phone screens that colleagues offer, and what candidates chose; what letters share with each other."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from candidates.company.models import Company
from candidates.post.models import Ask
from candidates.screening.calls import actions
from candidates.screening.calls.schedule import Offer
from candidates.screening.reading import actions as reading
from candidates.staff.models import User

DAYS = 10
WORKDAYS = frozenset(range(5))
LATELY = timedelta(minutes=20)
CHOSEN = 0.5  # of those who were asked have chosen a time
PRODUCTS = ["Booking calendar"]


def offer(callers: list[User], *, now: datetime) -> None:
    """Two hours each weekday, twenty minutes a call."""
    first = (now + timedelta(days=1)).date()
    for caller in callers:
        day = Offer(
            first=first,
            last=first + timedelta(days=DAYS),
            weekdays=WORKDAYS,
            begins=time(14),
            ends=time(16),
            minutes=20,
            gap=10,
            zone=ZoneInfo(caller.zone),
        )
        actions.offer(caller, day, at=now)


def choose(random: Random, *, now: datetime) -> None:
    """Some of those who were asked take the next time."""
    for asked in Ask.objects.open().filter(page=actions.CHOOSE).select_related("application").order_by("pk"):
        free = actions.free_times(asked.application, at=now).first()
        if free and random.random() < CHOSEN:
            actions.choose(asked, free.pk, at=max(now - LATELY, asked.created_at))


def compare_letters(*, now: datetime) -> None:
    """What a worker does in the background, so that the readers' pages show it from the first look."""
    reading.print_letters(at=now)


def name_products() -> None:
    """So that readers see whether a letter names one."""
    company = Company.current()
    if not company.products:
        company.products = PRODUCTS
        company.save()
