"""How the stand tells its doors and its mail server what to do: one line of JSON over a socket, one line back."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

SECONDS = 5
Obey = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def tell(place: Path, **words: Any) -> dict[str, Any]:
    """Send `words` to who listens at `place`; gives the answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(SECONDS)
        line.connect(str(place))
        line.sendall(json.dumps(words).encode() + b"\n")
        with line.makefile() as answer:
            return dict(json.loads(answer.readline()))


async def listen(place: Path, obey: Obey) -> asyncio.Server:
    """Answer every line that comes to `place` by `obey`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = await obey(json.loads(await reader.readline()))
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
        writer.close()

    place.unlink(missing_ok=True)
    return await asyncio.start_unix_server(serve, str(place))
