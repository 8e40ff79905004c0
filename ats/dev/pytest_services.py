"""Pytest plugin: a throwaway PostgreSQL and Redis for the run, a browser where there is one, no silent skip."""

import gc
import os
import secrets
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from xdist.scheduler import LoadScopeScheduling
from xdist.scheduler.protocol import Scheduling

from ats.dev import browser as chromium
from ats.dev import emptying, leftovers, ready_database, services, throwaway, throwaway_instance
from candidates.company import memory

NO_BROWSER = "no browser: install chromium or set CHROMIUM"
STRICT = "This run allows no skipped test (REQUIRE_BROWSER or CI is set)"
ANSWER = "RAPPORT_TEST_FOLDER"
EMBEDDED = "RAPPORT_TEST_DATABASE_IS_OURS"
READY = "RAPPORT_TEST_DATABASE_IS_MIGRATED"
# What is made once for all tests of some files: one worker runs them. xdist's own groups do nothing under pytest 9,
# which keeps the names of tests where xdist does not look.
TOGETHER = {
    "ats/tests/mission/": "product",
    "ats/dev/tests/test_faults.py": "product",
    "ats/dev/demo/tests/test_company.py": "demo",
    "bench/tests/test_dataset.py": "dataset",
}
_stack = ExitStack()


class Together(LoadScopeScheduling):  # type: ignore[misc,unused-ignore]
    """Gives tests to whoever is free, but for those that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for place, group in TOGETHER.items() if nodeid.startswith(place)), nodeid)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Forget what is done: xdist counts all that a worker ever got, again after every test."""
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the servers before Django reads its settings; a wrapper runs before pytest-django's own hook."""
    del early_config
    if not _worker():
        _start_servers()
    _settle_worker()
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; leave the test databases to the end of their server, where that is ours.

    Tests take static files from their sources: each first page of a client would list what `make run` has collected.
    """
    settings.STATIC_ROOT = Path(os.environ[ANSWER]) / "nothing-collected"
    if EMBEDDED in os.environ:
        config.option.reuse_db = True
        emptying.take_over()
    config.addinivalue_line(
        "markers", "browser: needs Chromium, run by make journeys; reported as not run where there is none"
    )
    config.addinivalue_line("markers", "journeys: whole ways on the running product; run by make journeys")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Which worker runs what."""
    return Together(config, log)


def pytest_unconfigure() -> None:
    """Stop the servers that this process started."""
    _stack.close()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever opens a browser is a browser test, wherever it stands: its event loop would stay in the thread."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass by what is there to stay: that saves a twentieth of a whole run."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Do not start a browser test without a browser."""
    if item.get_closest_marker("browser") and not chromium.find():
        pytest.skip(NO_BROWSER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where nothing may be skipped."""
    report = yield
    if _strict() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"{STRICT}: {item.nodeid}: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    report = yield
    if _strict() and report.skipped:
        report.outcome, report.longrepr = "failed", f"{STRICT}: {collector.nodeid}: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that was not run, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"not run: {len(skipped)}")
    for report in skipped:
        terminalreporter.line(f"not run: {report.nodeid}: {_reason(report)}")


@pytest.fixture(autouse=True)
def _no_company_of_another_test() -> None:
    memory.forget()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, headless."""
    # Playwright's synchronous API keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        yield running
        running.close()


@pytest.fixture(scope="session")
def product() -> Iterator[throwaway_instance.Running]:
    """The whole product as `make run` starts it, with few stories; whoever uses it brings people of its own."""
    with throwaway_instance.running(SWEEP_SECONDS="2", RAPPORT_DEMO="few") as running:
        yield running
    assert leftovers.find(running.folder) == []


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`new_page(width=360)`: a page of somebody else's browser, with cookies of its own; closed after the test."""
    contexts = []

    def open_page(width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(25_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page, 1280 px wide."""
    return new_page()


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "")


def _strict() -> bool:
    return any(os.environ.get(name, "").lower() in {"1", "true", "yes"} for name in ("REQUIRE_BROWSER", "CI"))


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    # A skip is told as (file, line, reason).
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return words.removeprefix("Skipped: ")


def _start_servers() -> None:
    folder = _stack.enter_context(throwaway.folder())
    missing = services.missing(folder / "data", folder, durable=False)
    os.environ.pop(READY, None)  # of a run that this one is started by
    if any(isinstance(service, services.Postgres) for service in missing):
        is_ready = ready_database.lay_out(folder / "data" / "postgres", folder)
        os.environ.update({READY: "1"} if is_ready else {})
    os.environ.update(_stack.enter_context(services.running(*missing, logs=folder)))
    os.environ[ANSWER] = str(folder)
    for service in missing:
        os.environ.update({EMBEDDED: "1"} if isinstance(service, services.Postgres) else {})
        sys.stderr.write(f"{service.name}: {service.version()}\n")


def _settle_worker() -> None:
    """Give this process what no other test process shares: a Redis database and folders."""
    name = _worker() or "main"
    folder = Path(os.environ[ANSWER]) / name
    if name.startswith("gw") and "?" not in os.environ["REDIS_URL"]:
        os.environ["REDIS_URL"] += f"?db={int(name.removeprefix('gw')) + 1}"
    for kept in ("documents", "mailbox"):
        (folder / kept).mkdir(parents=True, exist_ok=True)
    os.environ.update(_environment(folder))
    if READY in os.environ:
        ready_database.give(f"test_rapport_{name}" if _worker() else "test_rapport")


def _environment(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "ats.settings",
        # Read once, for the storage of static files: without it every test would need collectstatic first.
        "DEBUG": "yes",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "http://localhost",
        "DOCUMENTS_DIR": str(folder / "documents"),
        "MAILBOX_DIR": str(folder / "mailbox"),
        "DEFAULT_FROM_EMAIL": "Rapport <jobs@example.com>",
        "LOG_LEVEL": "WARNING",
    }
