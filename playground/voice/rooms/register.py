"""Which rooms there are, and who is connected to them."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from playground.voice.rooms.codes import Close
from playground.voice.rooms.room import Room
from playground.voice.rooms.session import Session
from playground.voice.rooms.settings import Settings
from playground.voice.rooms.violations import Violations
from playground.voice.states import VoiceState, VoiceStates

RESUMABLE = (Close.SERVER_CRASHED,)
"""After these a client may resume; any other code ends the session."""
FIRST_SSRC = 4000
Found = tuple[Room, Session]


class Register:
    """Sessions by guild and user. On the loop, but for `of` and `lags`.

    `gone`: told the ssrc of every session that ends; `udp_port`: where packets go.
    """

    def __init__(self, settings: Settings, states: VoiceStates, faults: Violations) -> None:
        self.settings = settings
        self.states = states
        self.faults = faults
        self.rooms: dict[str, Room] = {}
        self.lags: dict[str, float] = {}
        self.udp_port = 0
        self.gone: Callable[[int], None] = lambda ssrc: None
        self._sessions: dict[tuple[str, str], Session] = {}
        self._ssrcs: dict[int, Session] = {}
        self._last_ssrc = FIRST_SSRC
        self._tasks: set[asyncio.Task[None]] = set()

    def admit(self, seat: VoiceState, dave: int) -> Session:
        """A new session for somebody who identified; an older one of theirs ends."""
        old = self.held(seat)
        if old is not None:
            self.end(old, Close.SESSION_INVALID)
        self._last_ssrc += 1
        session = Session(seat, self._last_ssrc, dave, self.settings.ahead)
        session.lag_s = self.lags.get(seat.user, 0.0)
        self._sessions[seat.guild, seat.user] = self._ssrcs[session.ssrc] = session
        return session

    def dismiss(self, session: Session) -> None:
        """End a session: the others hear that it is gone."""
        if self._ssrcs.pop(session.ssrc, None) is None:
            return
        if self.held(session.seat) is session:
            del self._sessions[session.seat.guild, session.user]
        self.gone(session.ssrc)
        self.room(session).leave(session)

    def end(self, session: Session, code: int) -> None:
        """Close somebody's websocket; only 4015 leaves a session to resume."""
        outbox = session.outbox
        if code not in RESUMABLE:
            self.dismiss(session)
        if outbox is not None:
            self.run(outbox.close(code))

    def keep(self, session: Session) -> None:
        """A connection was cut: it may be resumed for a while."""
        session.outbox = None
        session.cuts += 1
        cut = session.cuts

        def look() -> None:
            if session.outbox is None and session.cuts == cut:
                self.dismiss(session)

        asyncio.get_running_loop().call_later(self.settings.resume_s, look)

    def held(self, seat: VoiceState) -> Session | None:
        """The session of somebody in a guild, whatever its token."""
        return self._sessions.get((seat.guild, seat.user))

    def of(self, user: str) -> list[Session]:
        """Somebody's sessions in all guilds; everybody's for ""."""
        return [s for s in list(self._sessions.values()) if user in ("", s.user)]

    def room(self, session: Session) -> Room:
        """The room of a session, opened if need be."""
        channel = session.seat.channel
        if channel not in self.rooms:
            self.rooms[channel] = Room(channel, self.settings, self.faults)
        return self.rooms[channel]

    def find(self, ssrc: int) -> Found | None:
        """Room and session of a source of packets."""
        session = self._ssrcs.get(ssrc)
        return None if session is None else (self.room(session), session)

    def run(self, deed: Coroutine[Any, Any, None]) -> None:
        """Do something in the background."""
        task = asyncio.get_running_loop().create_task(deed)
        self._tasks.add(task)  # a task that nobody holds may be collected
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Nothing is waited for any more."""
        for room in self.rooms.values():
            room.circle.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
