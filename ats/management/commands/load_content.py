"""manage.py load_content"""

from typing import Any

from django.core.management.base import BaseCommand

from ats.content import actions


class Command(BaseCommand):
    """Loads what ships: competencies, questions, routes, steps, exercises, kits, plans; a team's own edits stay."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what became of each."""
        loaded = actions.load()
        self.stdout.write(f"Content: {loaded}.")
        for name in loaded.edited:
            self.stdout.write(f"  left as edited: {name}")
