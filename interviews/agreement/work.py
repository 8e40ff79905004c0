"""The work on reports that were asked for: claimed, computed, kept, each by one worker.

Only worker processes may import this module (see `alpha`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from interviews.agreement import report
from interviews.agreement.models import AgreementReport

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
Clock = Callable[[], datetime]
logger = logging.getLogger(__name__)


def sweep(*, clock: Clock) -> int:
    """Compute every report that waits and that no living worker has. Returns how many were computed."""
    done = 0
    while claimed := _claim(clock()):
        done += _compute(claimed, clock)
    return done


@transaction.atomic
def _claim(at: datetime) -> AgreementReport | None:
    """Take the oldest report that waits, past those that others hold; `attempts` tells whose claim stands."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=at - LEASE)
    waiting = AgreementReport.objects.waiting().filter(free).order_by("pk")
    for found in waiting.select_for_update(skip_locked=True, no_key=True):
        if found.attempts < MOST_ATTEMPTS:
            found.claimed_at, found.attempts = at, found.attempts + 1
            found.save(update_fields=["claimed_at", "attempts"])
            return found
        found.error = _("It was tried %d times and did not come to its end.") % MOST_ATTEMPTS
        found.save(update_fields=["error"])
    return None


def _compute(claimed: AgreementReport, clock: Clock) -> int:
    """One report; what fails is told on the page, a database that is away means later."""
    mine = AgreementReport.objects.waiting().filter(pk=claimed.pk, attempts=claimed.attempts)
    try:
        results = report.results(at=clock())
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("agreement report %s failed", claimed.pk)
        mine.update(error=_("It could not be computed (%s).") % type(error).__name__)
        return 0
    return mine.update(results=results, done_at=clock())
