"""What Discord sends us, as one frozen object.

Every class here is a NamedTuple and not a dataclass: this file is on the ingress' cold path, where
`dataclasses` and the `inspect` below it would cost as much as everything else together.
"""

import json
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from protege.discord.fields import items, listed, mapping, number, snowflake, string, text
from protege.discord.values import Attachment as Attachment
from protege.discord.values import Channel as Channel
from protege.discord.values import Role as Role
from protege.discord.values import filled
from protege.errors import Malformed

SUBCOMMANDS = (1, 2)
ATTACHMENT_LIMIT = 10 << 20
"""Bytes; what every place allows. Source: https://docs.discord.com/developers/reference#uploading-files
"""
_decode = json.JSONDecoder().decode


class Kind(IntEnum):
    """Source: https://docs.discord.com/developers/interactions/receiving-and-responding"""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


KINDS = {kind.value: kind for kind in Kind}


class Post(NamedTuple):
    """A message: the one pointed at from a menu, or the one a pressed button sits under."""

    id: str
    content: str
    author: str
    application: str
    embed: str
    """Description of its first embed."""


class Interaction(NamedTuple):
    """One thing a person did. Absent parts are empty strings, never None."""

    id: str
    application_id: str
    token: str
    kind: Kind
    name: str
    """The command's path (`dataset show`) or the route before the colon of a custom_id."""
    argument: str
    """What follows the colon of a custom_id."""
    values: Mapping[str, Any]
    """Options or form fields by name: str, int, float, bool, list of str, Attachment."""
    focused: str
    """The option being typed, in an autocomplete request."""
    target: Post | None
    user: str
    guild: str
    channel: str
    locale: str
    permissions: int
    roles: tuple[str, ...] = ()
    """Ids of the person's roles in the guild."""
    attachment_limit: int = ATTACHMENT_LIMIT
    """Most bytes that files of one message may have here."""
    app_permissions: int = 0
    """What the bot itself may do in this channel."""

    @property
    def space(self) -> str:
        """Whose lessons these are: the guild's, or in a private chat the person's own."""
        return self.guild or f"dm-{self.user}"

    @classmethod
    def parse(cls, body: bytes) -> "Interaction":
        """Read a request body. Raises Malformed for all that Discord would never send."""
        payload = mapping(_loads(body), "body")
        kind = _kind(payload)
        if kind is Kind.PING:
            return cls("", "", "", kind, "", "", {}, "", None, "", "", "", "", 0)
        data = mapping(payload.get("data"), "data")
        member = mapping(payload.get("member", {}), "member")
        user = mapping(member.get("user") or payload.get("user"), "user")
        name, argument, options = _route(data)
        # In the fields' order: naming them here costs a fifth of the whole reading.
        return cls(
            snowflake(payload, "id"),
            snowflake(payload, "application_id"),
            text(payload, "token", 2048) or _raise("token"),
            kind,
            name,
            argument,
            filled(data, options),
            _focused(options) if kind is Kind.AUTOCOMPLETE else "",
            _target(payload, data),
            snowflake(user, "id"),
            snowflake(payload, "guild_id", optional=True),
            snowflake(payload, "channel_id", optional=True),
            text(payload, "locale", 16) or "en-US",
            number(member, "permissions"),
            tuple(map(string, listed(member.get("roles") or []))),
            number(payload, "attachment_size_limit") or ATTACHMENT_LIMIT,
            number(payload, "app_permissions"),
        )


def _loads(body: bytes) -> Any:
    try:
        return _decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from None


def _raise(name: str) -> Any:
    raise Malformed(f"{name} is missing")


def _kind(payload: Mapping[str, Any]) -> Kind:
    found = payload.get("type")
    if type(found) is not int or found not in KINDS:
        raise Malformed("unknown interaction type")
    return KINDS[found]


def _route(data: Mapping[str, Any]) -> tuple[str, str, list[Mapping[str, Any]]]:
    """Name, argument and innermost options of a command, component or form."""
    if "custom_id" in data:
        name, _, argument = text(data, "custom_id", 100).partition(":")
        return name, argument, []
    name, options = text(data, "name", 32) or _raise("name"), items(data, "options")
    while options and options[0].get("type") in SUBCOMMANDS:
        name, options = f"{name} {text(options[0], 'name', 32)}", items(options[0], "options")
    return name, "", options


def _focused(options: Iterable[Mapping[str, Any]]) -> str:
    return next((text(o, "name") for o in options if o.get("focused")), "")


def _target(payload: Mapping[str, Any], data: Mapping[str, Any]) -> Post | None:
    if "target_id" in data:
        resolved = mapping(data.get("resolved"), "resolved")
        messages = mapping(resolved.get("messages", {}), "messages")
        found = messages.get(text(data, "target_id"))
        return _post(mapping(found, "message")) if found is not None else None
    return _post(mapping(payload["message"], "message")) if "message" in payload else None


def _post(found: Mapping[str, Any]) -> Post:
    author = mapping(found.get("author", {}), "author")
    embeds = items(found, "embeds")
    return Post(
        snowflake(found, "id"),
        text(found, "content"),
        text(author, "id", 20),
        text(found, "application_id", 20),
        text(embeds[0], "description") if embeds else "",
    )
