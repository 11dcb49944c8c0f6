"""The data of events: a guild with all that is in it, a message as a bot may see it, a voice state.

Source: https://docs.discord.com/developers/events/gateway-events
"""

from typing import Any

from playground.discord import shapes
from playground.discord.world import World
from playground.voice.changes import VoiceState, shown
from playground.voice.gateway.intents import GUILD_PRESENCES, GUILD_VOICE_STATES, MESSAGE_CONTENT
from playground.voice.states import VoiceStates

Json = dict[str, Any]
BLANKED: Json = {"content": "", "attachments": [], "embeds": [], "components": []}
"""Source: https://docs.discord.com/developers/events/gateway#message-content-intent"""


def ready(world: World, session: str, shard: tuple[int, int], url: str) -> Json:
    """READY: the guilds follow one by one."""
    application = {"id": world.application["id"], "flags": world.application["flags"]}
    bot = {**world.bot, "mfa_enabled": False, "verified": True, "email": None}
    return {
        "v": 10,
        "user": bot,
        "guilds": [{"id": guild["id"], "unavailable": True} for guild in world.joined],
        "session_id": session,
        "resume_gateway_url": url,
        "session_type": "normal",
        "private_channels": [],
        "shard": list(shard),
        "application": application,
        "_trace": [],
    }


def guild_create(world: World, states: VoiceStates, guild: Json, intents: int) -> Json:
    """GUILD_CREATE. Without the presence intent only the bot and those in voice are named."""
    seats = states.in_guild(guild["id"])
    seated = {world.bot["id"], *(seat.user for seat in seats)}
    everybody = intents & GUILD_PRESENCES
    members = [
        shapes.member(world, guild, id) for id in guild["members"] if everybody or id in seated
    ]
    heard = seats if intents & GUILD_VOICE_STATES else ()
    voices = [{k: v for k, v in shown(s).items() if k != "guild_id"} for s in heard]
    mine = [c for c in world.channels.values() if c.get("guild_id") == guild["id"]]
    return {
        **shapes.guild(guild),
        "joined_at": guild["joined_at"],
        "large": False,
        "unavailable": False,
        "member_count": len(guild["members"]),
        "voice_states": voices,
        "members": members,
        "channels": [{k: v for k, v in c.items() if k != "guild_id"} for c in mine],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def voice_state(world: World, before: VoiceState | None, after: VoiceState | None) -> Json:
    """VOICE_STATE_UPDATE."""
    found = shown(after, before)
    guild = world.guilds[found["guild_id"]]
    return {**found, "member": shapes.member(world, guild, found["user_id"])}


def message(world: World, rendered: Json, intents: int) -> Json:
    """MESSAGE_CREATE and MESSAGE_UPDATE, blanked where the bot may not read along."""
    channel = world.channel(rendered["channel_id"])
    guild = world.guild_of(channel)
    found = _readable(world, rendered, guild is None, intents)
    if found.get("referenced_message"):
        inner = _readable(world, found["referenced_message"], guild is None, intents)
        found = {**found, "referenced_message": inner}
    if guild is None:
        return {**found, "channel_type": 1}
    mentions = [_with_member(world, guild, user) for user in found["mentions"]]
    return {
        **found,
        "guild_id": guild["id"],
        "channel_type": channel["type"],
        "member": shapes.member(world, guild, found["author"]["id"], named=False),
        "mentions": mentions,
    }


def _with_member(world: World, guild: Json, user: Json) -> Json:
    if user["id"] not in guild["members"]:
        return user
    return {**user, "member": shapes.member(world, guild, user["id"], named=False)}


def _readable(world: World, rendered: Json, private: bool, intents: int) -> Json:
    bot = world.bot["id"]
    own = rendered["author"]["id"] == bot
    mentioned = any(user["id"] == bot for user in rendered["mentions"])
    if private or own or mentioned or intents & MESSAGE_CONTENT:
        return rendered
    return {**rendered, **BLANKED}
