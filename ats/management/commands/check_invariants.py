"""manage.py check_invariants"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from ats.engine import invariants
from ats.engine.invariants import Finding


class Command(BaseCommand):
    """Checks the invariants I1 to I7 on the present database; exit code 1 and a line for every violation."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell each invariant as it is checked."""
        findings = [self._tell(finding) for finding in invariants.check(at=now())]
        if any(finding.violations for finding in findings):
            raise SystemExit(1)

    def _tell(self, finding: Finding) -> Finding:
        for violation in finding.violations:
            self.stdout.write(f"{finding.name} violated: {violation}")
        if not finding.violations:
            self.stdout.write(f"{finding.name} holds: {finding.counted}")
        return finding
