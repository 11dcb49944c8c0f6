"""The actions as Discord wants them for `PUT /applications/{id}/commands`."""

from collections.abc import Iterable
from typing import Any

from protege.discord.interaction import Attachment, Channel, Role
from protege.ui.declare import Action, Parameter

COMMAND_TYPES = {"slash": 1, "message": 3}
OPTION_TYPES: dict[type, int] = {
    str: 3,
    int: 4,
    bool: 5,
    float: 10,
    Channel: 7,
    Role: 8,
    Attachment: 11,
}
SUBCOMMAND = 1
SERVERS = [0]
EVERYWHERE = [*SERVERS, 1]
"""Contexts: guilds, and private chats with the bot.

Source: https://docs.discord.com/developers/interactions/application-commands#interaction-contexts
"""


def manifest(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """The registration JSON: one object per command, subcommands under their group.

    Source: https://docs.discord.com/developers/interactions/application-commands
    """
    commands: dict[str, dict[str, Any]] = {}
    for action in actions:
        if action.surface in COMMAND_TYPES:
            group, _, sub = _path(action)
            entry = _entry(action, sub)
            if sub:
                commands.setdefault(group, _group(action))["options"].append(entry)
            else:
                commands[f"{action.surface} {action.name}"] = entry
    return list(commands.values())


def _path(action: Action) -> tuple[str, str, str]:
    """A subcommand's group and own name; names in menus may hold spaces of their own."""
    return action.name.partition(" ") if action.surface == "slash" else (action.name, "", "")


def _entry(action: Action, sub: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": SUBCOMMAND if sub else COMMAND_TYPES[action.surface],
        "name": sub or action.title.en,
        "name_localizations": {
            "ru": action.title.ru.rpartition(" ")[2] if sub else action.title.ru
        },
    }
    if not sub:
        entry |= _guards(action)
    if action.surface == "slash":
        entry["description"] = action.about.en
        entry["description_localizations"] = {"ru": action.about.ru}
        ordered = sorted(action.parameters, key=lambda p: not p.required)
        entry["options"] = [_option(parameter) for parameter in ordered]
    return entry


def _group(action: Action) -> dict[str, Any]:
    """A command that only holds subcommands; its texts are those of the first of them."""
    name, ru = action.title.en.partition(" ")[0], action.title.ru.partition(" ")[0]
    return {
        "type": COMMAND_TYPES["slash"],
        "name": name,
        "name_localizations": {"ru": ru},
        "description": action.about.en,
        "description_localizations": {"ru": action.about.ru},
        "options": [],
        **_guards(action),
    }


def _guards(action: Action) -> dict[str, Any]:
    return {
        "default_member_permissions": str(int(action.needs)) if action.needs else None,
        "contexts": SERVERS if action.servers_only else EVERYWHERE,
    }


def _option(parameter: Parameter) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": OPTION_TYPES[parameter.kind],
        "name": parameter.name,
        "description": parameter.option.about.en,
        "description_localizations": {"ru": parameter.option.about.ru},
        "required": parameter.required,
    }
    if parameter.kind is str:
        entry["max_length"] = parameter.option.longest
        entry["autocomplete"] = parameter.option.suggest is not None
    if parameter.option.channels:
        entry["channel_types"] = list(parameter.option.channels)
    return entry
