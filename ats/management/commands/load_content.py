"""manage.py load_content"""

from typing import Any

from django.core.management.base import BaseCommand

from ats.content import actions


class Command(BaseCommand):
    """Loads the competencies and plans that ship; what a team has edited stays as it is."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what became of each."""
        loaded = actions.load()
        self.stdout.write(f"Content: {loaded}.")
        for name in loaded.edited:
            self.stdout.write(f"  left as edited: {name}")
