"""The data of one running instance, in `.rapport/<name>` of the checkout, held by a lock while it runs.

Which one: an instance takes `default`, unless another one holds it; then `.rapport/<port>`. A PORT that once got a
folder of its own this way keeps it, so that the same command always shows the same data.
"""

import fcntl
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = ROOT / ".rapport"
LOG_BYTES = 10_000_000


class Busy(Exception):
    """Another instance holds this folder."""


@dataclass
class State:
    """One folder of data and the lock that holds it."""

    folder: Path
    lock: int | None = None

    @property
    def log(self) -> Path:
        """Everything that the processes said."""
        return self.folder / "log"

    @property
    def mailbox(self) -> Path:
        """The Maildir of what arrived."""
        return self.folder / "mailbox"

    @property
    def documents(self) -> Path:
        """What was uploaded."""
        return self.folder / "documents"

    @property
    def sign_ins(self) -> Path:
        """The demo's sign-ins, one a line."""
        return self.folder / "sign-ins.txt"

    @property
    def settings_file(self) -> Path:
        """The settings of the instance that runs now, as JSON."""
        return self.folder / "settings.json"

    def hold(self) -> None:
        """Take the lock; raises Busy. The kernel lets go of it when this process ends, however it ends."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise Busy(str(self.folder)) from None
        self.lock = lock

    def release(self) -> None:
        """Let go of the lock."""
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def prepare(self) -> None:
        """Make the folders, and keep the log from growing for ever."""
        for folder in (self.mailbox, self.documents):
            folder.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_name("log.1"))

    def secret_key(self) -> str:
        """The signing key of this folder, made once."""
        file = self.folder / "secret-key"
        if not file.exists():
            write_private(file, secrets.token_urlsafe(50))
        return file.read_text().strip()

    def delete(self) -> None:
        """Remove everything of it."""
        shutil.rmtree(self.folder)


def write_private(file: Path, text: str) -> None:
    """Write `text` to `file`, whole or not at all, readable by its owner alone."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
    fresh.replace(file)


def home() -> Path:
    """Where the folders are; RAPPORT_HOME moves them, for throwaway instances."""
    return Path(os.environ.get("RAPPORT_HOME") or HOME)


def named(port: str | None) -> State:
    """The state that commands beside a running instance mean: that of PORT if it has its own, else the default."""
    own = home() / port if port else None
    return State(own if own and own.is_dir() else home() / "default")


def hold_for(port: int, *, chosen: bool) -> State:
    """Hold the state of an instance on `port`, which somebody has chosen or not; raises Busy."""
    state = named(str(port) if chosen else None)
    try:
        state.hold()
    except Busy:
        if state.folder.name == str(port):
            raise
        state = State(home() / str(port))
        state.hold()
    return state
