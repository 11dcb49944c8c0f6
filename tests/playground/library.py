"""The gateway's clients: disnake itself, and a bare websocket for what no library would do."""

import asyncio
import json
import ssl
import zlib
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

import aiohttp
import disnake
from disnake.http import Route

from playground.discord.server import Server

LONGEST_S = 60.0
ALL = disnake.Intents(guilds=True, messages=True, typing=True, voice_states=True)


def run(scene: Coroutine[Any, Any, None]) -> None:
    """Play a scene to its end."""

    async def play() -> None:
        async with asyncio.timeout(2 * LONGEST_S):
            await scene
            await _farewells()

    asyncio.run(play())


async def _farewells() -> None:
    """TLS connections say goodbye after they were closed, and nobody tells when they have."""
    selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    while len(selector.get_map()) > 1:  # one is the loop's own
        await asyncio.sleep(0.01)


def trusting(server: Server) -> aiohttp.TCPConnector:
    """Connections that trust the stand-in, and all others that this machine does."""
    return aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=server.voice.ca_file))


class Library(disnake.Client):
    """An unmodified disnake, logged in as the stand-in's bot; `heard`: what it dispatched."""

    def __init__(self, server: Server, *, content: bool = False) -> None:
        Route.BASE = server.api
        intents = disnake.Intents(ALL.value)
        intents.message_content = content
        super().__init__(
            intents=intents,
            connector=trusting(server),
            guild_ready_timeout=0.1,
            enable_gateway_error_handler=False,
        )
        self.heard: asyncio.Queue[tuple[str, tuple[Any, ...]]] = asyncio.Queue()
        self._token = server.parts.world.application["bot_token"]
        self.task: asyncio.Task[None] | None = None

    def dispatch(self, event: str, *args: Any, **more: Any) -> None:
        """Note it, then do as ever."""
        self.heard.put_nowait((event, args))
        super().dispatch(event, *args, **more)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait."""

    async def __aenter__(self) -> "Library":
        self.task = asyncio.create_task(self.start(self._token))
        await self.next("ready")
        async with asyncio.timeout(LONGEST_S):
            while not all(guild.name for guild in self.guilds):  # some come after it
                await asyncio.sleep(0.01)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
        assert self.task
        await self.task

    async def next(self, wanted: str, fits: Callable[..., bool] = lambda *args: True) -> Any:
        """The arguments of the next event of this name that fits; the one where there is one."""
        async with asyncio.timeout(LONGEST_S):
            while True:
                event, args = await self._next()
                if event == wanted and fits(*args):
                    return args[0] if len(args) == 1 else args

    async def _next(self) -> tuple[str, tuple[Any, ...]]:
        """Raises what ended the client."""
        assert self.task
        getting = asyncio.ensure_future(self.heard.get())
        await asyncio.wait((getting, self.task), return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            getting.cancel()
            self.task.result()
        return await getting


class Wire:
    """A websocket to the gateway, without any manners. `query`: instead of the usual one."""

    def __init__(self, server: Server, query: str = "v=10&encoding=json") -> None:
        self._server = server
        self._url = f"{server.voice.gateway.desk.url}/?{query}"
        self._inflate = zlib.decompressobj()
        self.token = server.parts.world.application["bot_token"]
        self.ready: dict[str, Any] = {}
        self.seq = 0

    async def __aenter__(self) -> "Wire":
        self._session = aiohttp.ClientSession(connector=trusting(self._server))
        self._ws = await self._session.ws_connect(self._url)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._ws.close(code=4000)
        await self._session.close()

    async def say(self, op: int, data: Any = None) -> None:
        """Send a message."""
        await self._ws.send_str(json.dumps({"op": op, "d": data}))

    async def shout(self, text: str) -> None:
        """Send anything."""
        await self._ws.send_str(text)

    async def identify(self, intents: int = ALL.value, **more: Any) -> None:
        """Log in."""
        known = {"token": self.token, "intents": intents, "properties": {"os": "linux"}}
        await self.say(2, {**known, **more})

    async def begin(self, intents: int = ALL.value) -> None:
        """Log in, and wait for READY."""
        await self.identify(intents)
        self.ready = (await self.event("READY"))["d"]

    async def resume(self, session: str, seq: int) -> None:
        """Go on with a session."""
        await self.say(6, {"token": self.token, "session_id": session, "seq": seq})

    async def message(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(LONGEST_S):
            got = await self._ws.receive()
        if got.type is aiohttp.WSMsgType.BINARY:
            return self._read(self._inflate.decompress(got.data))
        assert got.type is aiohttp.WSMsgType.TEXT, f"closed with {self._ws.close_code}"
        return self._read(got.data)

    def _read(self, raw: str | bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(raw)
        self.seq = found.get("s") or self.seq
        return found

    async def op(self, op: int) -> dict[str, Any]:
        """The next message with this opcode."""
        while (found := await self.message())["op"] != op:
            pass
        return found

    async def event(self, name: str) -> dict[str, Any]:
        """The next event of this name."""
        while (found := await self.message()).get("t") != name:
            pass
        return found

    async def closed(self) -> int:
        """The code it is closed with, after whatever comes before."""
        async with asyncio.timeout(LONGEST_S):
            async for _ in self._ws:
                pass
        assert self._ws.close_code is not None
        return self._ws.close_code

    async def leave(self, code: int) -> None:
        """Close it."""
        await self._ws.close(code=code)
