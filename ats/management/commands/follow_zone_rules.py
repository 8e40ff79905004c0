"""manage.py follow_zone_rules: interviews stay at the clock time that people were told; beat does it hourly, too."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from interviews.scheduling import zone_rules


class Command(BaseCommand):
    """For after an update of the time-zone data."""

    help = "Move interviews whose time zone changed its rules, so that the clock time that people were told holds."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many moved."""
        self.stdout.write(f"{zone_rules.follow(at=now())} interviews moved.")
