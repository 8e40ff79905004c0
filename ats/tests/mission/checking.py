"""What must hold after a mission."""

import os
import subprocess
import sys

from ats.dev.state import ROOT


def exit_code_of_check_invariants(product) -> int:
    """Of `manage.py check_invariants` on the product's data, its mailbox included; says what it found when not 0."""
    command = [sys.executable, "manage.py", "check_invariants"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | product.settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.returncode
