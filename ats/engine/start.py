"""The processes of an installation on one page: `python -m ats.engine.start web|worker|urgent|beat|migrate`.

Docker, `make run` and the tests all start them by this table, so none of them can drift. `manage` and further words
run a command of manage.py, for example `docker compose run --rm web manage setup ...`.
"""

import importlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
QUEUES = "urgent,mail,work"


def web() -> list[str]:
    """Gunicorn. It writes no access log: an address may hold the token of a link."""
    memory = ["--worker-tmp-dir=/dev/shm"] if Path("/dev/shm").is_dir() else []
    bind = os.environ.get("BIND") or "0.0.0.0:8000"
    workers = os.environ.get("WEB_CONCURRENCY") or "2"
    return ["-m", "gunicorn", "ats.wsgi", f"--bind={bind}", f"--workers={workers}", "--threads=4", "--timeout=60",
            "--graceful-timeout=20", "--no-control-socket", *memory]  # fmt: skip


def worker() -> list[str]:
    """Celery's worker, named after the machine, so that the probe can ask for this very one.

    It takes all queues, so that one worker is a whole installation: what is urgent overtakes in the database, also in
    the middle of a batch of mails, and does not hang on a free process. WORKER_QUEUES makes one of some queues only.
    """
    queues = os.environ.get("WORKER_QUEUES") or QUEUES
    concurrency = os.environ.get("WORKER_CONCURRENCY") or "2"
    level = os.environ.get("LOG_LEVEL") or "INFO"
    return ["-m", "celery", "-A", "ats.celery", "worker", f"--queues={queues}", f"--concurrency={concurrency}",
            f"--loglevel={level}", "--hostname=worker@%h", "--without-gossip", "--without-mingle"]  # fmt: skip


def urgent() -> list[str]:
    """One process more, for links and codes alone: they leave at once also while all others read files or import.

    It works in its first process, without children, which is a third of a worker's memory. `make run` goes without:
    there one person waits, at most for the task in hand.
    """
    level = os.environ.get("LOG_LEVEL") or "INFO"
    return ["-m", "celery", "-A", "ats.celery", "worker", "--queues=urgent", "--pool=solo", f"--loglevel={level}",
            "--hostname=urgent@%h", "--without-gossip", "--without-mingle"]  # fmt: skip


def beat() -> list[str]:
    """Celery's beat with a schedule kept in memory: a killed one leaves nothing behind that could be broken."""
    scheduler = "--scheduler=ats.engine.scheduler.Scheduler"
    return ["-m", "celery", "-A", "ats.celery", "beat", scheduler, "--loglevel=WARNING", "--pidfile="]


def migrate() -> list[str]:
    """The one-shot that brings the database to this version."""
    return [str(ROOT / "manage.py"), "migrate", "--noinput"]


PROCESSES = {"web": web, "worker": worker, "urgent": urgent, "beat": beat, "migrate": migrate}


def command(name: str) -> list[str]:
    """The command line of the process `name`, with the Python that runs now."""
    return [sys.executable, *PROCESSES[name]()]


def main(arguments: list[str]) -> None:
    """Become the process that the one argument names, or the command of manage.py after the word `manage`."""
    if arguments[:1] == ["manage"]:
        line = [sys.executable, str(ROOT / "manage.py"), *arguments[1:]]
    elif len(arguments) == 1 and arguments[0] in PROCESSES:
        line = command(arguments[0])
    else:
        raise SystemExit(f"usage: python -m ats.engine.start {'|'.join(PROCESSES)}, or manage and a command")
    os.chdir(ROOT)
    if arguments[0] in PROCESSES:  # what is missing ends the start here; gunicorn would try its workers again for ever
        importlib.import_module("ats.settings")
    os.execv(line[0], line)


if __name__ == "__main__":
    main(sys.argv[1:])
