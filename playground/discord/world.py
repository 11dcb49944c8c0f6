"""Who and what there is: the application, people, guilds, channels. Kept over restarts."""

import threading
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from playground.discord import permissions, seed
from playground.discord.errors import ApiError
from playground.discord.ids import Snowflakes
from playground.discord.store import Store

Json = dict[str, Any]
VOICE = 2
"""A channel's type. Source: https://docs.discord.com/developers/resources/channel"""


class World:
    """The state below messages. `lock` guards every change, also those of its users."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.RLock()
        self.ids = Snowflakes()
        self.store = Store(folder / "discord.sqlite")
        self.users = self.store.shelf("user")
        self.guilds = self.store.shelf("guild")
        self.channels = self.store.shelf("channel")
        self.commands = self.store.shelf("command")
        self._applications = self.store.shelf("application")
        if not self._applications:
            self._begin()
        found = next(iter(self._applications.values()))
        self.application = {"flags": seed.MAY_READ_ALONG, **found}
        self._add_voice_channels()
        self.signing_key = SigningKey(bytes.fromhex(self.application["key"]))

    def _begin(self) -> None:
        application = seed.application(self.ids)
        bot = application["bot"]
        everybody = seed.people(self.ids)
        for person in (*everybody, bot):
            self.users[person["id"]] = person
        for name, locale, _ in seed.GUILDS:
            guild = seed.guild(self.ids, name, locale, everybody, bot["id"])
            self.guilds[guild["id"]] = guild
            for channel in seed.channels(self.ids, guild, bot["id"]):
                self.channels[channel["id"]] = channel
        self._applications[application["id"]] = application

    def _add_voice_channels(self) -> None:
        """Also to a world from before there were any."""
        spoken_in = {c["guild_id"] for c in self.channels.values() if c["type"] == VOICE}
        for guild in self.guilds.values():
            if guild["id"] not in spoken_in:
                for channel in seed.voice_channels(self.ids, guild, self.bot["id"]):
                    self.channels[channel["id"]] = channel

    @property
    def bot(self) -> Json:
        """The bot's user object."""
        found: Json = self.application["bot"]
        return found

    @property
    def joined(self) -> list[Json]:
        """The guilds that the bot is in."""
        return [g for g in self.guilds.values() if self.bot["id"] in g["members"]]

    @property
    def public_key(self) -> str:
        """64 hex digits."""
        return self.signing_key.verify_key.encode().hex()

    def save_application(self) -> None:
        """Write the application after a change."""
        self._applications[self.application["id"]] = self.application

    def channel(self, id: str) -> Json:
        """Raises ApiError (10003)."""
        if id not in self.channels:
            raise ApiError(404, 10003)
        return self.channels[id]

    def guild_of(self, channel: Json) -> Json | None:
        """The guild of a channel; None for a private chat."""
        return self.guilds.get(channel.get("guild_id", ""))

    def permissions(self, channel: Json, user: str) -> int:
        """A user's permissions in a channel; 0 for strangers."""
        guild = self.guild_of(channel)
        if guild is None:
            return permissions.DM if user in self.recipients(channel) else 0
        return permissions.in_channel(guild, channel, user) if user in guild["members"] else 0

    def recipients(self, channel: Json) -> list[str]:
        """The user ids of a private chat, the bot's among them."""
        return [*channel.get("recipient_ids", []), self.bot["id"]]

    def can(self, channel: Json, user: str, needed: int) -> bool:
        """Whether all bits of `needed` are there."""
        return self.permissions(channel, user) & needed == needed

    def viewers(self, channel: Json) -> set[str]:
        """Ids of all who see a channel."""
        return {user for user in self.users if self.can(channel, user, permissions.VIEW_CHANNEL)}

    def private_chat(self, user: str) -> Json:
        """The private chat between a person and the bot, opened if need be.

        Raises ApiError (10013) for an unknown person, 50007 for a bot.
        """
        with self.lock:
            if user not in self.users:
                raise ApiError(404, 10013)
            if self.users[user].get("bot"):
                raise ApiError(400, 50007)
            for channel in self.channels.values():
                if channel["type"] == 1 and channel["recipient_ids"] == [user]:
                    return channel
            id = self.ids.next()
            opened = {"id": id, "type": 1, "recipient_ids": [user], "last_message_id": None}
            self.channels[id] = {**opened, "flags": 0}
            return self.channels[id]
