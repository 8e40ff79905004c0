"""manage.py hold_outbox"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from ats.engine import restoring


class Command(BaseCommand):
    """Holds all mails that wait; nothing leaves and nothing acts by itself until an administrator goes on.

    For a copy of a database that Rapport cannot recognise as one, for example of a whole machine, and for emergencies.
    With --if-restored: only when this is an older copy; for scripts that start an installation.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """When."""
        parser.add_argument("--if-restored", action="store_true", help="only when an older copy was brought back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hold, and say how to go on."""
        at = now()
        if options["if_restored"] and not restoring.must_wait(at=at):
            self.stdout.write("This is no older copy; nothing is held.")
            return
        restoring.hold(at=at, is_restored=False)  # as it is, where it is held already
        told = restoring.look(at=at)
        self.stdout.write(f"The outbox is held: {told.due} mails that are due, {told.later} that leave later.")
        self.stdout.write("Go on with the page Engine on the desk, or with manage.py after_restore.")
