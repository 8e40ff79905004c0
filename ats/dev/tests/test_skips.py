"""Nothing is skipped silently: the summary names it, and a strict run fails."""

import os
import subprocess
import sys

import pytest

from ats.dev.state import ROOT

TEST = """
import pytest

@pytest.mark.browser
def test_looks_at_a_page():
    pass
"""


@pytest.fixture
def run(tmp_path):
    """Run one browser test on a machine without a browser."""
    file = tmp_path / "test_one.py"
    file.write_text(TEST)

    def call(**settings):
        inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "REQUIRE_BROWSER"}}
        kept = {name: value for name, value in inherited.items() if not name.startswith("PYTEST_")}
        environment = {**kept, "CHROMIUM": "/nowhere/chromium", **settings}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-c",
            str(ROOT / "pyproject.toml"),
            "-p",
            "no:cacheprovider",
            str(file),
        ]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return call


def test_a_test_without_a_browser_is_named_in_the_summary(run):
    done = run()
    assert (done.returncode, "not run: 1" in done.stdout) == (0, True)
    assert "test_looks_at_a_page: no browser: install chromium or set CHROMIUM" in done.stdout


def test_where_a_browser_is_required_that_is_a_failure(run):
    done = run(REQUIRE_BROWSER="1")
    assert (done.returncode, "1 error in" in done.stdout) == (1, True)
