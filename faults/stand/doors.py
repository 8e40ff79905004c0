"""Doors before Redis, PostgreSQL and the mail server: TCP proxies that refuse, cut, delay, and accept without a word.

`python -m faults.stand.doors --control SOCKET --door NAME=PORT=TARGET ...`; a target is a port of this machine or the
path of a socket. Told over the control socket: `{"door": NAME, "way": WAY, "seconds": S}`. The ways:

    open     everything passes, `seconds` late
    refused  nobody listens; connections that are open end
    silent   connections are taken and nothing passes any more, either way, until the door is open again
    cut      connections that are open end, and new ones end at once
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from faults.stand import control

CHUNK = 65536
WAYS = {"open", "refused", "silent", "cut"}


class Door:
    """One of them."""

    def __init__(self, port: int, target: str) -> None:
        self.port, self.target = port, target
        self.way, self.seconds = "open", 0.0
        self.passable = asyncio.Event()
        self.server: asyncio.Server | None = None
        self.writers: set[asyncio.StreamWriter] = set()

    async def turn(self, way: str, seconds: float) -> None:
        """Be as told from now on."""
        self.way, self.seconds = way, seconds
        self.passable.clear() if way == "silent" else self.passable.set()
        if way in ("refused", "cut"):
            self._end_all()
        if way == "refused":
            self._close()
        elif self.server is None:
            self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512)

    def _close(self) -> None:
        if self.server is not None:
            self.server.close()
            self.server = None

    def _end_all(self) -> None:
        for writer in list(self.writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            await self.passable.wait()
            if self.way == "open":
                await self._join(reader, writer)
        except OSError:
            pass  # what is behind the door is away
        finally:
            self.writers.discard(writer)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await self._behind()
        self.writers.add(inner_writer)
        try:
            ways = [self._pass(reader, inner_writer), self._pass(inner_reader, writer)]
            running = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for one in running:
                one.cancel()
        finally:
            self.writers.discard(inner_writer)
            inner_writer.transport.abort()

    async def _behind(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.target.isdigit():
            return await asyncio.open_connection("127.0.0.1", int(self.target))
        return await asyncio.open_unix_connection(self.target)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(CHUNK):
                await self.passable.wait()
                if self.seconds:
                    await asyncio.sleep(self.seconds)
                writer.write(piece)
                await writer.drain()


async def serve(place: Path, doors: dict[str, Door]) -> None:
    """Keep the doors until the process is ended."""

    async def obey(words: dict[str, Any]) -> dict[str, Any]:
        door = doors[words["door"]]
        if words["way"] not in WAYS:
            return {"error": f"no such way: {words['way']}"}
        await door.turn(words["way"], float(words.get("seconds", 0)))
        return {"way": door.way}

    for door in doors.values():
        await door.turn("open", 0)
    async with await control.listen(place, obey) as server:
        await server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--control", type=Path, required=True)
    parser.add_argument("--door", action="append", default=[])
    options = parser.parse_args()
    told = [text.split("=", 2) for text in options.door]

    async def run() -> None:
        await serve(options.control, {name: Door(int(port), target) for name, port, target in told})

    asyncio.run(run())


if __name__ == "__main__":
    main()
