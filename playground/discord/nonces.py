"""Posting a message once only: `enforce_nonce`.

Source: https://docs.discord.com/developers/resources/message#create-message
"""

import time
from typing import Any

Json = dict[str, Any]
NONCE_S = 300.0
"""How long a nonce is remembered."""


class Nonces:
    """Which message was posted under which nonce a moment ago, by channel and author."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], tuple[float, str]] = {}

    def find(self, channel: str, author: str, nonce: str) -> str:
        """A message's id, "" for none."""
        made, id = self._known.get((channel, author, nonce), (0.0, ""))
        return id if time.monotonic() - made < NONCE_S else ""

    def remember(self, message: Json, nonce: str) -> None:
        """Make `find` find the message."""
        key = (message["channel_id"], message["author"]["id"], nonce)
        self._known[key] = (time.monotonic(), message["id"])
