"""Doors let pass, refuse, cut and stay silent, as they are told."""

import asyncio

import pytest

from ats.dev import ports
from faults.stand.doors import Door


async def echo(reader, writer):
    try:
        while piece := await reader.read(100):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass  # who spoke is gone
    finally:
        writer.transport.abort()


def behind_a_door(way):
    """Run `way(door)` with an echo behind an open door."""

    async def run():
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        listener = ports.listen(0)
        port = ports.number(listener)
        listener.close()
        door = Door(port, str(server.sockets[0].getsockname()[1]))
        await door.turn("open", 0)
        try:
            return await asyncio.wait_for(way(door), 5)
        finally:
            await door.turn("refused", 0)
            server.close()
            await asyncio.sleep(0.05)  # what was ended is put away

    return asyncio.run(run())


async def say(door, seconds=0.3):
    """What comes back through the door; nothing where it takes too long."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    try:
        writer.write(b"hello")
        return await asyncio.wait_for(reader.read(100), seconds)
    except TimeoutError:
        return None
    finally:
        writer.transport.abort()


def test_an_open_door_lets_everything_pass():
    assert behind_a_door(say) == b"hello"


def test_a_late_door_lets_it_pass_late():
    async def way(door):
        await door.turn("open", 0.2)
        return await say(door, 0.1), await say(door, 2)

    assert behind_a_door(way) == (None, b"hello")


def test_a_silent_door_takes_connections_and_says_nothing():
    async def way(door):
        await door.turn("silent", 0)
        return await say(door)

    assert behind_a_door(way) is None


def test_what_was_said_to_a_silent_door_passes_when_it_opens():
    async def way(door):
        await door.turn("silent", 0)
        waiting = asyncio.ensure_future(say(door, 3))
        await asyncio.sleep(0.1)
        await door.turn("open", 0)
        return await waiting

    assert behind_a_door(way) == b"hello"


def test_nobody_listens_at_a_refusing_door():
    async def way(door):
        await door.turn("refused", 0)
        await say(door)

    with pytest.raises(ConnectionRefusedError):
        behind_a_door(way)


def test_a_cut_ends_what_was_open():
    async def way(door):
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"hello")
        first = await reader.read(100)
        await door.turn("cut", 0)
        try:
            return first, await reader.read(100)
        except ConnectionResetError:
            return first, b""
        finally:
            writer.transport.abort()

    assert behind_a_door(way) == (b"hello", b"")
