"""One person's place in a voice channel, and what may happen to it.

Source: https://docs.discord.com/developers/resources/voice
"""

from typing import Any, NamedTuple

Json = dict[str, Any]


class VoiceState(NamedTuple):
    """One person in one voice channel. `token`: what their voice connection shows at the door."""

    user: str
    guild: str
    channel: str
    session: str
    token: str
    self_mute: bool = False
    self_deaf: bool = False


class Change(NamedTuple):
    """What happened. `server`: `after` holds a new token, to connect with (anew)."""

    before: VoiceState | None
    after: VoiceState | None
    server: bool

    @property
    def seat(self) -> VoiceState:
        """The seat that is there now, or was."""
        seat = self.after or self.before
        if seat is None:
            raise ValueError("nobody came or went")
        return seat

    @property
    def seen(self) -> bool:
        """Whether others are told: not so when only the server changes."""
        before, after = self.before, self.after
        unseen = before and after and before._replace(token="") == after._replace(token="")
        return not (self.server and unseen)


def shown(seat: VoiceState | None, left: VoiceState | None = None) -> Json:
    """Discord's voice state object without `member`, of a seat or of one that was `left`."""
    about = seat or left
    if about is None:
        raise ValueError("either a seat or one that was left")
    return {
        "guild_id": about.guild,
        "channel_id": seat.channel if seat else None,
        "user_id": about.user,
        "session_id": about.session,
        "deaf": False,
        "mute": False,
        "self_deaf": about.self_deaf,
        "self_mute": about.self_mute,
        "self_stream": False,
        "self_video": False,
        "suppress": False,
        "request_to_speak_timestamp": None,
    }
