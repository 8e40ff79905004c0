"""What a child process does between fork and exec: end with its parent, and not be root where root is refused."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from enum import Enum
from functools import cache
from pathlib import Path

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
# Loaded here and not in the child: loading a library between fork and exec can deadlock.
LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None


class Identity(Enum):
    """As whom a server runs that refuses root."""

    SAME = "as the user who started it"
    NAMESPACE = "as root's own unprivileged user namespace"
    NOBODY = "as nobody"


@cache
def identity() -> Identity:
    """The first identity that works here: root needs a user namespace, or nobody where namespaces are denied."""
    if os.geteuid() != 0:
        return Identity.SAME
    return Identity.NAMESPACE if _namespaces_work() else Identity.NOBODY


def before_exec(ending: signal.Signals, who: Identity = Identity.SAME) -> Callable[[], None]:
    """The `preexec_fn` of a child that runs as `who` and gets the signal `ending` when its parent dies."""

    def prepare() -> None:
        if who is Identity.NAMESPACE:
            enter_namespace()
        elif who is Identity.NOBODY:
            become_nobody()
        # Last, because a change of user clears it.
        end_with_parent(ending)

    return prepare


def end_with_parent(ending: signal.Signals) -> None:
    """Ask the kernel to send `ending` to this process when the one that started it dies, even by kill -9."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(ending))


def enter_namespace() -> None:
    """Become user 1000 of a namespace of our own; outside of it files and signals stay root's."""
    user, group = os.geteuid(), os.getegid()
    if LIBC is None or LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "user namespaces are denied")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {group} 1")


def become_nobody() -> None:
    """Give up root for the user nobody."""
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def give_to_nobody(folder: Path) -> None:
    """Make nobody the owner of `folder` and of all in it."""
    nobody = pwd.getpwnam("nobody")
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


def _namespaces_work() -> bool:
    command = shutil.which("true")
    if not LINUX or command is None:
        return False
    try:
        return subprocess.run([command], preexec_fn=enter_namespace, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
