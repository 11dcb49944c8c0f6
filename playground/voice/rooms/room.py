"""One voice channel while people are in it: who hears of whom."""

import time

from playground.voice.rooms.circle import Circle
from playground.voice.rooms.codes import Op
from playground.voice.rooms.session import Session
from playground.voice.rooms.settings import Settings
from playground.voice.rooms.violations import Violations


class Room:
    """`members`: those whose connection is complete, by user; `circle`: their encrypted group."""

    def __init__(self, channel: str, settings: Settings, violations: Violations) -> None:
        self.members: dict[str, Session] = {}
        self.circle = Circle(channel, self.members, settings, violations)
        self._settings = settings

    def enter(self, session: Session) -> None:
        """Somebody's connection is complete: they and the others hear of each other."""
        others = [m for m in self.members.values() if m.user != session.user]
        self.members[session.user] = session
        if others:
            session.tell(Op.CLIENTS_CONNECT, {"user_ids": [other.user for other in others]})
            session.crowded_at = time.monotonic()
        for other in others:
            self._is_not_alone(other)
            other.tell(Op.CLIENTS_CONNECT, {"user_ids": [session.user]})
            if other.speaking is not None:
                session.tell(Op.SPEAKING, _speaking(other))
        if session.dave:
            self.circle.enter(session, others)

    def leave(self, session: Session) -> None:
        """Somebody is gone; nothing happens for a session that was replaced."""
        if self.members.get(session.user) is not session:
            return
        del self.members[session.user]
        for other in self.members.values():
            other.tell(Op.CLIENT_DISCONNECT, {"user_id": session.user})
            if len(self.members) == 1:
                other.crowded_at = None
        self.circle.leave(session.user)

    def speaks(self, session: Session, flags: int) -> None:
        """Op 5: tell the others."""
        session.speaking = flags
        session.announced += flags > 0
        for other in self.members.values():
            if other is not session:
                other.tell(Op.SPEAKING, _speaking(session))

    def _is_not_alone(self, member: Session) -> None:
        if member.crowded_at is None:
            told = time.monotonic() + member.lag_s
            member.crowded_at = told + self._settings.crossing_s


def _speaking(session: Session) -> dict[str, object]:
    return {"user_id": session.user, "ssrc": session.ssrc, "speaking": session.speaking}
