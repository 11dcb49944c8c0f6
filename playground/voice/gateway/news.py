"""What happens, told to the bots that asked to hear of it."""

from typing import Any

from playground.discord.events import Event
from playground.discord.world import World
from playground.voice.changes import Change
from playground.voice.gateway import payloads
from playground.voice.gateway.desk import Desk
from playground.voice.gateway.session import Session

TOLD = {
    "message_create": "MESSAGE_CREATE",
    "message_update": "MESSAGE_UPDATE",
    "message_delete": "MESSAGE_DELETE",
    "typing": "TYPING_START",
}
"""News for browsers that are news for bots, too."""


class News:
    """On the loop only. `endpoint`: host and port of the voice server."""

    def __init__(self, world: World, desk: Desk, endpoint: str) -> None:
        self._world = world
        self._desk = desk
        self._endpoint = endpoint

    def tell(self, event: str, guild: str, data: Any) -> None:
        """Dispatch an event of a guild, "" for a private chat."""
        for session in self._sessions():
            if session.wants(event, guild):
                session.tell(event, data)

    def heard(self, event: Event) -> None:
        """Something that browsers are told."""
        if event.only_for is not None and self._world.bot["id"] not in event.only_for:
            return
        if event.kind in TOLD and event.data["channel_id"] in self._world.channels:
            for session in self._sessions():
                self._retell(session, event)

    def _retell(self, session: Session, event: Event) -> None:
        guild = self._world.channels[event.data["channel_id"]].get("guild_id", "")
        name = TOLD[event.kind]
        if not session.wants(name, guild):
            return
        if "author" in event.data:
            session.tell(name, payloads.message(self._world, event.data, session.intents))
        else:
            session.tell(name, {**event.data, **({"guild_id": guild} if guild else {})})

    def sat(self, change: Change) -> None:
        """Somebody sat down, got up, moved."""
        after = change.after
        if change.seen:
            data = payloads.voice_state(self._world, change.before, after)
            self.tell("VOICE_STATE_UPDATE", change.seat.guild, data)
        if change.server and after is not None:
            session = self._desk.sessions.get(after.session)
            if session is not None:
                server = {"token": after.token, "guild_id": after.guild}
                session.tell("VOICE_SERVER_UPDATE", {**server, "endpoint": self._endpoint})

    def _sessions(self) -> list[Session]:
        return list(self._desk.sessions.values())
