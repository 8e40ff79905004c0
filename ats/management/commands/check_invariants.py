"""manage.py check_invariants"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from ats.engine import invariants
from ats.engine.invariants import Finding


class Command(BaseCommand):
    """Checks the invariants I1 to I7 and I9 on the present database; exit code 1 and a line for every violation."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """For people or for programs."""
        parser.add_argument("--json", action="store_true", help="one JSON object a line: name, counted, violations")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell each invariant as it is checked."""
        tell = self._tell_json if options["json"] else self._tell
        findings = [tell(finding) for finding in invariants.check(at=now())]
        if any(finding.violations for finding in findings):
            raise SystemExit(1)

    def _tell_json(self, finding: Finding) -> Finding:
        self.stdout.write(json.dumps(vars(finding)))
        return finding

    def _tell(self, finding: Finding) -> Finding:
        for violation in finding.violations:
            self.stdout.write(f"{finding.name} violated: {violation}")
        if not finding.violations:
            self.stdout.write(f"{finding.name} holds: {finding.counted}")
        return finding
