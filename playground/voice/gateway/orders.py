"""What a bot orders by the gateway: to sit in a voice channel, to be told of members.

Source: https://docs.discord.com/developers/events/gateway-events#send-events
"""

from typing import Any

from playground.discord import shapes
from playground.discord.world import World
from playground.voice.gateway.intents import GUILD_MEMBERS
from playground.voice.gateway.session import Session
from playground.voice.gateway.wire import Close, Json, Refused
from playground.voice.states import CannotJoin, VoiceStates


def sit(world: World, states: VoiceStates, session: Session, order: Any) -> None:
    """Opcode 4. What is not allowed is silently not done, as Discord does. Raises Refused."""
    guild, channel, flags = _read(order)
    if guild not in world.guilds:
        return
    bot = world.bot["id"]
    if channel is None:
        states.leave(bot, guild)
        return
    if world.channels.get(channel, {}).get("guild_id") != guild:
        return
    seat = states.of(bot, guild)
    here = seat is not None and (seat.channel, seat.session) == (channel, session.id)
    if seat is not None and here and (seat.self_mute, seat.self_deaf) != flags:
        states.change(bot, guild, self_mute=flags[0], self_deaf=flags[1])
        return
    try:
        states.join(bot, channel, session.id, self_mute=flags[0], self_deaf=flags[1])
    except CannotJoin:
        return


def _read(order: Any) -> tuple[str, str | None, tuple[bool, bool]]:
    if not isinstance(order, dict):
        raise Refused(Close.DECODE_ERROR, "opcode 4 without data")
    guild, channel = order.get("guild_id"), order.get("channel_id")
    # Libraries write ids as numbers too, and Discord reads them.
    guild = str(guild) if isinstance(guild, int) else guild
    channel = str(channel) if isinstance(channel, int) else channel
    flags = order.get("self_mute"), order.get("self_deaf")
    if not isinstance(guild, str) or not all(isinstance(flag, bool) for flag in flags):
        raise Refused(Close.DECODE_ERROR, "opcode 4 needs guild_id, self_mute and self_deaf")
    if channel is not None and not isinstance(channel, str):
        raise Refused(Close.DECODE_ERROR, "opcode 4 needs channel_id, an id or null")
    return guild, channel, (bool(flags[0]), bool(flags[1]))


def members(world: World, session: Session, order: Any) -> Json | None:
    """Opcode 8: the data of GUILD_MEMBERS_CHUNK; None where there is nothing to answer.

    Raises Refused for the whole list without the intent.
    """
    if not isinstance(order, dict):
        raise Refused(Close.DECODE_ERROR, "opcode 8 without data")
    guild = world.guilds.get(str(order.get("guild_id")))
    if guild is None:
        return None
    wanted = order.get("user_ids")
    if wanted is None:
        found = _starting(world, guild, session, order)
        missing: list[str] = []
    else:
        asked = [str(id) for id in (wanted if isinstance(wanted, list) else [wanted])]
        found = [id for id in asked if id in guild["members"]]
        missing = [id for id in asked if id not in guild["members"]]
    chunk: Json = {
        "guild_id": guild["id"],
        "members": [shapes.member(world, guild, id) for id in found],
        "chunk_index": 0,
        "chunk_count": 1,
        "not_found": missing,
    }
    return {**chunk, "nonce": order["nonce"]} if "nonce" in order else chunk


def _starting(world: World, guild: Json, session: Session, order: Json) -> list[str]:
    start, most = order.get("query", ""), order.get("limit", 0)
    if not isinstance(start, str) or not isinstance(most, int):
        raise Refused(Close.DECODE_ERROR, "opcode 8 needs user_ids, or query and limit")
    if not start and not most and not session.intents & GUILD_MEMBERS:
        raise Refused(Close.DISALLOWED_INTENTS, "all members without the members intent")
    names = {id: str(world.users[id]["username"]) for id in guild["members"]}
    found = [id for id, name in names.items() if name.casefold().startswith(start.casefold())]
    return found[: most or None]
