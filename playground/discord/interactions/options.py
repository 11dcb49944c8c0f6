"""A slash command's options: what may be sent, as Discord's client sees to it, and what is told
of the files, channels and roles among them.

Source: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from playground.discord import permissions, shapes
from playground.discord.errors import ApiError, Faults
from playground.discord.files import Files
from playground.discord.world import World

Json = dict[str, Any]
STRING, INTEGER, BOOLEAN, CHANNEL, ROLE, NUMBER, ATTACHMENT = 3, 4, 5, 7, 8, 10, 11
PYTHON = {STRING: str, INTEGER: int, BOOLEAN: bool, CHANNEL: str, ROLE: str, ATTACHMENT: str}
TOLD_OF_CHANNELS = (
    "id", "name", "type", "guild_id", "position", "parent_id", "nsfw", "topic", "flags",
    "last_message_id", "rate_limit_per_user",
)  # fmt: skip
"""Source: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure"""


class Scene(NamedTuple):
    """Where somebody fills in a command. `channel`: there; `user`: their id."""

    world: World
    files: Files
    channel: Json
    user: str

    def roles(self) -> dict[str, Json]:
        """The guild's roles by id, @everyone among them; none in a private chat."""
        guild = self.world.guild_of(self.channel)
        return {role["id"]: role for role in guild["roles"]} if guild else {}

    def offered(self, option: Json) -> list[str]:
        """The ids of the channels that may be chosen: of this guild, seen, of the wanted types."""
        guild, types = self.channel.get("guild_id"), option.get("channel_types")
        return [
            channel["id"]
            for channel in self.world.channels.values()
            if guild
            and channel.get("guild_id") == guild
            and (not types or channel["type"] in types)
            and self.world.can(channel, self.user, permissions.VIEW_CHANNEL)
        ]


def check_options(scene: Scene, known: list[Json], values: Json, focused: str) -> None:
    """What Discord's client would not let a person send. Raises ApiError (50035)."""
    faults = Faults()
    names = {option["name"]: option for option in known}
    for name in values.keys() - names.keys():
        faults.add(name, "UNKNOWN_OPTION", "The command has no such option.")
    for name, option in names.items():
        if name in values and name != focused:
            _check_type(faults, option, values[name])
            _check_value(faults, scene, option, values[name])
        elif name not in values and not focused:
            faults.check(not option.get("required"), name, "This option is required.")
    faults.answer()


def resolved(scene: Scene, options: Iterable[Json]) -> Json:
    """`resolved` with the files, channels and roles that the options name, where there are any.

    Raises ApiError (10008) for a file that nobody uploaded.
    """
    named = {kind: [o["value"] for o in options if o["type"] == kind] for kind in PYTHON}
    found = resolved_files(scene.files, named[ATTACHMENT])
    channels = {id: _channel(scene, id) for id in named[CHANNEL] if id in scene.world.channels}
    roles = {id: shapes.role(scene.roles()[id]) for id in named[ROLE] if id in scene.roles()}
    named_too = {"channels": channels, "roles": roles}
    return found | {kind: those for kind, those in named_too.items() if those}


def resolved_files(files: Files, ids: Iterable[str]) -> Json:
    """The attachments of these ids, by id. Raises ApiError (10008)."""
    found: Json = {}
    for id in ids:
        file = files.known(id)
        if file is None:
            raise ApiError(404, 10008)
        found[id] = files.attachment(file, ephemeral=True)
    return {"attachments": found} if found else {}


def _channel(scene: Scene, id: str) -> Json:
    channel = scene.world.channel(id)
    bits = scene.world.permissions(channel, scene.user)
    told = {name: channel[name] for name in TOLD_OF_CHANNELS if name in channel}
    return {**told, "permissions": str(bits)}


def _check_type(faults: Faults, option: Json, value: Any) -> None:
    name, kind = option["name"], option["type"]
    wanted = PYTHON.get(kind)
    if kind == NUMBER:
        faults.check(type(value) in (int, float), name, "Enter a valid number.")
    elif wanted is None:
        faults.add(name, "UNSUPPORTED", "The playground does not offer options of this type.")
    else:
        faults.check(type(value) is wanted, name, f"A value of type {kind} is needed.")


def _check_value(faults: Faults, scene: Scene, option: Json, value: Any) -> None:
    name, kind = option["name"], option["type"]
    if kind == STRING and isinstance(value, str):
        most = option.get("max_length") or 6000
        faults.length(name, value, option.get("min_length") or 0, most)
    if kind in (INTEGER, NUMBER) and isinstance(value, (int, float)):
        low, high = option.get("min_value", value), option.get("max_value", value)
        faults.check(low <= value <= high, name, f"Must be from {low} to {high}.")
    if kind == CHANNEL:
        faults.check(value in scene.offered(option), name, "Not one of the channels.")
    if kind == ROLE:
        faults.check(value in scene.roles(), name, "Not one of the roles.")
    choices = option.get("choices")
    if choices:
        faults.check(value in [c["value"] for c in choices], name, "Not one of the choices.")
