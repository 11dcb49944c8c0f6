"""The voice side as a server: one TLS port for gateway and rooms, in a thread of its own."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from playground.discord.events import Hub
from playground.discord.journal import Journal
from playground.discord.world import World
from playground.voice.gateway import Gateway
from playground.voice.rooms import Rooms
from playground.voice.states import VoiceStates
from playground.voice.tls import ADDRESS, trust

T = TypeVar("T")
GATEWAY_VERSION = "10"
STOP_S = 0.2
"""How long a connection may take to end when the server stops."""


class VoiceSide:
    """`port`: of gateway and rooms; `loop`: where both run; `ca_file`: what a client trusts."""

    def __init__(
        self, folder: Path, world: World, hub: Hub, states: VoiceStates, journal: Journal
    ) -> None:
        self.loop = asyncio.new_event_loop()
        self.states = states
        self._socket = socket.create_server((ADDRESS, 0))
        self.port: int = self._socket.getsockname()[1]
        self.endpoint = f"{ADDRESS}:{self.port}"
        """Host and port of the voice server, as VOICE_SERVER_UPDATE names it."""
        found = trust(folder / "tls")
        self.ca_file, self._tls = str(found.bundle), found.server
        self.gateway = Gateway(world, hub, states, journal, self.endpoint)
        self.rooms = Rooms(world, states, journal)
        self._runners: list[web.AppRunner] = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def environment(self) -> dict[str, str]:
        """What a bot's process needs to trust this server."""
        return {"SSL_CERT_FILE": self.ca_file}

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        self.do(self._open())

    def stop(self) -> None:
        """End all connections."""
        self.do(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the loop, from another thread; returns what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def serve(self, application: web.Application) -> int:
        """Serve one more application on the same loop, without TLS; returns its port."""
        listening = socket.create_server((ADDRESS, 0))
        self.do(self._listen(application, listening, None))
        return int(listening.getsockname()[1])

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        left = asyncio.all_tasks(self.loop)
        for task in left:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    async def _open(self) -> None:
        self.gateway.open(self.loop)
        await self.rooms.start()
        application = web.Application()
        application.router.add_get("/", self._enter)
        await self._listen(application, self._socket, self._tls)

    async def _listen(
        self, application: web.Application, listening: socket.socket, tls: ssl.SSLContext | None
    ) -> None:
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=STOP_S)
        await runner.setup()
        self._runners.append(runner)
        await web.SockSite(runner, listening, ssl_context=tls).start()

    async def _close(self) -> None:
        self.gateway.close()
        await self.rooms.stop()
        for runner in self._runners:
            await runner.cleanup()

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """Gateway and voice server share the door; they are told apart by their versions."""
        if "encoding" in request.query or request.query.get("v") == GATEWAY_VERSION:
            return await self.gateway.enter(request)
        return await self.rooms.voice(request)
