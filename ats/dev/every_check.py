"""`make check`: all checks that need no server, two at a time; then those that failed are named."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from ats.dev.state import ROOT

# As in production, so that Django's own deployment check has something to look at.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "ats.settings",
    "DEBUG": "no",
    "SECRET_KEY": "a-key-for-the-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://jobs.example.com",
    "DATABASE_URL": "postgres://rapport:password@db/rapport",
    "REDIS_URL": "redis://redis/0",
    "DOCUMENTS_DIR": str(ROOT / "build" / "documents"),
    "DEFAULT_FROM_EMAIL": "jobs@example.com",
    "POSTGRES_PASSWORD": "password",
}
PYTHON = sys.executable
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKS: dict[str, list[str]] = {
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "types": [PYTHON, "-m", "mypy"],
    "contracts": [PYTHON, "-c", LINT_IMPORTS],
    "house rules": [PYTHON, "-m", "ats.dev.check"],
    # It warns that there is no database to compare with; the comparison with the models needs none.
    "migrations": [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "shell": ["sh", "-n", "dev"],
    "ci shell": ["bash", "-n", ".ci/run"],
    # The program that distributions have; without it Docker's own, see main().
    "compose": ["docker-compose", "config", "--quiet"],
}
DOCKERS_OWN = ["docker", "compose", "config", "--quiet"]
AT_A_TIME = 2


def can_run(name: str) -> bool:
    """Whether the tool of this check is here; only Docker's and bash may be missing."""
    return shutil.which(CHECKS[name][0]) is not None


def main() -> int:
    """Run all checks; gives the exit code. In CI none may be left out."""
    if not can_run("compose") and shutil.which("docker") and not _run([*DOCKERS_OWN[:2], "version"]).returncode:
        CHECKS["compose"] = DOCKERS_OWN
    to_run = [name for name in CHECKS if can_run(name)]
    not_run = [name for name in CHECKS if name not in to_run]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        answers = zip(to_run, pool.map(_run, [CHECKS[name] for name in to_run]), strict=True)
        failed = [name for name, answer in answers if not _passed(name, answer)]
    for name in not_run:
        print(f"not run: {name}: its tool is not installed")
    print(f"failed: {', '.join(failed)}" if failed else f"{len(to_run)} checks passed")
    return 1 if failed or (not_run and os.environ.get("CI")) else 0


def _passed(name: str, answer: "subprocess.CompletedProcess[str]") -> bool:
    print(f"--- {name}", answer.stdout, sep="\n", end="", flush=True)
    return answer.returncode == 0


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **PRODUCTION}
    both = subprocess.STDOUT
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=both, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
