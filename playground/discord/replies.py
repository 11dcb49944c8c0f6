"""Whom a message mentions and what it replies to.

Source: https://docs.discord.com/developers/resources/message#message-reference-object
"""

import re
from collections.abc import Mapping
from typing import Any

from playground.discord.errors import Faults

Json = dict[str, Any]
MENTION = re.compile(r"<@!?(\d+)>")
REPLY = 19
"""A message's type. Source: https://docs.discord.com/developers/resources/message"""


def mentioned(body: Json, users: Mapping[str, Json], replied: str) -> list[Json]:
    """Users that a message pings. `replied`: who wrote what it replies to, "" for nobody.

    Source: https://docs.discord.com/developers/resources/message#allowed-mentions-object
    """
    allowed = body.get("allowed_mentions")
    found = MENTION.findall(body.get("content") or "")
    if allowed is not None and "users" not in (allowed.get("parse") or []):
        named = [str(id) for id in allowed.get("users") or []]
        found = [id for id in found if id in named]
    if replied and (allowed is None or allowed.get("replied_user")):
        found = [*found, replied]
    return [users[id] for id in dict.fromkeys(found) if id in users]


def reply(channel: Json, message: str) -> Json:
    """The fields that make a message a reply to another one of the channel."""
    reference = {"type": 0, "channel_id": channel["id"], "message_id": message}
    if "guild_id" in channel:
        reference["guild_id"] = channel["guild_id"]
    return {"type": REPLY, "message_reference": reference}


def asked(channel: Json, body: Json, posts: Mapping[str, Json]) -> Json:
    """The same, where a body asks for it; nothing where it does not.

    Raises ApiError (50035) for a message that is not in the channel, unless the body minds not.
    """
    wanted = body.get("message_reference")
    if not wanted:
        return {}
    id = str(wanted.get("message_id"))
    post = posts.get(id)
    if post and not post["only_for"] and post["message"]["channel_id"] == channel["id"]:
        return reply(channel, id)
    if wanted.get("fail_if_not_exists") is not False:
        faults = Faults()
        faults.add("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        faults.answer()
    return {}
