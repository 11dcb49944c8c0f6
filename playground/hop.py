"""An interaction's way through the bot's own queue, read from the queue's journal."""

import json
from pathlib import Path
from typing import Any

LOOKED_AT = 500
"""How many of the latest messages of the queue are looked through."""
NEVER = 1_000_000


def hop(queue: Path | None, interaction: str) -> dict[str, Any] | None:
    """When the interaction was put, received and done; None where it took no such way.

    Times in seconds since the epoch. The bot need not be installed for the page to work.
    """
    if queue is None or not queue.is_file():
        return None
    try:
        from protege.storage.embedded import SqliteQueue
    except ImportError:
        return None
    # A mere onlooker buries nothing, however often a message was delivered.
    for message in SqliteQueue(queue, max_receives=NEVER).journal(LOOKED_AT):
        if _about(message.body) == interaction:
            return {
                "id": message.id,
                "state": message.state,
                "receives": message.receives,
                "put_at": message.put_at,
                "received_at": message.first_received_at,
                "last_received_at": message.last_received_at,
                "done_at": message.done_at,
            }
    return None


def _about(body: str | bytes) -> str:
    """The id of the interaction that a message of the queue carries, "" for other work."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    if isinstance(found, dict) and isinstance(found.get("interaction"), dict):
        found = found["interaction"]
    return str(found.get("id", "")) if isinstance(found, dict) else ""
