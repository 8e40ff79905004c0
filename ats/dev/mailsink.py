"""The local mail server: takes every mail and keeps it as a file of a Maildir. It delivers nothing.

`python -m ats.dev.mailsink --fd N --mailbox DIR`, where N is a listening socket that the parent opened.
"""

import argparse
import asyncio
import itertools
import os
import signal
import socket
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_count = itertools.count()


def prepare(mailbox: Path) -> None:
    """Make the three folders of a Maildir."""
    for name in ("tmp", "new", "cur"):
        (mailbox / name).mkdir(mode=0o700, parents=True, exist_ok=True)


def keep(mailbox: Path, content: bytes) -> Path:
    """Write one mail so that a reader sees all of it or nothing; the names sort by time of arrival."""
    name = f"{time.time_ns()}.{os.getpid()}_{next(_count)}.rapport"
    (mailbox / "tmp" / name).write_bytes(content)
    return (mailbox / "tmp" / name).rename(mailbox / "new" / name)


class Keeper:
    """What the mail server does with a mail."""

    def __init__(self, mailbox: Path) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep it, with the address that it was really sent to."""
        content = envelope.original_content or b""
        delivered = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        keep(self.mailbox, delivered.encode() + content)
        return "250 kept"


async def serve(listener: socket.socket, mailbox: Path) -> None:
    """Take mails until the process is told to end."""
    prepare(mailbox)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(lambda: SMTP(Keeper(mailbox), enable_SMTPUTF8=True), sock=listener)
    await ended.wait()
    server.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--mailbox", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(socket.socket(fileno=options.fd), options.mailbox))


if __name__ == "__main__":
    main()
