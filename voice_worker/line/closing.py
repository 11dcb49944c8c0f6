"""Ends a websocket so that its socket is really closed: TLS says goodbye after `close` returned."""

import asyncio
import contextlib
from typing import Any

import aiohttp

GOODBYE_S = 1.0
"""Longest time for it all; a dead connection would take ten."""


def plug(websocket: aiohttp.ClientWebSocketResponse) -> Any:
    """Its socket, for `unplugged`: to be asked for while it is open."""
    return websocket.get_extra_info("socket")


async def unplugged(socket: Any) -> None:
    """Wait until a socket is closed, GOODBYE_S at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_S):
            while socket is not None and socket.fileno() >= 0:
                await asyncio.sleep(GOODBYE_S / 100)


async def close(websocket: aiohttp.ClientWebSocketResponse, code: int = 1000) -> None:
    """Close it, within 2 GOODBYE_S. What goes wrong no longer matters."""
    socket = plug(websocket)
    with contextlib.suppress(TimeoutError, aiohttp.ClientError, OSError):
        async with asyncio.timeout(GOODBYE_S):
            await websocket.close(code=code)
    await unplugged(socket)
