"""The library's client, opened up where we need to know more than it tells.

Its parsers are wrapped, not its voice clients used: those are forgotten at a new gateway session,
and never recover by themselves.
"""

import ssl
from collections.abc import Callable
from typing import Any, Protocol

import aiohttp
import disnake

from voice_worker.line.closing import plug, unplugged

Event = dict[str, Any]


class Told(Protocol):
    """Who hears from the gateway. All are called on the loop, in the order of events."""

    def gateway_up(self, anew: bool) -> None:
        """It can be spoken to; `anew`: the session is a new one, all voice states are gone."""

    def gateway_ready(self) -> None:
        """The guilds are known."""

    def gateway_down(self) -> None:
        """It cannot be spoken to for now."""

    def my_state(self, guild: int, channel: int | None, session_id: str) -> None:
        """Where we are, after whatever changed of our voice state."""

    def my_server(self, guild: int, token: str, endpoint: str | None) -> None:
        """The voice server to use; None: it went away, another one follows."""

    def people_changed(self, guild: int) -> None:
        """Voice states of that guild."""

    def channel_gone(self, guild: int, channel: int) -> None:
        """It was deleted, or hidden from us."""

    def guild_gone(self, guild: int) -> None:
        """It was deleted, or the bot removed from it."""

    def written(self, message: disnake.Message) -> None:
        """A message, ours too."""


class Gateway(disnake.Client):
    """One connection to Discord. Made on the running loop."""

    def __init__(self, told: Told, *, content: bool) -> None:
        asked = disnake.Intents(guilds=True, voice_states=True, messages=True)
        asked.message_content = content
        super().__init__(
            intents=asked,
            # Made here and not by the library, which reads SSL_CERT_FILE only once, when imported.
            connector=aiohttp.TCPConnector(limit=0, ssl=ssl.create_default_context()),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.3,
        )
        self._told = told
        self._wrap("VOICE_STATE_UPDATE", self._voice_state)
        self._wrap("VOICE_SERVER_UPDATE", self._voice_server)
        self._wrap("GUILD_CREATE", lambda event: told.people_changed(int(event["id"])))

    def _wrap(self, event: str, after: Callable[[Event], None]) -> None:
        parsers: dict[str, Any] = self._connection.parsers
        parse = parsers[event]

        def both(data: Event) -> None:
            parse(data)
            after(data)

        parsers[event] = both

    def _voice_state(self, event: Event) -> None:
        if not event.get("guild_id"):  # a call between people
            return
        guild = int(event["guild_id"])
        if int(event["user_id"]) == self.user.id:
            channel = event["channel_id"]
            self._told.my_state(guild, int(channel) if channel else None, event["session_id"])
        self._told.people_changed(guild)

    def _voice_server(self, event: Event) -> None:
        self._told.my_server(int(event["guild_id"]), event["token"], event.get("endpoint"))

    async def close(self) -> None:
        """Close the connection, sockets and all."""
        socket = plug(self.ws.socket) if self.ws is not None else None
        await super().close()
        await unplugged(socket)

    def dispatch(self, event: str, *args: Any, **kwargs: Any) -> None:
        """The library's own: here at once and in order, where its listeners are tasks."""
        told = self._told
        if event == "ready":
            told.gateway_ready()
        elif event in ("connect", "resumed"):
            told.gateway_up(event == "connect")
        elif event == "disconnect":
            told.gateway_down()
        elif event == "guild_remove":
            told.guild_gone(args[0].id)
        elif event == "guild_channel_delete":
            told.channel_gone(args[0].guild.id, args[0].id)
        elif event == "message":
            told.written(args[0])
        super().dispatch(event, *args, **kwargs)
