"""Who sits in which voice channel, and with which session and token.

Source: https://docs.discord.com/developers/resources/voice
"""

import secrets
from collections.abc import Callable

from playground.discord import permissions
from playground.discord.events import Hub
from playground.discord.world import VOICE, World
from playground.voice.changes import Change, VoiceState

__all__ = ["CannotJoin", "Change", "VoiceState", "VoiceStates"]


class CannotJoin(Exception):
    """Why somebody may not enter a voice channel: `unknown`, `permission` or `full`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class VoiceStates:
    """All voice states; from any thread. A bot sits in one channel per guild, a person in one."""

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub
        self._seats: dict[tuple[str, str], VoiceState] = {}
        self._watchers: list[Callable[[Change], None]] = []

    def watch(self, told: Callable[[Change], None]) -> None:
        """Call `told` at every change, in order, on the thread that made it: return at once."""
        self._watchers.append(told)

    def refusal(self, user: str, channel: str) -> str:
        """Why `user` may not enter: `unknown`, `permission`, `full`; "" if they may."""
        place = self._world.channels.get(channel)
        if place is None or place["type"] != VOICE or user not in self._world.users:
            return "unknown"
        bits = self._world.permissions(place, user)
        if not (bits & permissions.VIEW_CHANNEL and bits & permissions.CONNECT):
            return "permission"
        others = [seat for seat in self.in_channel(channel) if seat.user != user]
        limit = int(place.get("user_limit") or 0)
        full = 0 < limit <= len(others) and not bits & permissions.MOVE_MEMBERS
        return "full" if full else ""

    def join(
        self,
        user: str,
        channel: str,
        session: str = "",
        *,
        self_mute: bool = False,
        self_deaf: bool = False,
    ) -> VoiceState:
        """Sit down, change the channel, or ask for a new token.

        Without a `session` the one of the guild is kept, or a new one made. Raises CannotJoin.
        """
        with self._world.lock:
            if why := self.refusal(user, channel):
                raise CannotJoin(why)
            guild = self._world.channels[channel]["guild_id"]
            if not self._world.users[user].get("bot"):
                self._leave_all(user, but=guild)
            before = self.of(user, guild)
            session = session or (before.session if before else secrets.token_hex(16))
            token = secrets.token_hex(8)
            seat = VoiceState(user, guild, channel, session, token, self_mute, self_deaf)
            if not Change(before, seat, True).seen:
                self._tell(Change(before, before, False))  # who asks again is told again
            return self._set(before, seat, server=True)

    def move(self, user: str, channel: str) -> VoiceState:
        """Move somebody within their guild, as administrators do: wherever they sit at all.

        Raises KeyError for somebody who sits nowhere in that guild.
        """
        with self._world.lock:
            before = self._seats[self._world.channel(channel)["guild_id"], user]
            after = before._replace(channel=channel, token=secrets.token_hex(8))
            return self._set(before, after, server=True)

    def change(self, user: str, guild: str, *, self_mute: bool, self_deaf: bool) -> VoiceState:
        """Mute or deafen oneself. Raises KeyError for somebody who sits nowhere in the guild."""
        with self._world.lock:
            before = self._seats[guild, user]
            after = before._replace(self_mute=self_mute, self_deaf=self_deaf)
            return self._set(before, after, server=False)

    def renew(self, user: str, guild: str = "") -> VoiceState:
        """Send somebody to another voice server: a new token in the same channel.

        Raises KeyError for somebody who sits nowhere.
        """
        with self._world.lock:
            before = self.of(user, guild)
            if before is None:
                raise KeyError(user)
            after = before._replace(token=secrets.token_hex(8))
            return self._set(before, after, server=True)

    def leave(self, user: str, guild: str = "") -> bool:
        """Get up, in one guild or wherever they sit. Whether they sat anywhere."""
        with self._world.lock:
            seats = [s for s in self._of_user(user) if guild in ("", s.guild)]
            for seat in seats:
                del self._seats[seat.guild, user]
                self._tell(Change(seat, None, False))
            return bool(seats)

    def of(self, user: str, guild: str = "") -> VoiceState | None:
        """Where somebody sits, in one guild or in any; None for nowhere."""
        if guild:
            return self._seats.get((guild, user))
        return next(iter(self._of_user(user)), None)

    def in_channel(self, channel: str) -> tuple[VoiceState, ...]:
        """Who sits in a channel, in the order they came."""
        return tuple(s for s in list(self._seats.values()) if s.channel == channel)

    def in_guild(self, guild: str) -> tuple[VoiceState, ...]:
        """Who sits in any channel of a guild."""
        return tuple(s for s in list(self._seats.values()) if s.guild == guild)

    def holder(self, token: str) -> VoiceState | None:
        """Whose token this is; None for one that was replaced or never given."""
        return next((s for s in list(self._seats.values()) if s.token == token), None)

    def _of_user(self, user: str) -> list[VoiceState]:
        return [s for s in list(self._seats.values()) if s.user == user]

    def _leave_all(self, user: str, but: str) -> None:
        for seat in self._of_user(user):
            if seat.guild != but:
                self.leave(user, seat.guild)

    def _set(self, before: VoiceState | None, after: VoiceState, *, server: bool) -> VoiceState:
        if before is None or before.channel != after.channel:
            self._seats.pop((after.guild, after.user), None)  # the newcomer is the last in order
        self._seats[after.guild, after.user] = after
        self._tell(Change(before, after, server))
        return after

    def _tell(self, change: Change) -> None:
        for told in self._watchers:
            told(change)
        if not change.seen:
            return
        seat = change.seat
        shown = {
            "guild_id": seat.guild,
            "channel_id": change.after.channel if change.after else None,
            "user_id": seat.user,
            "self_mute": seat.self_mute,
            "self_deaf": seat.self_deaf,
        }
        self._hub.push("voice_state", shown, self._world.guilds[seat.guild]["members"])
