"""What is registered beside what is to be: pure.

Discord gives back more than it was sent (ids, versions, defaults) and leaves out what is empty, so
both are brought to one form before they are compared.
Source: https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Command = dict[str, Any]
Key = tuple[int, str]
SLASH, ENTRY_POINT = 1, 4
SENT = (
    "type", "name", "name_localizations", "description", "description_localizations", "options",
    "default_member_permissions", "contexts", "integration_types", "nsfw", "handler",
)  # fmt: skip
GLOBAL_ONLY = ("contexts", "integration_types")
UNORDERED = ("contexts", "integration_types", "channel_types")


class Difference(NamedTuple):
    """What is to be done. `left`: names of those that are as they should be."""

    created: list[Command]
    changed: list[Command]
    removed: list[Command]
    left: list[str]

    @property
    def steps(self) -> int:
        """How many commands differ."""
        return len(self.created) + len(self.changed) + len(self.removed)


def difference(wanted: Iterable[Command], found: Iterable[Command]) -> Difference:
    """What makes `wanted` out of `found`. An Entry Point command is Discord's own (it comes with
    an Activity, and may not be removed in bulk), so it stays."""
    there = {key(command): command for command in found if command.get("type") != ENTRY_POINT}
    result = Difference([], [], [], [])
    for command in wanted:
        old = there.pop(key(command), None)
        if old is None:
            result.created.append(command)
        elif plain(command) != plain(_declared_alike(old, command)):
            result.changed.append(command)
        else:
            result.left.append(command["name"])
    result.removed.extend(there.values())
    return result


def key(command: Mapping[str, Any]) -> Key:
    """What makes a command the same one: its type and its name."""
    return command.get("type") or SLASH, command["name"]


def sendable(command: Mapping[str, Any], guild: str) -> Command:
    """A command, perhaps one that Discord told us of, as it is registered."""
    left_out = GLOBAL_ONLY if guild else ()
    return {name: command[name] for name in SENT if name in command and name not in left_out}


def plain(command: Mapping[str, Any]) -> Command:
    """A command without what says nothing: defaults, and what only Discord knows."""
    known = {"type": SLASH, **{name: command[name] for name in SENT if name in command}}
    found: Command = _plain(known)
    return found


def _declared_alike(old: Command, wanted: Command) -> Command:
    """Where we do not say in which installations it is, Discord fills in the application's."""
    return {n: v for n, v in old.items() if n != "integration_types" or n in wanted}


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        found = {n: _plain(v, n) for n, v in value.items() if not n.endswith("_localized")}
        return {n: v for n, v in found.items() if not _empty(v)}
    if isinstance(value, list):
        found_all = [_plain(v) for v in value]
        return sorted(found_all) if name in UNORDERED else found_all
    return str(value) if name == "default_member_permissions" and value is not None else value


def _empty(value: Any) -> bool:
    """0 says something, as a least value."""
    return value is None or value is False or value in ("", [], {})
