"""The registered commands: for all guilds and private chats, or for one guild."""

from typing import Any

from playground.discord import permissions
from playground.discord.errors import ApiError
from playground.discord.events import Hub
from playground.discord.rules.commands import MESSAGE, SLASH, check_commands
from playground.discord.world import World

Json = dict[str, Any]
IN_GUILDS, IN_PRIVATE = 0, 1
"""Contexts. Source: https://docs.discord.com/developers/interactions/application-commands"""


class Catalogue:
    """Registers commands and says who may use which."""

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub

    def all(self, guild: str = "") -> list[Json]:
        """The commands of a guild, or the global ones."""
        return [c for c in self._world.commands.values() if c.get("guild_id", "") == guild]

    def replace(self, wanted: list[Json], guild: str = "") -> list[Json]:
        """Make these the commands; those that keep type and name keep their id.

        Raises ApiError (50035).
        """
        check_commands(wanted)
        with self._world.lock:
            before = {(c["type"], c["name"]): c["id"] for c in self.all(guild)}
            made = [self._registered(command, guild, before) for command in wanted]
            for id in set(before.values()) - {c["id"] for c in made}:
                del self._world.commands[id]
            for command in made:
                self._world.commands[command["id"]] = command
        self._hub.push("commands", {"count": len(made)})
        return made

    def add(self, command: Json, guild: str = "") -> Json:
        """Register one more command, or replace the one of the same type and name."""
        key = (command.get("type", SLASH), command.get("name"))
        others = [c for c in self.all(guild) if (c["type"], c["name"]) != key]
        return self.replace([*others, command], guild)[-1]

    def remove(self, id: str, guild: str = "") -> None:
        """Take one away. Raises ApiError (10063)."""
        if id not in {command["id"] for command in self.all(guild)}:
            raise ApiError(404, 10063)
        del self._world.commands[id]
        self._hub.push("commands", {"count": len(self.all(guild))})

    def _registered(self, command: Json, guild: str, before: dict[tuple[int, str], str]) -> Json:
        kind = command.get("type", SLASH)
        bits = command.get("default_member_permissions")
        found = {
            "id": before.get((kind, command["name"])) or self._world.ids.next(),
            "application_id": self._world.application["id"],
            "version": self._world.ids.next(),
            "type": kind,
            "name": command["name"],
            "name_localizations": command.get("name_localizations"),
            "description": command.get("description") or "",
            "description_localizations": command.get("description_localizations"),
            "options": command.get("options") or [],
            "default_member_permissions": None if bits is None else str(bits),
            "nsfw": False,
            "integration_types": command.get("integration_types") or [0],
            "contexts": command.get("contexts"),
        }
        return {**found, "guild_id": guild} if guild else found

    def available(self, channel: Json, user: str) -> list[Json]:
        """What a user's picker shows in a channel."""
        guild = channel.get("guild_id", "")
        bits = self._world.permissions(channel, user)
        if not bits & permissions.USE_APPLICATION_COMMANDS:
            return []
        offered = [*self.all(), *(self.all(guild) if guild else [])]
        return [c for c in offered if _here(c, guild) and (not guild or _permitted(c, bits))]

    def usable(self, id: str, channel: Json, user: str) -> Json:
        """One of the available commands. Raises ApiError (10063)."""
        for command in self.available(channel, user):
            if command["id"] == id:
                return command
        raise ApiError(404, 10063)


def _here(command: Json, guild: str) -> bool:
    contexts = command["contexts"]
    return contexts is None or (IN_GUILDS if guild else IN_PRIVATE) in contexts


def _permitted(command: Json, bits: int) -> bool:
    """Discord guards commands in guilds; "0" means administrators only."""
    wanted = command["default_member_permissions"]
    if wanted is None:
        return True
    needed = int(wanted) or permissions.MANAGE_GUILD
    return bits & needed == needed


__all__ = ["MESSAGE", "SLASH", "Catalogue"]
