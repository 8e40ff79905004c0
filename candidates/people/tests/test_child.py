"""The child that reads strangers' files: what it may not do."""

import io
import signal
import time
from pathlib import Path

import pytest

from candidates.people.extraction import child
from candidates.people.extraction.child import ChildFailed, Limits, TookTooLong, TooMuchMemory, TooMuchOutput

MEGABYTE = 1024 * 1024


@pytest.fixture
def run(tmp_path):
    def run(source, content=b"", *arguments, **limits):
        program = tmp_path / "program.py"
        program.write_text(source)
        return child.run(program, io.BytesIO(content), *arguments, limits=Limits(**limits))

    return run


def test_a_program_gets_the_file_and_its_arguments_and_is_heard(run):
    source = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read() + sys.argv[1].encode())"
    assert run(source, b"words ", "more") == b"words more"


def test_the_file_can_be_rewound(run):
    assert run("import sys; f = sys.stdin.buffer; f.read(); f.seek(0); print(len(f.read()))", b"four") == b"4\n"


def test_it_knows_nothing_of_us(run, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    source = "import os, sys; print(sorted(os.environ), os.getcwd(), [p for p in sys.path if 'site' not in p][:1])"
    said = run(source).decode()
    assert "hunter2" not in said
    assert "SECRET_KEY" not in said
    assert str(Path.cwd()) not in said.replace(str(Path.cwd() / ".venv"), "")


def test_it_reaches_no_database(run):
    with pytest.raises(ChildFailed):
        run("from candidates.models import Candidate; print(Candidate.objects.count())")


def test_one_that_computes_for_ever_is_ended(run):
    began = time.monotonic()
    with pytest.raises(TookTooLong):
        run("while True: pass", seconds=1.0)
    assert time.monotonic() - began < 5


def test_one_that_computes_more_than_its_share_is_ended_before_its_time(run):
    with pytest.raises(TookTooLong):
        run("while True: pass", computing=1, seconds=30.0)


def test_one_that_sleeps_for_ever_is_ended_too(run):
    with pytest.raises(TookTooLong):
        run("import time; time.sleep(60)", seconds=0.5)


def test_one_that_takes_all_memory_is_refused_it(run):
    with pytest.raises(TooMuchMemory):
        run("x = bytearray(400 * 1024 * 1024)", memory=256 * MEGABYTE)


def test_one_that_says_too_much_is_stopped(run):
    with pytest.raises(TooMuchOutput):
        run("while True: print('x' * 1000)", output=MEGABYTE)


def test_it_writes_no_file(run, tmp_path):
    place = tmp_path / "written"
    with pytest.raises(ChildFailed):
        run(f"f = open({str(place)!r}, 'w'); f.write('x'); f.close()")
    assert not place.exists() or place.read_bytes() == b""


@pytest.mark.parametrize(
    "source",
    [
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import socket; socket.create_connection(('127.0.0.1', 1))",
    ],
    ids=["shell", "program", "fork", "exec", "network"],
)
def test_it_starts_nothing_and_calls_nobody(run, source):  # V17
    with pytest.raises(ChildFailed) as refused:
        run(source + "\nprint('done')")
    assert refused.value.code in (1, 61)


def test_an_error_says_with_what_it_ended(run):
    with pytest.raises(ChildFailed) as failed:
        run("raise SystemExit(50)")
    assert failed.value.code == 50


def test_a_file_that_cannot_be_fetched_starts_no_child():
    class Gone(io.RawIOBase):
        def read(self, size=-1):
            raise OSError("the store is away")

    with pytest.raises(OSError, match="away"):
        child.run(Path("never.py"), Gone())


def test_a_child_killed_from_outside_is_a_failure_not_an_error(run):
    with pytest.raises(ChildFailed) as failed:
        run(f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})")
    assert failed.value.code == -signal.SIGSEGV
