"""manage.py demo"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from ats.dev.state import write_private
from candidates.jobs.models import Job
from candidates.stages import Stage

try:
    from ats.dev.demo import emptying, seeding
    from ats.dev.demo.stories import EIGHT, Rows
except ModuleNotFoundError as missing:  # a production image has nothing that writes PDF files
    raise SystemExit(f"The demo needs {missing.name}: install what requirements-embedded.lock names.") from None


class Command(BaseCommand):
    """Makes a demo company: a support team that hires, with sixty applications on their way.

    With --stage: one more application, standing in that stage, and its links.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """What to make, and when not to."""
        parser.add_argument("--seed", type=int, default=7, help="the same seed tells the same stories")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are jobs")
        parser.add_argument("--reset", action="store_true", help="empty the database first (never in production)")
        parser.add_argument(
            "--sign-ins", type=Path, metavar="FILE", help="write the passwords here, for the owner only"
        )
        parser.add_argument("--few", action="store_true", help="tell one story for each stage instead of sixty")
        parser.add_argument("--stage", choices=Stage.values, help="make one more application, standing there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is wanted and tell how to look at it."""
        if options["reset"]:
            emptying.empty()
        is_empty = not Job.objects.exists()
        if is_empty:
            self._make_company(options["seed"], options["sign_ins"], {"rows": EIGHT} if options["few"] else {})
        elif not (options["if_empty"] or options["stage"]):
            raise CommandError("There are jobs already. Say --reset to start over, or --stage to add an application.")
        if options["stage"] and (is_empty or not options["if_empty"]):
            self._make_application(Stage(options["stage"]), options["seed"])

    def _make_company(self, seed: int, file: Path | None, size: dict[str, Rows]) -> None:
        company = seeding.make_company(seed=seed, now=now(), **size)
        if file:
            write_private(file, "".join(f"{line}\n" for line in company.sign_ins))
        for line in company.sign_ins:
            self.stdout.write(line)

    def _make_application(self, stage: Stage, seed: int) -> None:
        for line in seeding.addresses(seeding.make_application(stage, seed=seed, now=now())):
            self.stdout.write(line)
