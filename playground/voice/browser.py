"""The websocket that browsers speak and hear over: one tab, one person, one seat.

Plain `ws` on a port of its own, next to the page: the voice server's certificate is not one that a
browser trusts, and the page's own server speaks no websockets.
"""

import asyncio

from aiohttp import web

from playground.discord.journal import Journal
from playground.discord.parts import Parts
from playground.discord.world import World
from playground.voice.seat import Heard, Seat, Sit
from playground.voice.server import VoiceSide
from playground.voice.speaker import VoicePerson
from playground.voice.states import Change, VoiceStates
from playground.voice.tab import Tab
from playground.voice.tls import ADDRESS

PATH = "/tab"
QUIET_S = 10.0
"""A browser that answers no ping for about this long is taken for gone."""
LARGEST = 1 << 20


class Bridge:
    """`origins`: where the page may come from (`http://127.0.0.1:8700`); `sit` makes a seat for a
    person, whom it tells what is heard there. `application` is what a server is to serve.
    """

    def __init__(
        self,
        world: World,
        states: VoiceStates,
        journal: Journal,
        sit: Sit,
        origins: tuple[str, ...],
    ) -> None:
        self._world, self._states, self._journal, self._sit = world, states, journal, sit
        self._origins = origins
        self._tabs: set[Tab] = set()
        self.application = web.Application()
        self.application.router.add_get(PATH, self._visit)
        self._all_gone = asyncio.Event()
        states.watch(self._changed)

    async def close(self) -> None:
        """Everybody gets up, every browser is hung up on; returns once that is done."""
        self._all_gone.clear()
        for tab in list(self._tabs):
            tab.hang_up()
        if self._tabs:
            await self._all_gone.wait()

    def hang_up(self, user: str) -> None:
        """Cut a person's websockets, as a lost network does; from any thread."""
        for tab in list(self._tabs):
            if tab.user == user:
                tab.hang_up()

    def _changed(self, change: Change) -> None:
        for tab in list(self._tabs):
            seat = change.before or change.after
            if seat is not None and tab.user == seat.user:
                tab.seated(change.after.channel if change.after else "")

    async def _visit(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("user", "")
        person = self._world.users.get(user)
        if request.headers.get("Origin", "") not in self._origins:
            raise web.HTTPForbidden(text="not from this page")
        if person is None or person.get("bot"):
            raise web.HTTPForbidden(text="no such person")
        socket = web.WebSocketResponse(heartbeat=QUIET_S, max_msg_size=LARGEST)
        await socket.prepare(request)
        tab = Tab(request, socket, user, self._sit, self._states, self._journal)
        self._tabs.add(tab)
        try:
            await tab.run(self._only)
        finally:
            self._tabs.discard(tab)
            if not self._tabs:
                self._all_gone.set()
        return socket

    async def _only(self, entering: Tab) -> None:
        """A person sits in one place: whoever enters here leaves in another tab."""
        for tab in list(self._tabs):
            if tab is not entering and tab.user == entering.user:
                await tab.remove("elsewhere")


def open_to_browsers(voice: VoiceSide, parts: Parts, page_port: int) -> tuple[Bridge, str]:
    """Let browsers in that show the page; returns the bridge and its websocket's address."""

    def sit(user: str, heard: Heard) -> Seat:
        return VoicePerson(voice, user, on_pcm=heard)

    origins = tuple(f"http://{host}:{page_port}" for host in (ADDRESS, "localhost"))
    bridge = Bridge(parts.world, parts.states, parts.journal, sit, origins)
    port = voice.serve(bridge.application)
    return bridge, f"ws://{ADDRESS}:{port}{PATH}"
