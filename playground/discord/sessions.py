"""Interaction tokens: what each may still be used for, and until when."""

import base64
import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from playground.discord.errors import ApiError
from playground.discord.world import World

TOKEN_S = 15 * 60
"""Source: https://docs.discord.com/developers/interactions/receiving-and-responding"""
PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 1, 2, 3, 4, 5


@dataclass
class Session:
    """One interaction as Discord remembers it."""

    id: str
    token: str
    kind: int
    user: str
    channel: str
    locale: str
    expires: float
    """Seconds since the epoch."""
    name: str = ""
    """The command's name, for the line above the answer."""
    message: str = ""
    """Id of the message whose button was pressed."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """The `interaction_metadata` of messages that answer it."""
    answered: int = 0
    """Type of the first answer; 0 before it."""
    original: str = ""
    """Id of the message that `@original` means."""
    form: dict[str, Any] | None = None
    """The form that was opened in answer, until it is sent."""


class Sessions:
    """All interaction tokens. `lifetime_s` may be shortened by tests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = world.store.shelf("session")
        self.lifetime_s: float = TOKEN_S
        self.back_s: float = 0.0
        """How long ago the next interactions were made: a way to try what happens late."""
        self._forget_old()

    def _forget_old(self) -> None:
        for id, found in self._kept.items():
            if found["expires"] < time.time() - TOKEN_S:
                del self._kept[id]

    def begin(self, kind: int, user: str, channel: str, locale: str, **more: Any) -> Session:
        """A new interaction with a fresh id and token."""
        id = self._world.ids.next(self.back_s)
        raw = f"interaction:{id}:{secrets.token_urlsafe(96)}".encode()
        token = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        expires = time.time() - self.back_s + self.lifetime_s
        session = Session(id, token, kind, user, channel, locale, expires, **more)
        self.save(session)
        return session

    def save(self, session: Session) -> None:
        """Write a changed session."""
        self._kept[session.id] = asdict(session)

    def get(self, id: str) -> Session:
        """By interaction id. Raises ApiError (10062)."""
        found = self._kept.get(id)
        if found is None:
            raise ApiError(404, 10062)
        return Session(**found)

    def by_token(self, application: str, token: str) -> Session:
        """What a webhook call may use.

        Raises ApiError: 10015 for a token that is unknown or not answered yet, 50027 once it
        has run out.
        """
        found = next((s for s in self._kept.values() if s["token"] == token), None)
        if found is None or application != self._world.application["id"] or not found["answered"]:
            raise ApiError(404, 10015)
        if found["expires"] < time.time():
            raise ApiError(401, 50027)
        return Session(**found)

    def id_of(self, token: str) -> str:
        """The interaction's id behind a token, "" where there is none."""
        return next((s["id"] for s in self._kept.values() if s["token"] == token), "")

    def expire(self, id: str) -> None:
        """Let a token run out now."""
        session = self.get(id)
        session.expires = 0.0
        self.save(session)
