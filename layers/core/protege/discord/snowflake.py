"""Discord's ids: 64-bit numbers whose upper 42 bits are the milliseconds since 2015."""

EPOCH_MS = 1_420_070_400_000
"""Source: https://docs.discord.com/developers/reference#snowflakes"""


def created_at(snowflake: str) -> float:
    """Seconds since the epoch at which an id was made."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000
