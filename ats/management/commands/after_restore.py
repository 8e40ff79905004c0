"""manage.py after_restore"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from ats.engine import restoring
from ats.engine.restoring import Choice
from candidates.people.actors import Actor, ActorKind
from candidates.pipeline import NotAllowed


class Command(BaseCommand):
    """Lets a held outbox go on. Without an option it only tells what waits.

    --cancel: what was due before the hold is not sent any more; reminders, planned rejections and rules pass over
    what fell due in that time. For yesterday's copy of a database that went on meanwhile.
    --send: everything leaves, mails that may have left before included; solemn ones of a restored copy are left to
    a person, each.
    --keep: as --cancel, but the mails stay held, to be decided one by one on the desk.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """How."""
        how = parser.add_mutually_exclusive_group()
        for choice in Choice:
            how.add_argument(f"--{choice}", action="store_const", const=choice, dest="choice", help=str(choice.label))

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell, and go on if that was said."""
        at = now()
        if restoring.is_held() is None:
            raise CommandError("Nothing is held.")
        if options["choice"] is None:
            self._tell(restoring.look(at=at))
            self.stdout.write("Say --cancel, --send or --keep to go on.")
            return
        try:
            told = restoring.go_on(options["choice"], at=at, by=Actor(ActorKind.PERSON, "manage.py"))
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from None
        self._tell(told)
        self.stdout.write("The engine goes on.")

    def _tell(self, told: restoring.Told) -> None:
        self.stdout.write(
            f"{told.due} mails were due before the hold ({told.solemn} of them solemn), {told.later} later."
        )
        self.stdout.write(f"{told.reminders} reminders and {told.rejections} planned rejections were due before it.")
