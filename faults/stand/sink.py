"""The mail server of the stand: keeps every mail in a Maildir, and can be told to refuse, hang, cut off and die.

`python -m faults.stand.sink --port N --mailbox DIR --control SOCKET`. Told over the control socket:

    {"do": "rule", "act": ACT, "to": [ADDRESS, ...], "times": N, "code": 550, "seconds": S}
    {"do": "release"}    what hangs goes on
    {"do": "door", "is_open": false}    nobody listens
    {"do": "forget"}     all rules are forgotten, what hangs goes on, the door is open
    {"do": "look"}       how many were kept, and how many hang now

The first rule that fits a mail holds; without `to` it fits every mail, without `times` always. The acts:

    refuse        the recipient is refused with `code`
    refuse_data   the mail is refused with `code` after DATA
    slow          the mail is kept and answered after `seconds`
    hang          after DATA nothing is kept until released; then it is kept and answered
    hold          the mail is kept, and the answer waits until released
    cut           the mail is kept, and the connection ends before the answer
    lose          the connection ends after DATA, and nothing is kept
    die           the mail is kept, and the server is gone at once, as by kill -9
"""

from __future__ import annotations

import argparse
import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from ats.dev import mailsink
from faults.stand import control

ACTS = {"refuse", "refuse_data", "slow", "hang", "hold", "cut", "lose", "die"}
FOR_EVER = 10**9


@dataclass
class Rule:
    """What happens to some mails."""

    act: str
    to: frozenset[str]
    times: int
    code: int
    seconds: float

    def fits(self, addresses: list[str]) -> bool:
        """Whether it is about a mail to one of `addresses`."""
        return self.times > 0 and (not self.to or any(address.lower() in self.to for address in addresses))


class Keeper:
    """What the mail server does with a mail."""

    def __init__(self, mailbox: Path) -> None:
        self.mailbox = mailbox
        self.rules: list[Rule] = []
        self.released = asyncio.Event()
        self.kept = self.hanging = 0

    def forget(self) -> None:
        """Take every mail from now on."""
        self.rules.clear()
        self.release()

    def release(self) -> None:
        """Let go on what hangs."""
        self.released.set()
        self.released = asyncio.Event()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or refuse."""
        if rule := self._rule([address], {"refuse"}):
            return f"{rule.code} not taken"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Do with the mail as told."""
        rule = self._rule(envelope.rcpt_tos, ACTS - {"refuse"})
        act = rule.act if rule else ""
        if rule and act == "refuse_data":
            return f"{rule.code} not taken"
        if rule and act == "slow":
            await asyncio.sleep(rule.seconds)
        if act == "hang":
            await self._wait()
        if act != "lose":
            self._keep(envelope)
        if act == "hold":
            await self._wait()
        if act == "die":
            os._exit(9)
        if act in ("cut", "lose"):
            _hang_up(server)
        return "250 kept"

    def _rule(self, addresses: list[str], acts: set[str]) -> Rule | None:
        rule = next((one for one in self.rules if one.act in acts and one.fits(addresses)), None)
        if rule:
            rule.times -= 1
        return rule

    def _keep(self, envelope: Envelope) -> None:
        delivered = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        mailsink.keep(self.mailbox, delivered.encode() + (envelope.original_content or b""))
        self.kept += 1

    async def _wait(self) -> None:
        self.hanging += 1
        try:
            await self.released.wait()
        finally:
            self.hanging -= 1


def _hang_up(server: SMTP) -> None:
    """End the connection at once, without a word."""
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


class Sink:
    """The listening server and its keeper."""

    def __init__(self, port: int, mailbox: Path) -> None:
        self.port, self.keeper = port, Keeper(mailbox)
        self.server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen, if it does not."""
        if self.server is None:
            loop = asyncio.get_running_loop()
            self.server = await loop.create_server(self._connection, "127.0.0.1", self.port, backlog=512)

    def close(self) -> None:
        """Listen no more."""
        if self.server is not None:
            self.server.close()
            self.server = None

    async def obey(self, words: dict[str, Any]) -> dict[str, Any]:
        """Do what was told, and tell how it stands."""
        match words.pop("do"):
            case "rule":
                self.keeper.rules.append(_rule(**words))
            case "release":
                self.keeper.release()
            case "forget":
                self.keeper.forget()
                await self.open()
            case "door":
                await self.open() if words["is_open"] else self.close()
        return {"kept": self.keeper.kept, "hanging": self.keeper.hanging}

    def _connection(self) -> SMTP:
        return SMTP(self.keeper, enable_SMTPUTF8=True, timeout=120)


def _rule(*, act: str, to: list[str] | None = None, times: int = FOR_EVER, code: int = 550, seconds: float = 0) -> Rule:
    if act not in ACTS:
        raise ValueError(act)
    return Rule(act, frozenset(address.lower() for address in to or []), times, code, seconds)


async def serve(port: int, mailbox: Path, place: Path) -> None:
    """Take mails until the process is ended."""
    mailsink.prepare(mailbox)
    sink = Sink(port, mailbox)
    await sink.open()
    async with await control.listen(place, sink.obey) as server:
        await server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mailbox", type=Path, required=True)
    parser.add_argument("--control", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.mailbox, options.control))


if __name__ == "__main__":
    main()
