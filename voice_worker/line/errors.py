"""Why the line could not do what it was asked.

* LineError
  - LoginRefused   the token, or an intent that the application may not ask for
  - NoSuchChannel  no such guild or voice channel (any more)
  - NoPermission   the bot lacks what it takes there
  - ChannelFull    as many people as the channel takes
  - JoinFailed     Discord did not let us in within the time
"""


class LineError(Exception):
    """Base of every error that the line raises on purpose."""


class LoginRefused(LineError):
    """Discord refused the token or an intent: no retry will help, the operator must act."""


class NoSuchChannel(LineError):
    """There is no such guild, or no voice channel of that id in it."""


class NoPermission(LineError):
    """`missing`: what the bot lacks there: "view", "connect", "speak"."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class ChannelFull(LineError):
    """`limit`: how many people the channel takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.limit = limit


class JoinFailed(LineError):
    """Discord gave no voice connection in time; its message says what was waited for."""
