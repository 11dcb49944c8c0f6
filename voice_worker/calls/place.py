"""Where a call was asked for."""

from typing import NamedTuple


class Place(NamedTuple):
    """`channel`: the text channel that news go to; `user`: by whom it was asked for."""

    guild: str
    channel: str
    user: str
    locale: str
