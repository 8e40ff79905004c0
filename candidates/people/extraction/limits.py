"""Begin a child: take the limits on, then run the program. A file of its own, so that it imports next to nothing.

Called as `python limits.py MEMORY CPU_SECONDS PROGRAM ARGUMENTS...`; the program sees its own arguments only.
"""

import os
import resource
import runpy
import sys
from typing import Any

OUT_OF_MEMORY = 60  # exit codes; `child.py` tells them in words
REFUSED = 61
OPEN_FILES = 64
FORBIDDEN = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "pty.spawn", "subprocess.Popen")


def limit(memory: int, seconds: int) -> None:
    """Bound what this process may use from here on; there is no way back.

    Args:
        memory: bytes of address space.
        seconds: of computing.
    """
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),  # pipes can be written to, files cannot
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),  # no further process; the kernel does not hold root to it, `refuse` does
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Leave at once when a parser starts a program or goes to the network: it was taken over."""
    if event in FORBIDDEN or event.startswith("socket."):
        os._exit(REFUSED)


def main() -> None:
    """Run the program under the limits."""
    memory, seconds, *sys.argv = sys.argv[1:]
    limit(int(memory), int(seconds))
    sys.addaudithook(refuse)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
