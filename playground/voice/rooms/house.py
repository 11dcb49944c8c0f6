"""All voice rooms of the stand-in: the way in, and the strings that tests and the panel pull.

Source: https://docs.discord.com/developers/topics/voice-connections
"""

import asyncio
from collections import Counter
from collections.abc import Callable

from aiohttp import web

from playground.discord.journal import Journal
from playground.discord.world import World
from playground.voice.rooms.codes import Close
from playground.voice.rooms.conversation import Conversation
from playground.voice.rooms.register import Register
from playground.voice.rooms.relay import Relay
from playground.voice.rooms.session import Arrival
from playground.voice.rooms.settings import Settings
from playground.voice.rooms.violations import Violations
from playground.voice.states import Change, VoiceState, VoiceStates


class Rooms(Settings):
    """Voice gateway version 8, packet forwarding and group delivery. Faults: Settings and below.

    Everything but `voice`, `start` and `stop` may be called from any thread.
    """

    def __init__(self, world: World, states: VoiceStates, journal: Journal) -> None:
        super().__init__()
        self._faults = Violations(world, journal)
        self._register = Register(self, states, self._faults)
        self._relay: Relay | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._conversations: set[Conversation] = set()
        states.watch(self._changed)

    @property
    def violations(self) -> list[str]:
        """What clients did wrong, each rule once per person."""
        return list(self._faults.found)

    @property
    def stats(self) -> Counter[str]:
        """What became of packets that went nowhere."""
        return Counter() if self._relay is None else self._relay.stats

    async def start(self) -> None:
        """Bind the UDP socket, on the loop that serves `voice`."""
        if self._relay is None:
            self._loop = asyncio.get_running_loop()
            self._relay = Relay(self, self._faults, self._register.find)
            self._register.udp_port = self._relay.port
            self._register.gone = self._relay.forget

    async def stop(self) -> None:
        """End all connections."""
        for conversation in list(self._conversations):
            conversation.abort()
        await self._register.close()
        if self._relay is not None:
            self._relay.close()
            self._relay = None

    async def voice(self, request: web.Request) -> web.StreamResponse:
        """The websocket at the endpoint of VOICE_SERVER_UPDATE."""
        await self.start()
        conversation = Conversation(self._register, request)
        self._conversations.add(conversation)
        try:
            return await conversation.run()
        finally:
            self._conversations.discard(conversation)

    def close(self, user: str, code: int) -> None:
        """End somebody's websocket with a code; only 4015 leaves a session to resume."""

        def end() -> None:
            for session in self._register.of(user):
                self._register.end(session, code)

        self._soon(end)

    def abort(self, user: str) -> None:
        """Cut somebody's TCP connection; the session may be resumed."""
        self._soon(lambda: [session.abort() for session in self._register.of(user)])

    def server_update(self, user: str) -> None:
        """Send somebody to another voice server: a new token, and the old connection ends.

        Raises KeyError for somebody who sits nowhere.
        """
        self._register.states.renew(user)

    def forget_udp(self, user: str = "") -> None:
        """No longer know where somebody's packets come from, or anybody's."""
        self._soon(lambda: [self._register.gone(s.ssrc) for s in self._register.of(user)])

    def knows(self, user: str) -> bool:
        """Whether it is known where somebody's packets come from."""
        return any(session.address for session in self._register.of(user))

    def delay(self, user: str, seconds: float) -> None:
        """Let messages reach somebody late, in this and later sessions."""
        self._register.lags[user] = seconds
        for session in self._register.of(user):
            session.lag_s = seconds

    def record(self, user: str, channel: str = "") -> list[Arrival]:
        """What somebody sent in their present session, as it arrived; in one channel or in all."""
        mine = [s for s in self._register.of(user) if channel in ("", s.seat.channel)]
        return [arrival for session in mine for arrival in session.arrivals.copy()]

    def members(self, channel: str) -> list[str]:
        """Whose connection to a channel is complete."""
        room = self._register.rooms.get(channel)
        return [] if room is None else list(room.members)

    def group(self, channel: str) -> list[str]:
        """Who is in a channel's encrypted group."""
        room = self._register.rooms.get(channel)
        return (
            [] if room is None else [user for user in room.circle.group.leaves if user is not None]
        )

    def secure(self, channel: str) -> bool:
        """Whether all members of a channel use the same keys, and nothing is about to change."""
        room = self._register.rooms.get(channel)
        return room is not None and all(room.circle.settled(user) for user in room.members)

    def forgive(self) -> None:
        """Forget the violations."""
        self._faults.forgive()

    def undecryptable(self, listener: str, speaker: str) -> bool:
        """A listener could not open a frame. True where the speaker is to blame, and not a change
        of keys that is under way; then it is a violation.
        """
        for session in self._register.of(speaker):
            room = self._register.room(session)
            if room.circle.settled(speaker) and room.circle.settled(listener):
                self._faults.note(speaker, "frame that no key of this epoch opens", listener)
                return True
        return False

    def _soon(self, deed: Callable[[], object]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(deed)

    def _changed(self, change: Change) -> None:
        """Somebody moved, left or was sent elsewhere: their connection ends."""
        before, after, _ = change
        if before is not None and (after is None or after.token != before.token):
            self._soon(lambda: self._turn_out(before))

    def _turn_out(self, seat: VoiceState) -> None:
        session = self._register.held(seat)
        if session is not None and session.seat.token == seat.token:
            self._register.end(session, Close.DISCONNECTED)
