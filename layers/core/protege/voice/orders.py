"""What the voice worker is asked to do, as it travels through the voice queue."""

import json
from typing import Literal, NamedTuple

Deed = Literal["join", "leave", "say", "rules"]


class Order(NamedTuple):
    """One wish of one person. Ids are Discord's, as text; empty where there is none."""

    do: Deed
    """`rules`: the guild's rules or consents changed, read them again."""
    guild: str
    voice_channel: str = ""
    """`join`: where to."""
    text: str = ""
    """`say`: what to read aloud."""
    user: str = ""
    """Who wishes it."""
    channel: str = ""
    """The text channel it was wished in: transcripts and news go there."""
    locale: str = "en-US"
    interaction: str = ""
    token: str = ""
    """Of the interaction, whose first message is to tell what really happened; empty: nobody."""

    def body(self) -> str:
        """JSON in plain ASCII, as the queue takes it."""
        return json.dumps(self._asdict())

    @classmethod
    def parse(cls, body: str) -> "Order":
        """What `body` wrote; fields that a newer version added are left out. Raises ValueError."""
        found = json.loads(body)
        return cls(**{name: found[name] for name in cls._fields if name in found})
