"""The image's own commands, as Dockerfile and docker-compose.yml have them, run and are found healthy by its probes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from ats.dev.births import before_exec
from ats.dev.state import ROOT

pytestmark = pytest.mark.journeys
PATIENCE = 60


def entrypoint():
    """The command line that the image puts before each service's own."""
    (line,) = re.findall(r"^ENTRYPOINT (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return json.loads(line)


def compose(service, key):
    """The list after `key` in the block of `service`."""
    text = (ROOT / "docker-compose.yml").read_text()
    block = re.search(rf"^  {service}:\n((?:    .*\n|\n)+)", text, re.MULTILINE).group(1)
    return json.loads(re.search(rf"^ +{key}: (\[.*\])$", block, re.MULTILINE).group(1))


def here(command):
    """The same command with the Python of this test."""
    return [sys.executable if word == "python" else word for word in command]


@pytest.fixture
def database():
    """An empty database beside that of the tests."""
    address, name = urlsplit(os.environ["DATABASE_URL"]), f"image_{os.getpid()}"
    with psycopg.connect(urlunsplit(address), dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(address._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def environment(database, tmp_path):
    """An environment as in production: DEBUG off, https, and no more than what compose sets."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "C_FORCE_ROOT": "1",
        "SECRET_KEY": "x" * 60,
        "SITE_URL": "https://jobs.example.com",
        "DATABASE_URL": database,
        "REDIS_URL": os.environ["REDIS_URL"],
        "DEFAULT_FROM_EMAIL": "jobs@example.com",
        "DOCUMENTS_DIR": str(tmp_path),
        "BEHIND_PROXY": "yes",
        "BIND": f"127.0.0.1:{port}",
        "BEAT_FILE": str(tmp_path / "beat"),
    }


def run(service, environment):
    """Start the service as its container would."""
    command = here(entrypoint() + compose(service, "command"))
    ready = before_exec(signal.SIGKILL)
    return subprocess.Popen(command, env=environment, cwd=ROOT, preexec_fn=ready, stderr=subprocess.DEVNULL)


def is_healthy(service, environment):
    """What its health check says."""
    test = here(compose(service, "test")[1:])
    return subprocess.run(test, env=environment, cwd=ROOT, check=False, capture_output=True).returncode == 0


def wait_until_healthy(service, environment):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if is_healthy(service, environment):
            return True
        time.sleep(0.5)
    return False


def test_every_service_of_the_image_becomes_healthy_and_ends_when_asked(environment):
    services = ["web", "worker", "urgent", "beat"]
    assert run("migrate", environment).wait(PATIENCE) == 0
    with ExitStack() as stack:
        processes = [stack.enter_context(run(name, environment)) for name in services]
        for process in processes:
            stack.callback(process.kill)
        healthy = {name: wait_until_healthy(name, environment) for name in services}
        for process in processes:
            process.terminate()
        ends = [process.wait(PATIENCE) for process in processes]
    assert (healthy, ends) == (dict.fromkeys(services, True), [0, 0, 0, 0])


def test_a_service_that_does_not_run_is_not_healthy(environment):
    assert [is_healthy(name, environment) for name in ["web", "worker", "urgent", "beat"]] == [False] * 4


def test_a_missing_setting_is_one_clear_line(environment):
    del environment["SECRET_KEY"]
    command = here(entrypoint() + compose("migrate", "command"))
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("Rapport cannot start: SECRET_KEY is not set.")
